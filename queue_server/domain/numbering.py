"""The numbers on the tickets. From a counter that only the issue moves, never from row ids:
SQLite may hand out an id twice after a deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class SeriesFull(Exception):
    """Every number of the series belongs to a client who is still here."""


@dataclass(frozen=True, slots=True)
class Series:
    """A run of numbers, e.g. A001 … A999, restarted each business day."""

    key: str
    prefix: str
    first: int
    last: int

    def label(self, value: int) -> str:
        """The number as printed and shown: as wide as the last one, so that signs line up."""
        return f"{self.prefix}{value:0{max(3, len(str(self.last)))}d}"

    def following(self, value: int | None) -> int:
        """The value after `value`; the first one at the start of the day and after the last."""
        if value is None or not self.first <= value < self.last:
            return self.first
        return value + 1


def next_value(series: Series, last_given: int | None, is_alive: Callable[[str], bool]) -> int:
    """The next free value: skips numbers of clients who are still here.

    Raises SeriesFull when a whole round finds none.
    """
    value = series.following(last_given)
    for _ in range(series.last - series.first + 1):
        if not is_alive(series.label(value)):
            return value
        value = series.following(value)
    raise SeriesFull(series.key)
