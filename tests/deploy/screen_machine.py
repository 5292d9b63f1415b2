"""A screen's machine of a few folders: its commands are fakes that write down what they hear."""

from __future__ import annotations

import os
import subprocess
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
CHROMIUM = os.environ.get("QUEUE_CHROMIUM", "/usr/bin/chromium")
PATIENCE = 20.0


def no_chromium() -> str:
    return os.environ.get("QUEUE_NO_BROWSER", "") or (
        "" if os.access(CHROMIUM, os.X_OK) else f"{CHROMIUM} is missing"
    )


needs_chromium = pytest.mark.skipif(bool(no_chromium()), reason=f"no browser: {no_chromium()}")


def until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.02)


class Screen:
    """The files of one wall, and start-screen with everything around it faked."""

    def __init__(self, root: Path) -> None:
        self.bin, self.kept, self.fleeting = root / "bin", root / "kept", root / "fleeting"
        self.told, self.connectors = root / "told", root / "drm"
        self.config, self.link = root / "queue-screen.conf", root / "queue-screen.link"
        for folder in (self.bin, self.kept, self.fleeting, self.connectors):
            folder.mkdir()
        self.configure(URL="http://queue:8080/wall/hall")
        self.fake("chromium")

    @property
    def profile(self) -> Path:
        return self.kept / "profile"

    @property
    def waiting_page(self) -> str:
        return (self.fleeting / "start.html").read_text(encoding="utf-8")

    def configure(self, **values: str) -> None:
        lines = "".join(f"{key}={value}\n" for key, value in values.items())
        self.config.write_text(lines, encoding="utf-8")

    def fake(self, name: str, body: str = "") -> None:
        """A command that writes its name and arguments down, then does `body`."""
        script = f'#!/bin/sh\necho "{name} $*" >>"{self.told}"\n{textwrap.dedent(body)}\n'
        (self.bin / name).write_text(script, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def plug(self, monitor: str, state: str = "connected") -> None:
        connector = self.connectors / f"card0-{monitor}"
        connector.mkdir(exist_ok=True)
        (connector / "status").write_text(f"{state}\n", encoding="utf-8")

    def heard(self, name: str) -> list[str]:
        """All calls of a fake, each with its arguments."""
        lines = self.told.read_text(encoding="utf-8").splitlines() if self.told.exists() else []
        return [line.partition(" ")[2] for line in lines if line.split()[0] == name]

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "HOME": str(self.kept),
            "WAYLAND_DISPLAY": "wayland-0",
            "QUEUE_SCREEN_CONFIG": str(self.config),
            "QUEUE_SCREEN_LINK": str(self.link),
            "QUEUE_SCREEN_CONNECTORS": str(self.connectors),
            "QUEUE_SCREEN_LOOK_SECONDS": "0.05",
            "QUEUE_SCREEN_GIVE_UP_SECONDS": "0",
            "STATE_DIRECTORY": str(self.kept),
            "RUNTIME_DIRECTORY": str(self.fleeting),
        } | more

    def launch(self, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [DEPLOY / "screen" / "start-screen"],
            env=self.environment(**more),
            text=True,
            stderr=subprocess.PIPE,
        )

    def start(self, **more: str) -> subprocess.CompletedProcess[str]:
        """From power on until the (fake) browser ends."""
        process = self.launch(**more)
        _, errors = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, "", errors)
