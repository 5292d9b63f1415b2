"""Looks at the printer between the jobs and keeps the server informed, in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time

from .outcome import Condition, Outcome
from .printers import Printer
from .server_link import Refused, ServerAway, ServerLink

log = logging.getLogger(__name__)

SIGN_OF_LIFE_SECONDS = 10.0
LONGEST_FAREWELL_SECONDS = 1.0


class Watch:
    """Rests until it is given a printer to `follow`, and again when that is None."""

    def __init__(self, link: ServerLink, can_shape: bool) -> None:
        self._link = link
        self._can_shape = can_shape
        self._printer: Printer | None = None
        self._interval = 0.0
        self._seen: Condition | None = None
        self._told: Condition | None = None
        self._told_at = 0.0
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printer watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End. A call to the server that hangs is left behind."""
        self._stopping.set()
        self._news.set()
        self._thread.join(LONGEST_FAREWELL_SECONDS)

    def follow(self, printer: Printer | None, interval: float = 0.0) -> None:
        """Look at this printer every `interval` seconds, and now."""
        self._printer, self._interval = printer, interval
        self._seen = self._told = None
        self._news.set()

    def note(self, outcome: Outcome) -> None:
        """A job has ended: when that is news about the printer, look at once."""
        was_ready = self._seen is not None and self._seen.state == "ready"
        if outcome.state != "printed" or not was_ready:
            self.look_now()

    def look_now(self) -> None:
        """And not only when the interval is over."""
        self._news.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            self._news.clear()
            self._look()
            pause = began + self._interval - time.monotonic()
            self._news.wait(max(0.0, pause) if self._printer else None)

    def _look(self) -> None:
        printer = self._printer
        if printer is None:
            return
        try:
            self._seen = printer.look() or self._seen
        except Exception:
            # A mistake of ours must not end the looking.
            log.exception("the printer can't be looked at")
        if self._seen is not None and printer is self._printer:
            self._tell(self._seen)

    def _tell(self, seen: Condition) -> None:
        now = time.monotonic()
        if seen == self._told and now - self._told_at < SIGN_OF_LIFE_SECONDS:
            return
        if seen != self._told and self._told is not None:
            log.info("the printer is %s %s", seen.state, seen.reason or "")
        try:
            self._link.tell_state(seen, self._can_shape)
        except ServerAway:
            self._told = None  # told as soon as it is back
            return
        except Refused as refusal:
            log.debug("the server does not want to know of the printer: %s", refusal)
        self._told, self._told_at = seen, now
