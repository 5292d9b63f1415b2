"""Remembers that the server is away: longer pauses each time, and one line in the log."""

from __future__ import annotations

import logging
import threading

log = logging.getLogger(__name__)

PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0)


class Outage:
    """`wait` at each failure, `end` at each success."""

    def __init__(self, pauses: tuple[float, ...] = PAUSES_SECONDS) -> None:
        self._pauses = pauses
        self._failures = 0

    def wait(self, reason: Exception, stopping: threading.Event) -> None:
        """Pause before the next try; ends at once when we are stopping."""
        if self._failures == 0 and not stopping.is_set():
            log.warning("the server is away, trying again until it is back: %s", reason)
        pause = self._pauses[min(self._failures, len(self._pauses) - 1)]
        self._failures += 1
        stopping.wait(pause)

    def end(self) -> None:
        if self._failures:
            log.info("the server is back")
        self._failures = 0
