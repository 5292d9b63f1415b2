"""An office for tests that must not depend on the hour, and tokens for its people."""

from __future__ import annotations

from datetime import UTC, datetime

from queue_server.app import create_app
from queue_server.config_file import parse
from tests.office_process import ALWAYS_OPEN, Server

NOON = 12
FIVE_COUNTERS = ALWAYS_OPEN.replace("last = 999", "last = 9999") + "".join(
    f"""
[[counter]]
key = "{key}"
label = {{ de = "Platz {key}" }}
services = ["documents", "status"]
"""
    for key in ("4", "5")
)


def far_from_midnight(office: str, now: datetime | None = None) -> str:
    """The same office in a place where it is about noon: no day ends in the middle of a test."""
    ahead = NOON - (now or datetime.now(UTC)).hour
    # In these names the sign is turned round: Etc/GMT-3 is three hours ahead of Greenwich.
    return office.replace("Europe/Berlin", f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")


def make_tokens(server: Server, *people: tuple[str, str | None]) -> list[str]:
    """One token for each (role, station). In this process: a command for each takes a second."""
    office = server.config.read_text(encoding="utf-8").replace('"eventlet"', '"threading"')
    app = create_app(parse(office), server.data)
    parts = app.extensions["queue"]
    try:
        return [parts.keeper.create_token(role, station=station) for role, station in people]
    finally:
        parts.store.database.close()
