"""The server is killed at random instants while everybody works. Nothing that was acknowledged is
lost, nothing is doubled, and every page shows the truth again.

CRASH_ROUNDS=200 kills it so often (`make crash`), CRASH_SEED=… repeats the choices of a run, and
CRASH_MODE=threading does it to the server with threads.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from queue_server.domain.ticket import LIVING_STATES
from tests.crash import checker
from tests.crash.checker import Picture
from tests.crash.journal import Entry, Journal
from tests.crash.line import Line, all_events
from tests.crash.office import FIVE_COUNTERS, far_from_midnight, make_tokens
from tests.crash.people import Clerk, Kiosk, Person, Reception, Shift, Turn
from tests.crash.story import Story
from tests.crash.wall import Wall
from tests.office_process import Server

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "8"))
MODE = os.environ.get("CRASH_MODE", "eventlet")
SEED = int(os.environ.get("CRASH_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
WORK_SECONDS = (0.05, 0.6)
START_SECONDS = (0.0, 0.9)
CONVERGED_SECONDS = 3.0
COUNTERS = "12345"
# Starting, checking and working, on a machine that does other things too.
SECONDS_A_ROUND = 15


class Night:
    """The server, the people, and all that is known about them."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder, MODE, far_from_midnight(FIVE_COUNTERS))
        self.dice = random.Random(SEED)
        self.journal = Journal()
        self.ready: list[float] = []
        self.converged: list[float] = []
        self.cut_short = 0
        self.log: list[dict[str, Any]] = []
        self.port = 0
        stations = [("counter", counter) for counter in COUNTERS]
        others = ["kiosk", "reception", "display", "admin"]
        tokens = make_tokens(self.server, *stations, *((role, None) for role in others))
        self.clerks, (self.kiosk, self.reception, self.display, self.admin) = tokens[:5], tokens[5:]

    def start(self) -> None:
        """Start the server on its port, and note how long it took."""
        began = time.monotonic()
        self.server.start(self.port)
        self.ready.append(time.monotonic() - began)
        self.port = self.server.port

    def cut_a_start_short(self) -> None:
        """Kill it before it is ready, too."""
        command = self.server.command("run", "--port", str(self.port))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(self.dice.uniform(*START_SECONDS))
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait(10)
        self.cut_short += 1

    def people(self, shift: Shift) -> list[Person]:
        """Five clerks, two kiosks, the reception."""
        more = shift, self.journal, SEED
        return [
            *(Clerk(key, token, *more) for key, token in zip(COUNTERS, self.clerks, strict=True)),
            *(Kiosk(name, self.kiosk, *more) for name in ("entrance", "side-door")),
            Reception(self.reception, *more),
        ]

    def look(self, *, everything: bool = False) -> Picture:
        """What the server says now, while nobody does anything."""
        office, control = Line(self.port, self.reception), Line(self.port, self.admin)
        try:
            self.log += all_events(control, self.revision)
            if everything:
                assert all_events(control) == self.log, "earlier events are not as they were"
            return Picture(
                events=self.log,
                revision=control.get("/events?limit=0")[1]["revision"],
                queue=office.get("/queue")[1],
                board=office.get("/boards/hall")[1],
                tickets={ticket: _ticket(office, ticket) for ticket in self._ids(everything)},
            )
        finally:
            office.close()
            control.close()

    def happened(self, entries: list[Entry]) -> int:
        """Steps in the log that nobody was told of at first, as far as that can be known."""
        untold = checker.happened(self.log) - checker.acknowledged(entries)
        again = {e.asked for e in entries if e.is_lost and e.verb in checker.NEW}
        told = checker.first_of_each(entries, done=True)
        return untold.total() + sum(e.status == 200 and e.asked in again for e in told)

    @property
    def revision(self) -> int:
        """The newest event that was seen."""
        return self.log[-1]["revision"] if self.log else 0

    def _ids(self, everything: bool) -> list[int]:
        """Whoever is in the building, and whoever something was asked about since the last kill."""
        told = Story().tell(self.log).tickets
        recent = {e.ticket_told for e in self.journal.entries() if e.round == self.journal.round}
        ids = {t.id for t in told.values() if everything or t.state in LIVING_STATES}
        return sorted(ids | {ticket for ticket in recent if ticket is not None})

    def check(self, found: list[str]) -> None:
        """Nothing may have been found."""
        if found:
            path = self.journal.dump(self.server.data / "journal.jsonl")
            where = f"CRASH_SEED={SEED}, kill {self.journal.round}, {path}"
            pytest.fail(f"{where}:\n" + "\n".join(found[:40]), pytrace=False)


def _ticket(office: Line, ticket: int) -> dict[str, Any] | None:
    status, said = office.get(f"/tickets/{ticket}")
    assert status in (200, 404), said
    return said if status == 200 else None


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    night = Night(tmp_path)
    yield night
    night.server.kill()


