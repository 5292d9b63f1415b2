"""The order over random queues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.order import next_for, order_at, place, reason_for
from queue_server.domain.ticket import State, Ticket

OPENING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SERVICES = ("documents", "status", "question")
HEAD_STARTS = {None: timedelta(0), "extra-time": timedelta(minutes=15)}


def ticket(number: int, minute: int, service: str, state: State, priority: str | None) -> Ticket:
    issued = OPENING + timedelta(minutes=minute)
    place_in_time = order_at(issued, HEAD_STARTS[priority])
    return Ticket(
        number, f"A{number:03}", service, state, issued, place_in_time, "de", priority=priority
    )


rooms = st.lists(
    st.tuples(
        st.integers(0, 240),
        st.sampled_from(SERVICES),
        st.sampled_from(State),
        st.sampled_from(list(HEAD_STARTS)),
    ),
    max_size=40,
).map(lambda people: [ticket(n, *one) for n, one in enumerate(people, 1)])
offers = st.sets(st.sampled_from(SERVICES), min_size=1)


@given(rooms, offers)
def test_no_counter_is_idle_while_somebody_it_may_serve_waits(room, services):
    waiting = [t for t in room if t.state is State.WAITING and t.service in services]
    assert (next_for(services, room) is None) == (not waiting)


@given(rooms, offers)
def test_only_waiting_clients_of_the_counters_services_are_called(room, services):
    called = next_for(services, room)
    assert called is None or (called.state is State.WAITING and called.service in services)


@given(rooms, offers)
def test_everybody_is_served_in_the_order_of_their_places(room, services):
    served = []
    while called := next_for(services, room):
        served.append(called)
        room = [t for t in room if t.id != called.id]
    assert served == sorted(served, key=place)


@given(rooms)
def test_nobody_is_overtaken_by_more_than_the_difference_of_head_starts(room):
    for early in room:
        for late in room:
            if place(late) < place(early):
                gained = HEAD_STARTS[late.priority] - HEAD_STARTS[early.priority]
                assert late.issued_at - early.issued_at <= max(gained, timedelta(0))


@given(rooms, offers)
def test_the_answer_does_not_depend_on_how_the_room_is_listed(room, services):
    assert next_for(services, room) == next_for(services, reversed(room))


def test_the_reason_names_the_priority_class():
    assert reason_for(ticket(1, 0, "status", State.WAITING, None)) == "longest_waiting"
    assert reason_for(ticket(1, 0, "status", State.WAITING, "extra-time")) == "priority:extra-time"
