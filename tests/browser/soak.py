"""Years in minutes: one wall page hears tens of thousands of calls and must not grow (HW-19)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.bench.over_http import Line
from tests.conftest import eventually
from tests.office_process import Server

SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
OFFICE = SAMPLE.replace("last = 999 ", "last = 9999 ")
COUNTERS = ("1", "2", "3")
# Remembered widths, decoded clips, compiled code: what a page gathers once, and then no more.
LEAST_WARM_UP, WARM_UP_SHARE = 200, 10
LOOKS = 6


@dataclass(frozen=True)
class Size:
    """What the page holds after its rubbish was collected."""

    heap_bytes: int
    nodes: int
    listeners: int

    def growth_over(self, before: Size) -> float:
        return self.heap_bytes / before.heap_bytes - 1


def soak(server: Server, wall: Any, calls: int, tell: Callable[[str], None]) -> list[Size]:
    """The page's size after a warm-up and then after each part of the calls."""
    devtools = wall.context.new_cdp_session(wall)
    for domain in ("HeapProfiler", "Performance"):
        devtools.send(f"{domain}.enable")
    room = Room(Line(server.url, server.token("reception")))
    sizes = []
    warm_up = max(LEAST_WARM_UP, calls // WARM_UP_SHARE)
    for part in (warm_up, *[calls // LOOKS] * LOOKS):
        began = time.perf_counter()
        for _ in range(part):
            room.call_one()
        sizes.append(_size(wall, devtools))
        rate = part / (time.perf_counter() - began)
        tell(f"{part} calls at {rate:.0f}/s: {sizes[-1]}")
    room.close()
    return sizes


class Room:
    """Three counters; at each the client leaves when the next one is called."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._turns = cycle(COUNTERS)
        self._present: dict[str, int] = {}

    def call_one(self) -> None:
        counter = next(self._turns)
        if before := self._present.get(counter):
            self._line.post(f"/api/v1/tickets/{before}/withdraw")
        ticket = self._line.take()["id"]
        self._line.post(f"/api/v1/tickets/{ticket}/call", {"counter": counter, "reason": "soak"})
        self._present[counter] = ticket

    def close(self) -> None:
        self._line.close()


def _size(wall: Any, devtools: Any) -> Size:
    # The page must have heard of everything before it is weighed.
    eventually(lambda: wall.evaluate("document.body.dataset.live") == "connected", seconds=30)
    wall.wait_for_timeout(500)
    least: dict[str, float] = {}
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        found = {metric["name"]: metric["value"] for metric in metrics}
        least = {name: min(value, least.get(name, value)) for name, value in found.items()}
    return Size(int(least["JSHeapUsedSize"]), int(least["Nodes"]), int(least["JSEventListeners"]))
