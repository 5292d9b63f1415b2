"""Starts everything for `run`: the socket, the app, the agents, the links; and stops it cleanly."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import click
from flask import Flask

from .agents import Agents
from .app import Parts, create_app
from .config import Config
from .housekeeping import Housekeeping
from .identity import Doorkeeper
from .store import DatabaseProblem

BACKLOG = 512
WILDCARDS = ("0.0.0.0", "::")
LINK_NAMES = {
    "admin": "first administrator",
    "kiosk": "kiosk",
    "display": "wall display",
    "counter": "counter",
    "paper": "virtual paper",
}

Serve = Callable[[Flask, socket.socket, Callable[[Callable[[], object]], None]], None]


class CannotServe(Exception):
    """One sentence for the administrator."""


def run_server(
    config: Config, config_file: Path, data: Path, host: str, port: int, serve: Serve
) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP reads the configuration again. Raises CannotServe."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nothing to reload before everything stands
    only_one = _lock(data)
    listener = _listen(host, port)
    address = _address(host, listener.getsockname()[1])
    app = _create(config, config_file, data, address)
    parts: Parts = app.extensions["queue"]
    agents = Agents(config, parts.keeper, address, parts.paper, parts.office.release_agent)
    parts.reloading.follow(agents.follow)
    parts.reloading.follow(parts.voices.follow)
    housekeeping = Housekeeping(parts.area, parts.office, parts.reloading, parts.voices.look)
    app.extensions["queue-live"].start()
    agents.start()
    parts.voices.start()
    housekeeping.start()
    signal.signal(signal.SIGHUP, _on_hang_up(housekeeping))
    _print_links(parts.keeper, config.server.public_url or address, config)
    if not config.server.public_url and host in WILDCARDS:
        click.echo("Please set server.public_url: phones and other screens need this address.")
    click.echo(f"ready {address}")
    try:
        serve(app, listener, _on_signal)
    finally:
        agents.stop()
        parts.voices.stop()
        app.extensions["queue-live"].stop()
        parts.store.database.close()
        only_one.close()


def _lock(data: Path) -> TextIO:
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = open(data / "server.lock", "w")  # noqa: SIM115 - held until the server ends
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotServe(f"{data}: a server is running on this folder already") from error
    except OSError as error:
        raise CannotServe(f"{data}: cannot be written ({error.strerror})") from error
    return lock


def _listen(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotServe(f"{host}:{port} cannot be used ({reason})") from error
    # A call is a few hundred bytes: waiting to fill a packet would cost 40 ms.
    with suppress(OSError):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _create(config: Config, config_file: Path, data: Path, address: str) -> Flask:
    try:
        return create_app(config, data, address=address, config_file=config_file)
    except DatabaseProblem as problem:
        raise CannotServe(str(problem)) from problem
    except OSError as error:
        raise CannotServe(f"{data}: cannot be used ({error})") from error


def _print_links(keeper: Doorkeeper, address: str, config: Config) -> None:
    """One-time links for whatever nobody has opened yet; the earlier ones end here."""
    places = keeper.unpaired()
    if places:
        hours = config.server.link_hours
        click.echo(f"One-time links, good for {hours} hours; open each on its own screen:")
    for role, station in places:
        name = f"{LINK_NAMES[role]} {station or ''}".strip()
        click.echo(f"  {name:22} {address}/link#{keeper.create_link(role, station)}")


def _on_hang_up(housekeeping: Housekeeping) -> Callable[[int, Any], None]:
    """SIGHUP means: read the configuration again; or, from a terminal that was closed: end."""
    in_terminal = os.isatty(0)

    def told(_number: int, _frame: Any) -> None:
        if in_terminal and _terminal_is_gone():
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            housekeeping.ask_reload()

    return told


def _terminal_is_gone() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return True
    return False


def _on_signal(stop: Callable[[], object]) -> None:
    def told(_number: int, _frame: Any) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
