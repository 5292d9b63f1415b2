"""Socket.IO and nothing else: watch, snapshot, announce; a heartbeat, so silence is trouble."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeGuard

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO, join_room, leave_room

from . import boards
from .domain.events import Event, Kind
from .identity import Principal, window_id
from .refusals import Unknown
from .viewpoints import Viewpoints
from .waiting_area import WaitingArea

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 2.0
# Between two rounds of snapshots; a lone change goes out at once.
ROUND_SECONDS = 0.05
CHECK_SECONDS = 30.0
LARGEST_MESSAGE = 16 * 1024
NOTHING: tuple[str, ...] = ()
ROLE_AUDIENCES: dict[str, tuple[str, ...]] = {
    "display": ("wall",),
    "kiosk": ("kiosk",),
    "printer": ("printer",),
    "paper": ("printer",),
    "counter": ("counter",),
}
STAFF_AUDIENCES: dict[str, tuple[str, ...]] = {
    "counter": ("counter",),
    "reception": ("counter", "reception", "printer", "wall"),
    "lead": ("counter", "reception", "printer", "wall"),
    "admin": ("counter", "reception", "printer", "wall", "kiosk"),
}

WhoIsIt = Callable[[Any], Principal | None]


class Live:
    """Pushes to everybody who watches. Created inside create_app: a shared one would go deaf."""

    def __init__(self, app: Flask, views: Viewpoints, who: WhoIsIt, async_mode: str) -> None:
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
        self._who = who
        self._guests: dict[str, Principal | None] = {}
        self._windows: dict[str, str] = {}  # what a counter page calls itself, by socket
        self._at_work: dict[str, str] = {}  # the counter it shows, by socket
        self._watched: dict[str, set[str]] = {}
        self._sent: dict[str, int] = {}
        self._changed = threading.Event()
        self._stopped = False
        self._register()

    def listen_to(self, area: WaitingArea) -> None:
        """Hear of every step after its commit."""
        area.subscribe(self.publish)

    def start(self) -> None:
        """Begin to push; runs until the process ends."""
        self.socketio.start_background_task(self._push_snapshots)
        self.socketio.start_background_task(self._beat)

    def stop(self) -> None:
        """Push nothing more: the database is about to be closed."""
        self._stopped = True
        self._changed.set()

    def publish(self, events: list[Event]) -> None:
        """Announce calls at once; the snapshots follow in the next round."""
        for event in events:
            if event.kind is Kind.TICKET_CALLED and event.ticket_id is not None:
                self._announce(event.ticket_id)
        self._changed.set()

    def watching(self) -> int:
        """How many pages are connected."""
        return len(self._guests)

    def _register(self) -> None:
        self.socketio.on_event("connect", self._connect)
        self.socketio.on_event("disconnect", self._disconnect)
        self.socketio.on_event("watch", self._watch)

    def _connect(self, auth: Any = None) -> None:
        # Flask's before_request does not run for socket events, so the door is here.
        principal = self._who(auth)
        gave_proof = isinstance(auth, dict) and bool(auth.get("token"))
        if gave_proof and principal is None:
            raise ConnectionRefusedError("not_allowed")
        self._guests[_sid()] = principal
        if isinstance(auth, dict) and (window := window_id(auth.get("window"))):
            self._windows[_sid()] = window

    def _disconnect(self, *_reason: Any) -> None:
        sid = _sid()
        self._guests.pop(sid, None)
        self._leave_counter(sid)
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
        if not is_audience(audience) or not may_watch(self._guests.get(sid), audience):
            return {"error": "not_allowed"}
        # Into the room first: a change between the picture and the room would be missed.
        join_room(audience)
        self._watched.setdefault(audience, set()).add(sid)
        try:
            self._arrive_at_counter(sid, audience)
            picture = self._views.snapshot(audience)
        except Unknown:
            leave_room(audience)
            self._leave(sid, audience)
            return {"error": "unknown"}
        self._sent.setdefault(audience, picture["revision"])
        return picture

    def _arrive_at_counter(self, sid: str, audience: str) -> None:
        kind, _, counter = audience.partition(":")
        window = self._windows.get(sid)
        guest = self._guests.get(sid)
        # Others may look, and work there once they say so; only a clerk's page comes to work.
        if kind == "counter" and window and guest and guest.role == "counter":
            self._at_work[sid] = counter
            if self._views.area.arrive(counter, window):
                self._changed.set()

    def _leave_counter(self, sid: str) -> None:
        window, counter = self._windows.pop(sid, None), self._at_work.pop(sid, None)
        # The window may have come back on a new socket before its old one was given up.
        is_back = any(
            self._windows.get(other) == window and self._at_work[other] == counter
            for other in self._at_work
        )
        if window and counter and not is_back and self._views.area.leave(counter, window):
            self._changed.set()

    def _announce(self, ticket_id: int) -> None:
        called = self._views.area.find(ticket_id)
        words = boards.announcement(self._views.config, called)
        for audience in list(self._watched):
            if self._rings(audience, called.counter):
                self.socketio.emit("announce", words, to=audience)

    def _rings(self, audience: str, counter: str | None) -> bool:
        kind, _, key = audience.partition(":")
        display = self._views.config.display(key) if kind == "wall" else None
        return display is not None and (not display.counters or counter in display.counters)

    def _push_snapshots(self) -> None:
        while True:
            # Also without news: hours begin and end by themselves.
            self._changed.wait(CHECK_SECONDS)
            if self._stopped:
                return
            self._changed.clear()
            for audience in sorted(self._watched, key=_walls_first):
                self._push(audience)
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
        except Exception:
            log.exception("no snapshot for %s", audience.partition(":")[0])
            return
        self._sent[audience] = picture["revision"]
        self.socketio.emit("snapshot", picture, to=audience)

    def _beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT_SECONDS)
            if self._stopped:
                return
            try:
                self._beat_once()
            except Exception:
                log.exception("no heartbeat")  # the pages see the silence and say so

    def _beat_once(self) -> None:
        as_of = boards.iso(self._views.area.now())
        for audience in list(self._watched):
            beat = {"audience": audience, "as_of": as_of, "revision": self._sent.get(audience)}
            self.socketio.emit("heartbeat", beat, to=audience)


def is_audience(audience: object) -> TypeGuard[str]:
    """Short and ASCII: anything else would fail deeper down, with the guest in a room."""
    return isinstance(audience, str) and len(audience) <= 128 and audience.isascii()


def may_watch(principal: Principal | None, audience: str) -> bool:
    """Whether this audience is open to the guest; a ticket's token is its own key."""
    kind, _, key = audience.partition(":")
    if kind == "ticket":
        return bool(key)
    if principal is None:
        return False
    if principal.station is not None:
        return principal.station == key and kind in ROLE_AUDIENCES.get(principal.role, NOTHING)
    allowed = STAFF_AUDIENCES.get(principal.role) or ROLE_AUDIENCES.get(principal.role, NOTHING)
    return kind in allowed


def _walls_first(audience: str) -> tuple[bool, str]:
    return (not audience.startswith("wall:"), audience)


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid
