"""The stand-in prints as slowly as paper, and never makes anybody wait who wants to stop it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from printer.escpos_device import SLOW_MM_S, EscposDevice
from printer.virtual_printer import VirtualPrinter

PROOF = b"\x1d(H\x06\x000042AF"
PROVEN = b"7\x2242AF\x00"
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
CUT = b"\x1dVB\x00"
MM = 8  # rows of dots, at 203 dpi


def picture(mm: int) -> bytes:
    return b"\x1dv0\x00\x01\x00" + (mm * MM).to_bytes(2, "little") + b"\xff" * mm * MM


class Paper:
    """A device whose time only passes when the test says so."""

    def __init__(self, speed_mm_s: float) -> None:
        self.now = 0.0
        self.sheets: list[Image.Image] = []
        self.said = b""
        self.device = EscposDevice(
            self.sheets.append, self._hear, speed_mm_s, clock=lambda: self.now
        )

    def _hear(self, answer: bytes) -> None:
        self.said += answer

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.device.work()


@pytest.fixture
def paper() -> Paper:
    return Paper(speed_mm_s=100)


def test_the_sheet_and_its_proof_come_when_the_paper_is_out(paper):
    paper.device.receive(picture(50) + CUT + PROOF)
    assert paper.device.work() == pytest.approx(0.5, abs=0.01)
    paper.later(0.49)
    assert (paper.sheets, paper.said) == ([], b"")
    paper.later(0.02)
    assert len(paper.sheets) == 1
    assert paper.said == PROVEN
    assert paper.device.work() is None


def test_letters_take_their_time_too(paper):
    paper.device.receive(b"A017\n" * 10 + CUT)
    while seconds := paper.device.work():
        assert paper.sheets == []
        paper.now += seconds
    assert paper.now == pytest.approx(10 * 30 / 203 * 25.4 / 100)
    assert len(paper.sheets) == 1


def test_without_a_speed_everything_is_there_at_once():
    instant = Paper(speed_mm_s=0)
    instant.device.receive(picture(50) + CUT + PROOF)
    assert len(instant.sheets) == 1
    assert instant.said == PROVEN


def test_status_is_answered_while_the_paper_moves(paper):
    paper.device.receive(picture(50) + CUT)
    paper.device.receive(b"\x10\x04\x02")
    assert paper.said == b"\x12"
    assert paper.sheets == []


def test_a_memory_that_is_cleared_while_the_paper_moves_gives_no_sheet(paper):
    paper.device.receive(picture(50) + CUT + PROOF)
    paper.device.receive(CLEAR)
    assert paper.said == b"\x37\x25\x00"
    paper.later(10)
    assert paper.sheets == []
    paper.device.receive(picture(10) + CUT)
    paper.later(0.2)
    assert [sheet.height for sheet in paper.sheets] == [10 * MM], "the torn rest is not on it"


def test_paper_stands_still_while_something_is_broken(paper):
    paper.device.receive(picture(50) + CUT)
    paper.later(0.25)
    paper.device.set_fault("cover_open")
    paper.later(10)
    assert paper.sheets == []
    paper.device.clear_fault("cover_open")
    assert paper.device.work() == pytest.approx(0.25, abs=0.01)
    paper.later(0.26)
    assert len(paper.sheets) == 1


def test_a_slow_printer_crawls_until_it_is_mended(paper):
    paper.device.set_fault("slow")
    paper.device.receive(picture(50) + CUT)
    assert paper.device.work() == pytest.approx(50 / SLOW_MM_S, rel=0.01)
    paper.later(5)
    paper.device.clear_fault("slow")
    assert paper.device.work() == pytest.approx((50 - 5 * SLOW_MM_S) / 100, rel=0.01)


def test_a_slow_printer_crawls_even_when_it_usually_prints_at_once():
    instant = Paper(speed_mm_s=0)
    instant.device.set_fault("slow")
    instant.device.receive(picture(50) + CUT)
    assert instant.sheets == []
    instant.device.clear_fault("slow")
    assert len(instant.sheets) == 1


# --- Over TCP, with the clock of the wall -------------------------------------------------------


@pytest.fixture
def crawling() -> Iterator[VirtualPrinter]:
    with VirtualPrinter(speed_mm_s=0.5) as printer:
        yield printer


def call(printer: VirtualPrinter) -> socket.socket:
    return socket.create_connection(("127.0.0.1", printer.port), timeout=5)


def seconds_for(action: Callable[[], object]) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


def test_a_printer_at_the_speed_of_paper_proves_late_and_truly():
    with VirtualPrinter(speed_mm_s=150) as printer, call(printer) as line:
        began = time.monotonic()
        line.sendall(picture(30) + CUT + PROOF)
        assert line.recv(64) == PROVEN
        assert time.monotonic() - began >= 0.19
        assert len(printer.sheets) == 1


def test_stopping_does_not_wait_for_the_paper():
    printer = VirtualPrinter(speed_mm_s=0.5)
    printer.start()
    with call(printer) as line:
        line.sendall(picture(100) + CUT + b"\x10\x04\x02")
        line.recv(1)
        assert seconds_for(printer.stop) < 1
    assert printer.sheets == []


def test_a_fault_and_a_question_do_not_wait_for_the_paper(crawling):
    with call(crawling) as line:
        line.sendall(picture(100) + CUT)
        line.sendall(b"\x1da\xff\x10\x04\x02")
        assert line.recv(1) == b"\x12", "the report stands behind the picture, the status does not"
        assert seconds_for(lambda: crawling.set_fault("paper_out")) < 0.5
        line.sendall(b"\x10\x04\x02")
        assert line.recv(1) == b"\x32"


def test_faults_may_change_from_many_threads_while_it_prints():
    with VirtualPrinter(speed_mm_s=2000) as printer:
        stop = threading.Event()

        def meddle(name: str) -> None:
            while not stop.is_set():
                printer.set_fault(name)
                printer.clear_fault(name)

        names = ("paper_out", "cover_open", "slow", "paper_low")
        meddlers = [threading.Thread(target=meddle, args=(name,)) for name in names]
        for meddler in meddlers:
            meddler.start()
        with call(printer) as line:
            for _ in range(20):
                line.sendall(picture(2) + CUT)
            sheets = printer.wait_for_sheets(20, timeout=20)
        stop.set()
        for meddler in meddlers:
            meddler.join()
        assert len(sheets) == 20
        assert printer.faults == frozenset()
