"""Who is next. One static key per ticket, so nothing flips while people watch (DESIGN part 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from .ticket import State, Ticket

LONGEST_WAITING = "longest_waiting"
PRIORITY = "priority"


def order_at(issued_at: datetime, head_start: timedelta = timedelta(0)) -> datetime:
    """The place of a walk-in client: the moment of issue less the head start of its class.

    A client can be overtaken only by people who come within the difference of the head
    starts, so nobody starves.
    """
    return issued_at - head_start


def place(ticket: Ticket) -> tuple[datetime, int]:
    """The sort key of the queue."""
    return (ticket.order_at, ticket.id)


def next_for(services: Collection[str], waiting: Iterable[Ticket]) -> Ticket | None:
    """The ticket that a counter serving `services` calls next, or None when nobody waits for it."""
    callable_now = (t for t in waiting if t.state is State.WAITING and t.service in services)
    return min(callable_now, key=place, default=None)


def reason_for(ticket: Ticket) -> str:
    """Why it was this ticket, as stored with the call."""
    if ticket.priority:
        return f"{PRIORITY}:{ticket.priority}"
    return LONGEST_WAITING
