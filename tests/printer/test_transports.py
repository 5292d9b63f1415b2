"""The same procedure over everything that is no network."""

from __future__ import annotations

import array
import os
import stat
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from wired_device import PtyPrinter

from printer.cups import CupsPrinter
from printer.line import NotOpened
from printer.outcome import Condition, Outcome, not_printed, printed, trouble, unknown
from printer.printers import NotPossible
from printer.serial_line import SerialLine
from printer.settings import PrinterSettings
from printer.transports import Transports, open_line
from printer.usb_line import load_pyusb
from printer.wire import WiredPrinter

LIMITS = {"status_timeout_s": 0.15, "ack_timeout_s": 0.4, "write_timeout_s": 0.5}
Attach = Callable[..., WiredPrinter]


def attach(transport: str, **settings: object) -> WiredPrinter:
    chosen = {"key": "entrance", "transport": transport, **LIMITS, **settings}
    return WiredPrinter(PrinterSettings(**chosen), open_line)


@pytest.fixture
def cable() -> Iterator[PtyPrinter]:
    with PtyPrinter() as printer:
        yield printer


@pytest.fixture(params=["usblp", "serial"])
def two_way(request, cable: PtyPrinter) -> Attach:
    return lambda **settings: attach(request.param, device=cable.path, **settings)


def test_a_slip_over_a_cable_is_proven(cable, two_way, job, next_job):
    printer = two_way()
    assert printer.look() == Condition("ready")
    assert printer.print_job(job, 1) == printed()
    assert printer.print_job(next_job, 2) == printed()
    assert len(cable.sheets) == 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("paper_out", not_printed("paper_end")),
        ("cover_open", not_printed("cover_open")),
        ("cutter_error", not_printed("error")),
        ("paper_low", printed(near_end=True)),
        ("paper_out_mid_job", unknown("paper_end")),
        ("cover_open_mid_job", unknown("cover_open")),
        ("paper_out_before_cut", unknown("paper_end")),
        ("no_proof", unknown("timeout")),
        ("silent", unknown("timeout", late_slip_possible=True)),
    ],
)
def test_the_outcome_over_a_cable_is_the_same_as_in_the_network(
    cable, two_way, job, fault, outcome
):
    cable.device.set_fault(fault)
    assert two_way().print_job(job, 1) == outcome
    paper = len(cable.sheets)
    cable.device.set_faults([])
    assert two_way().look() == Condition("ready"), "it has worked off everything by now"
    assert len(cable.sheets) == paper, "nothing came late"


def test_an_agent_serves_a_printer_at_a_cable(cable, server, start):
    server.settings |= {"transport": "usblp", "device": cable.path}
    start()
    assert server.wait_for_state("ready")
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "printed", None)]
    assert len(cable.sheets) == 1


def test_a_printer_at_a_cable_that_takes_nothing_is_noticed(cable, two_way, job):
    printer = two_way(write_timeout_s=0.2)
    assert printer.print_job(job, 1) == printed()
    cable.device.set_fault("stalled")
    assert printer.print_job(job, 2) == not_printed("no_status")
    cable.device.clear_fault("stalled")
    assert printer.print_job(job, 3) == printed()
    assert len(cable.sheets) == 2


def test_an_answer_for_an_earlier_caller_is_not_taken_for_ours(cable, two_way, job):
    cable.device.set_fault("cover_open")
    cable.say(b"\x12\x00\x37\x220001\x00")  # all is well; and a proof of something long ago
    assert two_way().print_job(job, 1) == not_printed("cover_open")
    assert cable.sheets == []


@pytest.mark.parametrize("transport", ["usblp", "serial", "file"])
def test_a_device_that_is_not_there_is_said_to_be_missing_and_is_not_made(
    tmp_path: Path, job, transport
):
    missing = tmp_path / "lp0"
    printer = attach(transport, device=str(missing))
    assert printer.print_job(job, 1) == not_printed("device_missing")
    assert printer.look() == trouble("device_missing")
    assert not missing.exists()


