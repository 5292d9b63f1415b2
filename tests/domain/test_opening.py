"""Opening hours, last tickets, and the two nights on which the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.opening import OpeningHours, is_too_much, parse_span, parse_time_of_day

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = 0


def hours(*spans: str, last: int = 0, every_day: bool = False) -> OpeningHours:
    read = tuple(parse_span(text) for text in spans)
    weekly = {day: read for day in range(7)} if every_day else {MONDAY: read}
    return OpeningHours(BERLIN, weekly, timedelta(minutes=last))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-11-23 07:59", "closed"),
        ("2026-11-23 08:00", None),
        ("2026-11-23 11:44", None),
        ("2026-11-23 11:45", "last_ticket_passed"),
        ("2026-11-23 12:00", "closed"),
        ("2026-11-23 14:00", None),
        ("2026-11-24 09:00", "closed"),
    ],
)
def test_tickets_are_given_while_the_office_is_open(moment, why):
    """zms 5-38: the end does not count"""
    assert hours("08:00-12:00", "14:00-17:00", last=15).why_no_tickets(at(moment)) == why


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23 12:30", "2026-11-23 14:00"),
        ("2026-11-23 18:00", "2026-11-30 08:00"),
        ("2026-11-22 23:59", "2026-11-23 08:00"),
    ],
)
def test_a_closed_office_knows_when_it_opens_next(moment, opens):
    week = hours("08:00-12:00", "14:00-17:00")
    assert week.next_opening(at(moment)) == at(opens)


def test_an_office_that_never_opens_says_so():
    assert OpeningHours(BERLIN).next_opening(at("2026-11-23 12:00")) is None


def test_an_office_that_never_closes_has_no_last_ticket():
    always = hours("00:00-24:00", last=30, every_day=True)
    assert always.why_no_tickets(at("2026-11-23 23:59")) is None


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_an_office_that_never_closes_is_open_in_every_minute_of_two_years(minute):
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    assert hours("00:00-24:00", every_day=True).why_no_tickets(moment) is None


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"])
def test_on_the_nights_of_the_clock_change_no_minute_is_both_open_and_closed(night):
    """peers 11-19"""
    week = hours("00:00-03:00", "03:00-24:00", every_day=True)
    begin = at(f"{night} 00:00")
    for minute in range(25 * 60):
        assert week.why_no_tickets(begin + timedelta(minutes=minute)) is None


def test_late_at_night_in_utc_it_is_the_next_day_in_berlin():
    """peers 11-19"""
    assert str(hours().business_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))) == "2026-07-02"


@pytest.mark.parametrize(
    "text", ["8-12", "12:00-08:00", "08:00", "24:00-24:00", "aa:00-12:00", "08:60-09:00"]
)
def test_what_is_no_span_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match='"'):
        parse_span(text)


def december() -> OpeningHours:
    """Open every day from eight to twelve, but not at Christmas, and shorter before it."""
    day = parse_span("08:00-12:00")
    special = {
        date(2026, 12, 23): (parse_span("08:00-10:00"),),
        date(2026, 12, 24): (),
        date(2026, 12, 25): (),
        date(2026, 12, 26): (parse_span("10:00-11:00"),),  # a Saturday, opened once
    }
    return OpeningHours(BERLIN, {day_: (day,) for day_ in range(5)}, special=special)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-12-23 09:59", None),
        ("2026-12-23 10:00", "closed"),
        ("2026-12-24 09:00", "closed"),
        ("2026-12-26 10:30", None),
        ("2026-12-28 09:00", None),
    ],
)
def test_closing_days_and_special_hours_replace_those_of_the_weekday(moment, why):
    """zms 5-38, zms 5-39"""
    assert december().why_no_tickets(at(moment)) == why


def test_the_next_opening_is_after_the_closing_days():
    """zms 5-39"""
    assert december().next_opening(at("2026-12-23 11:00")) == at("2026-12-26 10:00")


@pytest.mark.parametrize(
    ("people", "counters", "left", "too_much"),
    [(0, 1, 8, False), (0, 1, 7, True), (5, 2, 24, False), (5, 2, 23, True), (0, 0, 8, False)],
)
def test_no_more_tickets_when_those_who_wait_fill_the_time_that_is_left(
    people, counters, left, too_much
):
    assert is_too_much(people, 8, counters, timedelta(minutes=left)) == too_much


def test_an_office_that_goes_on_after_midnight_has_no_time_left_to_fill():
    always = hours("00:00-24:00", every_day=True)
    assert always.left_before_closing(at("2026-11-23 23:50")) is None
    week = hours("08:00-12:00")
    assert week.left_before_closing(at("2026-11-23 11:50")) == timedelta(minutes=10)
    assert week.left_before_closing(at("2026-11-23 12:10")) is None


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("07:00-09:00", ["07:00", "08:59"], ["06:59", "09:00", "00:00"]),
        ("20:00-06:00", ["20:00", "23:59", "00:00", "05:59"], ["06:00", "19:59", "12:00"]),
        ("20:00-00:00", ["20:00", "23:59"], ["00:00", "19:59"]),
        ("20:00-24:00", ["20:00", "23:59"], ["00:00"]),
        ("00:00-24:00", ["00:00", "12:00", "23:59"], []),
    ],
)
def test_a_time_of_day_may_go_over_midnight(text, inside, outside):
    """For a wall's night and for quieter hours (HW-21, S-8)"""

    def covers(local):
        return any(span.covers(time.fromisoformat(local)) for span in parse_time_of_day(text))

    assert all(covers(local) for local in inside)
    assert not any(covers(local) for local in outside)


@pytest.mark.parametrize("text", ["", "20:00", "20:00-", "-06:00", "25:00-06:00", "08:00-08:00"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match="."):
        parse_time_of_day(text)
