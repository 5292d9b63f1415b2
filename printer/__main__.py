"""Command line of the printer side: `python -m printer agent` and `python -m printer virtual`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from PIL import Image

from .agent import Agent
from .escpos_device import FAULTS
from .paper_tray import PaperTray
from .server_link import Refused, ServerLink
from .transports import Transports
from .virtual_printer import VirtualPrinter

log = logging.getLogger("printer")

TOKEN = "QUEUE_PRINTER_TOKEN"
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}
LOOK_AT_PARENT_SECONDS = 0.5


class Parser(argparse.ArgumentParser):
    """Says one sentence instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    # Waited for, not handled: a handler could run in the middle of anything. Threads inherit this.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except (Refused, ValueError, OSError) as error:
        print(f"python -m printer: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> Parser:
    parser = Parser(prog="python -m printer", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="agent|virtual")
    agent = commands.add_parser("agent", help=f"print what a server asks for; token in {TOKEN}")
    agent.add_argument("--server", required=True, metavar="http://HOST:PORT")
    agent.add_argument("--printer", required=True, metavar="KEY")
    agent.add_argument("--parent", type=int, metavar="PID", help="end when this process is gone")
    agent.set_defaults(run=_run_agent)
    virtual = commands.add_parser("virtual", help="be a printer without paper")
    virtual.add_argument("--port", type=_port, default=9100)
    virtual.add_argument("--speed", type=_speed, default=0.0, metavar="MM_S", help="150 as paper")
    virtual.set_defaults(run=_run_virtual)
    for command in (agent, virtual):
        command.add_argument("--paper", type=Path, metavar="DIR", help="save sheets as PNG here")
        command.add_argument("--fault", action="append", default=[], choices=sorted(FAULTS))
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is not a port")
    return port


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no speed of paper")
    return speed


def _run_agent(options: argparse.Namespace) -> None:
    token = os.environ.get(TOKEN, "")
    if not token:
        raise ValueError(f"the environment variable {TOKEN} has no token")
    link = ServerLink(options.server, token, options.printer)
    transports = Transports(_tray(options.paper), options.fault)
    agent = Agent(link, transports)
    try:
        _run_until_stopped(agent, options.parent)
    finally:
        transports.close()


def _run_virtual(options: argparse.Namespace) -> None:
    tray = _tray(options.paper)
    with VirtualPrinter(options.port, tray, options.fault, options.speed) as printer:
        print(f"ready 127.0.0.1:{printer.port}", flush=True)
        signal.sigwait(STOP_SIGNALS)
    for command in sorted(set(printer.unknown_commands)):
        log.warning("a command was not understood: %s", command.hex(" "))


def _tray(folder: Path | None) -> Callable[[Image.Image], None] | None:
    return PaperTray(folder).add if folder else None


def _run_until_stopped(agent: Agent, parent: int | None) -> None:
    failures: list[BaseException] = []
    worker = threading.Thread(target=_run_and_remember, args=(agent, failures), name="agent")
    started_by = os.getppid()
    worker.start()
    while worker.is_alive():
        asked = signal.sigtimedwait(STOP_SIGNALS, LOOK_AT_PARENT_SECONDS)
        if asked or (parent and _is_gone(parent, started_by)):
            agent.stop()
            break
    worker.join()
    if failures:
        raise failures[0]


def _run_and_remember(agent: Agent, failures: list[BaseException]) -> None:
    try:
        agent.run()
    except BaseException as failure:  # raised again in the main thread
        failures.append(failure)


def _is_gone(parent: int, started_by: int) -> bool:
    if os.getppid() != started_by:
        return True
    try:
        os.kill(parent, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # it is there and belongs to somebody else
    return False


if __name__ == "__main__":
    sys.exit(main())
