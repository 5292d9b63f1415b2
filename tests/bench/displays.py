"""Fifty wall displays in one process: bare websockets, one loop, a time stamp for each message."""

from __future__ import annotations

import json
import select
import time

import websocket

TIMEOUT_SECONDS = 10.0


class Displays:
    """Open sockets that wait for a message holding a given text."""

    def __init__(self, sockets: list[websocket.WebSocket]) -> None:
        self._sockets = sockets

    @classmethod
    def of_server(cls, url: str, token: str, count: int) -> Displays:
        """Displays as a page's Socket.IO client opens them."""
        address = url.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
        return cls([_watching(address, token) for _ in range(count)])

    @classmethod
    def of_floor(cls, url: str, count: int) -> Displays:
        """Displays of the bare fan-out."""
        return cls(
            [websocket.create_connection(url, timeout=TIMEOUT_SECONDS) for _ in range(count)]
        )

    def last_hears(self, text: str) -> float:
        """The moment (monotonic seconds) at which the last display got a message with `text`."""
        waiting = {display.sock: display for display in self._sockets}
        end = time.perf_counter() + TIMEOUT_SECONDS
        while waiting:
            readable, _, _ = select.select(list(waiting), [], [], TIMEOUT_SECONDS)
            if not readable or time.perf_counter() > end:
                raise TimeoutError(f"{len(waiting)} displays did not hear {text}")
            for sock in readable:
                if text in _receive(waiting[sock]):
                    del waiting[sock]
        return time.perf_counter()

    def close(self) -> None:
        for display in self._sockets:
            display.close()


def _watching(address: str, token: str) -> websocket.WebSocket:
    display = websocket.create_connection(address, timeout=TIMEOUT_SECONDS)
    display.recv()
    display.send("40" + json.dumps({"token": token}))
    display.recv()
    display.send('420["watch","wall:hall"]')
    while not display.recv().startswith("430"):
        pass
    return display


def _receive(display: websocket.WebSocket) -> str:
    message = display.recv()
    if message == "2":
        display.send("3")
    return message