def test_a_device_that_belongs_to_somebody_else_is_said_to_be_forbidden(
    monkeypatch, cable, two_way, job
):
    # Not by its mode: whoever runs the tests as root may open everything.
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert two_way().print_job(job, 1) == not_printed("no_permission")
    assert two_way().look() == trouble("no_permission")


def test_a_device_that_another_program_holds_may_be_free_in_a_moment(monkeypatch, two_way, job):
    def refuse(*_: object) -> int:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(os, "open", refuse)
    assert two_way().print_job(job, 1) == not_printed("unreachable")


def test_a_directory_is_no_printer(tmp_path: Path, job):
    assert attach("usblp", device=str(tmp_path)).look() == trouble("no_printer")


def test_a_file_is_no_serial_port(tmp_path: Path, job):
    file = tmp_path / "letter.txt"
    file.write_text("Sehr geehrte Damen und Herren")
    assert attach("serial", device=str(file)).print_job(job, 1) == not_printed("no_printer")
    assert file.read_text() == "Sehr geehrte Damen und Herren"


def test_a_device_that_is_unplugged_in_the_middle_is_unknown(job):
    with PtyPrinter() as gone:
        gone.device.set_fault("no_proof")
        printer = attach("usblp", device=gone.path, ack_timeout_s=5)
        outcomes: list[Outcome] = []
        printing = threading.Thread(target=lambda: outcomes.append(printer.print_job(job, 1)))
        printing.start()
        while not gone.sheets:
            time.sleep(0.01)
    printing.join()
    assert outcomes == [unknown("lost_during", late_slip_possible=True)]


def test_a_serial_port_gets_its_speed_and_keeps_away_from_flow_signs(cable):
    import termios

    with SerialLine(cable.path, 38400):
        probe = os.open(cable.path, os.O_RDWR | os.O_NOCTTY)
        state = termios.tcgetattr(probe)
        os.close(probe)
    assert state[4] == state[5] == termios.B38400
    assert state[0] & termios.IXON
    assert not state[3] & (termios.ECHO | termios.ICANON)


def test_a_printer_that_says_stop_is_waited_for(cable, job):
    printer = attach("serial", device=cable.path, write_timeout_s=5, ack_timeout_s=5)
    assert printer.look() == Condition("ready")
    cable.say(b"\x13")  # XOFF: nothing may be sent
    outcomes: list[Outcome] = []
    printing = threading.Thread(target=lambda: outcomes.append(printer.print_job(job, 1)))
    printing.start()
    printing.join(0.05)
    cable.say(b"\x11")
    printing.join()
    assert outcomes == [printed()]


# --- Write only ----------------------------------------------------------------------------------


def test_a_file_that_took_everything_is_sent_and_not_printed(tmp_path: Path, job, next_job):
    file = tmp_path / "lp0"
    file.touch()
    printer = attach("file", device=str(file))
    assert printer.look() == Condition("unknown")
    assert printer.print_job(job, 1) == unknown("sent")
    assert printer.print_job(next_job, 2) == unknown("sent")
    assert file.read_bytes() == job + next_job


@pytest.mark.parametrize("ack", ["none", "auto"])
def test_an_office_can_not_decide_that_a_file_is_paper(tmp_path: Path, job, ack):
    file = tmp_path / "lp0"
    file.touch()
    assert attach("file", device=str(file), ack=ack).print_job(job, 1) == unknown("sent")


def test_a_pipe_that_nobody_reads_prints_nothing(tmp_path: Path, job):
    pipe = tmp_path / "printer"
    os.mkfifo(pipe)
    assert attach("file", device=str(pipe)).print_job(job, 1) == not_printed("device_missing")


def test_a_pipe_whose_reader_stops_is_unknown_and_the_next_slip_is_not_swallowed(
    tmp_path: Path, job, next_job
):
    pipe = tmp_path / "printer"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    printer = attach("file", device=str(pipe), write_timeout_s=0.1)
    assert printer.print_job(job * 2, 1) == unknown("timeout", late_slip_possible=True)
    os.set_blocking(reader, True)
    received = bytearray(os.read(reader, 1 << 20))
    outcomes: list[Outcome] = []
    printing = threading.Thread(target=lambda: outcomes.append(printer.print_job(next_job, 2)))
    keep_open = os.open(pipe, os.O_WRONLY)
    printing.start()
    while not received.endswith(next_job):
        received += os.read(reader, 65536)
    printing.join()
    os.close(keep_open)
    os.close(reader)
    assert outcomes == [unknown("sent")]
    assert received.endswith(bytes(8192) + b"\x1dVB\x00" + next_job)


