"""Who is next: single cases by name, then the promises over random rooms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.order import (
    Claim,
    claim,
    is_early,
    next_for,
    order_after_missing,
    order_at,
    place,
    reason_for,
)
from queue_server.domain.ticket import State
from tests.domain.rooms import (
    APPOINTMENTS,
    HEAD_STARTS,
    at,
    desk,
    desks,
    instants,
    minutes,
    rooms,
    walk_in,
    with_appointment,
)

DOCUMENTS = desk("documents")


def served(counter, room, now):
    """Everybody this counter calls, one after the other, at one instant."""
    order = []
    while called := next_for(counter, room, now):
        order.append(called)
        room = [t for t in room if t.id != called.id]
    return order


def numbers(tickets):
    return [ticket.id for ticket in tickets]


# --- Cases --------------------------------------------------------------------------------------


def test_the_earlier_client_goes_first_and_at_the_same_instant_the_lower_number():
    """zms 5-11"""
    room = [walk_in(3, 5), walk_in(2, 0), walk_in(1, 0)]
    assert numbers(served(DOCUMENTS, room, at(10))) == [1, 2, 3]


def test_a_due_appointment_goes_before_those_who_came_shortly_before_it():
    """zms 5-12"""
    room = [walk_in(1, 40), walk_in(2, 46), with_appointment(3, 50, slot=60)]
    assert numbers(served(DOCUMENTS, room, at(60))) == [1, 3, 2]


def test_an_early_appointment_waits_for_its_time_while_others_are_there():
    """zms 5-12: early, not before its time"""
    room = [walk_in(1, 45), with_appointment(2, 20, slot=60)]
    assert next_for(DOCUMENTS, room, at(50)).id == 1


def test_an_early_appointment_is_called_when_the_counter_would_be_idle():
    """zms 5-12: but it never keeps a counter idle; reference W4"""
    room = [with_appointment(1, 20, slot=60)]
    assert next_for(DOCUMENTS, room, at(21)).id == 1


def test_a_late_appointment_counts_as_a_walk_in():
    """zms 1.4: there the late one went first"""
    late = with_appointment(1, 71, slot=60)
    assert late.order_at == at(71)
    on_time = with_appointment(2, 70, slot=60)
    assert on_time.order_at == at(45)


@pytest.mark.parametrize(("minute", "callable_from"), [(0, 55), (55, None), (58, None)])
def test_an_appointment_is_due_from_the_early_window_on(minute, callable_from):
    due = with_appointment(1, minute, slot=60).due_at
    assert due == (at(callable_from) if callable_from is not None else None)


def test_a_walk_in_waits_no_longer_than_head_start_and_grace_behind_dense_appointments():
    """zms 5-14: an appointment every ten minutes overtook a walk-in twelve times"""
    walk = walk_in(1, 0)
    later = [with_appointment(n, 10 * n, slot=10 * n + 5) for n in range(2, 30)]
    before = numbers(served(DOCUMENTS, [walk, *later], at(600)))
    bound = APPOINTMENTS.bound // timedelta(minutes=1)
    assert all(10 * n <= bound for n in before[: before.index(1)])


def test_the_priority_classes_follow_their_head_starts_and_ties_the_number():
    """zms 5-13"""
    room = [
        walk_in(1, 20),
        walk_in(2, 34, priority="extra-time"),
        walk_in(3, 35, priority="extra-time"),
        walk_in(4, 36, priority="extra-time"),
    ]
    assert numbers(served(DOCUMENTS, room, at(40))) == [2, 1, 3, 4]


def test_a_counter_helps_out_with_another_service_once_its_clients_have_waited_long():
    helper = desk("documents", status=15)
    room = [walk_in(1, 0, "status")]
    assert next_for(helper, room, at(14)) is None
    assert next_for(helper, room, at(15)).id == 1
    assert reason_for(helper, room[0], at(15)) == "overflow:15"


def test_a_client_held_for_a_colleague_is_left_to_the_colleague():
    held = walk_in(1, 0).hold("2", at(20))
    assert next_for(DOCUMENTS, [held], at(19)) is None
    assert next_for(desk("status", key="2"), [held], at(19)).id == 1
    assert reason_for(desk("status", key="2"), held, at(19)) == "held"


def test_a_client_held_for_an_absent_colleague_is_free_again_after_a_while():
    """peers 11-15"""
    held = walk_in(1, 0).hold("2", at(20))
    assert next_for(DOCUMENTS, [held], at(20)).id == 1


def test_a_client_who_just_did_not_come_rests_while_others_are_called():
    """zms 5-24"""
    rests = walk_in(1, 0).call("1", at(5), "x").miss(at(6), calls=2, rest=timedelta(minutes=5))
    other = walk_in(2, 5)
    assert next_for(DOCUMENTS, [rests, other], at(10)).id == 2
    assert next_for(DOCUMENTS, [rests, other], at(11)).id == 1


@pytest.mark.parametrize("state", [s for s in State if s is not State.WAITING])
def test_nobody_but_those_who_wait_is_ever_called_by_itself(state):
    """zms 5-25: missed and parked clients, four production bugs"""
    assert next_for(DOCUMENTS, [walk_in(1, 0, state=state)], at(600)) is None


def test_a_missed_client_who_is_back_gets_some_minutes_credit_but_never_a_better_place():
    """zms 5-26"""
    ticket = walk_in(1, 0)
    ten = timedelta(minutes=10)
    assert order_after_missing(ticket, at(30), ten) == at(20)
    assert order_after_missing(ticket, at(5), ten) == at(0)
    assert order_after_missing(ticket, at(30), None) == at(0)


@pytest.mark.parametrize(
    ("ticket", "reason"),
    [
        (walk_in(1, 0), "longest_waiting"),
        (walk_in(1, 0, priority="extra-time"), "priority:extra-time"),
        (with_appointment(1, 0, slot=5), "appointment:08:05"),
    ],
)
def test_the_reason_of_a_call_is_readable(ticket, reason):
    assert reason_for(DOCUMENTS, ticket, at(5), "08:05") == reason


# --- Promises over random rooms (DESIGN part 4) --------------------------------------------------


@given(rooms(), desks(), instants)
def test_no_counter_is_idle_while_somebody_it_may_serve_waits(room, counter, now):
    """peers 11-3"""
    may = [t for t in room if claim(counter, t, now)]
    assert (next_for(counter, room, now) is None) == (not may)


@given(rooms(), desks(), instants)
def test_whoever_is_called_waits_is_not_resting_and_not_held_for_somebody_else(room, counter, now):
    called = next_for(counter, room, now)
    if called is not None:
        assert called.state is State.WAITING
        assert called.rests_until is None or called.rests_until <= now
        assert (
            called.held_until is None or called.held_until <= now or called.held_for == counter.key
        )


@given(rooms(), desks(), instants)
def test_everybody_is_served_in_the_order_of_their_places_early_ones_last(room, counter, now):
    order = served(counter, room, now)
    assert order == sorted(order, key=lambda t: (is_early(t, now), place(t)))


@given(rooms(), desks(), instants, minutes)
def test_waiting_longer_never_changes_who_of_two_stands_before_the_other(room, counter, now, later):
    def due(instant):
        return [t for t in served(counter, room, instant) if not is_early(t, instant)]

    both = set(numbers(due(now))) & set(numbers(due(now + timedelta(minutes=later))))
    first, second = (
        [n for n in numbers(due(instant)) if n in both]
        for instant in (now, now + timedelta(minutes=later))
    )
    assert first == second


@given(rooms())
def test_nobody_is_overtaken_by_more_than_the_difference_of_head_starts(room):
    longest = max(*HEAD_STARTS.values(), APPOINTMENTS.bound)
    for early in room:
        for late in room:
            if place(late) < place(early) and early.appointment_at is None:
                mine = HEAD_STARTS[early.priority]
                gained = (HEAD_STARTS[late.priority] if not late.appointment_at else longest) - mine
                assert late.issued_at - early.issued_at <= max(gained, timedelta(0))


@given(rooms(), desks(), instants)
def test_the_answer_does_not_depend_on_how_the_room_is_listed(room, counter, now):
    assert next_for(counter, room, now) == next_for(counter, reversed(room), now)


@given(rooms(), desks(), instants)
def test_every_call_has_a_reason_that_fits_its_ground(room, counter, now):
    called = next_for(counter, room, now)
    if called is not None:
        ground = claim(counter, called, now)
        reason = reason_for(counter, called, now, "08:05")
        assert (reason == "held") == (ground is Claim.HELD)
        assert reason.startswith("overflow:") == (ground is Claim.OVERFLOW)


@given(instants, st.timedeltas(timedelta(0), timedelta(hours=4)))
def test_a_head_start_is_all_that_moves_a_walk_in_forward(issued, head_start):
    assert order_at(issued, head_start) == issued - head_start
