"""Numbers: restart, wrap, and never two living clients with the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.numbering import Series, SeriesFull, next_value

MAIN = Series("main", "A", 1, 999)


def nobody(_: str) -> bool:
    return False


def test_the_day_begins_with_the_first_number():
    """zms 5-1"""
    assert MAIN.label(next_value(MAIN, None, nobody)) == "A001"


def test_after_the_last_number_comes_the_first_again():
    """zms 5-2"""
    assert next_value(MAIN, 999, nobody) == 1


def test_a_number_of_a_client_who_is_still_here_is_skipped():
    """zms 5-2"""
    assert next_value(MAIN, 999, {"A001", "A002"}.__contains__) == 3


def test_a_series_that_was_shortened_starts_again():
    assert next_value(Series("main", "A", 1, 50), 400, nobody) == 1


def test_a_full_series_says_so():
    with pytest.raises(SeriesFull):
        next_value(Series("s", "", 1, 3), 2, lambda number: True)


def test_numbers_are_as_wide_as_the_last_one():
    assert Series("s", "", 1, 5000).label(7) == "0007"


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_a_free_number_is_always_found_and_is_never_alive(first, size, data):
    series = Series("s", "B", first, first + size - 1)
    labels = [series.label(value) for value in range(series.first, series.last + 1)]
    alive = data.draw(st.sets(st.sampled_from(labels), max_size=size - 1))
    given_last = data.draw(st.none() | st.integers(0, 80))
    value = next_value(series, given_last, alive.__contains__)
    assert series.first <= value <= series.last
    assert series.label(value) not in alive
