"""The standing cast: an office, a clock that only moves when told, and people by role."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_server.app import Parts, create_app
from queue_server.config import Config
from queue_server.config_file import parse

OFFICE = """
[office]
name = "Jobcenter Musterstadt"
timezone = "Europe/Berlin"
languages = ["de", "en"]
[server]
async_mode = "threading"
[hours]
monday = ["08:00-12:00", "14:00-17:00"]
tuesday = ["00:00-24:00"]
[[series]]
key = "main"
prefix = "A"
last = 999
[[service]]
key = "documents"
series = "main"
name = { de = "Unterlagen abgeben", en = "Hand in documents" }
[[service]]
key = "status"
series = "main"
name = { de = "Bearbeitungsstand", en = "Status" }
[[service]]
key = "paused"
series = "main"
name = { de = "Heute nicht" }
issue = false
[[counter]]
key = "1"
label = { de = "Platz 1", en = "Counter 1" }
services = ["documents", "status"]
[[counter]]
key = "2"
label = { de = "Platz 2" }
services = ["documents", "status"]
[[counter]]
key = "3"
label = { de = "Platz 3" }
services = ["status"]
[[display]]
key = "hall"
directions = { 1 = "left" }
[[display]]
key = "upstairs"
counters = ["3"]
[[kiosk]]
key = "entrance"
printer = "entrance"
[[kiosk]]
key = "paperless"
[[printer]]
key = "entrance"
[[priority]]
key = "extra-time"
head_start_minutes = 15
name = { de = "Braucht mehr Zeit" }
"""
TUESDAY_MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Clock:
    """Says the time it was told."""

    def __init__(self) -> None:
        self.now = TUESDAY_MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Person:
    """Somebody with a token who sends JSON."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self._client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str):
        return self._client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: object = None):
        return self._client.post(f"/api/v1{path}", json=body or {}, headers=self.headers)

    def take(self, service: str = "documents", request_id: str | None = None, **more: str) -> dict:
        body = {"service": service, "request_id": request_id or new_request(), **more}
        answer = self.post("/tickets", body)
        assert answer.status_code == 201, answer.json
        return answer.json


def eventually(find, seconds=5.0):
    """What `find` returns as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.01)
    raise AssertionError(f"did not happen within {seconds} s: {find}")


def new_request() -> str:
    # Random, not counted: pytest loads this file a second time as a plugin, with its own count.
    return f"request-{uuid.uuid4().hex}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config() -> Config:
    return parse(OFFICE)


@pytest.fixture
def app(config: Config, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(config, tmp_path / "data", address="http://queue.test", clock=clock)
    yield app
    app.extensions["queue-live"].stop()
    app.extensions["queue"].store.database.close()


@pytest.fixture
def parts(app: Flask) -> Parts:
    return app.extensions["queue"]


@pytest.fixture
def person(app: Flask, parts: Parts) -> Callable[..., Person]:
    """person("counter", "1") is a clerk's page at counter 1; person(None) has no token."""

    def arrive(role: str | None, station: str | None = None) -> Person:
        token = parts.keeper.create_token(role, station=station) if role else None
        return Person(app.test_client(), token)

    return arrive


@pytest.fixture
def kiosk(person: Callable[..., Person]) -> Person:
    return person("kiosk", "entrance")


@pytest.fixture
def clerk(person: Callable[..., Person]) -> Person:
    return person("counter", "1")


@pytest.fixture
def colleague(person: Callable[..., Person]) -> Person:
    return person("counter", "2")


@pytest.fixture
def reception(person: Callable[..., Person]) -> Person:
    return person("reception")


@pytest.fixture
def guest(person: Callable[..., Person]) -> Person:
    return person(None)
