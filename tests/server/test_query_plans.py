"""Years of old tickets and a room full of people must not make a call slower. Times are noisy, so
these tests look at what SQLite does: its plan for each statement of a scripted day, and how many
instructions each takes. `make bench` measures the same in milliseconds."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from queue_server.identity import Principal
from queue_server.store.events import Events
from queue_server.store.last_steps import LastSteps
from queue_server.store.pairings import Pairings
from queue_server.store.print_jobs import PrintJobs
from queue_server.store.tickets import Tickets
from tests.bench import old_days
from tests.bench.room import IDLE, RECEPTION, Room, clerk

BIG = ("ticket", "event", "print_job")
PARTS = (Events, LastSteps, Pairings, PrintJobs, Tickets)

# Statement (its beginning) → why it may read the table itself.
MAY_SCAN = {
    "SELECT at FROM event ORDER BY revision DESC LIMIT 1": "ends with the first row",
}
# Part of a statement → why it may cost more when more people wait.
MAY_GROW = {
    "AND state = 'waiting' ORDER BY order_at, id": "the reception's queue lists everybody",
    "SELECT * FROM event WHERE revision >=": "asked by a person about one ticket, not by a page",
    "state = 'withdrawn')": "counts the day's tickets of a concern, if that has a daily limit",
}
A_FEW = 200  # instructions: ten microseconds, or the eight rows of a list that is full
ONE, TWO = clerk("1"), clerk("2")


def live_a_day(room: Room) -> None:
    """Everything that can happen to clients, with everybody looking at it."""
    come_and_go(room)
    be_away(room)
    print_slips(room)
    pair_a_wall(room)
    look_at_everything(room)


def come_and_go(room: Room) -> None:
    area, first = room.area, room.issue("registration", "entrance")
    assert area.issue("status", request_id="a-wish-00", kiosk="paperless")[1]
    assert not area.issue("status", request_id="a-wish-00", kiosk="paperless")[1]
    area.check_in("question", room.clock.now + timedelta(hours=1), by=RECEPTION)
    area.call_next("1", "a-call-00", by=ONE)
    called = area.call_next("1", "a-call-00", by=ONE)
    area.call_next(IDLE, by=clerk(IDLE))
    area.recall(called.id, by=ONE)
    area.start(called.id, "has a child with her", by=ONE)
    area.transfer(called.id, "question", "2", by=ONE)
    held = area.call_next("2", by=TWO)
    area.undo(held.id, by=TWO)
    area.serve("3", "status", by=clerk("3"))
    area.withdraw(first.id, by=RECEPTION)


def be_away(room: Room) -> None:
    area = room.area
    parked, missed = (room.issue("documents") for _ in range(2))
    area.park(parked.id, by=RECEPTION)
    area.call(missed.id, "2", "asked to", by=TWO)
    area.miss(missed.id, by=TWO)
    area.resume(missed.id, by=TWO)
    area.resume(parked.id, by=TWO)


def print_slips(room: Room) -> None:
    office, jobs = room.parts.office, room.parts.store.print_jobs
    slip = room.issue("documents", "entrance")
    queued = office.open_jobs("entrance")[-1]["id"]
    office.claim(queued)
    office.unfinished("entrance")
    office.close(queued, "printed", None)
    office.reprint(slip.id)
    office.expire()
    jobs.lengths("entrance", room.clock.now - timedelta(hours=1))


def pair_a_wall(room: Room) -> None:
    pairing, secret = room.parts.pairing, "a-secret-of-a-wall-0001"
    shown = pairing.ask(secret, "display", "hall", "10.0.0.1")
    pairing.waiting()
    pairing.approve(shown.code, "display", "hall", Principal("lead", "lead"))
    pairing.collect(secret)


def look_at_everything(room: Room) -> None:
    last = room.issue("documents")
    audiences = ("wall:hall", "counter:1", f"counter:{IDLE}", "kiosk:entrance", "printer:entrance")
    for audience in (*audiences, "reception", f"ticket:{last.token}"):
        room.board(audience)
    room.parts.views.explanation(last.id)
    room.parts.views.explanation(room.issued[0].id)
    room.parts.store.events.after(0, 1)
    tickets, today = room.parts.store.tickets, room.area.today()
    tickets.resting(today, ["documents", "status"], room.clock.now, 5)
    tickets.forget_request(last.id)


def begin_the_next_day(room: Room) -> None:
    room.clock.forward(days=1)
    room.area.begin_day()


# --- Looking over SQLite's shoulder ---------------------------------------------------------------


@contextmanager
def statements(room: Room) -> Iterator[dict[str, object]]:
    """Each statement as the product writes it (bound values can change a plan), with its values."""
    seen: dict[str, object] = {}
    with room.database._db.tracer(lambda sql, values: seen.setdefault(sql, values)):
        yield seen


@contextmanager
def instructions(room: Room) -> Iterator[dict[str, list[int]]]:
    """How many instructions of SQLite's machine a statement takes, each time it runs."""
    taken: dict[str, list[int]] = defaultdict(list)
    running = [0]
    connection = room.database._connection

    def count() -> int:
        running[-1] += 1
        return 0

    def begin(sql: str, _: object) -> None:
        nonlocal running
        running = taken[sql]
        running.append(0)

    connection.set_progress_handler(count, 1)
    with room.database._db.tracer(begin):
        yield taken
    connection.set_progress_handler(None, 0)


