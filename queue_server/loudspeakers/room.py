"""One area of loudspeakers: its queue, its leader, and what is being said at this moment."""

from __future__ import annotations

import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from ..boards import Board
from ..domain.announcements import Announcements, Kind, Utterance
from ..domain.leadership import CAN_SPEAK, Sound, choose
from .walls import Walls

log = logging.getLogger(__name__)

# A wall says "started" at once, and refuses by itself what is older than 1.5 s (voice.js): after
# this time it is certain that it will not speak any more, and another one may.
ANSWER_SECONDS = 2.0
# What is played may end so much later than reckoned.
SLACK_SECONDS = 3.0
# With nobody to say it, a call is given up after this time: later it would call nobody.
UNHEARD_SECONDS = 30.0
# The page's own gong, when no clip is ready.
OWN_GONG_SECONDS = 2.0
TEST_VOLUME_WHEN_MUTED = 30

Send = Callable[[str, str, Board], None]
# Begins anew with each start of the server, never where pages still remember an earlier one.
_ids = count(secrets.randbelow(2**48))


class Sounding(Protocol):
    """One clip of an utterance: `path` under /sounds/, `after` seconds of pause before it."""

    @property
    def path(self) -> str: ...
    @property
    def after(self) -> float: ...
    @property
    def seconds(self) -> float: ...


class Voices(Protocol):
    """Where clips come from (queue_server.speech). Without any the page rings a gong of its own."""

    def sounds(
        self, number: str, counter: str, language: str, *, gong: bool, short: bool
    ) -> Sequence[Sounding]: ...

    def gong(self) -> Sequence[Sounding]: ...


@dataclass(slots=True)
class Playing:
    """What a wall was told to say. Without an utterance it is a test of its sound."""

    id: int
    sid: str
    display: str
    utterance: Utterance | None
    sent_at: float
    seconds: float
    started: bool = False

    @property
    def silent_from(self) -> float:
        """From this moment on the wall is certainly silent, whatever became of it."""
        return self.sent_at + ANSWER_SECONDS + self.seconds


