"""Compares what the server had acknowledged with what is there. Pure: from the journal and the
server's answers after a restart to a list of violations, each a sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from queue_server.domain.ticket import AT_COUNTER, LIVING_STATES, MOVES, State
from tests.crash.journal import Entry
from tests.crash.story import VERBS, Event, Story

Row = Mapping[str, Any]
NUMBERS = 9999  # as many as the series has
NEW = {"issue", "serve"}
# These name no ticket: which one it became is known only from the answer.
BLIND = NEW | {"call_next"}
STEP_OF = {"call_next": "call", "serve": "start"}
REFUSALS = {"not_allowed", "other_counter", "busy"}
ANSWERED_STATES = {verb: str(move[1]) for verb, move in MOVES.items()} | {
    "issue": "waiting",
    "serve": "serving",
    "call_next": "called",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the server says while nobody does anything."""

    events: Sequence[Event]
    """The whole log."""
    revision: int
    queue: Row
    board: Row
    tickets: Mapping[int, Row | None] = field(default_factory=dict)
    """As GET /tickets/{id} has them; None for a 404."""


def violations(entries: Sequence[Entry], picture: Picture) -> list[str]:
    """All that must not be, after a restart."""
    story = Story().tell(picture.events)
    return [
        *story.complaints,
        *wrong_answers(entries),
        *different_tickets_for_one_request(entries),
        *revisions_that_went_back(entries, picture),
        *lost_tickets(entries, picture, story),
        *unexplained_states(entries, picture),
        *states_that_the_log_does_not_tell(picture, story),
        *steps_without_event_and_events_without_step(entries, picture.events),
        *doubled_numbers(picture),
        *doubled_places(picture),
        *wrong_counts(picture),
    ]


def unsettled(entries: Sequence[Entry], picture: Picture) -> list[str]:
    """When everybody has asked again what had stayed without answer, nothing is unknown: there are
    as many tickets as requests for one."""
    issued = sum(event["kind"] == "TicketIssued" for event in picture.events)
    requests = {entry.asked for entry in entries if entry.verb in NEW}
    open_requests = sorted(requests - {entry.asked for entry in entries if entry.is_done})
    found = [f"{asked} never got an answer" for asked in open_requests]
    if issued != len(requests):
        found.append(f"{issued} tickets were issued for {len(requests)} requests")
    missing = {e["ticket_id"] for e in picture.events if e["kind"] == "TicketIssued"}
    missing -= picture.tickets.keys()
    return found + [f"ticket {ticket} was not looked at" for ticket in sorted(missing)]


def old_calls_rung(rung: Iterable[Row], events: Iterable[Event]) -> list[str]:
    """`rung` is what a wall heard while these events happened: each call once, and only calls that
    are there."""
    called = Counter(
        (event["ticket_id"], event["data"]["attempt"])
        for event in events
        if event["kind"] == "TicketCalled"
    )
    heard = Counter((announced["ticket_id"], announced["attempt"]) for announced in rung)
    return [
        f"a wall rang {times} times for attempt {attempt} of ticket {ticket}, called"
        f" {called[ticket, attempt]} times"
        for (ticket, attempt), times in heard.items()
        if times > called[ticket, attempt]
    ]


# --- Answers -------------------------------------------------------------------------------------


def wrong_answers(entries: Sequence[Entry]) -> Iterator[str]:
    """Each request is done as asked or refused for a reason of the office; nothing else."""
    seen: set[str] = set()
    for entry in entries:
        is_repeated = entry.asked in seen
        seen.add(entry.asked)
        if entry.fate != "answered":
            continue
        if not entry.is_done and entry.said.get("error") not in REFUSALS:
            yield f"{named(entry)} was answered {entry.status} {dict(entry.said)}"
        elif not entry.is_done and is_repeated:
            yield f"{named(entry)} was asked again and refused: {entry.said['error']}"
        elif entry.status in (200, 201) and not is_repeated:
            yield from wrong_state(entry)


def wrong_state(entry: Entry) -> Iterator[str]:
    wanted = ANSWERED_STATES.get(entry.verb)
    if wanted and entry.said["state"] != wanted:
        yield f"{named(entry)} was answered with a ticket that is {entry.said['state']}"


def different_tickets_for_one_request(entries: Sequence[Entry]) -> Iterator[str]:
    """A repeated request gets the same ticket with the same number."""
    told: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for entry in entries:
        if entry.is_done and entry.verb in BLIND and entry.said:
            told[entry.asked].add((entry.said["id"], entry.said["number"]))
    for asked, tickets in told.items():
        if len(tickets) > 1:
            yield f"{asked} got different tickets: {sorted(tickets)}"


