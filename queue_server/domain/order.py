"""Who is next, and why. One static key per ticket, so nothing flips while people watch (DESIGN 4).

Time only ever adds candidates (a rest ends, an appointment becomes due, an overflow or a hold
expires); it never changes who stands before whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .ticket import HELD, State, Ticket


class Claim(StrEnum):
    """On what ground a counter may call a ticket."""

    HELD = HELD
    OWN = "own"
    OVERFLOW = "overflow"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a counter may call: its own services, and others once they have waited so long."""

    key: str
    services: frozenset[str]
    overflow: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppointmentRules:
    """How clients with an appointment join the queue."""

    head_start: timedelta = timedelta(0)
    grace: timedelta = timedelta(0)
    early: timedelta = timedelta(0)

    def order_at(
        self, slot: datetime, arrived: datetime, walk_in_head_start: timedelta
    ) -> datetime:
        """Before those who came after `slot` − head start; too late, and it is a walk-in."""
        if arrived > slot + self.grace:
            return order_at(arrived, walk_in_head_start)
        return slot - max(self.head_start, walk_in_head_start)

    def due_at(self, slot: datetime, arrived: datetime) -> datetime | None:
        """Until then the client is called only by a counter that would be idle; None = at once."""
        due = slot - self.early
        return due if due > arrived else None

    @property
    def bound(self) -> timedelta:
        """How much earlier than its arrival an appointment can count: head start and grace."""
        return self.head_start + self.grace


def order_at(issued_at: datetime, head_start: timedelta = timedelta(0)) -> datetime:
    """The place of a walk-in client: the moment of issue less the head start of its class.

    A client can be overtaken only by people who come within the difference of the head
    starts, so nobody starves.
    """
    return issued_at - head_start


def order_after_missing(ticket: Ticket, now: datetime, credit: timedelta | None) -> datetime:
    """The place of a missed client who is back: `now` − credit, or the old one (credit None).

    Never better than before: being away must not pay.
    """
    return ticket.order_at if credit is None else max(ticket.order_at, now - credit)


def place(ticket: Ticket) -> tuple[datetime, int]:
    """The sort key of the queue."""
    return (ticket.order_at, ticket.id)


def claim(desk: Desk, ticket: Ticket, now: datetime) -> Claim | None:
    """On what ground this desk may call the ticket now; None when it may not."""
    if ticket.state is not State.WAITING or is_resting(ticket, now):
        return None
    if is_held(ticket, now) and ticket.held_for != desk.key:
        return None
    if ticket.held_for == desk.key:
        return Claim.HELD
    if ticket.service in desk.services:
        return Claim.OWN
    patience = desk.overflow.get(ticket.service)
    overflows = patience is not None and now - ticket.issued_at >= patience
    return Claim.OVERFLOW if overflows else None


def is_resting(ticket: Ticket, now: datetime) -> bool:
    """Did not come a moment ago; others are served meanwhile."""
    return ticket.rests_until is not None and now < ticket.rests_until


def is_held(ticket: Ticket, now: datetime) -> bool:
    """Kept for one counter, for a limited time."""
    return ticket.held_until is not None and now < ticket.held_until


def is_early(ticket: Ticket, now: datetime) -> bool:
    """Has an appointment whose time has not come yet."""
    return ticket.due_at is not None and now < ticket.due_at


def call_order(ticket: Ticket, now: datetime) -> tuple[bool, bool, datetime, int]:
    """The sort key of those who wait as they would be called now: those who are due, then early
    appointments, then those who rest after an unanswered call."""
    return (is_resting(ticket, now), is_early(ticket, now), *place(ticket))


def next_for(desk: Desk, waiting: Iterable[Ticket], now: datetime) -> Ticket | None:
    """The ticket that `desk` calls next, or None when nobody waits whom it may serve now.

    An early appointment is called only if the counter would otherwise be idle: those who are
    due go first, but no counter stands idle while somebody in the building may be served.
    """
    return min(
        (ticket for ticket in waiting if claim(desk, ticket, now)),
        key=lambda ticket: (is_early(ticket, now), *place(ticket)),
        default=None,
    )


def reason_for(desk: Desk, ticket: Ticket, now: datetime, local_time: str = "") -> str:
    """Why it was this ticket, as stored with the call; codes are listed in docs/events.md.

    `local_time` is the appointment's time as people read it, e.g. "09:20".
    """
    ground = claim(desk, ticket, now)
    if ground is Claim.HELD:
        return HELD
    if ground is Claim.OVERFLOW:
        return f"overflow:{desk.overflow[ticket.service] // timedelta(minutes=1)}"
    if ticket.appointment_at is not None:
        return f"appointment:{local_time}"
    return f"priority:{ticket.priority}" if ticket.priority else "longest_waiting"
