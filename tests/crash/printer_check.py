"""What must be true when the paper has come to rest: pure, from what was told and what came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

COMPLAINTS = frozenset({"paper_end", "cover_open", "error"})


@dataclass(frozen=True)
class Sheet:
    """A piece of paper. `number` is that of the whole slip on it; None for a scrap."""

    number: str | None
    is_glued: bool = False  # something else is on the same piece
    known_before: str | None = None  # what the server knew of its job when it came out


@dataclass(frozen=True)
class Told:
    """What the server was told of one job."""

    state: str
    reason: str | None


@dataclass(frozen=True)
class Day:
    """Jobs in the order they were asked for, what was told of them, and all paper in its order."""

    numbers: Sequence[str]
    told: Mapping[str, Sequence[Told]]
    sheets: Sequence[Sheet]
    forgets: bool = True  # the printer could always be told to forget, and said so


def complaints(day: Day) -> list[str]:
    """Every lie, as a sentence."""
    return [
        *(words for number in day.numbers for words in _about(number, day)),
        *_about_scraps(day),
        *_about_order(day),
    ]


def _about(number: str, day: Day) -> Iterator[str]:
    told = day.told.get(number, ())
    if len(told) != 1:
        yield f"{number} has {len(told)} results"
        return
    state, reason = told[0].state, told[0].reason
    mine = [sheet for sheet in day.sheets if sheet.number == number]
    allowed = {"printed": (1, 1), "not_printed": (0, 0), "unknown": (0, 1)}[state]
    if not allowed[0] <= len(mine) <= allowed[1]:
        yield f"{number} is {state} ({reason}), and {len(mine)} slips came out"
    if any(sheet.is_glued for sheet in mine):
        yield f"{number} shares its paper with something else"
    is_late = any(sheet.known_before for sheet in mine)
    if is_late and (state != "unknown" or (day.forgets and reason in COMPLAINTS)):
        yield f"{number} came out after it was {state} ({reason})"


def _about_scraps(day: Day) -> Iterator[str]:
    scraps = [sheet for sheet in day.sheets if sheet.number is None]
    unknown = [told for results in day.told.values() for told in results if told.state == "unknown"]
    if len(scraps) > len(unknown):
        yield f"{len(scraps)} scraps, and only {len(unknown)} slips that nobody knows about"


def _about_order(day: Day) -> Iterator[str]:
    came = [sheet.number for sheet in day.sheets if sheet.number and not sheet.known_before]
    asked = [number for number in day.numbers if number in came]
    if came != asked:
        yield f"slips came in the order {came}, and were asked for as {asked}"
