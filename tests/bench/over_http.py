"""A real server as a user starts it: clerk's click → last of 50 displays, and durable tickets with
16 kiosks, each beside its floor in the same run."""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.displays import Displays
from tests.bench.floor import commits_per_second
from tests.bench.table import Row, heading
from tests.conftest import new_request
from tests.office_process import LARGE, Server

DISPLAYS = 50
CALLS = 200
CLIENTS = 16
SECONDS = 5.0


class Line:
    """A kept-open HTTP connection of one page."""

    def __init__(self, url: str, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, path: str, body: object = None) -> None:
        self._connection.request("POST", path, json.dumps(body or {}), self._headers)

    def answer(self) -> dict:
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content
        return json.loads(content) if content.startswith(b"{") else {}

    def post(self, path: str, body: object = None) -> dict:
        self.send(path, body)
        return self.answer()

    def close(self) -> None:
        self._connection.close()

    def take(self) -> dict:
        wish = {"service": "documents", "request_id": new_request()}
        return self.post("/api/v1/tickets", wish)


def click_to_displays(server: Server) -> list[float]:
    """Milliseconds from the clerk's click until the last display has the call."""
    displays = Displays.of_server(server.url, server.token("display"), DISPLAYS)
    kiosk, clerk = (
        Line(server.url, server.token("kiosk")),
        Line(server.url, server.token("counter")),
    )
    spans = []
    for _ in range(CALLS):
        ticket_id = kiosk.take()["id"]
        began = time.perf_counter()
        clerk.send("/api/v1/counters/1/call-next")
        heard = displays.last_hears(f'["announce",{{"ticket_id":{ticket_id},')
        spans.append((heard - began) * 1e3)
        clerk.answer()
        clerk.post(f"/api/v1/tickets/{ticket_id}/miss")
    displays.close()
    return spans


def floor_to_displays(folder: Path) -> tuple[list[float], float]:
    """The same with one bare durable commit and a bare websocket fan-out, and how many bare commits
    over HTTP the same 16 kiosks get."""
    command = [sys.executable, "-m", "tests.bench.floor", str(folder / "floor.db")]
    bare = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert bare.stdout
        address = f"127.0.0.1:{int(bare.stdout.readline())}"
        displays = Displays.of_floor(f"ws://{address}/watch", DISPLAYS)
        clerk, spans = Line(f"http://{address}"), []
        for call in range(CALLS):
            began = time.perf_counter()
            clerk.send(f"/call/{call}")
            spans.append((displays.last_hears(f'/call/{call}"') - began) * 1e3)
            clerk.answer()
        displays.close()
        bare_http = answers_per_second(
            lambda: Line(f"http://{address}"), lambda k: k.post("/commit")
        )
        return spans, bare_http
    finally:
        bare.kill()
        bare.wait()


def tickets_per_second(server: Server) -> float:
    """Acknowledged tickets of 16 kiosks at once."""
    token = server.token("kiosk")
    return answers_per_second(lambda: Line(server.url, token), Line.take)


def answers_per_second(arrive: Callable[[], Line], ask: Callable[[Line], object]) -> float:
    """What 16 clients at once get answered."""

    def keep_asking(_: int) -> int:
        line, answers = arrive(), 0
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            ask(line)
            answers += 1
        return answers

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as room:
        answers = sum(room.map(keep_asking, range(CLIENTS)))
    return answers / (time.perf_counter() - began)


def percentile(spans: list[float], percent: int) -> float:
    return statistics.quantiles(spans, n=100, method="inclusive")[percent - 1]


def click_rows(ours: list[float], floor: list[float]) -> Iterator[Row]:
    for percent, bar in ((50, "<= 15 ms and <= 3.0 x floor"), (99, "<= 50 ms")):
        mine, least = percentile(ours, percent), percentile(floor, percent)
        is_met = mine <= 50 if percent == 99 else mine <= 15 and mine <= 3 * least
        name = f"click -> last of {DISPLAYS} displays, p{percent}"
        yield Row(name, f"{mine:.1f} ms", f"{least:.1f} ms", f"{mine / least:.2f} x", bar, is_met)


def ticket_rows(rate: float, bare: float, bare_http: float) -> Iterator[Row]:
    name, ours = f"durable tickets, {CLIENTS} kiosks at once", f"{rate:.0f} /s"
    bar, is_met = ">= 50 % of floor", rate >= bare / 2
    yield Row(name, ours, f"{bare:.0f} /s", f"{rate / bare:.0%}", bar, is_met)
    name = "  beside a bare commit over bare HTTP"
    yield Row(name, ours, f"{bare_http:.0f} /s", f"{rate / bare_http:.0%}", "(for comparison)")


def rows(folder: Path) -> Iterator[Row]:
    """The whole part."""
    server = Server(folder, office=LARGE.replace("last = 5000", "last = 9999")).start()
    try:
        ours = click_to_displays(server)
        floor, bare_http = floor_to_displays(folder)
        bare = commits_per_second(folder / "commits.db", SECONDS)
        rate = tickets_per_second(server)
    finally:
        server.kill()
    yield heading("one server, many pages", "floor")
    yield from click_rows(ours, floor)
    yield from ticket_rows(rate, bare, bare_http)
