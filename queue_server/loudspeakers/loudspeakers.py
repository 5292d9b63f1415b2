"""The areas of the office and the walls that are open: who is told to say what.

Everything here is about sockets that are open just now, so it is kept in memory: after a restart no
old call is said again. The rules are in domain/announcements and domain/leadership.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from ..boards import Board, iso
from ..config import Config, DisplaySection
from ..domain.announcements import Call
from ..domain.leadership import AUDIBLE, Sound
from ..domain.ticket import Ticket
from .morning import MorningTest
from .room import Room, Send, Voices
from .walls import Wall, Walls

# States of an area in which calls can be seen only.
NOBODY_HEARS = frozenset({"blocked", "no-device", "failed", "off", "muted", "none", "silent"})


class Loudspeakers:
    """Safe to use from several threads or greenlets."""

    def __init__(
        self,
        config: Callable[[], Config],
        voices: Voices,
        now: Callable[[], datetime],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`config` gives the configuration in force, `now` the office's instant, `steady` seconds
        that never jump."""
        self._config_in_force = config
        self._voices = voices
        self._now = now
        self._steady = steady
        self._lock = threading.RLock()
        self._walls = Walls()
        self._rooms: dict[str, Room] = {}
        self._arrivals = count(1)
        self._morning = MorningTest(now())
        self._seen: set[str] = set()  # displays that have been open since the start
        self._send: Send = lambda sid, word, body: None
        self._changed: Callable[[], None] = lambda: None

    def attach(self, send: Send, changed: Callable[[], None]) -> None:
        """`send(sid, word, body)` reaches a wall; `changed()` has the pictures sent anew."""
        self._send, self._changed = send, changed

    def arrive(self, sid: str, display: str) -> None:
        """A wall page watches."""
        with self._lock:
            found = self._config.display(display)
            if found is not None and sid not in self._walls:
                self._seen.add(display)
                self._walls[sid] = Wall(display, found.area, next(self._arrivals), self._steady())
                self._room(found.area)
                self._changed()
            self._advance()

    def leave(self, sid: str) -> None:
        """Its socket is gone."""
        with self._lock:
            if self._walls.pop(sid, None) is not None:
                self._changed()
                self._advance()

    def hear_report(self, sid: str, report: Board) -> None:
        """What a wall says of itself (P-4): `sound`, `fits`, `full`, `screen`, `clock_off`."""
        with self._lock:
            wall = self._walls.get(sid)
            if wall is None:
                return
            before = wall.sound
            wall.report, wall.sound = report, Sound(report["sound"])
            if wall.sound is not before:
                self._changed()
            self._advance()

    def hear_spoken(self, sid: str, number: int, state: str, complete: bool = True) -> None:
        """How a wall gets on with what it was told to say; not `complete`: clips were missing."""
        with self._lock:
            for room in self._rooms.values():
                room.hear(sid, number, state, self._steady(), complete)
            self._advance()

    def announce(self, called: Ticket) -> None:
        """Have a call said in every area that sees it."""
        counter = called.counter or ""
        with self._lock:
            call = Call(called.id, called.number, counter, called.attempt, self._steady())
            for area in dict.fromkeys(d.area for d in self._config.displays if d.shows(counter)):
                self._room(area).queue.add(call)
            self._advance()

    def silence(self, ticket_id: int) -> None:
        """The call is over: what is being said of it stops, and nothing more is said (S-5)."""
        with self._lock:
            for room in self._rooms.values():
                room.silence(ticket_id)

    def test(self, display: str) -> None:
        """Let this display ring once, when its area is quiet (S-10)."""
        with self._lock:
            found = self._config.display(display)
            if found is not None:
                self._room(found.area).test(display)
                self._advance()

    def note_heard(self, display: str, heard: bool) -> None:
        """What a person in the room says of the test."""
        with self._lock:
            found = self._config.display(display)
            if found is not None:
                self._room(found.area).tests[display] = "heard" if heard else "not_heard"

    def tick(self) -> None:
        """Called several times a second: notices who does not answer, and when a test is due."""
        with self._lock:
            minutes = self._config.sound.test_minutes_before_opening
            if self._morning.is_due(self._config.opening_hours(), minutes, self._now()):
                for display in self._config.displays:
                    self.test(display.key)
            self._follow_displays()
            self._advance()

    def leads(self, sid: str) -> bool:
        """Whether this socket is the one that speaks."""
        with self._lock:
            return any(room.leader == sid for room in self._rooms.values())

    def leaders_on(self, display: str) -> list[str]:
        """The sockets of this display that speak: one or none."""
        with self._lock:
            return [sid for sid in self._walls.of_display(display) if self.leads(sid)]

    def state_of(self, area: str) -> str:
        """ "ok", "muted", "none" (no wall is open there), "unknown" (it has said nothing yet), or
        what is wrong with the best wall: "silent" (it never says anything), "blocked",
        "no-device", "failed", "off"."""
        with self._lock:
            sound = self._room(area).sound(self._steady())
            if sound is None:
                return "none"
            if self._volume(area) == 0:
                return "muted"
            leader = self._walls.get(self._room(area).leader or "")
            if leader is not None and leader.never_spoke_up(self._steady()):
                return "silent"
            return "ok" if sound in AUDIBLE else sound.value

    def states(self) -> dict[str, str]:
        """The state of each area that a display belongs to."""
        areas = dict.fromkeys(display.area for display in self._config.displays)
        return {area: self.state_of(area) for area in areas}

    def waiting(self, area: str) -> int:
        """How many calls this area has yet to hear."""
        with self._lock:
            return self._room(area).queue.waiting()

    def said(self, area: str) -> Counter[str]:
        """Utterances by kind since the server started, and "unheard"."""
        with self._lock:
            return Counter(self._room(area).said)

    def reach_of(self, counter: str) -> str:
        """Whom calls of this counter reach: "heard", "seen" (no sound anywhere), "nobody" (no wall
        that shows them is open any more) or "unknown" (none has been open yet)."""
        with self._lock:
            meant = [d for d in self._config.displays if d.shows(counter) and d.key in self._seen]
            if not meant:
                return "unknown"
            if not any(self._walls.of_display(display.key) for display in meant):
                return "nobody"
            states = {self.state_of(display.area) for display in meant}
            return "seen" if states <= NOBODY_HEARS else "heard"

    def walls(self) -> list[Board]:
        """Each configured display as its page describes it, for staff."""
        with self._lock:
            return [self._line(display) for display in self._config.displays]

    @property
    def _config(self) -> Config:
        return self._config_in_force()

    def _line(self, display: DisplaySection) -> Board:
        pages = self._walls.of_display(display.key)
        voices = [sid for sid in pages if self.leads(sid)]
        wall = self._walls[(voices or pages)[0]] if pages else None
        report = wall.report if wall else {}
        test = self._room(display.area).tests.get(display.key)
        return {
            "display": display.key,
            "area": display.area,
            "connected": len(pages),
            "leader": bool(voices),
            "sound": wall.sound_at(self._steady()) if wall else Sound.UNKNOWN,
            "area_sound": self.state_of(display.area),
            **{key: report.get(key) for key in ("fits", "full", "screen", "clock_off")},
            "test": {"state": test} if test else None,
        }

    def _follow_displays(self) -> None:
        """A changed configuration may have moved a display to another area."""
        for wall in self._walls.values():
            found = self._config.display(wall.display)
            if found is not None and found.area != wall.area:
                wall.area = found.area
                self._room(found.area)

    def _advance(self) -> None:
        now, at = self._steady(), iso(self._now())
        for area, room in list(self._rooms.items()):
            if room.advance(now, self._volume(area), at):
                self._changed()

    def _room(self, area: str) -> Room:
        room = self._rooms.get(area)
        if room is None:
            room = Room(area, self._walls, self._voices, self._tell)
            self._rooms[area] = room
        room.queue.languages = tuple(self._config.spoken_languages())
        room.queue.repeat = self._config.sound.repeat
        return room

    def _tell(self, sid: str, word: str, body: Board) -> None:
        self._send(sid, word, body)

    def _volume(self, area: str) -> int:
        local = self._now().astimezone(ZoneInfo(self._config.office.timezone)).time()
        return self._config.sound.volume_at(area, local)
