"""A clock that is set back does not turn the queue around."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.steady_time import LARGEST_STEP_BACK, steady
from tests.domain.rooms import at, instants


def test_a_clock_that_goes_on_is_believed():
    assert steady(at(5), at(3)) == at(5)
    assert steady(at(5), None) == at(5)


def test_a_clock_that_is_set_back_a_little_stands_still_until_it_has_caught_up():
    """peers 11-19"""
    assert steady(at(3), at(60)) == at(60)


def test_a_newest_event_far_ahead_was_written_with_a_wrong_clock():
    assert steady(at(0), at(0) + timedelta(days=400)) == at(0)


@given(instants, st.timedeltas(-LARGEST_STEP_BACK, timedelta(days=1)))
def test_within_the_tolerance_time_never_runs_backwards(newest, step):
    assert steady(newest + step, newest) >= newest