class Room:
    """All instants are seconds of a steady clock. Not safe by itself: Loudspeakers has the lock."""

    def __init__(self, area: str, walls: Walls, voices: Voices, send: Send) -> None:
        self.queue = Announcements(("de",))
        self.leader: str | None = None
        self.said: Counter[str] = Counter()
        """Utterances by kind since the server started, and "unheard": calls nobody could say, and
        "incomplete": those of which clips were missing."""
        self.tests: dict[str, str] = {}
        """Display → how its last test of sound went."""
        self._area = area
        self._walls = walls
        self._voices = voices
        self._send = send
        self._playing: Playing | None = None
        self._to_test: deque[str] = deque()

    def advance(self, now: float, volume: int, at: str | None) -> bool:
        """Go on as far as possible; True when another wall leads from here on.

        `volume` is in percent; `at` is the office's instant for the walls.
        """
        before = self.leader
        self.leader = choose(self._walls.in_area(self._area, now), before)
        self._look_after(now)
        if self._playing is None:
            self._say_next(now, volume, at)
        return self.leader != before

    def hear(self, sid: str, number: int, state: str, now: float, complete: bool = True) -> None:
        """How a wall gets on: "started", "finished", "late" (came too late) or "failed"."""
        playing = self._playing
        if playing is None or (playing.sid, playing.id) != (sid, number):
            return
        if state == "started":
            playing.started = True
        elif state == "finished":
            if not complete:
                self.said["incomplete"] += 1
                log.warning("the wall display %s could not fetch all clips", playing.display)
            self._end(playing, now)
        else:
            self._hand_on(playing, now)

    def silence(self, ticket_id: int) -> None:
        """Say no more of this call, and stop in the middle of it (S-5)."""
        self.queue.drop(ticket_id)
        said = self._playing.utterance if self._playing else None
        if self._playing and said and said.call.ticket_id == ticket_id:
            self._send(self._playing.sid, "hush", {"id": self._playing.id})

    def test(self, display: str) -> None:
        """Let this display ring once, as soon as nothing else is said (S-10)."""
        self.tests[display] = "asked"
        if display not in self._to_test:
            self._to_test.append(display)

    def sound(self, now: float) -> Sound | None:
        """How the one who leads is heard; None when no wall of the area is open."""
        leader = self._walls.get(self.leader or "")
        if leader is None:
            is_empty = next(self._walls.in_area(self._area, now), None) is None
            return None if is_empty else Sound.OFF
        return leader.sound_at(now)

    def _look_after(self, now: float) -> None:
        """Notices that the one who had to speak is gone, does not answer or does not end."""
        playing = self._playing
        if playing is None:
            return
        if playing.sid not in self._walls:
            # Cut off it may still be speaking: two voices at once would be worse than a pause.
            if now >= playing.silent_from:
                self._hand_on(playing, now)
        elif not playing.started and now >= playing.sent_at + ANSWER_SECONDS:
            self._hand_on(playing, now)
        elif now >= playing.silent_from + SLACK_SECONDS:
            self._mark_failed(playing.sid, now)
            self._end(playing, now)

    def _end(self, playing: Playing, now: float) -> None:
        self._playing = None
        if playing.utterance is None:
            # Somebody may have said already what they heard.
            if self.tests.get(playing.display) == "asked":
                self.tests[playing.display] = "played"
        else:
            self.said[playing.utterance.kind] += 1
            self.queue.finish(now)

    def _hand_on(self, playing: Playing, now: float) -> None:
        """Somebody else says it."""
        self._playing = None
        self._mark_failed(playing.sid, now)
        if playing.utterance is None:
            self.tests[playing.display] = "failed"
        else:
            self.queue.say_again()

    def _mark_failed(self, sid: str, now: float) -> None:
        if wall := self._walls.get(sid):
            wall.fail(now)
            log.warning("the wall display %s did not speak when it had to", wall.display)
            self.leader = choose(self._walls.in_area(self._area, now), self.leader)

    def _say_next(self, now: float, volume: int, at: str | None) -> None:
        if self._to_test:
            self._say_test(now, volume, at)
        elif volume == 0 or self.sound(now) not in CAN_SPEAK:
            given_up = self.queue.forget_before(now - (UNHEARD_SECONDS if volume else 0))
            self.said["unheard"] += len(given_up)
        elif self.leader:
            self._say_what_can_be_said(self.leader, now, volume, at)

    def _say_what_can_be_said(self, leader: str, now: float, volume: int, at: str | None) -> None:
        while utterance := self.queue.next(now):
            sounds = self._sounds_or_nothing(utterance)
            if sounds or utterance.kind is Kind.FIRST:
                self._speak(leader, utterance, sounds, now, volume, at)
                return
            self.queue.finish(now)  # no voice has words for this extra

    def _say_test(self, now: float, volume: int, at: str | None) -> None:
        display = self._to_test.popleft()
        sockets = self._walls.of_display(display)
        if sockets:
            loud = volume or TEST_VOLUME_WHEN_MUTED
            self._speak(sockets[0], None, self._voices.gong(), now, loud, at)
        else:
            self.tests[display] = "failed"

    def _speak(
        self,
        sid: str,
        said: Utterance | None,
        sounds: Sequence[Sounding],
        now: float,
        volume: int,
        at: str | None,
    ) -> None:
        seconds = sum(s.after + s.seconds for s in sounds) or OWN_GONG_SECONDS
        playing = Playing(next(_ids), sid, self._walls[sid].display, said, now, seconds)
        self._playing = playing
        clips = [{"url": f"/sounds/{s.path}", "after": s.after} for s in sounds]
        words = {"id": playing.id, "at": at, "volume": volume / 100, "sounds": clips}
        self._send(sid, "speak", {**words, **_about(said, rings=len(sounds) < 2)})

    def _sounds_or_nothing(self, said: Utterance) -> Sequence[Sounding]:
        try:
            return self._sounds(said)
        except Exception:
            # Whatever is wrong with the clips, the area must not fall silent for ever.
            log.exception("no clips for %s", said.call.number)
            return []

    def _sounds(self, said: Utterance) -> Sequence[Sounding]:
        call = said.call
        sounds = self._voices.sounds(
            call.number, call.counter, said.language, gong=said.gong, short=said.short
        )
        # Without words every call has a gong of its own: it must be heard (A-D1).
        return sounds or (self._voices.gong() if said.kind is Kind.FIRST else [])


def _about(said: Utterance | None, *, rings: bool) -> Board:
    """What is said and of whom; a test of sound is of nobody. `rings`: there are no words."""
    if said is None:
        return {"ticket_id": None, "kind": "test", "language": None, "gong": True}
    return {
        "ticket_id": said.call.ticket_id,
        "kind": said.kind,
        "language": said.language,
        "gong": said.gong or rings,
    }
