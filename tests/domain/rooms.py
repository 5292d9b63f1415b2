"""Waiting rooms for the tests of the rules: tickets at will, and hypothesis' random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from queue_server.domain.order import AppointmentRules, Desk, order_at
from queue_server.domain.ticket import State, Ticket

OPENING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SERVICES = ("documents", "status", "question")
HEAD_STARTS = {None: timedelta(0), "extra-time": timedelta(minutes=15)}
APPOINTMENTS = AppointmentRules(
    head_start=timedelta(minutes=15), grace=timedelta(minutes=10), early=timedelta(minutes=5)
)


def at(minute: float) -> datetime:
    """So many minutes after the doors opened."""
    return OPENING + timedelta(minutes=minute)


def walk_in(
    number: int,
    minute: float,
    service: str = "documents",
    state: State = State.WAITING,
    priority: str | None = None,
) -> Ticket:
    """A client without appointment."""
    place = order_at(at(minute), HEAD_STARTS[priority])
    ticket = Ticket(number, f"A{number:03}", service, state, at(minute), place, "de")
    return replace(ticket, day="2026-11-24", priority=priority)


def with_appointment(number: int, minute: float, slot: float, service: str = "documents") -> Ticket:
    """A client who came at `minute` for the appointment at `slot`."""
    placed = APPOINTMENTS.order_at(at(slot), at(minute), timedelta(0))
    due = APPOINTMENTS.due_at(at(slot), at(minute))
    ticket = walk_in(number, minute, service)
    return replace(ticket, order_at=placed, appointment_at=at(slot), due_at=due)


def desk(*services: str, key: str = "1", **overflow: int) -> Desk:
    """A counter; `status=15` means: also status, once they have waited 15 minutes."""
    patience = {service: timedelta(minutes=m) for service, m in overflow.items()}
    return Desk(key, frozenset(services), patience)


minutes = st.integers(0, 240)
services = st.sampled_from(SERVICES)


@st.composite
def clients(draw: st.DrawFn, number: int) -> Ticket:
    """Anybody who may sit in the room: of any class, state, early, held or resting."""
    minute, service = draw(minutes), draw(services)
    if draw(st.booleans()):
        ticket = with_appointment(number, minute, draw(minutes), service)
    else:
        ticket = walk_in(number, minute, service, priority=draw(st.sampled_from([*HEAD_STARTS])))
    if draw(st.booleans()):
        ticket = ticket.hold(draw(st.sampled_from("123")), at(draw(minutes)))
    rests = at(draw(minutes)) if draw(st.booleans()) else None
    return replace(ticket, rests_until=rests, state=draw(st.sampled_from(State)))


@st.composite
def rooms(draw: st.DrawFn) -> list[Ticket]:
    """A room full of clients with ids in any order of arrival."""
    return [draw(clients(number)) for number in range(1, draw(st.integers(0, 25)) + 1)]


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    """A counter with services of its own and perhaps overflow from others."""
    own = draw(st.sets(services, min_size=1))
    others = draw(st.sets(services))
    patience = {key: timedelta(minutes=draw(minutes)) for key in others - own}
    return Desk(draw(st.sampled_from("123")), frozenset(own), patience)


instants = minutes.map(at)
