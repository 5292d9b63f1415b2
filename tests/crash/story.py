"""What the event log tells of each client: the same steps again, by the table of moves alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from queue_server.domain.ticket import AT_COUNTER, LIVING_STATES, MOVES, State

Event = Mapping[str, Any]
"""A row of GET /events."""

# What happened → the verb whose move it is.
VERBS = {
    "TicketCalled": "call",
    "CallUnanswered": "miss",
    "ServiceStarted": "start",
    "ServiceFinished": "finish",
    "ClientMissed": "miss",
    "TicketParked": "park",
    "TicketResumed": "resume",
    "TicketTransferred": "transfer",
    "TicketWithdrawn": "withdraw",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket as its events tell of it."""

    id: int
    number: str
    service: str
    state: State = State.WAITING
    counter: str | None = None
    came_straight: bool = False
    """Was never in the queue: the next step is the service itself, without a call."""

    @property
    def place(self) -> str | None:
        """The counter that this client occupies."""
        return self.counter if self.state in AT_COUNTER else None


@dataclass(slots=True)
class Story:
    """The whole log read from the beginning, and everything in it that cannot be."""

    tickets: dict[int, Told] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    revision: int = 0
    _served: dict[str, int] = field(default_factory=dict)
    _living: dict[str, int] = field(default_factory=dict)

    def tell(self, events: Iterable[Event]) -> Story:
        """Go on with these events."""
        for event in events:
            self._check_revision(event["revision"])
            if event["kind"] == "TicketIssued":
                self._issue(event)
            elif event["kind"] in VERBS or event["kind"] == "StepUndone":
                self._move(event)
        return self

    def _check_revision(self, revision: int) -> None:
        if revision <= self.revision:
            self.complaints.append(f"revision {revision} follows {self.revision}")
        self.revision = revision

    def _issue(self, event: Event) -> None:
        data = event["data"]
        told = Told(event["ticket_id"], data["number"], data["service"])
        told = replace(told, came_straight=data.get("at_counter", False))
        if told.id in self.tickets:
            self.complaints.append(f"ticket {told.id} was issued twice")
        self._keep(event, told)

    def _move(self, event: Event) -> None:
        before = self.tickets.get(event["ticket_id"])
        if before is None:
            self.complaints.append(f"{_named(event)} of a ticket that was never issued")
        elif not is_possible(event, before):
            self.complaints.append(f"{_named(event)}: {before.number} was {before.state}")
        else:
            self._keep(event, after(event, before))

    def _keep(self, event: Event, told: Told) -> None:
        before = self.tickets.get(told.id, told)
        self.tickets[told.id] = told
        self._only_one(event, self._served, before.place, told.place, told)
        number = told.number if told.state in LIVING_STATES else None
        self._only_one(event, self._living, before.number, number, told)

    def _only_one(
        self, event: Event, owners: dict[str, int], left: str | None, taken: str | None, told: Told
    ) -> None:
        if left is not None and owners.get(left) == told.id:
            del owners[left]
        if taken is None:
            return
        if (owner := owners.get(taken, told.id)) != told.id:
            self.complaints.append(f"{_named(event)}: {taken} belonged to ticket {owner}")
        owners[taken] = told.id


def is_possible(event: Event, before: Told) -> bool:
    """Whether the table of moves has this step; a step that was undone goes anywhere."""
    if event["kind"] == "StepUndone":
        return True
    if before.came_straight:
        return event["kind"] == "ServiceStarted"
    verb = "recall" if event["data"].get("again") else VERBS[event["kind"]]
    return before.state in MOVES[verb][0]


def after(event: Event, before: Told) -> Told:
    """The ticket after this step."""
    kind, data = event["kind"], event["data"]
    service = data.get("service", before.service)
    if kind == "StepUndone":
        state = State(data["state"])
    elif kind == "CallUnanswered":
        state = State.WAITING
    else:
        state = MOVES[VERBS[kind]][1]
    moved = replace(before, state=state, counter=event["counter"], service=service)
    return replace(moved, came_straight=False)


def _named(event: Event) -> str:
    return f"revision {event['revision']} {event['kind']} at {event['counter']}"