def revisions_that_went_back(entries: Sequence[Entry], picture: Picture) -> Iterator[str]:
    """Whatever anybody has seen is still there."""
    seen = max((entry.said.get("revision", 0) for entry in entries), default=0)
    newest = max((event["revision"] for event in picture.events), default=0)
    if picture.revision < max(seen, newest):
        yield f"the revision is {picture.revision}, but {max(seen, newest)} was seen"
    for name, board in (("queue", picture.queue), ("board", picture.board)):
        if board["revision"] != picture.revision:
            yield f"the {name} has revision {board['revision']}, the log {picture.revision}"


# --- Tickets -------------------------------------------------------------------------------------


def lost_tickets(entries: Sequence[Entry], picture: Picture, story: Story) -> Iterator[str]:
    """Every acknowledged ticket exists, with its number and the service it was taken for."""
    issued = {e["ticket_id"]: e["data"] for e in picture.events if e["kind"] == "TicketIssued"}
    for entry in entries:
        if not entry.is_done or entry.verb not in NEW:
            continue
        ticket, number = entry.said["id"], entry.said["number"]
        if issued.get(ticket, {}).get("number") != number:
            yield f"{named(entry)} got {number}, which is not in the log"
        elif issued[ticket]["service"] != entry.service:
            yield f"{named(entry)} asked for {entry.service}, got {issued[ticket]['service']}"
    for ticket, row in picture.tickets.items():
        if row is None:
            yield f"ticket {ticket} is gone"
        elif ticket in story.tickets and row["number"] != story.tickets[ticket].number:
            yield f"ticket {ticket} is {row['number']}, issued as {story.tickets[ticket].number}"


def unexplained_states(entries: Sequence[Entry], picture: Picture) -> Iterator[str]:
    """Each ticket is as it was acknowledged last, or as requests without answer may have made it.

    This does not believe the event log, only what clerks and clients were told.
    """
    histories: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (ticket := entry.ticket_told) is not None:
            histories[ticket].append(entry)
    lost_calls = [e for e in entries if e.verb == "call_next" and e.is_lost]
    for ticket, row in picture.tickets.items():
        known = possible(histories.get(ticket, []), lost_calls)
        if row is not None and known and row["state"] not in known:
            yield f"ticket {ticket} is {row['state']}, acknowledged was {sorted(known)}"


def possible(history: Sequence[Entry], lost_calls: Sequence[Entry]) -> set[str]:
    """The states the ticket may have; empty when nobody was ever told of it."""
    told = [entry for entry in history if entry.is_done and entry.said.get("state")]
    if not told:
        return set()
    # Those that no later request followed: the last one, and what was under way with it.
    newest = max(entry.sent for entry in told)
    last = [entry for entry in told if (entry.answered or 0) > newest]
    since = min(entry.round for entry in last)
    verbs = sorted(e.verb for e in history if e.is_lost and e.round >= since)
    if any(call.round >= since for call in lost_calls):
        verbs.append("call")
    known = {entry.said["state"] for entry in told} | {"waiting"}
    return reach({entry.said["state"] for entry in last}, verbs, known)


def reach(states: set[str], verbs: Sequence[str], known: set[str]) -> set[str]:
    """Where these verbs may lead, each used once or not at all, in any order."""
    found = set(states)
    for position, verb in enumerate(verbs):
        if verb == "undo":
            moved = known
        else:
            allowed_from, leads_to = MOVES.get(STEP_OF.get(verb, verb), (frozenset(), None))
            moved = {str(leads_to)} if states & allowed_from else set()
        if moved:
            found |= reach(moved, [*verbs[:position], *verbs[position + 1 :]], known)
    return found


def states_that_the_log_does_not_tell(picture: Picture, story: Story) -> Iterator[str]:
    """State, counter and service of each ticket are what its events made of it."""
    for ticket, row in picture.tickets.items():
        told = story.tickets.get(ticket)
        if row is None:
            continue
        if told is None:
            yield f"ticket {ticket} has no event"
        elif seen(row) != (told.state, told.counter, told.service):
            yield f"ticket {ticket} is {seen(row)}, its events tell {told}"


def seen(row: Row) -> tuple[State, str | None, str]:
    return State(row["state"]), row["counter"], row["service"]


# --- Events --------------------------------------------------------------------------------------


