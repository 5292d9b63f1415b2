"""How long the roll lasts."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.paper import FEWEST_SLIPS, Roll, lasts_until
from tests.domain.rooms import at


def printed(*minutes, length=115.0):
    return [(at(minute), length) for minute in minutes]


def test_at_a_steady_pace_the_roll_lasts_as_long_as_its_paper():
    roll = Roll(80_000, 80_000 - 115 * 60, 8_000)
    a_slip_a_minute = printed(*range(1, 61))
    assert lasts_until(roll, a_slip_a_minute, at(60)) - at(60) == timedelta(minutes=59)


def test_a_handful_of_slips_tells_nothing():
    assert lasts_until(Roll(80_000, 0, 8_000), printed(1, 2, 3, 4), at(5)) is None


def test_the_rush_of_the_morning_does_not_count_at_noon():
    roll, rush = Roll(80_000, 10_000, 8_000), printed(*[1] * 60)
    assert lasts_until(roll, rush, at(2)) is not None
    assert lasts_until(roll, rush, at(200)) is None


def test_the_printers_own_sensor_is_believed_and_without_one_what_was_counted():
    assert Roll(80_000, 0, 8_000, sensor_near_end=True).is_low
    assert Roll(80_000, 72_001, 8_000).is_low
    assert not Roll(80_000, 72_000, 8_000).is_low


def test_a_roll_that_was_longer_than_it_should_be_is_never_less_than_empty():
    assert Roll(80_000, 90_000, 8_000).left_mm == 0


@given(
    st.lists(st.tuples(st.integers(0, 600), st.floats(0, 300)), max_size=60),
    st.floats(0, 100_000),
    st.integers(0, 700),
)
def test_the_forecast_is_never_in_the_past_and_never_an_error(slips, used, now):
    found = lasts_until(
        Roll(80_000, used, 8_000), [(at(m), length) for m, length in slips if m <= now], at(now)
    )
    assert found is None or found >= at(now)
    if len(slips) < FEWEST_SLIPS:
        assert found is None
