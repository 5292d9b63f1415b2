"""How long the paper roll lasts, from the millimetres that were printed and the pace of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# The last hour tells more than the morning's rush, but a handful of slips tells nothing.
WINDOW = timedelta(hours=1)
FEWEST_SLIPS = 5
SHORTEST_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Roll:
    """The paper in a printer: its length and what was used since it was put in."""

    length_mm: float
    used_mm: float
    warn_below_mm: float
    sensor_near_end: bool = False

    @property
    def left_mm(self) -> float:
        """Never below nothing: rolls are cut generously."""
        return max(self.length_mm - self.used_mm, 0.0)

    @property
    def is_low(self) -> bool:
        """By the printer's own sensor, or by what was counted (many have only an end sensor)."""
        return self.sensor_near_end or self.left_mm < self.warn_below_mm


def lasts_until(
    roll: Roll, printed: Sequence[tuple[datetime, float]], now: datetime
) -> datetime | None:
    """When the roll will be used up at the pace of the last hour; None while nobody can tell.

    `printed` are the slips of today: when each came out, and its millimetres.
    """
    recent = [(at, length) for at, length in printed if now - at <= WINDOW]
    if len(recent) < FEWEST_SLIPS:
        return None
    span = max(now - min(at for at, _ in recent), SHORTEST_WINDOW)
    pace = sum(length for _, length in recent) / span.total_seconds()
    return now + timedelta(seconds=roll.left_mm / pace) if pace > 0 else None
