"""Counters: open, paused, closed, and which browser window works there."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..domain.events import Kind
from .frame import PROGRAM, By, Frame, Step

GRACE = timedelta(seconds=10)

COUNTER_EVENTS = {
    "open": Kind.COUNTER_OPENED,
    "paused": Kind.COUNTER_PAUSED,
    "closed": Kind.COUNTER_CLOSED,
}


class Counters(Frame):
    """A counter belongs to one window at a time, so that two people never steer it at once."""

    def set_counter(self, counter: str, state: str, *, by: By = PROGRAM) -> None:
        """Open, pause or close a counter; the client who is there stays there.

        Raises Unknown, or Refused: counter_off, taken_over.
        """
        self._counter(counter)
        with self._step() as step:
            if state == "open":
                self._working_counter(counter, step)
            self._check_window(by)
            if self.store.counters.set_state(counter, state):
                kind = COUNTER_EVENTS[state]
                event = self.store.events.add(kind, step.now, counter=counter, by=by.name)
                step.events.append(event)

    def arrive(self, counter: str, window: str) -> bool:
        """A window shows this counter; it works here if no other does. Raises Unknown.

        One that has just gone may only be reloading, or the server was restarted: it has some
        seconds to come back before another may take its place without being asked.
        """
        self._counter(counter)
        with self._step() as step:
            before = self.store.counters.window(counter)
            is_ours = self.store.counters.claim_window(counter, window, step.now - GRACE)
            if is_ours and before not in (None, window):
                self._log_take_over(step, counter, By("counter", counter))
            return is_ours

    def leave(self, counter: str, window: str) -> bool:
        """The window has gone: closed, crashed or without network. True if it worked here.

        Its client stays at the counter; after a while the reception sees it.
        """
        with self._step() as step:
            return self.store.counters.leave_window(counter, window, step.now)

    def leave_all(self) -> None:
        """The server has just started: no window has come back yet."""
        with self._step() as step:
            self.store.counters.leave_all_windows(step.now)

    def take_over(self, counter: str, window: str, *, by: By = PROGRAM) -> None:
        """Work here from now on, although another window did. Raises Unknown."""
        self._counter(counter)
        with self._step() as step:
            if self.store.counters.window(counter) != window:
                self._log_take_over(step, counter, by)
            self.store.counters.set_window(counter, window)

    def _log_take_over(self, step: Step, counter: str, by: By) -> None:
        kind = Kind.COUNTER_TAKEN_OVER
        step.events.append(self.store.events.add(kind, step.now, counter=counter, by=by.name))

    def unattended(self) -> dict[str, datetime]:
        """Counters that are open or have a client, but whose window is gone for too long."""
        since = self.now() - timedelta(minutes=self.calls.unattended_minutes)
        busy = {t.counter for t in self.store.tickets.at_counters()}
        states = self.store.counters.states()
        return {
            key: left
            for key, left in self.store.counters.left_since().items()
            if left <= since and (key in busy or states.get(key) == "open")
        }
