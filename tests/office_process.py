"""A real server as its own process, for tests of races and kills and for the benchmark."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from queue_server.config import WEEKDAYS
from tests.conftest import OFFICE

ALWAYS_OPEN = OFFICE.replace(
    'monday = ["08:00-12:00", "14:00-17:00"]\ntuesday = ["00:00-24:00"]',
    "\n".join(
        f'{day} = ["00:00-24:00"]'
        for day in WEEKDAYS
    ),
).replace('printer = "entrance"\n[[kiosk]]', "[[kiosk]]").replace(
    '[[printer]]\nkey = "entrance"\n', ""
)  # fmt: skip
LARGE = ALWAYS_OPEN.replace("last = 999", "last = 5000")


class Server:
    """`queue-server run` as a user starts it, on a free port."""

    def __init__(self, folder: Path, mode: str = "eventlet", office: str = LARGE) -> None:
        self.config = folder / "config.toml"
        self.config.write_text(office.replace('"threading"', f'"{mode}"'), encoding="utf-8")
        self.data = folder / "data"
        self.process: subprocess.Popen[str] | None = None
        self.cwd: Path | None = None
        self.url = ""
        self.links: dict[str, str] = {}

    def command(self, *arguments: str) -> list[str]:
        places = ["--config", str(self.config), "--data", str(self.data)]
        return [sys.executable, "-m", "queue_server", *places, *arguments]

    def start(self, port: int = 0) -> Server:
        self.process = subprocess.Popen(
            self.command("run", "--port", str(port)),
            stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=self.cwd,
        )  # fmt: skip
        self.url = self._ready()
        return self

    def _ready(self, seconds: float = 30) -> str:
        assert self.process and self.process.stdout
        # A server that never gets ready is ended, which ends the reading too.
        watchdog = threading.Timer(seconds, self.process.kill)
        watchdog.start()
        try:
            for line in self.process.stdout:
                if found := re.match(r"  (.{22}) (\S+/link#\S+)$", line):
                    self.links[found[1].strip()] = found[2]
                if found := re.match(r"ready (http://\S+)$", line):
                    return found[1]
        finally:
            watchdog.cancel()
        raise AssertionError("the server ended before it was ready")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def token(self, role: str, *station: str) -> str:
        made = subprocess.run(
            self.command("token", "create", "--role", role, *station),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return made.stdout.strip()

    def send(self, token: str, method: str, path: str, body: object = None):
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            json.dumps(body or {}).encode() if method == "POST" else None,
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self._close()

    def stop(self) -> int:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(15)
        self._close()
        return code

    def _close(self) -> None:
        if self.process and self.process.stdout:
            self.process.stdout.close()
