"""The test of sound before the office opens (S-10): who is there hears whether all walls ring."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..domain.opening import OpeningHours


class MorningTest:
    """Due once before each opening of a day; not for one that a start of the server came after."""

    def __init__(self, now: datetime) -> None:
        self._looked_at = now

    def is_due(self, hours: OpeningHours, minutes: int, now: datetime) -> bool:
        """Whether the moment `minutes` before the day's first opening came since the last look.

        0 minutes: never. A clock that was set back does not ring a second time.
        """
        before, self._looked_at = self._looked_at, max(now, self._looked_at)
        spans = hours.spans_on(hours.business_day(now))
        if not minutes or not spans:
            return False
        moment = spans[0].opens(hours.business_day(now), hours.zone) - timedelta(minutes=minutes)
        return before < moment <= now
