"""Who is connected: socket by socket, with what let it in and the counter it works at."""

from __future__ import annotations

from collections.abc import Callable

from .identity import Doorkeeper, Principal
from .waiting_area import WaitingArea

# A wall reports every 15 s and on changes, and answers twice for each thing it says.
PACE_SECONDS = 10.0
MOST = 100


class Guests(dict[str, Principal | None]):
    """Socket → who it is; None for a phone, which has only its ticket's token."""

    def devices(self) -> set[int]:
        """The tokens of all pages that are here."""
        found = (guest.token_id for guest in self.values() if guest)
        return {token_id for token_id in found if token_id is not None}

    def with_token(self, token_id: int) -> list[str]:
        """The sockets that came in with this token."""
        return [sid for sid, guest in self.items() if guest and guest.token_id == token_id]

    def no_longer_in(self, keeper: Doorkeeper) -> list[str]:
        """The sockets of those whose token was revoked or who logged out, maybe in another
        process."""
        answers: dict[Principal, bool] = {}
        for guest in {guest for guest in self.values() if guest}:
            answers[guest] = keeper.is_still_in(guest)
        return [sid for sid, guest in self.items() if guest and not answers[guest]]


class Pace:
    """How fast a socket talks: more than MOST messages within PACE_SECONDS is no wall of ours."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._counts: dict[str, tuple[float, int]] = {}

    def is_too_fast(self, sid: str) -> bool:
        """Counts one message."""
        now = self._steady()
        since, times = self._counts.get(sid, (now, 0))
        if now - since > PACE_SECONDS:
            since, times = now, 0
        self._counts[sid] = (since, times + 1)
        return times >= MOST

    def forget(self, sid: str) -> None:
        """The socket is gone."""
        self._counts.pop(sid, None)


class AtWork:
    """Which counter is worked at in which window, as far as open sockets tell."""

    def __init__(self, area: WaitingArea) -> None:
        self._area = area
        self._windows: dict[str, str] = {}  # what a counter page calls itself, by socket
        self._counters: dict[str, str] = {}  # the counter it shows, by socket

    def name(self, sid: str, window: str) -> None:
        """The page behind this socket calls itself so."""
        self._windows[sid] = window

    def arrive(self, sid: str, counter: str) -> bool:
        """A clerk's page shows its counter; True when that is news."""
        window = self._windows.get(sid)
        if window is None:
            return False
        self._counters[sid] = counter
        return self._area.arrive(counter, window)

    def leave(self, sid: str) -> bool:
        """The socket is gone; True when its counter is unattended from now on."""
        window, counter = self._windows.pop(sid, None), self._counters.pop(sid, None)
        # The window may have come back on a new socket before its old one was given up.
        is_back = any(
            self._windows.get(other) == window and self._counters[other] == counter
            for other in self._counters
        )
        return bool(window and counter and not is_back and self._area.leave(counter, window))
