"""Starts a print agent for each local printer and keeps it running, as its own process."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from .config import Config
from .identity import Doorkeeper

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
STOP_SECONDS = 5.0


class Agents:
    """The agents of this machine. `stop` ends them all."""

    def __init__(
        self,
        config: Config,
        keeper: Doorkeeper,
        address: str,
        paper: Path,
        release: Callable[[str], None],
    ) -> None:
        """`release` is told the printer whose agent has ended."""
        self._release = release
        self._config = config
        self._keeper = keeper
        self._address = address
        self._paper = paper
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._watches: dict[str, object] = {}  # the one watch of each printer that may go on
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start an agent for each configured printer; they wait until the server answers."""
        self._revoke_old_tokens()
        for printer in self._config.printers:
            self._watch(printer.key)

    def follow(self, config: Config) -> None:
        """Adopt a new configuration: agents of changed printers start afresh, others are left."""
        before, self._config = self._config, config
        for printer in before.printers:
            if config.printer(printer.key) is None:
                del self._watches[printer.key]
            if config.printer(printer.key) != printer and printer.key in self._running:
                self._running[printer.key].terminate()  # its watch starts it again, if it is wanted
        for printer in config.printers:
            if before.printer(printer.key) is None:
                self._watch(printer.key)

    def _watch(self, printer: str) -> None:
        token = self._keeper.create_token("printer", AGENT_NAME, printer)
        # A printer may leave and come back while its old watch still sleeps: only one is wanted.
        mine = self._watches[printer] = object()
        watch = threading.Thread(
            target=self._keep_running, args=(printer, token, mine), daemon=True
        )
        watch.start()

    def _is_wanted(self, printer: str, watch: object) -> bool:
        return not self._stopping.is_set() and self._watches.get(printer) is watch

    def stop(self) -> None:
        """Ask every agent to end and wait for it."""
        self._stopping.set()
        for agent in self._running.values():
            agent.terminate()
        for agent in self._running.values():
            try:
                agent.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                agent.kill()

    def _keep_running(self, printer: str, token: str, watch: object) -> None:
        pause = CHECK_SECONDS
        while self._is_wanted(printer, watch):
            self._release(printer)
            began = time.monotonic()
            agent = self._running[printer] = self._launch(printer, token)
            while agent.poll() is None:
                if self._stopping.wait(CHECK_SECONDS):
                    return
            log.warning("print agent of %s ended with %s", printer, agent.returncode)
            lasted = time.monotonic() - began
            pause = CHECK_SECONDS if lasted > 60 else min(pause * 2, LONGEST_PAUSE_SECONDS)
            self._stopping.wait(pause)

    def _launch(self, printer: str, token: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "printer", "agent", "--server", self._address]
        command += ["--printer", printer, "--paper", str(self._paper / printer)]
        command += ["--parent", str(os.getpid())]
        # The token goes through the environment: command lines are readable by everybody.
        secret = {**os.environ, "QUEUE_PRINTER_TOKEN": token}
        return subprocess.Popen(command, env=secret, stdin=subprocess.DEVNULL)

    def _revoke_old_tokens(self) -> None:
        for row in self._keeper.tokens():
            if row["name"] == AGENT_NAME:
                self._keeper.revoke(row["id"])


AGENT_NAME = "agent of this server"
