"""The checker of the kills can fail: an honest record passes, and every kind of lie is found."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask

from queue_server.app import create_app
from queue_server.config_file import parse
from tests.conftest import OFFICE, Clock, Person
from tests.crash.checker import Picture, old_calls_rung, unsettled, violations
from tests.crash.journal import Entry, Journal


@dataclass
class Record:
    """What was asked and what is there; a lie changes one of them."""

    entries: list[Entry]
    picture: Picture

    def complaints(self) -> list[str]:
        return violations(self.entries, self.picture)

    def ticket(self, ticket: int, **changed: Any) -> None:
        """Change the answer about one ticket."""
        row = {**self.picture.tickets[ticket], **changed}
        self.picture = replace(self.picture, tickets={**self.picture.tickets, ticket: row})

    def event(self, kind: str, ticket: int) -> dict[str, Any]:
        """A copy of the first such event of a ticket."""
        found = (e for e in self.picture.events if (e["kind"], e["ticket_id"]) == (kind, ticket))
        return dict(next(found))

    def forget(self, kind: str, ticket: int) -> None:
        """As if it had not been written."""
        lost = self.event(kind, ticket)["revision"]
        self.log([e for e in self.picture.events if e["revision"] != lost])

    def log(self, events: list[Any]) -> None:
        """Replace the log."""
        self.picture = replace(self.picture, events=events)

    def again(self, kind: str, ticket: int, **changed: Any) -> None:
        """One more such event at the end."""
        newest = self.picture.revision + 1
        added = {**self.event(kind, ticket), **changed, "revision": newest}
        self.log([*self.picture.events, added])
        self.revision(newest)

    def revision(self, revision: int) -> None:
        there = self.picture
        self.picture = replace(
            there,
            revision=revision,
            queue={**there.queue, "revision": revision},
            board={**there.board, "revision": revision},
        )

    def answer(self, verb: str, number: int = 0, **changed: Any) -> None:
        """Change an entry of the journal."""
        found = [entry for entry in self.entries if entry.verb == verb][number]
        self.entries[found.number] = replace(found, **changed)


PEOPLE = ("kiosk", "counter:1", "counter:2", "reception", "admin")


def person(app: Flask, role: str, station: str | None = None) -> Person:
    token = app.extensions["queue"].keeper.create_token(role, station=station)
    return Person(app.test_client(), token)


class Writer:
    """Does the honest things and writes them down."""

    def __init__(self, app: Flask) -> None:
        self.journal = Journal()
        self.by = {name: person(app, *name.split(":")) for name in PEOPLE}

    def ask(self, by: str, verb: str, path: str, body: Any = None, **what: Any) -> dict[str, Any]:
        entry = self.journal.write(by, verb, **what)
        answer = self.by[by].post(path, body)
        self.journal.close(entry, "answered", answer.status_code, answer.json)
        return answer.json or {}

    def lose(self, by: str, verb: str, path: str, body: Any = None, **what: Any) -> None:
        """It is done, but the answer does not arrive."""
        entry = self.journal.write(by, verb, **what)
        assert self.by[by].post(path, body).status_code < 300
        self.journal.close(entry, "lost")

    def take(self, request: str) -> dict[str, Any]:
        return self.ask("kiosk", "issue", "/tickets", wish(request), **asked(request))

    def call_next(self, counter: str) -> int:
        path = f"/counters/{counter}/call-next"
        return self.ask(f"counter:{counter}", "call_next", path, request=f"click-{counter}")["id"]

    def step(self, by: str, verb: str, ticket: int) -> None:
        self.ask(by, verb, f"/tickets/{ticket}/{verb}", ticket=ticket)

    def picture(self) -> Picture:
        log = self.by["admin"].get("/events?limit=1000").json
        issued = {e["ticket_id"] for e in log["events"] if e["kind"] == "TicketIssued"}
        office = self.by["reception"]
        return Picture(
            log["events"],
            log["revision"],
            office.get("/queue").json,
            office.get("/boards/hall").json,
            {ticket: office.get(f"/tickets/{ticket}").json for ticket in issued},
        )


def wish(request: str) -> dict[str, str]:
    return {"service": "documents", "request_id": request}


def asked(request: str) -> dict[str, str]:
    return {"request": request, "service": "documents"}


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Record:
    app = create_app(parse(OFFICE), tmp_path_factory.mktemp("data"), clock=Clock())
    written = write_down(Writer(app))
    app.extensions["queue"].store.database.close()
    return written


@pytest.fixture
def record(honest) -> Record:
    return deepcopy(honest)


def write_down(writer: Writer) -> Record:
    """1 is finished, 2 is called at counter 2, 3 waits, 4 waits and its kiosk does not know it."""
    for number in (1, 2, 3):
        writer.take(f"request-{number}")
    first, second = writer.call_next("1"), writer.call_next("2")
    writer.step("counter:1", "start", first)
    writer.step("counter:1", "finish", first)
    writer.lose("counter:2", "recall", f"/tickets/{second}/recall", ticket=second)
    writer.step("counter:1", "recall", second)  # refused: she is at the other counter
    seen = writer.by["reception"].get("/queue").json["revision"]
    look = writer.journal.write("reception", "look")
    writer.journal.close(look, "answered", 200, {"revision": seen})
    writer.lose("kiosk", "issue", "/tickets", wish("request-4"), **asked("request-4"))
    return Record(writer.journal.entries(), writer.picture())


def test_an_honest_record_passes(record):
    assert record.complaints() == []


def test_a_kiosk_that_has_not_asked_again_yet_is_not_settled(record):
    assert unsettled(record.entries, record.picture) == [
        "kiosk issue request-4 never got an answer"
    ]


def test_a_request_that_was_lost_and_did_nothing_is_no_violation(record):
    lost = replace(record.entries[-1], number=len(record.entries), request="request-5")
    record.entries.append(lost)
    assert record.complaints() == []


def lose_a_ticket(record: Record) -> None:
    record.forget("TicketIssued", 3)
    there = record.picture
    waiting = [row for row in there.queue["waiting"] if row["id"] != 3]
    record.picture = replace(
        there,
        queue={**there.queue, "waiting": waiting},
        board={**there.board, "waiting": len(waiting)},
        tickets={ticket: row for ticket, row in there.tickets.items() if ticket != 3},
    )


def double_a_number(record: Record) -> None:
    for event in record.picture.events:
        if (event["kind"], event["ticket_id"]) == ("TicketIssued", 4):
            event["data"]["number"] = "A003"
    record.ticket(4, number="A003")


def put_two_at_a_counter(record: Record) -> None:
    record.ticket(3, state="called", counter="2")


def put_one_at_two_counters(record: Record) -> None:
    for line in record.picture.queue["counters"]:
        line["ticket_id"] = 2 if line["key"] in "12" else None


def swap_two_events(record: Record) -> None:
    *events, one, two = record.picture.events
    record.log([*events, two, one])


def give_a_repeated_request_another_ticket(record: Record) -> None:
    first = record.entries[0]
    said = {**first.said, "id": 3, "number": "A003"}
    record.entries.append(replace(first, number=len(record.entries), status=200, said=said))


LIES: dict[str, tuple[Callable[[Record], Any], str]] = {
    "a lost ticket": (lose_a_ticket, "got A003, which is not in the log"),
    "a ticket that nobody finds": (
        lambda r: r.picture.tickets.update({3: None}),
        "ticket 3 is gone",
    ),
    "a doubled number": (double_a_number, "A003 was given 2 times"),
    "a revision that goes back": (
        lambda r: r.revision(r.picture.revision - 1),
        "was seen",
    ),
    "a revision that a page has seen": (
        lambda r: r.answer("look", said={"revision": 99}),
        "but 99 was seen",
    ),
    "events in another order": (swap_two_events, "follows"),
    "a client called to two counters": (
        lambda r: r.again("TicketCalled", 2, counter="1"),
        "A002 was called",
    ),
    "a call that nobody asked for": (
        lambda r: r.again("TicketCalled", 1, ticket_id=3),
        "call by counter:1 happened 1 times more than acknowledged, 0 had no answer",
    ),
    "a call to a counter with a client": (
        lambda r: r.again("TicketCalled", 2, ticket_id=3),
        "2 belonged to ticket 2",
    ),
    "a finish that was forgotten": (
        lambda r: r.ticket(1, state="serving"),
        "ticket 1 is serving, acknowledged was ['finished']",
    ),
    "a step without event": (
        lambda r: r.forget("ServiceFinished", 1),
        "finish of ticket 1 by counter:1 was acknowledged, but is not in the log",
    ),
    "a state that the events do not tell": (
        lambda r: r.ticket(2, counter="3"),
        "its events tell",
    ),
    "another number than the printed one": (
        lambda r: r.ticket(1, number="A009"),
        "ticket 1 is A009, issued as A001",
    ),
    "two clients at a counter": (put_two_at_a_counter, "tickets [2, 3] are at counter 2"),
    "a client at two counters": (put_one_at_two_counters, "ticket 2 is at 2 counters"),
    "a second ticket for one request": (
        give_a_repeated_request_another_ticket,
        "got different tickets: [(1, 'A001'), (3, 'A003')]",
    ),
    "a ticket that nobody asked for": (
        lambda r: r.again("TicketIssued", 1, ticket_id=9),
        "issue by kiosk happened 2 times more than acknowledged, 1 had no answer",
    ),
    "a crash of the server": (
        lambda r: r.answer("start", status=500, said={"error": "internal"}),
        "was answered 500",
    ),
    "a wrong state in an answer": (
        lambda r: r.answer("start", said={**r.entries[5].said, "state": "called"}),
        "was answered with a ticket that is called",
    ),
    "a wall that counts wrong": (
        lambda r: r.picture.board.update(waiting=7),
        "the wall counts 7 waiting, the reception sees 2",
    ),
    "a wall that does not show a call": (
        lambda r: r.picture.board.update(calls=[]),
        "the wall shows calls of tickets []",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(record, lie):
    tell, complaint = LIES[lie]
    tell(record)
    assert any(complaint in found for found in record.complaints()), record.complaints()


def test_a_ticket_more_than_requests_is_found_at_the_end(record):
    record.again("TicketIssued", 1, ticket_id=9)
    assert "5 tickets were issued for 4 requests" in unsettled(record.entries, record.picture)


@pytest.mark.parametrize(
    ("rung", "is_wrong"), [([], False), ([1], False), ([1, 1], True), ([2], True)]
)
def test_a_wall_rings_once_for_each_call_that_is_there(record, rung, is_wrong):
    heard = [{"ticket_id": 1, "attempt": attempt} for attempt in rung]
    assert bool(old_calls_rung(heard, record.picture.events)) is is_wrong