def test_a_slow_clone_gets_pauses_between_the_pieces(device, sender, job):
    printer = sender(fragment_rows=128, fragment_pause_ms=20)
    began = time.monotonic()
    assert printer.print_job(job, 1) == printed()
    pieces = len(job) / (128 * 576 / 8)
    assert pieces * 0.02 <= time.monotonic() - began < 1
    device.set_fault("paper_out_mid_job")
    assert printer.print_job(job, 2) == unknown("paper_end")


# --- The operating system's print queue ----------------------------------------------------------


@pytest.fixture
def lp(tmp_path: Path, monkeypatch) -> Callable[[str], Path]:
    """Puts a program `lp` on the way that keeps what it was given."""

    def install(more: str = "") -> Path:
        program = tmp_path / "lp"
        program.write_text(
            f'#!/bin/sh\necho "$@" >{tmp_path}/words\nfor file; do :; done\n{more}\n'
            f'cat "$file" >{tmp_path}/taken.png\n'
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return tmp_path

    return install


def queue(**settings: object) -> CupsPrinter:
    chosen = {"key": "entrance", "transport": "cups", "cups_queue": "star", **settings}
    return CupsPrinter(PrinterSettings(**chosen))


PICTURE = Image.new("1", (576, 40), 1)


def test_a_print_queue_gets_the_picture_in_its_true_size(lp):
    folder = lp()
    assert queue().look() == Condition("unknown")
    assert queue().print_job(b"", 1, PICTURE) == unknown("sent", late_slip_possible=True)
    assert (folder / "words").read_text().startswith("-d star -- ")
    with Image.open(folder / "taken.png") as taken:
        assert taken.convert("1").tobytes() == PICTURE.tobytes()
        assert taken.info["dpi"] == pytest.approx((203, 203), abs=0.1)


def test_a_print_queue_that_takes_nothing_is_unreachable(lp, caplog):
    lp("echo 'lp: The printer or class does not exist.' >&2; exit 1")
    assert queue().print_job(b"", 1, PICTURE) == not_printed("unreachable")
    assert "does not exist" in caplog.text


def test_a_machine_without_a_print_system_is_unreachable(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert queue().print_job(b"", 1, PICTURE) == not_printed("unreachable")
    assert queue().look() == trouble("unreachable")


def test_a_print_system_that_hangs_is_unknown(lp):
    lp("exec sleep 60")
    outcome = queue(ack_timeout_s=0.3).print_job(b"", 1, PICTURE)
    assert outcome == unknown("timeout", late_slip_possible=True)


def test_a_print_queue_gets_pictures_even_where_the_office_prints_letters(lp, server, start):
    folder = lp()
    server.settings |= {"transport": "cups", "cups_queue": "star", "mode": "text"}
    start()
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "unknown", "sent")]
    assert (folder / "taken.png").stat().st_size > 1000


# --- USB without the kernel's driver -------------------------------------------------------------


class _UsbError(OSError):
    pass


class _UsbTimeout(_UsbError):
    pass


class _EndPoint:
    def __init__(self, address: int, cable: PtyPrinter, answers: list[int]) -> None:
        self.bEndpointAddress = address
        self._cable, self._answers = cable, answers

    def write(self, piece: bytes, timeout: int) -> int:
        assert timeout > 0, "0 means for ever"
        if "stalled" in self._cable.device.faults:
            raise _UsbTimeout(110, "Operation timed out")
        self._cable.device.receive(piece)
        return len(piece)

    def read(self, size: int, timeout: int) -> array.array[int]:
        if not self._answers:
            time.sleep(timeout / 1000)
            raise _UsbTimeout(110, "Operation timed out")
        taken, self._answers[:] = self._answers[:size], self._answers[size:]
        return array.array("B", taken)