def scans(room: Room, sql: str, values: object) -> list[str]:
    """The lines of the plan that read a big table, or one of its indexes, from end to end."""
    plan = room.database._connection.execute(f"EXPLAIN QUERY PLAN {sql}", values or ())
    big = re.compile(rf"SCAN (TABLE )?({'|'.join(BIG)})\b")
    return [line for *_, line in plan if big.match(line)]


def triggered(room: Room) -> dict[str, object]:
    """What triggers run; SQLite explains it only on its own."""
    found: dict[str, object] = {}
    for row in room.database.rows("SELECT sql FROM sqlite_master WHERE type = 'trigger'"):
        body = row["sql"].partition("BEGIN")[2].rpartition("END")[0]
        for statement in filter(None, map(str.strip, body.split(";"))):
            found[re.sub(r"\b(NEW|OLD)\.\w+", "1", statement)] = ()
    return {sql: values for sql, values in found.items() if "RAISE" not in sql}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with closing(Room(tmp_path / "office", old_days.TODAY)) as room:
        room.settle(10)
        yield room


def test_no_statement_reads_a_whole_table_of_tickets_events_or_print_jobs(room):
    with statements(room) as seen:
        live_a_day(room)
        begin_the_next_day(room)
    found = {sql: scans(room, sql, values) for sql, values in {**seen, **triggered(room)}.items()}
    bad = {sql: lines for sql, lines in found.items() if lines and sql not in MAY_SCAN}
    assert not bad, "\n".join(f"{sql}\n    {lines}" for sql, lines in bad.items())
    assert set(MAY_SCAN) <= set(seen), "an exception that nothing needs any more"


def test_the_scripted_day_asks_everything_the_store_can_be_asked(room, monkeypatch):
    methods = {
        f"{part.__name__}.{name}": (part, name, method)
        for part in PARTS
        for name, method in inspect.getmembers(part, inspect.isfunction)
        if not name.startswith("_")
    }
    asked = set()

    def noting(full_name: str, method: Callable) -> Callable:
        def note(*arguments, **more):
            asked.add(full_name)
            return method(*arguments, **more)

        return note

    for full_name, (part, name, method) in methods.items():
        monkeypatch.setattr(part, name, noting(full_name, method))
    live_a_day(room)
    begin_the_next_day(room)
    assert asked == set(methods), "add what is missing to the day above"


def test_no_plan_depends_on_statistics_that_an_office_does_not_have(room):
    assert room.database.value("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'") is None


def test_twenty_thousand_old_tickets_make_no_statement_dearer(room, tmp_path):
    old_days.fill(tmp_path / "full", tickets=20_000)
    with closing(Room(tmp_path / "full", old_days.TODAY)) as full:
        full.settle(10)
        assert_as_cheap(full, room, most=1.05)


def test_six_hundred_waiting_clients_cost_a_statement_hardly_more_than_ten(room, tmp_path):
    with closing(Room(tmp_path / "crowded", old_days.TODAY)) as crowded:
        crowded.settle(600, every_seconds=12)
        dear = assert_as_cheap(crowded, room, most=2.0, but=MAY_GROW)
        assert dear == set(MAY_GROW), "an exception that nothing needs any more"


def assert_as_cheap(busy: Room, quiet: Room, most: float, but: Iterable[str] = ()) -> set[str]:
    """Which of the exceptions were needed."""
    costs, base = measured(busy), defaultdict(int, measured(quiet))
    dear = {sql: (n, base[sql]) for sql, n in costs.items() if n > most * base[sql] + A_FEW}
    excused = {why for why in but for sql in dear if why in sql}
    bad = [f"{n} instead of {few}: {sql}" for sql, (n, few) in dear.items()
           if not any(why in sql for why in but)]  # fmt: skip
    assert not bad, "\n".join(bad)
    return excused


def measured(room: Room) -> dict[str, int]:
    with instructions(room) as taken:
        live_a_day(room)
    return {sql: max(counts) for sql, counts in taken.items()}
