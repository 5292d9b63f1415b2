"""A Chromium that nobody touches, over its own DevTools socket.

Playwright evaluates scripts as if a person had asked for it, which unlocks sound: with it a browser
that blocks sound cannot be seen.
"""

from __future__ import annotations

import json
import subprocess
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import websocket

from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.conftest import eventually

PATIENCE_SECONDS = 20


class PlainChromium:
    """One window on one page."""

    def __init__(self, profile: Path, url: str, *flags: str) -> None:
        command = [
            CHROMIUM, "--headless=new", *CHROMIUM_ARGUMENTS, f"--user-data-dir={profile}",
            "--remote-debugging-port=0", "--remote-allow-origins=*", "--window-size=1280,720",
            *flags, url,
        ]  # fmt: skip
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, **quiet)
        self._ids = count(1)
        port = eventually(lambda: _port(profile), seconds=PATIENCE_SECONDS)
        self._socket = eventually(lambda: _page_socket(port), seconds=PATIENCE_SECONDS)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, without pretending that a person acted; None
        while there is no page, between two of them."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer.get("result", {}).get("result", {}).get("value")

    def tap(self, x: int, y: int) -> None:
        """What a finger does: the one thing that unlocks sound."""
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def close(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait(10)

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                no_page = "execution context" in str(answer.get("error"))
                assert no_page or "error" not in answer, answer
                return answer


def _port(profile: Path) -> int | None:
    note = profile / "DevToolsActivePort"
    lines = note.read_text().splitlines() if note.is_file() else []
    return int(lines[0]) if lines else None


def _page_socket(port: int) -> websocket.WebSocket | None:
    with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
        pages = [target for target in json.load(answer) if target["type"] == "page"]
    if not pages:
        return None
    return websocket.create_connection(pages[0]["webSocketDebuggerUrl"], timeout=PATIENCE_SECONDS)
