"""What a ticket is and which steps it may take. The moves are data; tests walk all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a client is. Stored as the value; the words on screen live in the catalogues."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


AT_COUNTER = frozenset({State.CALLED, State.SERVING})
OPEN_STATES = AT_COUNTER | {State.WAITING, State.PARKED}
# A missed client may still come back, so the number must not walk about a second time.
LIVING_STATES = OPEN_STATES | {State.MISSED}

# verb -> (states it may start from, state it leads to)
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "call": (frozenset({State.WAITING}), State.CALLED),
    "recall": (frozenset({State.CALLED}), State.CALLED),
    "start": (frozenset({State.CALLED}), State.SERVING),
    "finish": (frozenset({State.SERVING}), State.FINISHED),
    "miss": (frozenset({State.CALLED}), State.MISSED),
}


class NotAllowed(Exception):
    """The ticket's present state does not allow the step; nothing was changed."""

    def __init__(self, verb: str, ticket: Ticket) -> None:
        super().__init__(f"ticket {ticket.number} is {ticket.state}, so it cannot {verb}")
        self.verb = verb
        self.ticket = ticket


@dataclass(frozen=True, slots=True)
class Ticket:
    """One place in the queue. Instants are UTC; `order_at` is given once and decides the order."""

    id: int
    number: str
    service: str
    state: State
    issued_at: datetime
    order_at: datetime
    language: str
    priority: str | None = None
    counter: str | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempt: int = 0
    reason: str | None = None
    token: str = ""
    kiosk: str | None = None
    print_state: str = "none"

    def call(self, counter: str, now: datetime, reason: str) -> Ticket:
        """The client is asked to come to `counter` for the first time."""
        moved = self._move("call")
        return replace(moved, counter=counter, called_at=now, attempt=1, reason=reason)

    def recall(self, now: datetime) -> Ticket:
        """The same client is asked once more: the gong rings again and the attempt counts up."""
        return replace(self._move("recall"), called_at=now, attempt=self.attempt + 1)

    def start(self, now: datetime) -> Ticket:
        """The client has come to the counter."""
        return replace(self._move("start"), started_at=now)

    def finish(self, now: datetime) -> Ticket:
        """The client's concern is settled."""
        return replace(self._move("finish"), ended_at=now)

    def miss(self, now: datetime) -> Ticket:
        """The client did not come."""
        return replace(self._move("miss"), ended_at=now)

    def _move(self, verb: str) -> Ticket:
        allowed_from, leads_to = MOVES[verb]
        if self.state not in allowed_from:
            raise NotAllowed(verb, self)
        return replace(self, state=leads_to)
