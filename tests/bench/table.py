"""The lines of the report: what we measured, beside what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line; `is_met` is None where nothing is promised."""

    what: str
    ours: str
    beside: str
    ratio: str
    bar: str
    is_met: bool | None = None

    def __str__(self) -> str:
        mark = "   <-- MISSED" if self.is_met is False else ""
        return (
            f"{self.what:<46} {self.ours:>12} {self.beside:>12} {self.ratio:>8}   {self.bar}{mark}"
        )


def heading(what: str, beside: str) -> Row:
    """The first line of a part."""
    return Row(what, "ours", beside, "ratio", "bar")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def times(ours: float, beside: float) -> str:
    return f"{ours / beside:.2f} x"
