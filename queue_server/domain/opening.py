"""When tickets are given. All rules work on the office's local time, passed in with its zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 60  # over any holidays with closing days in a row
MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `start` until just before `end`; an `end` of midnight is the end of the day."""

    start: time
    end: time

    def covers(self, local: time) -> bool:
        """Whether this local time of day is in it."""
        return self.start <= local and (local < self.end or self.end == MIDNIGHT)

    def opens(self, day: date, zone: ZoneInfo) -> datetime:
        """The instant (UTC) this span begins on `day`."""
        return datetime.combine(day, self.start, zone).astimezone(UTC)

    def closes(self, day: date, zone: ZoneInfo) -> datetime:
        """The instant (UTC) this span ends on `day`."""
        end_day = day + timedelta(days=1) if self.end == MIDNIGHT else day
        return datetime.combine(end_day, self.end, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The weekly hours. `weekly` maps Monday = 0 … Sunday = 6 to spans; a missing day is closed."""

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    last_ticket_before_closing: timedelta = timedelta(0)
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    """Days with other hours than their weekday; no spans = closed that day."""

    def business_day(self, now: datetime) -> date:
        """The office's local date: at 23:30 UTC in summer it is already tomorrow in Berlin."""
        return now.astimezone(self.zone).date()

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The spans of one local day, earliest first."""
        return self.special.get(day, self.weekly.get(day.weekday(), ()))

    def closing(self, now: datetime) -> datetime | None:
        """The instant the office closes if it is open at `now`, else None."""
        day = self.business_day(now)
        for span in self.spans_on(day):
            # Compared as instants, not as wall clock times: on the night of the clock
            # change a local time exists twice or not at all.
            if span.opens(day, self.zone) <= now < span.closes(day, self.zone):
                return span.closes(day, self.zone)
        return None

    def why_no_tickets(self, now: datetime) -> str | None:
        """None while tickets are given, else "closed" or "last_ticket_passed"."""
        closing = self.closing(now)
        if closing is None:
            return "closed"
        if now >= closing - self.last_ticket_before_closing and not self._goes_on(closing):
            return "last_ticket_passed"
        return None

    def left_before_closing(self, now: datetime) -> timedelta | None:
        """How long clients can still be served today; None when nothing ends (or nothing is open).

        An office that goes on after midnight has no last ticket.
        """
        closing = self.closing(now)
        return None if closing is None or self._goes_on(closing) else closing - now

    def next_opening(self, now: datetime) -> datetime | None:
        """The next instant (UTC) after `now` at which a span begins; None if there is none soon."""
        today = self.business_day(now)
        days = (today + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS + 1))
        begins = (span.opens(day, self.zone) for day in days for span in self.spans_on(day))
        return min((instant for instant in begins if instant > now), default=None)

    def _goes_on(self, closing: datetime) -> bool:
        # "00:00-24:00" every day has no last ticket: the next span begins as this one ends.
        return self.closing(closing) is not None


def is_too_much(people: int, minutes_each: float, counters: int, left: timedelta) -> bool:
    """Whether one more client could not be served before closing: the last ticket by load.

    `people` wait already, each takes `minutes_each` at one of `counters` (at least one).
    """
    return timedelta(minutes=(people + 1) * minutes_each / max(counters, 1)) > left


def parse_span(text: str) -> Span:
    """Read "08:00-12:00"; "00:00-24:00" is the whole day. Raises ValueError with a sentence."""
    start_text, dash, end_text = text.partition("-")
    if not dash:
        raise ValueError(f'"{text}" is not a span like "08:00-12:00"')
    start, end = _clock_time(start_text), _clock_time(end_text)
    if start == 24 * 60 or start >= end:
        raise ValueError(f'"{text}" must end after it begins')
    return Span(_as_time(start), _as_time(end))


def parse_time_of_day(text: str) -> tuple[Span, ...]:
    """Read a span that may go over midnight: "20:00-06:00" is an evening and a morning.

    Raises ValueError with a sentence.
    """
    start, dash, end = (part.strip() for part in text.partition("-"))
    if not (dash and start > end > ""):
        return (parse_span(text),)
    evening = parse_span(f"{start}-24:00")
    return (evening,) if end == "00:00" else (evening, parse_span(f"00:00-{end}"))


def _clock_time(text: str) -> int:
    """Minutes since midnight of "HH:MM", where 24:00 is allowed."""
    hours, colon, minutes = text.strip().partition(":")
    well_formed = colon and len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()
    if not well_formed or int(minutes) > 59 or int(hours) * 60 + int(minutes) > 24 * 60:
        raise ValueError(f'"{text.strip()}" is not a time of day like "08:00"')
    return int(hours) * 60 + int(minutes)


def _as_time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
