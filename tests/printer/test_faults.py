"""Every fault by its name, seen from the other end of the line."""

from __future__ import annotations

import socket
import threading

import pytest
from PIL import Image

from printer.escpos_device import EscposDevice
from printer.virtual_printer import VirtualPrinter

STRIP = b"\x1dv0\x00\x01\x00\x08\x00" + b"\xf0" * 8
CUT = b"\x1dVB\x00"
ASK = b"\x10\x04\x02"


def call(printer: VirtualPrinter, timeout: float = 5) -> socket.socket:
    return socket.create_connection(("127.0.0.1", printer.port), timeout=timeout)


def ask(line: socket.socket) -> bytes:
    line.sendall(ASK)
    return line.recv(1)


def is_quiet(line: socket.socket, seconds: float = 0.2) -> bool:
    """Nothing is said and nobody hangs up."""
    line.settimeout(seconds)
    try:
        line.recv(1)
    except TimeoutError:
        return True
    return False


def bare_device(*faults: str) -> tuple[EscposDevice, list[Image.Image]]:
    sheets: list[Image.Image] = []
    device = EscposDevice(sheets.append, lambda answer: None)
    device.set_faults(faults)
    return device, sheets


def test_exactly_the_named_faults_are_set(device):
    device.set_fault("paper_low")
    device.set_faults(["cover_open", "silent"])
    assert device.faults == {"cover_open", "silent"}
    device.set_faults([])
    assert device.faults == frozenset()


def test_a_set_with_an_unknown_name_changes_nothing(device):
    device.set_fault("paper_low")
    with pytest.raises(ValueError, match="there is no fault fire"):
        device.set_faults(["cover_open", "fire"])
    assert device.faults == {"paper_low"}


# --- Half open ----------------------------------------------------------------------------------


def test_a_half_open_connection_swallows_everything_and_says_nothing(device):
    with call(device) as line:
        assert ask(line) == b"\x12"
        device.set_fault("half_open")
        line.sendall(STRIP + CUT + ASK)
        assert is_quiet(line)
        device.clear_fault("half_open")
        line.sendall(STRIP + CUT + ASK)
        assert is_quiet(line), "it stays dead"
        assert device.sheets == []


def test_a_new_connection_works_beside_a_dead_one(device):
    with call(device) as dead:
        assert ask(dead) == b"\x12"
        device.set_fault("half_open")
        device.clear_fault("half_open")
        # Whether the printer noticed in between or not: the dead one must not block the others.
        dead.close()
        with call(device) as line:
            assert ask(line) == b"\x12"


def test_half_open_reaches_those_who_call_while_it_lasts(device):
    device.set_fault("half_open")
    with call(device) as first, call(device) as second:
        first.sendall(ASK)
        second.sendall(ASK)
        assert is_quiet(first)
        assert is_quiet(second)
        device.clear_fault("half_open")
        with call(device) as third:
            assert ask(third) == b"\x12"


# --- In the middle of a job ---------------------------------------------------------------------


def test_a_power_cycle_forgets_what_was_in_memory():
    device, sheets = bare_device("power_cycle_mid_job")
    device.receive(STRIP + STRIP + CUT)
    assert device.take_line_cut() == "power_cycle_mid_job"
    device.work()
    assert sheets == []
    device.receive(STRIP + CUT)
    assert [sheet.height for sheet in sheets] == [8]


def test_a_power_cycle_with_a_lasting_memory_prints_the_rest_late():
    device, sheets = bare_device("power_cycle_keeps_memory_mid_job")
    device.receive(STRIP + STRIP + CUT)
    assert sheets == []
    assert device.take_line_cut() == "power_cycle_keeps_memory_mid_job"
    device.work()
    assert [sheet.height for sheet in sheets] == [16]


@pytest.mark.parametrize(
    "fault", ["reset_mid_job", "power_cycle_mid_job", "power_cycle_keeps_memory_mid_job"]
)
def test_the_caller_of_a_job_that_breaks_off_is_reset_once(device, fault):
    device.set_fault(fault)
    with call(device) as line:
        line.sendall(STRIP + STRIP)
        with pytest.raises(ConnectionResetError):
            while line.recv(1):
                pass
    assert device.faults == frozenset()
    with call(device) as line:
        assert ask(line) == b"\x12"


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "cutter_error"])
def test_trouble_in_the_middle_of_a_job_lasts_until_it_is_mended(fault):
    device, sheets = bare_device(f"{fault}_mid_job")
    device.receive(STRIP + STRIP + CUT)
    assert device.faults == {fault}
    assert sheets == []
    device.clear_fault(fault)
    assert [sheet.height for sheet in sheets] == [16]


def test_a_job_of_letters_breaks_off_like_a_picture():
    device, sheets = bare_device("paper_out_mid_job")
    device.receive(b"Jobcenter\nA017\n" + CUT)
    assert device.faults == {"paper_out"}
    assert sheets == []


def test_mending_a_printer_whose_line_then_breaks_harms_nobody_else(device):
    device.set_faults(["paper_out", "reset_mid_job"])
    with call(device) as line:
        line.sendall(STRIP + ASK)
        assert line.recv(1) == b"\x32"
        device.clear_fault("paper_out")  # from this thread the picture is printed, and breaks off
        with pytest.raises(ConnectionResetError):
            while line.recv(1):
                pass
    with call(device) as line:
        assert ask(line) == b"\x12"


# --- The port -----------------------------------------------------------------------------------


def test_a_stalled_printer_takes_the_call_and_reads_when_it_is_mended(device):
    device.set_fault("stalled")
    with call(device) as line:
        line.sendall(ASK)
        assert is_quiet(line)
        device.clear_fault("stalled")
        line.settimeout(5)
        assert line.recv(1) == b"\x12"


def test_a_printer_that_refuses_comes_back_at_the_same_port(device):
    port = device.port
    for _ in range(20):
        device.set_fault("refuse")
        with pytest.raises(ConnectionRefusedError):
            call(device)
        device.clear_fault("refuse")
        with call(device) as line:
            assert ask(line) == b"\x12"
    assert device.port == port


def test_a_printer_that_refuses_from_the_start_gets_its_port_when_it_is_mended():
    with VirtualPrinter(faults=["refuse"]) as printer:
        printer.clear_fault("refuse")
        with call(printer) as line:
            assert ask(line) == b"\x12"


def test_stopping_frees_callers_and_port(device):
    with call(device) as line, call(device) as waiting:
        assert ask(line) == b"\x12"
        stopper = threading.Thread(target=device.stop)
        stopper.start()
        stopper.join(2)
        assert not stopper.is_alive()
        assert line.recv(1) == b""
        with pytest.raises((ConnectionError, TimeoutError)):
            waiting.sendall(ASK)
            assert waiting.recv(1)
    with pytest.raises(ConnectionRefusedError):
        call(device)
