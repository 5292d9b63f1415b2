"""What a step or a board costs in a file with decades of old tickets, and in a room with ten
thousand clients: in one process, without network, each beside the same office without them."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from tests.bench import old_days
from tests.bench.old_days import TODAY
from tests.bench.room import COUNTERS, IDLE, SERVICES, Room
from tests.bench.table import Row, heading, milliseconds, times

WARM_UP, ROUNDS = 30, 250
ROUNDS_OF_QUEUE = 10
USUAL, FEW, MANY = 80, 10, 10_000  # clients who wait
BOARDS = ("wall:hall", "counter:1", f"counter:{IDLE}", "kiosk:entrance")
QUEUE = "reception"
OLD_BAR, MANY_BAR = 1.3, 2.0

Answer = TypeVar("Answer")
Medians = dict[str, float]
Round = Callable[[Room, "Watch", int], None]


class Watch:
    """Seconds by name."""

    def __init__(self) -> None:
        self._spans: dict[str, list[float]] = defaultdict(list)

    def time(self, name: str, act: Callable[..., Answer], *arguments: object) -> Answer:
        began = time.perf_counter()
        answer = act(*arguments)
        self._spans[name].append(time.perf_counter() - began)
        return answer

    def medians(self) -> Medians:
        return {name: statistics.median(spans) for name, spans in self._spans.items()}


def one_round(room: Room, watch: Watch, number: int) -> None:
    """Two clients come and two go; the queue stays as long as it is. In between everybody looks."""
    counter, service = COUNTERS[number % len(COUNTERS)], SERVICES[number % len(SERVICES)]
    for name, kiosk in (("issue", "paperless"), ("issue with paper", "entrance")):
        room.clock.forward(seconds=60)
        watch.time(name, room.issue, service, kiosk)
        called = watch.time("call_next", room.call_next, counter)
        watch.time("call_next, nobody for this counter", room.area.call_next, IDLE)
        look(room, watch)
        room.serve(called, counter)


def look(room: Room, watch: Watch) -> None:
    for audience in BOARDS:
        watch.time(audience, room.board, audience)
    for who, ticket in (("last", room.issued[-1]), ("middle", room.in_the_middle())):
        watch.time(f"ticket:TOKEN, {who} client", room.board, f"ticket:{ticket.token}")


def one_round_with_queue(room: Room, watch: Watch, number: int) -> None:
    one_round(room, watch, number)
    look_at_queue(room, watch, number)


def look_at_queue(room: Room, watch: Watch, _: int) -> None:
    watch.time("queue", room.board, QUEUE)


def side_by_side(rooms: tuple[Room, Room], once: Round, rounds: int) -> tuple[Medians, Medians]:
    """The medians of two rooms, measured in turns so that noise hits both."""
    watches = (Watch(), Watch())
    for number in range(-min(WARM_UP, rounds // 2), rounds):
        measured = watches if number >= 0 else (Watch(), Watch())
        pairs = list(zip(rooms, measured, strict=True))
        for room, watch in pairs if number % 2 else reversed(pairs):
            once(room, watch, number)
    return watches[0].medians(), watches[1].medians()


def compared(ours: Medians, beside: Medians, most: float) -> Iterator[Row]:
    for name, mine in ours.items():
        base = beside[name]
        shown = (milliseconds(mine), milliseconds(base), times(mine, base))
        yield Row(name, *shown, f"<= {most:.1f} x", mine <= most * base)


def old_file_rows(folder: Path) -> Iterator[Row]:
    """Two million old tickets, or none."""
    made = old_days.fill(folder / "full")
    yield heading(f"{made.tickets:,} old tickets, {USUAL} waiting", "empty file")
    how = f"({made.events:,} events, made in {made.seconds:.0f} s)"
    yield Row("file", f"{made.megabytes:,.0f} MB", "", "", how)
    start = Watch()
    with (
        closing(start.time("full", Room, folder / "full", TODAY)) as full,
        closing(start.time("empty", Room, folder / "empty", TODAY)) as empty,
    ):
        full.settle(USUAL)
        empty.settle(USUAL)
        yield from compared(*side_by_side((full, empty), one_round_with_queue, ROUNDS), OLD_BAR)
    mine, base = start.medians().values()
    shown = (milliseconds(mine), milliseconds(base), "")
    yield Row("start, with the check of the whole file", *shown, "(for comparison)")


def many_waiting_rows(folder: Path) -> Iterator[Row]:
    """Ten thousand clients, or ten."""
    yield heading(f"{MANY:,} waiting, no old tickets", f"{FEW} waiting")
    with (
        closing(Room(folder / "many", TODAY)) as many,
        closing(Room(folder / "few", TODAY)) as few,
    ):
        many.settle(MANY)
        few.settle(FEW)
        yield from compared(*side_by_side((many, few), one_round, ROUNDS), MANY_BAR)
        ours, beside = side_by_side((many, few), look_at_queue, ROUNDS_OF_QUEUE)
    mine, base = ours["queue"] / MANY, beside["queue"] / FEW
    shown = (milliseconds(mine), milliseconds(base), times(mine, base))
    yield Row("queue, for each who waits", *shown, "(no bar: it lists everybody by contract)")


def rows(folder: Path) -> Iterator[Row]:
    """The whole part."""
    yield from old_file_rows(folder)
    yield from many_waiting_rows(folder)
