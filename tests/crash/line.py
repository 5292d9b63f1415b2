"""A connection that is kept alive, and what an answer that never came may mean."""

from __future__ import annotations

import http.client
import json
from contextlib import suppress
from typing import Any

SECONDS = 20.0

Answer = tuple[int, Any]


class NotSent(Exception):
    """Nobody listened: the request certainly did nothing."""


class Lost(Exception):
    """The request was on its way and no whole answer came: it was done, or it was not."""


class Line:
    """One person's or program's connection to the server; for one thread at a time."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> Answer:
        """Raises NotSent, Lost."""
        return self._send("GET", path, None, {})

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Answer:
        """`headers`: X_Window="…" for a browser window. Raises NotSent, Lost."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._send("POST", path, json.dumps(body or {}).encode(), named)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self._connect()
        try:
            sent = {**self._headers, **headers}
            self._connection.request(method, f"/api/v1{path}", body, sent)
            answer = self._connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Lost(f"{method} {path}: {error!r}") from error

    def _connect(self) -> None:
        # By itself it would connect inside request(), where nobody sees what had been sent.
        if self._connection.sock is None:
            try:
                self._connection.connect()
            except OSError as error:
                with suppress(OSError):
                    self.close()
                raise NotSent(str(error)) from error


def all_events(line: Line, after: int = 0) -> list[dict[str, Any]]:
    """The event log from there on, page by page; for the line of a lead or administrator."""
    found: list[dict[str, Any]] = []
    while page := line.get(f"/events?after={after}&limit=1000")[1]["events"]:
        found += page
        after = page[-1]["revision"]
    return found