@pytest.fixture
def usb(monkeypatch) -> types.SimpleNamespace:
    """What pyusb shows of one printer that the kernel's driver holds."""
    answers: list[int] = []
    sheets: list[Image.Image] = []
    from printer.escpos_device import EscposDevice

    bus = types.SimpleNamespace(device=EscposDevice(sheets.append, answers.extend), sheets=sheets)
    points = [_EndPoint(0x02, bus, answers), _EndPoint(0x81, bus, answers)]
    bus.error, bus.driver_active, bus.given_back = None, True, 0
    interface = types.SimpleNamespace(bInterfaceNumber=0, points=points)

    def find_descriptor(place: object, custom_match=None, **_: object) -> object:
        if custom_match is None:
            return interface
        return next((point for point in points if custom_match(point)), None)

    def claim(*_: object) -> None:
        if bus.error:
            raise bus.error

    def give_back(_: object) -> None:
        bus.given_back += 1

    unit = types.SimpleNamespace(
        is_kernel_driver_active=lambda _n: bus.driver_active,
        detach_kernel_driver=lambda _n: setattr(bus, "driver_active", False),
        get_active_configuration=lambda: {(0, 0): interface},
    )
    core = types.ModuleType("usb.core")
    core.USBError, core.USBTimeoutError = _UsbError, _UsbTimeout
    core.NoBackendError = type("NoBackendError", (ValueError,), {})
    core.find = lambda idVendor, idProduct: unit if (idVendor, idProduct) == (1208, 3624) else None
    tools = types.ModuleType("usb.util")
    tools.ENDPOINT_OUT, tools.ENDPOINT_IN = 0x00, 0x80
    tools.endpoint_direction = lambda address: address & 0x80
    tools.find_descriptor, tools.claim_interface = find_descriptor, claim
    tools.dispose_resources = give_back
    for name, module in (("usb", types.ModuleType("usb")), ("usb.core", core), ("usb.util", tools)):
        monkeypatch.setitem(sys.modules, name, module)
    return bus


def plugged(**settings: object) -> WiredPrinter:
    return attach("usb", **{"usb_vendor": 1208, "usb_product": 3624, **settings})


def test_a_slip_over_usb_is_proven_and_the_device_given_back(usb, job):
    printer = plugged()
    assert printer.print_job(job, 1) == printed()
    assert printer.look() == Condition("ready")
    assert (len(usb.sheets), usb.given_back, usb.driver_active) == (1, 2, False)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("cover_open", not_printed("cover_open")),
        ("paper_out_mid_job", unknown("paper_end")),
        ("no_proof", unknown("timeout")),
    ],
)
def test_the_outcome_over_usb_is_the_same_as_in_the_network(usb, job, fault, outcome):
    usb.device.set_fault(fault)
    assert plugged().print_job(job, 1) == outcome


def test_a_usb_printer_that_takes_nothing_is_not_sent_the_same_twice(usb, job):
    usb.device.set_fault("stalled")
    printer = plugged(status="none")
    assert printer.print_job(job, 1) == unknown("timeout", late_slip_possible=True)
    assert usb.given_back == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (_UsbError(13, "Access denied"), "no_permission"),
        (_UsbError(16, "Resource busy"), "unreachable"),
        (_UsbError(19, "No such device"), "device_missing"),
    ],
)
def test_a_usb_printer_that_can_not_be_had_says_why(usb, job, error, reason):
    usb.error = error
    assert plugged().print_job(job, 1) == not_printed(reason)
    assert usb.given_back == 1


def test_a_usb_printer_that_is_not_plugged_in_is_missing(usb, job):
    assert plugged(usb_product=1).look() == trouble("device_missing")


def test_usb_without_its_package_says_what_to_install(monkeypatch):
    for name in ("usb", "usb.core", "usb.util"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NotOpened, match="pip install pyusb"):
        load_pyusb()
    settings = PrinterSettings("entrance", transport="usb", usb_vendor=1208, usb_product=3624)
    with pytest.raises(NotPossible, match="usblp") as missing:
        Transports().printer(settings)
    assert missing.value.reason == "library_missing"