def steps_without_event_and_events_without_step(
    entries: Sequence[Entry], events: Iterable[Event]
) -> Iterator[str]:
    """What was acknowledged happened once; what happened was asked for."""
    there, done = happened(events), acknowledged(entries)
    perhaps = asked_steps(first_of_each(entries, done=False))
    too_many: Counter[tuple[str, str]] = Counter()
    for step in there | done:
        ticket, verb, by = step
        if there[step] < done[step]:
            yield f"{verb} of ticket {ticket} by {by} was acknowledged, but is not in the log"
        too_many[verb, by] += max(0, there[step] - done[step] - perhaps[step])
    for (verb, by), times in too_many.items():
        # Only a request that named no ticket and got no answer may explain these.
        if times > (unknown := perhaps[None, verb, by]):
            yield (
                f"{verb} by {by} happened {times} times more than acknowledged,"
                f" {unknown} had no answer"
            )


Step = tuple[int | None, str, str]
"""Ticket, verb and who did it."""


def happened(events: Iterable[Event]) -> Counter[Step]:
    """The steps of the log."""
    return Counter(step for event in events if (step := step_of(event)))


def acknowledged(entries: Sequence[Entry]) -> Counter[Step]:
    """The steps that somebody was told of."""
    return asked_steps(first_of_each(entries, done=True))


def asked_steps(entries: Iterable[Entry]) -> Counter[Step]:
    return Counter(step for entry in entries for step in steps_asked(entry))


def step_of(event: Event) -> Step | None:
    if event["kind"] == "StepUndone":
        verb = "undo"
    elif event["kind"] == "TicketIssued":
        verb = "issue"
    elif event["kind"] in VERBS:
        verb = "recall" if event["data"].get("again") else VERBS[event["kind"]]
    else:
        return None
    return event["ticket_id"], verb, event["data"]["by"]


def steps_asked(entry: Entry) -> list[Step]:
    if entry.verb == "look" or entry.status == 204:
        return []
    ticket = entry.ticket_told
    step = (ticket, STEP_OF.get(entry.verb, entry.verb), entry.by)
    return [(ticket, "issue", entry.by), step] if entry.verb == "serve" else [step]


def first_of_each(entries: Sequence[Entry], *, done: bool) -> list[Entry]:
    """One entry for each request that was acknowledged, or that nobody knows anything of."""
    acknowledged = {entry.asked: entry for entry in reversed(entries) if entry.is_done}
    if done:
        return list(acknowledged.values())
    lost = {entry.asked: entry for entry in entries if entry.is_lost}
    return [entry for asked, entry in lost.items() if asked not in acknowledged]


# --- Numbers and places --------------------------------------------------------------------------


def doubled_numbers(picture: Picture) -> Iterator[str]:
    """No number is given twice while the series has room, and no two in the room have the same."""
    given = Counter(
        event["data"]["number"] for event in picture.events if event["kind"] == "TicketIssued"
    )
    if given.total() <= NUMBERS:
        yield from (f"{number} was given {n} times" for number, n in given.items() if n > 1)
    there = {row["id"]: row["number"] for row in living(picture)}
    alive = Counter(there.values())
    yield from (f"{n} clients have {number}" for number, n in alive.items() if n > 1)


def living(picture: Picture) -> Iterator[Row]:
    """Everybody in the building whom any of the answers shows."""
    for name in ("waiting", "parked", "missed"):
        yield from picture.queue[name]
    for row in picture.tickets.values():
        if row is not None and row["state"] in LIVING_STATES:
            yield row


def doubled_places(picture: Picture) -> Iterator[str]:
    """One client at most at a counter, and nobody at two."""
    lines = {line["key"]: line["ticket_id"] for line in picture.queue["counters"]}
    busy = Counter(ticket for ticket in lines.values() if ticket is not None)
    yield from (f"ticket {ticket} is at {n} counters" for ticket, n in busy.items() if n > 1)
    clients: dict[str, set[int]] = defaultdict(set)
    for row in picture.tickets.values():
        if row is not None and row["state"] in AT_COUNTER:
            clients[row["counter"]].add(row["id"])
    for counter, tickets in clients.items():
        if tickets != {lines.get(counter)}:
            shown = lines.get(counter)
            yield f"tickets {sorted(tickets)} are at counter {counter}, which shows {shown}"


def wrong_counts(picture: Picture) -> Iterator[str]:
    """The walls count those whom the reception sees, and show the calls of the counters."""
    waiting = len(picture.queue["waiting"])
    if picture.board["waiting"] != waiting:
        yield f"the wall counts {picture.board['waiting']} waiting, the reception sees {waiting}"
    called = {
        line["ticket_id"]
        for line in picture.queue["counters"]
        if line["ticket_state"] == State.CALLED
    }
    shown = {call["ticket_id"] for call in picture.board["calls"]}
    if called != shown:
        yield f"the wall shows calls of tickets {sorted(shown)}, the counters {sorted(called)}"


def named(entry: Entry) -> str:
    """For a sentence."""
    return f"round {entry.round}: {entry.asked}" + (f" {entry.ticket}" if entry.ticket else "")
