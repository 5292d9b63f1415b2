"""Between the jobs: the server knows how the printer is, and the printer has one caller."""

from __future__ import annotations

import http.server
import socket
import threading
import time

import pytest

from printer import self_test, watch
from printer.outcome import Condition, Outcome, trouble
from printer.printers import NotPossible

TROUBLE = [
    ("paper_out", "paper_end"),
    ("cover_open", "cover_open"),
    ("cutter_error", "error"),
    ("silent", "no_status"),
    ("stalled", "no_status"),
    ("half_open", "no_status"),
    ("refuse", "unreachable"),
]


@pytest.fixture
def busy_watch(server) -> None:
    server.settings |= {"poll_interval_s": 0.1}


@pytest.mark.parametrize(("fault", "reason"), TROUBLE)
def test_trouble_and_its_end_are_told_although_nobody_prints(
    server, start, device, busy_watch, fault, reason
):
    start()
    assert server.wait_for_state("ready")
    device.set_fault(fault)
    assert server.wait_for_state("trouble", reason)
    device.clear_fault(fault)
    assert server.wait_for_state("ready")
    assert device.sheets == []
    assert device.unknown_commands == []


def test_paper_that_is_nearly_gone_is_told_while_the_printer_is_ready(
    server, start, device, busy_watch
):
    start()
    server.wait_for_state("ready")
    device.set_fault("paper_low")
    assert server.wait_until(lambda: server.states[-1]["near_end"])
    assert server.states[-1] == {
        "state": "ready",
        "reason": None,
        "near_end": True,
        "shaping": True,
    }


def test_a_printer_that_never_said_a_word_is_unknown_and_gets_slips(
    server, start, device, busy_watch
):
    device.set_fault("silent")
    start()
    assert server.wait_for_state("unknown", "no_status")
    server.queue()
    assert server.wait_for_results(1)[0][1:] == ("unknown", "timeout")


def test_a_silent_printer_is_trouble_where_an_answer_is_required(server, start, device, busy_watch):
    server.settings |= {"status": "required"}
    device.set_fault("silent")
    start()
    assert server.wait_for_state("trouble", "no_status")


def test_a_printer_that_is_not_asked_is_unknown_without_a_complaint(server, start, device):
    server.settings |= {"status": "none"}
    start()
    assert server.wait_for_state("unknown", None)


def test_a_state_that_stays_is_told_only_as_a_sign_of_life(
    server, start, device, busy_watch, monkeypatch
):
    monkeypatch.setattr(watch, "SIGN_OF_LIFE_SECONDS", 0.5)
    start()
    began = time.monotonic()
    server.wait_until(lambda: len(server.states) == 4)
    assert time.monotonic() - began > 1.3


def test_a_failed_job_is_told_at_once_and_so_is_the_next_good_one(server, start, device):
    server.settings |= {"poll_interval_s": 60.0}
    start()
    server.wait_for_state("ready")
    device.set_fault("cover_open")
    server.queue()
    assert server.wait_for_state("trouble", "cover_open")
    device.clear_fault("cover_open")
    server.queue("A018")
    assert server.wait_for_state("ready")


def test_an_older_server_that_knows_no_states_is_left_alone(
    server, start, device, busy_watch, caplog
):
    server.change(is_old=True)
    start()
    server.wait_until(lambda: "/printers/entrance/state" in server.calls)
    server.queue()
    assert server.wait_for_results(1)[0][1] == "printed"
    assert "does not want" not in caplog.text


def test_a_state_that_the_server_missed_is_told_when_it_is_back(server, start, device, busy_watch):
    server.spoil("/state", "503", "lost")
    start()
    assert server.wait_for_state("ready")


def test_a_job_goes_first_and_the_look_is_left_out(device, sender, job):
    device.set_fault("no_proof")
    printer = sender(ack_timeout_s=1.0)
    outcomes: list[Outcome] = []
    printing = threading.Thread(target=lambda: outcomes.append(printer.print_job(job, 1)))
    printing.start()
    device.wait_for_sheets(1, timeout=2)
    began = time.monotonic()
    assert printer.look() is None
    assert time.monotonic() - began < 0.1
    printing.join()
    assert printer.look() == Condition("ready")


