"""Who tries too often waits; nobody waits for ever, and no crowd fills the memory (SEC-8, 10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.throttle import AT_ONCE, Rule, Throttle

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLAIN = Rule(5, MINUTE)
GROWING = Rule(3, 15 * MINUTE, first_wait=timedelta(seconds=2), longest_wait=5 * MINUTE)

pauses = st.lists(st.integers(-5, 200).map(lambda s: timedelta(seconds=s)), max_size=60)
rules = st.sampled_from([PLAIN, GROWING])


def seconds(throttle, *moments):
    """How long a try waits at each of these moments (s)."""
    return [throttle.take("anna", START + timedelta(seconds=s)).total_seconds() for s in moments]


def test_five_in_a_minute_are_free_and_the_sixth_waits_for_the_first_to_be_a_minute_old():
    assert seconds(Throttle(PLAIN), 0, 1, 2, 3, 4, 10, 59, 60, 60) == [0, 0, 0, 0, 0, 50, 1, 0, 1]


def test_each_failure_beyond_the_free_ones_doubles_the_wait():
    throttle = Throttle(GROWING)
    assert seconds(throttle, 0, 0, 0) == [0, 0, 0]
    assert seconds(throttle, 0, 2, 2, 6, 6, 14, 14) == [2, 0, 4, 0, 8, 0, 16]


def test_after_a_quiet_time_everything_is_free_again():
    throttle = Throttle(GROWING)
    seconds(throttle, 0, 0, 0, 2, 6, 14)
    assert seconds(throttle, 1000, 1000, 1000) == [0, 0, 0]


def test_a_try_that_was_good_does_not_count():
    throttle = Throttle(PLAIN)
    for _ in range(20):
        assert throttle.take("anna", START) == AT_ONCE
        throttle.give_back("anna")
    throttle.give_back("nobody")


def test_one_who_fails_keeps_nobody_else_waiting():
    throttle = Throttle(PLAIN)
    for _ in range(9):
        throttle.take("mallory", START)
    assert throttle.take("anna", START) == AT_ONCE


@given(rules, pauses)
def test_nobody_is_ever_locked_out(rule, pauses):
    throttle, now = Throttle(rule), START
    for pause in pauses:
        now += pause
        wait = throttle.take("anna", now)
        assert AT_ONCE <= wait <= max(rule.span, rule.longest_wait)
        if wait:
            now += wait  # enough, though old failures that are forgotten may make it less
            assert throttle.take("anna", now) == AT_ONCE


@given(pauses)
def test_no_minute_lets_more_than_five_through(pauses):
    throttle, now, let_through = Throttle(PLAIN), START, []
    for pause in pauses:
        now += abs(pause)
        if throttle.take("anna", now) == AT_ONCE:
            let_through.append(now)
    for first, sixth in zip(let_through, let_through[5:], strict=False):
        assert sixth - first >= MINUTE


def test_a_clock_that_is_set_back_locks_nobody_out():
    throttle = Throttle(PLAIN)
    assert seconds(throttle, *[3600] * 5, 3600, 0) == [0, 0, 0, 0, 0, 60, 0]


@pytest.mark.parametrize("crowd", [99, 100, 5000])
def test_a_crowd_of_names_does_not_fill_the_memory(crowd):
    throttle = Throttle(PLAIN, most_keys=100)
    for name in range(crowd):
        throttle.take(name, START)
    assert len(throttle) == min(crowd, 100)
