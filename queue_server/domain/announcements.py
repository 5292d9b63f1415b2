"""What one area of loudspeakers says, one thing after the other (standards S-3, S-4, S-5).

The picture on the wall never waits for this. The first announcement of a call always goes before
repetitions and further languages, and is never dropped to save time; under load it is only made
short. Instants are seconds of a steady clock that is passed in.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

# S-4: more is said of a call only while it is this young: later the client is on the way or gone.
EXTRA_SECONDS = 25.0
# S-4: with so many others waiting behind it, an announcement is made short.
SHORT_FROM = 2
# A gong opens each batch; what follows within this pause belongs to the batch (S-3).
BATCH_SECONDS = 0.5


class Kind(StrEnum):
    """Why something is said."""

    FIRST = "first"
    REPEAT = "repeat"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the loudspeakers need it; `at` is when the clerk made it."""

    ticket_id: int
    number: str
    counter: str
    attempt: int
    at: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say: `short` without the words around the number, `gong` with a gong before."""

    call: Call
    kind: Kind
    language: str
    short: bool = False
    gong: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    call: Call
    kind: Kind
    language: str


@dataclass(slots=True)
class Announcements:
    """The serial queue of one area. `languages`: the first is said at once, others as extras."""

    languages: tuple[str, ...]
    repeat: bool = True
    playing: Utterance | None = None
    _firsts: deque[_Wish] = field(default_factory=deque)
    _extras: deque[_Wish] = field(default_factory=deque)
    _fell_silent_at: float = float("-inf")
    _playing_is_over: bool = False

    def add(self, call: Call) -> None:
        """Say this call, and no more of an earlier call of the same client (S-5)."""
        self.drop(call.ticket_id)
        first, *others = self.languages
        self._firsts.append(_Wish(call, Kind.FIRST, first))
        if self.repeat:
            self._extras.append(_Wish(call, Kind.REPEAT, first))
        self._extras.extend(_Wish(call, Kind.LANGUAGE, other) for other in others)

    def drop(self, ticket_id: int) -> None:
        """The client has come, has gone or is called anew: nothing is said late (S-5)."""
        if self.playing is not None and self.playing.call.ticket_id == ticket_id:
            self._playing_is_over = True
        self._firsts = deque(w for w in self._firsts if w.call.ticket_id != ticket_id)
        self._extras = deque(w for w in self._extras if w.call.ticket_id != ticket_id)

    def forget_before(self, at: float) -> list[Call]:
        """Give up calls older than `at`, when nobody could say them; which calls were not heard."""
        unheard = [wish.call for wish in self._firsts if wish.call.at < at]
        self._firsts = deque(w for w in self._firsts if w.call.at >= at)
        self._extras = deque(w for w in self._extras if w.call.at >= at)
        return unheard

    def next(self, now: float) -> Utterance | None:
        """What to say now, which is `playing` from here on; None while something is, or at rest."""
        if self.playing is not None:
            return None
        wish = self._take(now)
        if wish is None:
            return None
        is_first = wish.kind is Kind.FIRST
        short = is_first and len(self._firsts) >= SHORT_FROM
        opens_batch = now - self._fell_silent_at > BATCH_SECONDS
        # A call that is repeated by the clerk rings again, in a batch too.
        gong = opens_batch or (is_first and wish.call.attempt > 1)
        self.playing = Utterance(wish.call, wish.kind, wish.language, short, gong)
        self._playing_is_over = False
        return self.playing

    def finish(self, now: float) -> None:
        """What was playing has been said."""
        self.playing = None
        self._fell_silent_at = now

    def say_again(self) -> None:
        """What was playing was perhaps not heard: it is next, if it was the first of its call and
        that call still stands."""
        unheard, self.playing = self.playing, None
        if unheard is not None and unheard.kind is Kind.FIRST and not self._playing_is_over:
            self._firsts.appendleft(_Wish(unheard.call, unheard.kind, unheard.language))

    def waiting(self) -> int:
        """How many calls have not been announced yet."""
        return len(self._firsts)

    def _take(self, now: float) -> _Wish | None:
        if self._firsts:
            return self._firsts.popleft()
        while self._extras:
            wish = self._extras.popleft()
            if now - wish.call.at < EXTRA_SECONDS:
                return wish
        return None
