"""Says no to who tries too often. In memory only: an address is written nowhere (DP-7)."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator, Hashable
from contextlib import contextmanager
from datetime import timedelta

from .domain.throttle import Rule, Throttle
from .refusals import Refused
from .waiting_area import Clock

# Failed log-ins of one name from one address: five are free, then 2 s, 4 s … 5 min (SEC-8).
LOG_IN = Rule(5, timedelta(minutes=15), first_wait=timedelta(seconds=2))
# From one address, whatever the names: each try costs the server a slow hash.
LOG_INS_HERE = Rule(60, timedelta(minutes=5))
WRONG_CODES = Rule(5, timedelta(minutes=1))  # typed by one person (SEC-10)
# One address may be a whole house behind one proxy: each screen asks once in ten minutes.
NEW_CODES = Rule(30, timedelta(minutes=10))
LINK_MISSES = Rule(20, timedelta(minutes=1))  # from one address


class Limit:
    """One rule with its counts. Safe to use from several threads or greenlets."""

    def __init__(self, rule: Rule, clock: Clock) -> None:
        self._throttle = Throttle(rule)
        self._clock = clock
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> None:
        """Count a try. Raises Refused: too_many, with `retry_after` in seconds."""
        with self._lock:
            wait = self._throttle.take(key, self._clock())
        if wait:
            raise Refused("too_many", retry_after=math.ceil(wait.total_seconds()))

    @contextmanager
    def of_failures(self, key: Hashable, *harmless: str) -> Generator[None, None, None]:
        """Only a try that raises counts, and not with these `harmless` codes. It is counted first,
        so that a hundred at once are not let through together. Raises as `take` does."""
        self.take(key)
        try:
            yield
        except Refused as refusal:
            if refusal.code not in harmless:
                raise
            self._give_back(key)
            raise
        self._give_back(key)

    def _give_back(self, key: Hashable) -> None:
        with self._lock:
            self._throttle.give_back(key)
