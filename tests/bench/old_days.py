"""Decades of old days in the file of an office: one week that the product itself lived through, and
copies of it in the weeks that followed.

The same seed makes the same days, all but the secrets of the first week. BENCH_OLD_TICKETS makes
the file smaller (2,000,000 unless told); `python -m tests.bench.old_days FOLDER` makes just a file.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import sys
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from queue_server.app import DATABASE
from tests.bench.room import COUNTERS, RECEPTION, SERVICES, Room, clerk

OLD_TICKETS = int(os.environ.get("BENCH_OLD_TICKETS", "2000000"))
TODAY = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # a Monday; its own tickets begin here
OPENS = timedelta(hours=2)
WORKING_DAYS = 5
TICKETS_A_DAY = 250
TICKETS_A_WEEK = WORKING_DAYS * TICKETS_A_DAY
BETWEEN_ARRIVALS = timedelta(seconds=100)
PAPER, MISSED, WITHDRAWN = 0.5, 0.06, 0.03  # of the clients
WEEK = timedelta(weeks=1) // timedelta(microseconds=1)

# What is different in the copy of a row; everything else stays as the product wrote it.
IN_COPIES = {
    "ticket": {
        "id": "id + :week * :tickets",
        "day": "date(day, (:week * 7) || ' days')",
        "token": "new_token(id + :week * :tickets)",
        "request_id": "request_id || '-' || :week",
    },
    "event": {
        "revision": "revision + :week * :events",
        "ticket_id": "ticket_id + :week * :tickets",
        "data": "iif(kind = 'DayBegun', json_object('day',"
        " date(json_extract(data, '$.day'), (:week * 7) || ' days')), data)",
    },
    "print_job": {
        "id": "id + :week * :jobs",
        "ticket_id": "ticket_id + :week * :tickets",
        "slip": "'{}'",  # a gigabyte of text that nobody reads again
    },
}


@dataclass(frozen=True)
class Made:
    """What was written, and how long it took."""

    tickets: int
    events: int
    seconds: float
    megabytes: float


def fill(folder: Path, tickets: int = OLD_TICKETS, seed: int = 1) -> Made:
    """Whole weeks with at least so many tickets in all, ending the Friday before TODAY."""
    began = time.perf_counter()
    weeks = -(-tickets // TICKETS_A_WEEK)
    live_one_week(folder, TODAY - weeks * timedelta(weeks=1), random.Random(seed))
    repeat_the_week(folder / DATABASE, weeks)
    return made(folder / DATABASE, time.perf_counter() - began)


# --- One week, by the product itself -------------------------------------------------------------


def live_one_week(folder: Path, monday: datetime, chance: random.Random) -> None:
    room = Room(folder, monday)
    room.database.change("PRAGMA synchronous = OFF")
    for day in range(WORKING_DAYS):
        room.clock.now = monday + timedelta(days=day) + OPENS
        live_one_day(room, chance)
    room.clock.now = monday + timedelta(days=WORKING_DAYS)
    room.area.begin_day()  # the last clients of Friday are not left waiting for ever
    room.close()


def live_one_day(room: Room, chance: random.Random) -> None:
    """A client comes every 100 seconds; five counters take turns, so each has 500 for one."""
    for arrival in range(TICKETS_A_DAY):
        room.clock.forward(seconds=BETWEEN_ARRIVALS.total_seconds())
        take_a_ticket(room, chance)
        if arrival >= 2 * len(COUNTERS):  # a queue has come together
            work(room, COUNTERS[arrival % len(COUNTERS)], chance)
    for counter in COUNTERS * 4:
        work(room, counter, chance)


def take_a_ticket(room: Room, chance: random.Random) -> None:
    wants_paper = chance.random() < PAPER
    ticket = room.issue(chance.choice(SERVICES), "entrance" if wants_paper else "paperless")
    if wants_paper:
        for job in room.parts.office.open_jobs("entrance"):
            room.parts.office.claim(job["id"])
            room.parts.office.close(job["id"], "printed", None)
    if chance.random() < WITHDRAWN:
        room.area.withdraw(ticket.id, by=RECEPTION)


def work(room: Room, counter: str, chance: random.Random) -> None:
    """Finish with one client and call the next, who comes or does not."""
    served = room.parts.store.tickets.at_counter(counter)
    if served is not None:
        room.area.finish(served.id, by=clerk(counter))
    called = room.area.call_next(counter, by=clerk(counter))
    if called is None:
        return
    room.clock.forward(seconds=20)
    step = room.area.miss if chance.random() < MISSED else room.area.start
    step(called.id, by=clerk(counter))


# --- Its copies, by SQL --------------------------------------------------------------------------


def repeat_the_week(path: Path, weeks: int) -> None:
    file = sqlite3.connect(path, isolation_level=None)
    file.create_function("new_token", 1, new_token, deterministic=True)
    # Nothing here has to survive a power cut.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        file.execute(f"PRAGMA {pragma}")
    copies = [copy_of(file, table) for table in IN_COPIES]
    lived = {"span": WEEK, "tickets": newest(file, "ticket", "id")}
    lived |= {"events": newest(file, "event", "revision"), "jobs": newest(file, "print_job", "id")}
    for week in range(1, weeks):
        file.execute("BEGIN")
        for copy in copies:
            file.execute(copy, {**lived, "week": week})
        file.execute("COMMIT")
    file.close()


def copy_of(file: sqlite3.Connection, table: str) -> str:
    """The statement that writes one more week."""
    key = next(iter(IN_COPIES[table]))
    names = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
    later = {name: f"{name} + :week * :span" for name in names if name.endswith(("at", "until"))}
    values = [(later | IN_COPIES[table]).get(name, name) for name in names]
    last = IN_COPIES[table][key].rpartition(":")[2]
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}"
        f" WHERE {key} <= :{last} ORDER BY {key}"
    )


def new_token(ticket_id: int) -> str:
    """As random as the product's, but the same every time."""
    digest = hashlib.blake2b(str(ticket_id).encode(), digest_size=16).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def newest(file: sqlite3.Connection, table: str, key: str) -> int:
    return int(file.execute(f"SELECT max({key}) FROM {table}").fetchone()[0])


def made(path: Path, seconds: float) -> Made:
    file = sqlite3.connect(path)
    tickets, events = newest(file, "ticket", "id"), newest(file, "event", "revision")
    file.close()
    return Made(tickets, events, seconds, path.stat().st_size / 1e6)


if __name__ == "__main__":
    print(fill(Path(sys.argv[1])))
