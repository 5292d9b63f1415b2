"""Time that never runs backwards for the people who wait, whatever the machine's clock does."""

from __future__ import annotations

from datetime import datetime, timedelta

# A mini-PC's clock is corrected by seconds or minutes, by an hour if somebody got the time zone
# wrong. More than that means that the later time was the wrong one.
LARGEST_STEP_BACK = timedelta(hours=3)


def steady(clock: datetime, newest_event: datetime | None) -> datetime:
    """The instant a step happens: never before the newest event, unless that one lies so far
    ahead that it must itself have been written with a wrong clock.

    Without this a client who comes after the clock was set back would get a place before
    everybody who is waiting.
    """
    if newest_event is None or clock >= newest_event:
        return clock
    return newest_event if newest_event - clock <= LARGEST_STEP_BACK else clock
