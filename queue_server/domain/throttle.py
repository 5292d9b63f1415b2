"""How often somebody may try. The instant is passed in; who tries is a key of the caller's."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

AT_ONCE = timedelta(0)
MOST_KEYS = 1000
DOUBLINGS = 20  # remembered beyond the free tries; by then each wait is the longest


@dataclass(frozen=True, slots=True)
class Rule:
    """`tries` within `span` are free. Who has had them waits until the oldest is `span` ago; or,
    with `first_wait`, so long since the last one, twice as long after each more, at most
    `longest_wait`. Nobody is ever locked out for good (SEC-8)."""

    tries: int
    span: timedelta
    first_wait: timedelta | None = None
    longest_wait: timedelta = timedelta(minutes=5)


class Throttle:
    """Counts tries by key; of more than `most_keys` the longest silent one is forgotten."""

    def __init__(self, rule: Rule, most_keys: int = MOST_KEYS) -> None:
        self._rule = rule
        self._most_keys = most_keys
        self._tries: OrderedDict[Hashable, deque[datetime]] = OrderedDict()

    def take(self, key: Hashable, now: datetime) -> timedelta:
        """Zero: the try is let through and counted. Else how long to wait; nothing is counted."""
        recent = self._recent(key, now)
        wait = self._wait(recent, now)
        if wait == AT_ONCE:
            recent.append(now)
            self._keep(key, recent)
        return wait

    def give_back(self, key: Hashable) -> None:
        """The newest try shall not count: it was a good one."""
        if tries := self._tries.get(key):
            tries.pop()

    def __len__(self) -> int:
        return len(self._tries)

    def _recent(self, key: Hashable, now: datetime) -> deque[datetime]:
        tries = self._tries.get(key) or deque(maxlen=self._rule.tries + DOUBLINGS)
        if tries and tries[-1] > now:  # the clock was set back: nobody waits for it to catch up
            tries.clear()
        while tries and now - tries[0] >= self._rule.span:
            tries.popleft()
        return tries

    def _wait(self, recent: deque[datetime], now: datetime) -> timedelta:
        rule, beyond = self._rule, len(recent) - self._rule.tries
        if beyond < 0:
            return AT_ONCE
        if rule.first_wait is None:
            due = recent[beyond] + rule.span
        else:
            due = recent[-1] + min(rule.first_wait * 2**beyond, rule.longest_wait)
        return max(due - now, AT_ONCE)

    def _keep(self, key: Hashable, tries: deque[datetime]) -> None:
        self._tries[key] = tries
        self._tries.move_to_end(key)
        if len(self._tries) > self._most_keys:
            self._tries.popitem(last=False)
