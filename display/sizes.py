"""How big letters must be on a screen, from its size and the farthest seat (standards 2.1)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from queue_server.config import DisplaySection

# Angle at which a capital letter must appear to the farthest seat (EN 301 549, 5.1.4).
ANGLE_DEGREES = 0.7
# Least height of a capital letter for what is read in passing (ASR A6): distance / 155.
DISTANCE_PER_CAPITAL = 155
CM_PER_INCH = 2.54


@dataclass(frozen=True)
class Needs:
    """Heights of capital letters in cm; the page turns them into its own pixels."""

    number_cm: float
    history_cm: float
    diagonal_cm: float

    @classmethod
    def of(cls, display: DisplaySection) -> Needs:
        """What this display's farthest seat needs."""
        distance_cm = 100 * display.viewing_distance_m
        return cls(
            number_cm=round(distance_cm * math.tan(math.radians(ANGLE_DEGREES)), 3),
            history_cm=round(distance_cm / DISTANCE_PER_CAPITAL, 3),
            diagonal_cm=round(display.diagonal_inch * CM_PER_INCH, 2),
        )
