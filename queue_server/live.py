"""Socket.IO and nothing else: watch, snapshot, announce; a heartbeat, so silence is trouble."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO, join_room, leave_room

from . import boards
from .audiences import is_audience, may_watch
from .domain.events import Event, Kind
from .domain.ticket import State
from .guests import AtWork, Guests, Pace
from .identity import Doorkeeper, Principal, window_id
from .loudspeakers import Loudspeakers
from .loudspeakers.words import Report, Spoken, read
from .refusals import Unknown
from .viewpoints import Viewpoints
from .waiting_area import WaitingArea

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
# Between two rounds of snapshots; a lone change goes out at once.
ROUND_SECONDS = 0.05
CHECK_SECONDS = 30.0
LARGEST_MESSAGE = 16 * 1024
SPEAKERS_SECONDS = 0.25
GUESTS_SECONDS = 15.0
# Whatever else happens to a ticket, it is not called any more.
SLIPS = (Kind.SLIP_QUEUED, Kind.SLIP_SENDING, Kind.SLIP_PRINTED, Kind.SLIP_FAILED)

WhoIsIt = Callable[[Any], Principal | None]


class Live:
    """Pushes to everybody who watches. Created inside create_app: a shared one would go deaf."""

    def __init__(
        self,
        app: Flask,
        views: Viewpoints,
        speakers: Loudspeakers,
        keeper: Doorkeeper,
        who: WhoIsIt,
        async_mode: str,
    ) -> None:
        self.socketio = SocketIO(
            app,
            async_mode=async_mode,
            serve_client=False,
            manage_session=False,
            max_http_buffer_size=LARGEST_MESSAGE,
            ping_interval=5,
            ping_timeout=5,
        )
        self._views = views
        self._speakers = speakers
        self._who = who
        self._keeper = keeper
        self._guests = Guests()
        self._pace = Pace(time.monotonic)
        self._at_work = AtWork(views.area)
        self._watched: dict[str, set[str]] = {}
        self._sent: dict[str, int] = {}
        self._changed = threading.Event()
        self._stopped = False
        self._register()
        speakers.attach(self._send, self._changed.set)
        keeper.when_revoked(self._turn_away_token)

    def listen_to(self, area: WaitingArea) -> None:
        """Hear of every step after its commit."""
        area.subscribe(self.publish)

    def start(self) -> None:
        """Begin to push; runs until the process ends."""
        begin = self.socketio.start_background_task
        begin(self._push_snapshots)
        begin(self._repeat, HEARTBEAT_SECONDS, self._beat)
        begin(self._repeat, SPEAKERS_SECONDS, self._speakers.tick)
        begin(self._repeat, GUESTS_SECONDS, self._look_at_guests)

    def stop(self) -> None:
        """Push nothing more: the database is about to be closed."""
        self._stopped = True
        self._changed.set()

    def publish(self, events: list[Event]) -> None:
        """Announce calls at once; the snapshots follow in the next round."""
        for event in events:
            if event.ticket_id is None or event.kind in SLIPS:
                continue
            if event.kind is Kind.TICKET_CALLED:
                self._announce(event.ticket_id)
            else:
                self._speakers.silence(event.ticket_id)
        self._changed.set()

    def watching(self) -> int:
        """How many pages are connected."""
        return len(self._guests)

    def connected_devices(self) -> set[int]:
        """The token ids of all pages that are here."""
        return self._guests.devices()

    def _register(self) -> None:
        self.socketio.on_event("connect", self._connect)
        self.socketio.on_event("disconnect", self._disconnect)
        self.socketio.on_event("watch", self._watch)
        self.socketio.on_event("report", self._hear_report)
        self.socketio.on_event("spoken", self._hear_spoken)

    def _connect(self, auth: Any = None) -> None:
        # Flask's before_request does not run for socket events, so the door is here.
        principal = self._who(auth)
        gave_proof = isinstance(auth, dict) and bool(auth.get("token"))
        if gave_proof and principal is None:
            raise ConnectionRefusedError("not_allowed")
        self._guests[_sid()] = principal
        if isinstance(auth, dict) and (window := window_id(auth.get("window"))):
            self._at_work.name(_sid(), window)

    def _disconnect(self, *_reason: Any) -> None:
        sid = _sid()
        self._guests.pop(sid, None)
        self._pace.forget(sid)
        self._speakers.leave(sid)
        if self._at_work.leave(sid):
            self._changed.set()
        for audience in list(self._watched):
            self._leave(sid, audience)

    def _leave(self, sid: str, audience: str) -> None:
        watching = self._watched.get(audience, set())
        watching.discard(sid)
        if not watching:
            self._watched.pop(audience, None)
            self._sent.pop(audience, None)

    def _watch(self, audience: Any = None) -> dict[str, Any]:
        sid = _sid()
        if self._talks_too_fast() or not is_audience(audience):
            return {"error": "not_allowed"}
        if not may_watch(self._guests.get(sid), audience):
            return {"error": "not_allowed"}
        # Into the room first: a change between the picture and the room would be missed.
        join_room(audience)
        self._watched.setdefault(audience, set()).add(sid)
        try:
            self._arrive_at_counter(sid, audience)
            self._arrive_at_wall(sid, audience)
            picture = self._views.snapshot(audience)
        except Unknown:
            leave_room(audience)
            self._leave(sid, audience)
            return {"error": "unknown"}
        self._sent.setdefault(audience, picture["revision"])
        if audience.startswith("wall:"):
            picture["audio_leader"] = self._speakers.leads(sid)
        return picture

    def _arrive_at_wall(self, sid: str, audience: str) -> None:
        kind, _, display = audience.partition(":")
        guest = self._guests.get(sid)
        # Staff look at a wall from their desks; only the screen on the wall may speak.
        if kind == "wall" and guest is not None and guest.role == "display":
            self._speakers.arrive(sid, display)

    def _hear_report(self, message: Any = None, *_more: Any) -> None:
        if self._is_wall() and (report := read(Report, message)):
            self._speakers.hear_report(_sid(), report.model_dump())

    def _hear_spoken(self, message: Any = None, *_more: Any) -> None:
        if self._is_wall() and (spoken := read(Spoken, message)):
            self._speakers.hear_spoken(_sid(), spoken.id, spoken.state, spoken.complete)

    def _is_wall(self) -> bool:
        """Only a display's word of its sound counts; staff look at walls too."""
        guest = self._guests.get(_sid())
        return not self._talks_too_fast() and guest is not None and guest.role == "display"

    def _talks_too_fast(self) -> bool:
        """Whoever floods the server loses the connection (SEC-5)."""
        too_fast = self._pace.is_too_fast(_sid())
        if too_fast:
            self._turn_away(_sid())
        return too_fast

    def _arrive_at_counter(self, sid: str, audience: str) -> None:
        kind, _, counter = audience.partition(":")
        guest = self._guests.get(sid)
        # Others may look, and work there once they say so; only a clerk's page comes to work.
        is_clerk = kind == "counter" and guest is not None and guest.role == "counter"
        if is_clerk and self._at_work.arrive(sid, counter):
            self._changed.set()

    def _announce(self, ticket_id: int) -> None:
        called = self._views.area.find(ticket_id)
        if called.state is not State.CALLED:
            return  # somebody was quicker: the client is at the counter already
        words = boards.announcement(self._views.config, called)
        for audience in list(self._watched):
            if self._rings(audience, called.counter):
                self.socketio.emit("announce", words, to=audience)
        self._speakers.announce(called)  # after the picture, which never waits for the voice (S-2)

    def _rings(self, audience: str, counter: str | None) -> bool:
        kind, _, key = audience.partition(":")
        display = self._views.config.display(key) if kind == "wall" else None
        return display is not None and display.shows(counter)

    def _push_snapshots(self) -> None:
        while True:
            # Also without news: hours begin and end by themselves.
            self._changed.wait(CHECK_SECONDS)
            if self._stopped:
                return
            self._changed.clear()
            for audience in sorted(self._watched, key=_walls_first):
                try:
                    self._push(audience)
                except Exception:  # of one audience; the others must not wait for it
                    log.exception("no picture for %s", audience.partition(":")[0])
            time.sleep(ROUND_SECONDS)

    def _push(self, audience: str) -> None:
        try:
            picture = self._views.snapshot(audience)
        except Unknown:
            # A wall that left the configuration, a ticket whose day is over: without heartbeats its
            # page notices the silence, asks again and is told.
            self._watched.pop(audience, None)
            self._sent.pop(audience, None)
            return
        self._sent[audience] = picture["revision"]
        if audience.startswith("wall:"):
            self._push_wall(audience, picture)
        else:
            self.socketio.emit("snapshot", picture, to=audience)

    def _push_wall(self, audience: str, picture: dict[str, Any]) -> None:
        """Two browsers may show one display; only one of them speaks (S-6)."""
        leaders = self._speakers.leaders_on(audience.partition(":")[2])
        quiet = {**picture, "audio_leader": False}
        self.socketio.emit("snapshot", quiet, to=audience, skip_sid=leaders)
        for sid in leaders:
            self.socketio.emit("snapshot", {**picture, "audio_leader": True}, to=sid)

    def _send(self, sid: str, word: str, body: dict[str, Any]) -> None:
        self.socketio.emit(word, body, to=sid)

    def _turn_away_token(self, token_id: int) -> None:
        """A revoked token opens nothing, also not what it has opened already."""
        for sid in self._guests.with_token(token_id):
            self._turn_away(sid)

    def _turn_away(self, sid: str) -> None:
        self.socketio.server.disconnect(sid)

    def _look_at_guests(self) -> None:
        """`token revoke` and a log-out may happen in another process."""
        for sid in self._guests.no_longer_in(self._keeper):
            self._turn_away(sid)
        self._keeper.seen(self._guests.devices())

    def _repeat(self, seconds: float, do: Callable[[], None]) -> None:
        """Until the end, whatever happens to one of the rounds."""
        while True:
            time.sleep(seconds)
            if self._stopped:
                return
            try:
                do()
            except Exception:
                # Pages see the silence and say so.
                log.exception("%s failed; it tries again", do.__qualname__)

    def _beat(self) -> None:
        as_of = boards.iso(self._views.area.now())
        for audience in list(self._watched):
            beat = {"audience": audience, "as_of": as_of, "revision": self._sent.get(audience)}
            self.socketio.emit("heartbeat", beat, to=audience)


def _walls_first(audience: str) -> tuple[bool, str]:
    return (not audience.startswith("wall:"), audience)


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid
