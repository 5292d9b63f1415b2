"""Time that never runs backwards for the people who wait, whatever the machine's clock does."""

from __future__ import annotations

from datetime import datetime, timedelta

# A mini-PC's clock is corrected by seconds or minutes, by an hour if somebody got the time zone
# wrong. More than that means that the later time was the wrong one.
LARGEST_STEP_BACK = timedelta(hours=3)
# While the clock is behind, time goes on at half its speed until the clock has caught up: rests
# end, papers expire, and nobody is sorted in before those who came earlier.
SPEED = 0.5


class SteadyTime:
    """Called with the machine's clock and the instant of the newest event, it says what time it is.

    Remembers only what it said last and since when the clock has been behind; after a restart it
    notices that anew, from the newest event on, and is never before it.
    """

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._clock: datetime | None = None
        self._behind_since: tuple[datetime, datetime] | None = None

    def __call__(self, clock: datetime, newest_event: datetime | None) -> datetime:
        """Never before the newest event or an earlier answer, unless that lies so far ahead that
        it must itself have come from a wrong clock."""
        latest = max(filter(None, (newest_event, self._last)), default=clock)
        if clock >= latest or latest - clock > LARGEST_STEP_BACK:
            self._behind_since = None
            self._last = clock
        else:
            self._last = max(latest, self._slowed(clock, latest))
        self._clock = clock
        return self._last

    def _slowed(self, clock: datetime, latest: datetime) -> datetime:
        went_back = self._clock is None or clock < self._clock
        if self._behind_since is None or went_back:
            self._behind_since = (clock, latest)
        since, then = self._behind_since
        return then + (clock - since) * SPEED
