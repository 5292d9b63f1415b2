"""What the panel beside the calls says about the office, once for each language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from babel.dates import format_skeleton, get_day_names

from queue_server.config import WEEKDAYS, Config
from queue_server.words import ENDONYMS, say, text_direction

DAYS_AHEAD = 14
WHOLE_DAY = ("00:00-24:00",)


@dataclass(frozen=True)
class Line:
    """Some days and what holds for them."""

    days: str
    times: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """The panel in one language."""

    language: str
    direction: str
    endonym: str
    title: str
    how: str
    week: list[Line]
    special: list[Line]


def panel(config: Config, languages: Iterable[str], today: date) -> list[Texts]:
    """The texts of the parts "hours" and "languages"."""
    return [_texts(config, language, today) for language in languages]


def _texts(config: Config, language: str, today: date) -> Texts:
    return Texts(
        language=language,
        direction=text_direction(language),
        endonym=ENDONYMS.get(language, language),
        title=say(language, "Opening hours"),
        how=say(language, "Please take a seat. Your number is shown and announced here."),
        week=_week(config, language),
        special=_special(config, language, today),
    )


def _week(config: Config, language: str) -> list[Line]:
    """Days in a row with the same hours share a line."""
    names = dict(get_day_names("wide", locale=language))
    spans = [tuple(getattr(config.hours, day)) for day in WEEKDAYS]
    groups = groupby(range(len(WEEKDAYS)), key=lambda number: spans[number])
    return [_line(names, list(days), times, language) for times, days in groups]


def _line(names: dict[int, str], days: list[int], times: Sequence[str], language: str) -> Line:
    first, last = names[days[0]], names[days[-1]]
    return Line(first if len(days) == 1 else f"{first} – {last}", _times(times, language))


def _special(config: Config, language: str, today: date) -> list[Line]:
    """Days of the next two weeks that are not like their weekday."""
    soon = today + timedelta(days=DAYS_AHEAD)
    texts = {date.fromisoformat(day): spans for day, spans in config.hours.special.items()}
    texts |= {day: [] for day in config.hours.closed}
    return [
        Line(format_skeleton("MMMEd", day, locale=language), _times(spans, language))
        for day, spans in sorted(texts.items())
        if today <= day <= soon
    ]


def _times(spans: Sequence[str], language: str) -> tuple[str, ...]:
    if not spans:
        return (say(language, "closed"),)
    if tuple(spans) == WHOLE_DAY:
        return (say(language, "open all day"),)
    return tuple(span.replace(" ", "").replace("-", "–") for span in spans)