@pytest.mark.slow
@pytest.mark.timeout(60 + SECONDS_A_ROUND * ROUNDS)
def test_killed_at_any_instant_the_office_loses_nothing_and_doubles_nothing(night):
    night.start()
    shift, wall = Shift(people=8), Wall(night.server.url, night.display)
    people = night.people(shift)
    for person in people:
        person.start()
    try:
        for number in range(1, ROUNDS + 1):
            converge(night, wall)
            work_and_kill(night, shift, wall, number)
            night.check([f"{p.name}: {p.failure!r}" for p in people if p.failure])
            restart(night)
        close(night, shift, wall)
    finally:
        night.server.kill()
        shift.end()
        wall.close()
        for person in people:
            person.join(30)
    print(summary(night))


def converge(night: Night, wall: Wall) -> None:
    """The wall comes back by itself, and shows what a fresh look at the office shows."""
    began = time.monotonic()
    is_back = wall.wait_for(lambda page: page.is_here)
    night.converged.append(time.monotonic() - began)
    night.check([] if is_back else ["the wall did not come back"])
    night.check([] if night.converged[-1] < CONVERGED_SECONDS else ["the wall came back late"])
    before, picture = night.revision, night.look()
    night.check(checker.violations(night.journal.entries(), picture))
    night.check(different(wall.picture, picture.board))
    night.check(heard(wall, [event for event in night.log if event["revision"] > before]))


def heard(wall: Wall, events: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the calls that the wall rang for while these events happened."""
    late = [f"the wall came back and rang for {call}" for call in wall.rung_late]
    return late + checker.old_calls_rung(wall.rung, events)


def different(shown: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
    """Where the page differs from the office, but for the time of day."""
    return [
        f"the wall shows {name} {shown.get(name)}, there is {fresh[name]}"
        for name in fresh
        if name != "as_of" and shown.get(name) != fresh[name]
    ]


def work_and_kill(night: Night, shift: Shift, wall: Wall, number: int) -> None:
    """Everybody works until the server is killed in the middle of it."""
    night.journal.round = number
    wall.begin()
    shift.begin(Turn(number, night.port))
    threading.Event().wait(night.dice.uniform(*WORK_SECONDS))
    night.server.kill()
    shift.wait_until_idle()
    assert wall.wait_for(lambda page: not page.is_here)
    remember_what_was_seen(night, wall)


def remember_what_was_seen(night: Night, wall: Wall) -> None:
    entry = night.journal.write("wall", "look")
    night.journal.close(entry, "answered", 200, {"revision": wall.picture["revision"]})


def restart(night: Night) -> None:
    if night.dice.randrange(10) == 0:
        night.cut_a_start_short()
    night.start()


def close(night: Night, shift: Shift, wall: Wall) -> None:
    """Everybody asks again for what got no answer; then nothing is left unknown."""
    converge(night, wall)
    before, night.journal.round = night.revision, ROUNDS + 1
    wall.begin()
    shift.begin(Turn(ROUNDS + 1, night.port, is_last=True))
    shift.wait_until_idle()
    picture, entries = night.look(everything=True), night.journal.entries()
    night.check(checker.violations(entries, picture) + checker.unsettled(entries, picture))
    # This picture was pushed, not asked for.
    wall.wait_for(lambda page: page.picture["revision"] == picture.revision)
    night.check(different(wall.picture, picture.board))
    night.check(heard(wall, [event for event in night.log if event["revision"] > before]))
    stop(night.server)


def stop(server: Server) -> None:
    """After all those kills it ends cleanly, and the file is whole."""
    assert server.stop() == 0
    file = sqlite3.connect(server.data / "queue.db")
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    file.close()


def summary(night: Night) -> str:
    """For whoever ran it."""
    entries = night.journal.entries()
    done = Counter(entry.verb for entry in entries if entry.is_done)
    refused = Counter(e.said["error"] for e in entries if e.fate == "answered" and not e.is_done)
    lost = Counter(entry.verb for entry in entries if entry.is_lost)
    lines = {
        "server": f"{MODE}, seed {SEED}",
        "kills": f"{ROUNDS} under load, {night.cut_short} more while starting",
        "acknowledged": f"{done.total()} ({listed(done)})",
        "refused": f"{refused.total()} ({listed(refused)})",
        "answers unknown": f"{lost.total()} ({listed(lost)})",
        "of which": f"at least {night.happened(entries)} had happened",
        "time to ready": spread(night.ready[1:]),
        "wall back after": spread(night.converged[1:]),
        "violations": 0,
    }
    return "\n" + "\n".join(f"  {name:16} {value}" for name, value in lines.items())


def listed(counts: Counter[str]) -> str:
    return ", ".join(f"{verb} {n}" for verb, n in sorted(counts.items()))


def spread(seconds: list[float]) -> str:
    return f"median {median(seconds):.2f} s, max {max(seconds):.2f} s"
