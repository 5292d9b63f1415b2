"""Each way a job can end, over real TCP against the virtual printer."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from printer.outcome import not_printed, printed, unknown
from printer.proof import ASK_PROCESS_ID, process_id


@pytest.mark.parametrize("ack", ["auto", "process_id", "gs_r"])
@pytest.mark.parametrize("status", ["auto", "required", "none"])
def test_a_slip_that_comes_out_is_proven(device, sender, job, ack, status):
    assert sender(ack=ack, status=status).print_job(job, 1) == printed()
    assert len(device.sheets) == 1
    assert device.unknown_commands == []


def test_paper_that_is_nearly_gone_prints_and_is_mentioned(device, sender, job):
    device.set_fault("paper_low")
    assert sender().print_job(job, 1) == printed(near_end=True)
    assert len(device.sheets) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("paper_out", "paper_end"), ("cover_open", "cover_open"), ("cutter_error", "error")],
)
def test_trouble_before_the_job_is_reported_and_prints_nothing(device, sender, job, fault, reason):
    """peers 11-13"""
    device.set_fault(fault)
    assert sender().print_job(job, 1) == not_printed(reason)
    device.clear_fault(fault)
    assert sender().print_job(job, 2) == printed()
    assert len(device.sheets) == 1, "only the second job came out"


@pytest.mark.parametrize(
    ("fault", "reason", "mended"),
    [
        ("paper_out_mid_job", "paper_end", "paper_out"),
        ("cover_open_mid_job", "cover_open", "cover_open"),
    ],
)
def test_trouble_in_the_middle_leaves_nothing_behind_for_the_next_client(
    device, sender, job, next_job, fault, reason, mended
):
    """peers 11-13"""
    device.set_fault(fault)
    printer = sender()
    assert printer.print_job(job, 1) == unknown(reason)
    device.clear_fault(mended)
    assert device.sheets == []
    assert printer.print_job(next_job, 2) == printed()
    assert len(device.sheets) == 1


def test_a_printer_that_can_not_forget_prints_late_and_the_outcome_says_so(device, sender, job):
    device.set_fault("no_buffer_clear")
    device.set_fault("paper_out_before_cut")
    assert sender().print_job(job, 1) == unknown("paper_end", late_slip_possible=True)
    assert device.sheets == []
    device.clear_fault("paper_out")
    assert len(device.sheets) == 1, "this is the danger that clearing the memory removes"


def test_a_slip_that_was_in_memory_when_the_paper_ended_never_comes_late(device, sender, job):
    device.set_fault("paper_out_before_cut")
    assert sender().print_job(job, 1) == unknown("paper_end")
    device.clear_fault("paper_out")
    assert device.sheets == []


@pytest.mark.parametrize("fault", ["reset_mid_job", "power_cycle_mid_job"])
@pytest.mark.parametrize("also", ["", "no_buffer_clear"])
def test_a_job_cut_off_in_the_middle_does_not_swallow_the_next(
    device, sender, job, next_job, fault, also
):
    device.set_fault(fault)
    if also:
        device.set_fault(also)
    printer = sender()
    assert printer.print_job(job, 1) == unknown("lost_during", late_slip_possible=True)
    assert device.sheets == []
    assert printer.print_job(next_job, 2) == printed()
    whole = sender().print_job(next_job, 3) and device.sheets[-1]
    assert device.sheets[-2].tobytes() == whole.tobytes(), "its own sheet, with one number on it"


def test_a_connection_lost_before_the_proof_is_unknown_although_the_slip_is_out(
    device, sender, job
):
    device.set_fault("reset_before_proof")
    outcome = sender().print_job(job, 1)
    assert (outcome.state, outcome.reason) == ("unknown", "lost_during")
    assert len(device.sheets) == 1


def test_a_proof_that_never_comes_is_unknown_although_the_slip_is_out(device, sender, job):
    device.set_fault("no_proof")
    assert sender().print_job(job, 1) == unknown("timeout")
    assert len(device.sheets) == 1


@pytest.mark.parametrize("fault", ["silent", "stalled"])
def test_a_required_answer_that_does_not_come_prints_nothing(device, sender, job, fault):
    device.set_fault(fault)
    assert sender(status="required").print_job(job, 1) == not_printed("no_status")
    device.clear_fault(fault)
    assert sender().print_job(job, 2) == printed()
    assert len(device.sheets) == 1


@pytest.mark.parametrize("fault", ["silent", "stalled"])
def test_a_printer_that_used_to_answer_gets_nothing_while_it_is_silent(device, sender, job, fault):
    printer = sender()
    assert printer.print_job(job, 1) == printed()
    device.set_fault(fault)
    assert printer.print_job(job, 2) == not_printed("no_status")
    assert len(device.sheets) == 1


def test_a_printer_that_never_answers_prints_and_stays_unknown(device, sender, job):
    device.set_fault("silent")
    assert sender().print_job(job, 1) == unknown("timeout", late_slip_possible=True)
    assert len(device.sheets) == 1


def test_a_printer_that_can_not_answer_is_believed_when_the_office_says_so(device, sender, job):
    device.set_fault("silent")
    assert sender(status="none", ack="none").print_job(job, 1) == printed()
    assert len(device.wait_for_sheets(1, timeout=2)) == 1


def test_nobody_at_the_port_is_certain(device, sender, job):
    device.set_fault("refuse")
    printer = sender()
    assert printer.print_job(job, 1) == not_printed("unreachable")
    device.clear_fault("refuse")
    assert printer.print_job(job, 2) == printed()
    assert len(device.sheets) == 1


def test_bytes_of_a_stalled_printer_that_we_still_hold_never_arrive(sender, job):
    # A port that takes the connection and reads nothing until much later.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        port = listener.getsockname()[1]
        printer = sender(port=port, status="none", write_timeout_s=0.2)
        outcome = printer.print_job(job * 80, 1)
        assert outcome == unknown("timeout", late_slip_possible=True)
        line, _ = listener.accept()
        with line:
            assert _received_until_the_end(line) < len(job) * 80


def _received_until_the_end(line: socket.socket) -> int:
    count = 0
    try:
        while piece := line.recv(65536):
            count += len(piece)
    except ConnectionResetError:
        pass
    return count


def test_the_proof_of_another_job_does_not_count(sender, job):
    with _Impostor(b"\x37\x22" + process_id(41) + b"\x00") as port:
        outcome = sender(port=port, status="none", ack="process_id").print_job(job, 42)
        assert (outcome.state, outcome.reason) == ("unknown", "timeout")
    with _Impostor(b"\x37\x22" + process_id(42) + b"\x00") as port:
        outcome = sender(port=port, status="none", ack="process_id").print_job(job, 42)
        assert outcome == printed()


class _Impostor:
    """Takes one job and confirms whatever it was told to."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> int:
        self._thread.start()
        return self._listener.getsockname()[1]

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        with line:
            received = b""
            while ASK_PROCESS_ID not in received:
                received += line.recv(65536)
            line.sendall(self._answer)
            _received_until_the_end(line)


def test_every_connection_is_closed_at_once(device, sender, job):
    # The device serves one caller at a time: a connection left open would block the next slip.
    printer = sender()
    began = time.monotonic()
    for number in range(1, 21):
        assert printer.print_job(job, number) == printed()
    assert time.monotonic() - began < 5
    assert len(device.sheets) == 20
