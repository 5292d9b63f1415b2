"""Moves the paper as slowly as a real printer does. Tells how long that takes and never waits."""

from __future__ import annotations

import math
from collections.abc import Callable

INSTANTLY = math.inf
STANDS_STILL = 0.0
NOTHING_MM = 1e-6  # what rounding leaves over would otherwise be waited for, and never be over


class PaperMotor:
    """Counts millimetres against a clock; who wants to print asks for the time that is left."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rest_mm = 0.0
        self._seen_at = clock()

    def pull(self, mm: float) -> None:
        """So much more paper has to come out."""
        self._rest_mm += mm

    def run(self, speed: float) -> None:
        """Let the paper move for the time that has passed, at this speed in mm/s."""
        now = self._clock()
        passed, self._seen_at = now - self._seen_at, now
        if speed == INSTANTLY:
            self._rest_mm = 0.0
        else:
            self._rest_mm = max(0.0, self._rest_mm - passed * speed)

    def seconds_left(self, speed: float) -> float:
        """Until the paper stands still; 0 when it does."""
        self.run(speed)
        return self._rest_mm / speed if self._rest_mm > NOTHING_MM else 0.0

    def stop(self) -> None:
        """Nothing more comes out of what was asked for."""
        self._rest_mm = 0.0
