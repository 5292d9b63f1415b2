"""The table of moves, walked as a whole, and what each step keeps and forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.ticket import (
    AT_COUNTER,
    LIVING_STATES,
    MOVES,
    OPEN_STATES,
    NotAllowed,
    State,
)
from tests.domain.rooms import at, walk_in

NOW = at(60)
STEPS = {
    "call": lambda t: t.call("1", NOW, "longest_waiting"),
    "recall": lambda t: t.recall(NOW),
    "start": lambda t: t.start(NOW),
    "finish": lambda t: t.finish(NOW),
    "miss": lambda t: t.miss(NOW, calls=0),
    "park": lambda t: t.park(NOW),
    "resume": lambda t: t.resume(t.order_at, at(75)),
    "transfer": lambda t: t.transfer("status", NOW),
    "withdraw": lambda t: t.withdraw(NOW),
}


def serving_since(minute):
    return walk_in(1, 0).call("1", at(minute), "x").start(at(minute))


def test_every_step_of_the_table_can_be_taken():
    assert set(STEPS) == set(MOVES)


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("state", State)
def test_each_step_is_possible_exactly_from_the_states_of_the_table(verb, state):
    allowed_from, leads_to = MOVES[verb]
    ticket = walk_in(1, 0, state=state)
    assert (verb in ticket.may()) == (state in allowed_from)
    if state in allowed_from:
        assert STEPS[verb](ticket).state is leads_to
    else:
        with pytest.raises(NotAllowed) as refused:
            STEPS[verb](ticket)
        assert refused.value.ticket is ticket


def test_nothing_can_be_done_with_a_client_who_is_gone():
    assert walk_in(1, 0, state=State.FINISHED).may() == []
    assert walk_in(1, 0, state=State.WITHDRAWN).may() == []


def test_the_sets_of_states_are_consistent():
    assert AT_COUNTER < OPEN_STATES < LIVING_STATES
    assert set(State) - LIVING_STATES == {State.FINISHED, State.WITHDRAWN}


def test_a_recall_counts_up_and_keeps_the_first_reason():
    recalled = walk_in(1, 0).call("1", at(5), "longest_waiting").recall(at(6))
    assert (recalled.attempt, recalled.called_at, recalled.reason) == (2, at(6), "longest_waiting")


def test_within_the_allowed_calls_a_client_goes_back_to_the_old_place_and_rests():
    """zms 5-22"""
    called = walk_in(1, 0).call("1", at(5), "x")
    back = called.miss(at(6), calls=2, rest=timedelta(minutes=5))
    assert (back.state, back.order_at, back.counter) == (State.WAITING, at(0), None)
    assert (back.rests_until, back.attempt) == (at(11), 1)
    again = back.call("2", at(12), "x")
    assert (again.attempt, again.rests_until) == (2, None)
    assert again.miss(at(13), calls=2).state is State.MISSED


def test_with_one_allowed_call_the_first_unanswered_one_is_enough():
    """zms 5-23"""
    assert walk_in(1, 0).call("1", at(5), "x").miss(at(6), calls=1).state is State.MISSED


def test_recalls_count_as_calls():
    called = walk_in(1, 0).call("1", at(5), "x").recall(at(6))
    assert called.miss(at(7), calls=2).state is State.MISSED


def test_a_parked_client_keeps_counter_and_place_and_service_times_add_up():
    """zms 5-29"""
    parked = serving_since(10).park(at(14))
    assert (parked.state, parked.counter, parked.order_at) == (State.PARKED, "1", at(0))
    assert parked.service_time(at(50)) == timedelta(minutes=4)
    back = parked.resume(parked.order_at, at(65))
    assert (back.state, back.held_for, back.held_until) == (State.WAITING, "1", at(65))
    again = back.call("1", at(51), "held").start(at(52))
    assert again.service_time(at(55)) == timedelta(minutes=7)


def test_a_client_parked_at_reception_is_held_for_nobody():
    parked = walk_in(1, 0).park(at(5))
    assert parked.resume(parked.order_at, at(20)).held_for is None


def test_a_transfer_keeps_number_place_and_note_and_counts_calls_afresh():
    """zms 5-30, peers 11-15"""
    moved = serving_since(10).transfer("status", at(12))
    assert (moved.number, moved.order_at, moved.service) == ("A001", at(0), "status")
    assert (moved.state, moved.counter, moved.attempt) == (State.WAITING, None, 0)
    assert moved.served_before == timedelta(minutes=2)


def test_calling_a_missed_client_again_clears_the_mark():
    """zms 5-28"""
    missed = walk_in(1, 0).call("1", at(5), "x").miss(at(6))
    called = missed.call("2", at(9), "picked:ist da")
    assert (called.state, called.counter, called.ended_at) == (State.CALLED, "2", None)


def test_service_time_is_never_negative_when_the_clock_was_set_back():
    """zms 5-34"""
    assert serving_since(10).service_time(at(9)) == timedelta(0)


@pytest.mark.parametrize("state", State)
def test_the_end_of_the_day_ends_whoever_is_still_open(state):
    """zms 5-36, peers 11-20"""
    ticket = walk_in(1, 0, state=state)
    if state in OPEN_STATES:
        ended = ticket.close_with_day(NOW)
        assert ended.state is (State.FINISHED if state is State.SERVING else State.WITHDRAWN)
        assert ended.at_day_end
    else:
        with pytest.raises(NotAllowed):
            ticket.close_with_day(NOW)


@given(st.lists(st.sampled_from(list(STEPS)), max_size=30))
def test_whatever_is_done_number_and_issue_stay_and_marks_fit_the_state(verbs):
    ticket = walk_in(7, 0)
    for verb in verbs:
        if verb in ticket.may():
            ticket = STEPS[verb](ticket)
        assert (ticket.number, ticket.issued_at) == ("A007", at(0))
        if ticket.state in AT_COUNTER:
            assert ticket.counter and ticket.called_at and ticket.attempt >= 1
        if ticket.state is State.WAITING:
            assert ticket.counter is None and ticket.started_at is None
        else:
            assert ticket.held_for is None and ticket.rests_until is None
