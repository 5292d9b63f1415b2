"""A wall page that stays on the wall: it comes back by itself when the server does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import socketio

AUDIENCE = "wall:hall"


class Wall:
    """What the page shows and what it has rung for."""

    def __init__(self, url: str, token: str) -> None:
        self.rung: list[dict[str, Any]] = []
        self.rung_late: list[dict[str, Any]] = []
        """Calls that were rung although nobody works: old ones."""
        self.picture: dict[str, Any] = {}
        self.is_here = False
        self._is_day = False
        self._changed = threading.Condition()
        self._page = socketio.Client(
            reconnection_delay=0.1, reconnection_delay_max=0.2, randomization_factor=0
        )
        self._page.on("connect", self._watch)
        self._page.on("snapshot", self._show)
        self._page.on("announce", self._ring)
        self._page.on("disconnect", self._go)
        self._page.connect(url, auth={"token": token}, transports=["websocket"])

    def begin(self) -> None:
        """From now on calls may be heard, until the connection breaks."""
        with self._changed:
            self.rung, self._is_day = [], True

    def wait_for(self, is_so: Callable[[Wall], bool], seconds: float = 10) -> bool:
        """Until the page shows it."""
        with self._changed:
            return self._changed.wait_for(lambda: is_so(self), seconds)

    def close(self) -> None:
        """Take it off the wall."""
        self._page.disconnect()
        self._page.shutdown()

    def _watch(self) -> None:
        self._page.emit("watch", AUDIENCE, callback=self._come_back)

    def _come_back(self, picture: dict[str, Any]) -> None:
        with self._changed:
            self.picture, self.is_here = picture, True
            self._changed.notify_all()

    def _go(self, *_reason: Any) -> None:
        with self._changed:
            self.is_here = self._is_day = False
            self._changed.notify_all()

    def _ring(self, call: dict[str, Any]) -> None:
        with self._changed:
            (self.rung if self._is_day else self.rung_late).append(call)

    def _show(self, picture: dict[str, Any]) -> None:
        with self._changed:
            self.picture = picture
            self._changed.notify_all()