def test_a_look_at_a_printer_that_does_not_answer_is_short(sender):
    # A client may come at any moment, and there is one line only.
    with socket.create_server(("127.0.0.1", 0)) as mute:
        printer = sender(port=mute.getsockname()[1], status_timeout_s=30.0, status="required")
        began = time.monotonic()
        assert printer.look() == trouble("no_status")
        assert time.monotonic() - began < 2.5


def test_what_a_killed_agent_left_in_the_printer_is_removed_before_the_paper_is_back(
    server, start, device, busy_watch, sender, job
):
    device.set_fault("paper_out")
    with socket.create_connection(("127.0.0.1", device.port)) as line:
        line.sendall(job)  # the whole slip; then its agent was killed
    killed = server.queue(state="sending")
    start()
    assert server.wait_for_results(1) == [(killed, "unknown", "crash")]
    assert server.wait_for_state("trouble", "paper_end")
    device.clear_fault("paper_out")
    assert server.wait_for_state("ready")
    assert device.sheets == []


class _WebServer(http.server.BaseHTTPRequestHandler):
    """Any web server: it was given the printer's address by mistake."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web_server():
    office = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _WebServer)
    threading.Thread(target=office.serve_forever, args=(0.02,), daemon=True).start()
    yield office.server_port
    office.shutdown()
    office.server_close()


def test_a_web_server_at_the_printers_address_is_recognised(web_server, sender, job):
    assert sender(port=web_server).print_job(job, 1).reason == "no_printer"
    assert sender(port=web_server).print_job(job, 1).state == "not_printed"
    assert sender(port=web_server).look() == trouble("no_printer")


def test_a_web_server_that_is_not_asked_first_is_recognised_by_its_complaint(
    web_server, sender, job
):
    outcome = sender(port=web_server, status="none").print_job(job, 1)
    assert outcome.state != "printed"


def test_the_office_hears_that_there_is_no_printer_at_the_address(
    server, start, web_server, busy_watch
):
    server.settings |= {"port": web_server}
    start()
    assert server.wait_for_state("trouble", "no_printer")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("font_missing", "install fonts-dejavu-core"), ("wrong_library", "uninstall escpos")],
)
def test_tools_that_are_missing_are_told_and_it_goes_on_when_they_are_there(
    server, start, device, monkeypatch, caplog, reason, sentence
):
    def fail() -> None:
        raise NotPossible(reason, sentence)

    monkeypatch.setattr("printer.agent.check_tools", fail)
    start()
    assert server.wait_for_state("trouble", reason)
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "not_printed", reason)]
    assert sentence in caplog.text
    monkeypatch.setattr("printer.agent.check_tools", lambda: None)
    assert server.wait_for_state("ready")


def test_the_colliding_package_and_a_missing_font_have_their_own_words(monkeypatch):
    monkeypatch.setattr("printer.escpos_job._is_installed", lambda name: name == "escpos")
    self_test.load_library.cache_clear()
    with pytest.raises(NotPossible, match="uninstall it") as wrong:
        self_test.check_tools()
    assert wrong.value.reason == "wrong_library"
    monkeypatch.setattr(self_test, "REGULAR", "NoSuchFont.ttf")
    with pytest.raises(NotPossible, match=r"NoSuchFont\.ttf") as missing:
        self_test.check_tools()
    assert missing.value.reason == "font_missing"


def test_letters_that_can_not_be_joined_are_said_in_the_log_and_to_the_server(
    server, start, device, monkeypatch, caplog
):
    monkeypatch.setattr("printer.self_test.features.check", lambda _name: False)
    start()
    server.wait_for_state("ready")
    assert server.states[-1]["shaping"] is False
    assert "libfribidi0" in caplog.text
