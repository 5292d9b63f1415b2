"""The command line. Each command says one sentence when it cannot do its work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any

import click

ROLES = ("kiosk", "display", "printer", "counter", "reception", "lead", "admin")
STATIONS = ("counter", "display", "kiosk", "printer")
STAFF = ("counter", "reception", "lead", "admin")


def places(command: Callable[..., Any]) -> Callable[..., Any]:
    """--config and --data, before or after the command."""
    for name, variable in (("--data", "QUEUE_DATA"), ("--config", "QUEUE_CONFIG")):
        command = click.option(name, envvar=variable, type=click.Path(path_type=Path))(command)
    return command


def fail(sentence: str, code: int = 1) -> None:
    """Say why and stop."""
    click.echo(sentence, err=True)
    sys.exit(code)


@click.group()
@places
@click.pass_context
def cli(context: click.Context, config: Path | None, data: Path | None) -> None:
    """Wait tickets and calls for the front office."""
    context.obj = {**(context.obj or {}), "config": config, "data": data}


def with_places(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the command its checked configuration and its data folder."""

    @places
    @click.pass_context
    def wrapped(
        context: click.Context, config: Path | None, data: Path | None, **values: Any
    ) -> Any:
        # Absolute from here on: what serves files takes a relative path from elsewhere.
        path = (config or context.obj["config"] or Path("config.toml")).absolute()
        folder = (data or context.obj["data"] or Path("data")).absolute()
        context.obj["path"] = path
        return context.invoke(command, config=_load(path), data=folder, **values)

    return update_wrapper(wrapped, command)


def _load(path: Path) -> Any:
    from .config_file import ConfigProblems, load

    try:
        return load(path)
    except ConfigProblems as found:
        fail("\n".join(found.problems), 2)


@cli.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@with_places
@click.pass_context
def run(
    context: click.Context, host: str | None, port: int | None, config: Any, data: Path
) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    from .server import CannotServe, run_server

    wanted = port if port is not None else config.server.port
    path = context.obj["path"]
    try:
        run_server(config, path, data, host or config.server.host, wanted, context.obj["serve"])
    except CannotServe as problem:
        fail(str(problem))


@cli.command()
@with_places
def check(config: Any, data: Path) -> None:
    """Read the configuration and list every problem."""
    from .config_file import remarks

    click.echo(f"{config.office.name}: the configuration is fine.")
    for remark in remarks(config):
        click.echo(f"Please note: {remark}.")


@cli.group()
def token() -> None:
    """Bearer tokens for devices and programs."""


def station_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--counter, --display, --kiosk, --printer."""
    for name in STATIONS:
        command = click.option(f"--{name}", help=f"Bind the token to this {name}.")(command)
    return command


@token.command("create")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="", help="For the list.")
@station_options
@with_places
def token_create(config: Any, data: Path, role: str, name: str, **stations: str | None) -> None:
    """Print a new token, and nothing else."""
    named = {kind: key for kind, key in stations.items() if key is not None}
    if set(named) - {role}:
        fail(f"a token of role {role} cannot be bound to a {', '.join(set(named) - {role})}", 2)
    pair = partial(_pair, role=role, name=name, station=named.get(role))
    click.echo(_guarded(config, data, pair))


def _pair(keeper: Any, role: str, name: str, station: str | None) -> str:
    secret: str = keeper.pair_device(role, name, station, by="shell")
    return secret


@token.command("list")
@with_places
def token_list(config: Any, data: Path) -> None:
    """All tokens in force: number, role, station, name, and when it was last seen (UTC)."""
    from .boards import iso
    from .store.database import from_stored

    for row in _guarded(config, data, lambda keeper: keeper.tokens()):
        seen = iso(from_stored(row["last_seen_at"])) or "-"
        click.echo(f"{row['id']}\t{row['role']}\t{row['station'] or '-'}\t{row['name']}\t{seen}")


@token.command("revoke")
@click.argument("token_id", type=int)
@with_places
def token_revoke(config: Any, data: Path, token_id: int) -> None:
    """The token opens nothing any more."""
    _guarded(config, data, lambda keeper: keeper.revoke(token_id, by="shell"))


@cli.group()
def user() -> None:
    """Staff who log in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(STAFF), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_places
def user_add(config: Any, data: Path, name: str, role: str, password_stdin: bool) -> None:
    """Let a person log in."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    _guarded(config, data, lambda keeper: keeper.add_staff(name, role, password))


@cli.command()
@click.argument("target", type=click.Path(path_type=Path))
@with_places
def backup(config: Any, data: Path, target: Path) -> None:
    """Write a consistent copy while the server runs."""
    from .store import Database, DatabaseProblem

    try:
        _existing(data)
        Database(data / "queue.db").backup(target)
    except DatabaseProblem as problem:
        fail(str(problem))


def _existing(data: Path) -> None:
    if not (data / "queue.db").is_file():
        fail(f"{data}: there is no database here")


def _guarded(config: Any, data: Path, ask: Callable[[Any], Any]) -> Any:
    """Ask the doorkeeper; turn a no into one sentence."""
    from .errors import SENTENCES
    from .identity import Doorkeeper
    from .refusals import Refused, Unknown
    from .store import Database, DatabaseProblem, Store
    from .waiting_area import utc_now

    try:
        database = Database(data / "queue.db")
        try:
            return ask(Doorkeeper(Store(database), lambda: config, utc_now))
        finally:
            database.close()
    except DatabaseProblem as problem:
        fail(str(problem))
    except Refused as refusal:
        fail(SENTENCES[refusal.code][1] % refusal.details, 2)
    except Unknown as unknown:
        fail(f'there is no {unknown.what} "{unknown.key}"', 2)


from . import voice_commands as voice_commands  # noqa: E402  its commands attach themselves
