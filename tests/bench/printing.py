"""From the tap to the paper: a real server, its own agent, and a printer at a TCP port that prints
at once, while clerks call twenty times a second. `python -m tests.bench.printing`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from printer.virtual_printer import VirtualPrinter
from tests.bench.over_http import Line, percentile
from tests.bench.table import Row, heading
from tests.conftest import new_request
from tests.office_process import LARGE, Server

TAPS = 100
BURST = 50
CALLS_PER_SECOND = 20
MOST_MS = 150
PAPER_SECONDS = 20.0
OFFICE = LARGE.replace(
    '[[kiosk]]\nkey = "entrance"\n',
    '[[printer]]\nkey = "entrance"\ntransport = "network"\nhost = "127.0.0.1"\nport = 1\n'
    '[[kiosk]]\nkey = "entrance"\nprinter = "entrance"\n',
)


class Sheets:
    """When each sheet came out of the printer."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._out: list[float] = []

    def add(self, _sheet: object) -> None:
        with self._news:
            self._out.append(time.perf_counter())
            self._news.notify_all()

    def wait_for(self, count: int) -> list[float]:
        with self._news:
            assert self._news.wait_for(lambda: len(self._out) >= count, PAPER_SECONDS)
            return list(self._out)


class Clerks:
    """One client after the other, twenty calls a second, until told to stop."""

    def __init__(self, server: Server) -> None:
        self._line = Line(server.url, server.token("counter"))
        self._reception = Line(server.url, server.token("reception"))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._call)

    def __enter__(self) -> Clerks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _call(self) -> None:
        due = time.perf_counter()
        while not self._stopping.wait(max(0.0, due - time.perf_counter())):
            due += 1 / CALLS_PER_SECOND
            wish = {"service": "status", "request_id": new_request()}
            self._reception.post("/api/v1/tickets", wish)
            called = self._line.post("/api/v1/counters/3/call-next")
            self._line.post(f"/api/v1/tickets/{called['id']}/miss")


def tap(kiosk: Line) -> float:
    """Milliseconds until the kiosk has its number."""
    began = time.perf_counter()
    wish = {"service": "documents", "kiosk": "entrance", "request_id": new_request()}
    kiosk.post("/api/v1/tickets", wish)
    return (time.perf_counter() - began) * 1e3


def one_by_one(kiosk: Line, sheets: Sheets, before: int) -> list[float]:
    """Milliseconds from each tap to its paper, when `before` sheets were out already."""
    spans = []
    for count in range(before + 1, before + 1 + TAPS):
        began = time.perf_counter()
        tap(kiosk)
        spans.append((sheets.wait_for(count)[count - 1] - began) * 1e3)
    return spans


def at_once(kiosk: Line, sheets: Sheets) -> tuple[list[float], float]:
    """What the kiosk waits for each of many numbers in a row, and seconds until all are out."""
    before = len(sheets.wait_for(0))
    began = time.perf_counter()
    answers = [tap(kiosk) for _ in range(BURST)]
    return answers, sheets.wait_for(before + BURST)[-1] - began


def rows(folder: Path) -> Iterator[Row]:
    """The whole part."""
    sheets = Sheets()
    with VirtualPrinter(0, sheets.add) as paper:
        server = Server(
            folder, office=OFFICE.replace("port = 1\n", f"port = {paper.port}\n")
        ).start()
        try:
            kiosk = Line(server.url, server.token("kiosk"))
            tap(kiosk)
            sheets.wait_for(1)  # the agent is up and has drawn once
            with Clerks(server):
                spans = one_by_one(kiosk, sheets, 1)
                answers, all_out = at_once(kiosk, sheets)
        finally:
            server.kill()
    yield heading(f"printing, {CALLS_PER_SECOND} calls a second", "")
    for percent in (50, 95):
        ours = percentile(spans, percent)
        is_met = ours <= MOST_MS if percent == 95 else None
        bar = f"<= {MOST_MS} ms" if percent == 95 else ""
        yield Row(f"tap -> paper is out, p{percent}", f"{ours:.0f} ms", "", "", bar, is_met)
    worst, name = max(answers), f"{BURST} taps in a row: slowest number"
    yield Row(name, f"{worst:.0f} ms", "", "", "(the kiosk is never blocked)")
    yield Row(f"{BURST} taps in a row: all are out after", f"{all_out:.1f} s", "", "", "")


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        for row in rows(Path(name)):
            print(row)
