"""A clock that is set back does not turn the queue around."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.steady_time import SteadyTime
from tests.domain.rooms import at


def steady(clock, newest):
    return SteadyTime()(clock, newest)


def test_a_clock_that_goes_on_is_believed():
    assert steady(at(5), at(3)) == at(5)
    assert steady(at(5), None) == at(5)


def test_after_the_clock_was_set_back_time_goes_on_slowly_until_it_has_caught_up():
    """peers 11-19"""
    time = SteadyTime()
    assert time(at(60), at(60)) == at(60)
    assert time(at(0), at(60)) == at(60)
    assert time(at(10), at(60)) == at(65)
    assert time(at(20), at(68)) == at(70)
    assert time(at(60), at(70)) == at(90)
    assert time(at(91), at(70)) == at(91)
    assert time(at(92), at(70)) == at(92)


def test_a_clock_that_is_set_back_twice_is_still_followed():
    time = SteadyTime()
    assert time(at(50), at(60)) == at(60)
    assert time(at(40), at(60)) == at(60)
    assert time(at(50), at(60)) == at(65)


def test_a_newest_event_far_ahead_was_written_with_a_wrong_clock():
    assert steady(at(0), at(0) + timedelta(days=400)) == at(0)


seconds = st.integers(-200, 1200).map(lambda count: timedelta(seconds=count))


@given(st.lists(st.tuples(seconds, st.booleans()), max_size=40))
def test_time_never_runs_backwards_and_never_stands_still_while_the_clock_goes(steps):
    time, clock, newest = SteadyTime(), at(0), at(0)
    before = time(clock, newest)
    for step, happens in steps:
        clock += step
        now = time(clock, newest)
        assert now >= before
        # Only when the clock has just caught up is it exactly as late as before.
        assert now > before or step <= timedelta(0) or now == clock
        before, newest = now, now if happens else newest
