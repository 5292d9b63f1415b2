"""What became of a print job, and how a printer is between two. "Sent" is not "printed"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["printed", "not_printed", "unknown"]


@dataclass(frozen=True)
class Outcome:
    """`not_printed` is certain and may be tried again; `unknown` is for a person to settle."""

    state: State
    reason: str | None = None
    near_end: bool = False
    late_slip_possible: bool = False  # the printer may still hold the job and print it later
    millimetres: float = 0.0  # of paper that is gone, or may be


def printed(near_end: bool = False) -> Outcome:
    return Outcome("printed", near_end=near_end)


def not_printed(reason: str) -> Outcome:
    return Outcome("not_printed", reason)


def unknown(reason: str, late_slip_possible: bool = False) -> Outcome:
    return Outcome("unknown", reason, late_slip_possible=late_slip_possible)


@dataclass(frozen=True)
class Condition:
    """`unknown` is a printer that can't tell, or doesn't; slips are sent to it all the same."""

    state: Literal["ready", "trouble", "unknown"]
    reason: str | None = None
    near_end: bool = False


def trouble(reason: str) -> Condition:
    return Condition("trouble", reason)
