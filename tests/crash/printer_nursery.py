"""Starts real print agents in a hundredth of a second: forked from a process that knows it all.

Reads an address of a server per line, starts an agent for it and writes its process id.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from types import TracebackType

from tests.printer.paper_server import TOKEN

GONE_SECONDS = 5.0


class Nursery:
    """Keeps the process that agents are forked from."""

    def __enter__(self) -> Nursery:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.printer_nursery"],
            env={**os.environ, "QUEUE_PRINTER_TOKEN": TOKEN},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def start_agent(self, server: str) -> Child:
        """An agent for the printer "entrance" of this server."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(server + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()))


class Child:
    """An agent's process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._handle = os.pidfd_open(pid)

    def kill(self) -> None:
        """SIGKILL. May be called again."""
        if not self._is_gone(0):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait_until_gone(self) -> None:
        """Until somebody has killed it and all its connections have ended."""
        assert self._is_gone(GONE_SECONDS), "nobody has killed the agent"

    def end(self) -> None:
        """Kill it, if nobody has, and forget it."""
        self.kill()
        self.wait_until_gone()
        os.close(self._handle)

    def _is_gone(self, seconds: float) -> bool:
        return bool(select.select([self._handle], [], [], seconds)[0])


def main() -> None:
    from printer.__main__ import main as run
    from printer.self_test import check_tools

    check_tools()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os._exit(run(["agent", "--server", line.strip(), "--printer", "entrance"]))
        print(pid, flush=True)


if __name__ == "__main__":
    main()
