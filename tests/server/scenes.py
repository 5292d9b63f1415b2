"""What the scenarios share: an office with other rules, clients one after the other, pages."""

from __future__ import annotations

from itertools import count

from flask import Flask

from queue_server.app import Parts
from queue_server.config_file import parse
from tests.conftest import OFFICE, Person

_wishes = count(1)


def wish(service: str = "documents", **more: object) -> dict:
    """The body of a wish for a ticket. Not with conftest's new_request: pytest loads conftest under
    two names, so that its two counters would give one id to two wishes."""
    return {"service": service, "request_id": f"wish-{next(_wishes):08}", **more}


def work_by(parts: Parts, *changes: tuple[str, str], more: str = "") -> None:
    """Go on with a changed config.toml, as after a reload."""
    text = OFFICE + more
    for old, new in changes:
        assert old in text, f"config.toml has no {old!r}"
        text = text.replace(old, new, 1)
    parts.area.reload(parse(text))


def step(who: Person, ticket: dict, verb: str, **body: object) -> dict:
    """A step that has to work; the ticket as it is afterwards."""
    answer = who.post(f"/tickets/{ticket['id']}/{verb}", body)
    assert answer.status_code == 200, answer.json
    return answer.json


def call_next(clerk: Person, counter: str = "1") -> dict | None:
    """The client who is called, or None when nobody waits."""
    answer = clerk.post(f"/counters/{counter}/call-next")
    assert answer.status_code in {200, 204}, answer.json
    return answer.json if answer.status_code == 200 else None


def serve_all(clerk: Person, counter: str = "1") -> list[dict]:
    """Everybody this counter calls, one after the other, at one instant; as they were called."""
    order = []
    while called := call_next(clerk, counter):
        order.append(called)
        step(clerk, called, "start")
        step(clerk, called, "finish")
    return order


def numbers(tickets: list[dict]) -> list[str]:
    return [ticket["number"] for ticket in tickets]


def look(reception: Person, ticket: dict) -> dict:
    """The ticket as it is now."""
    return reception.get(f"/tickets/{ticket['id']}").json


def events(parts: Parts, *kinds: str) -> list:
    """The whole log, or what it has of these kinds."""
    return [e for e in parts.store.events.after(0, 10_000) if not kinds or e.kind in kinds]


def open_page(app: Flask, parts: Parts, role: str, station: str | None = None, **auth: str):
    """A page with its own token, connected; returns its socket."""
    token = parts.keeper.create_token(role, station=station)
    live = app.extensions["queue-live"]
    return live.socketio.test_client(app, auth={"token": token, **auth})


def watch(page, audience: str) -> dict:
    """Begin to watch; the picture that comes back."""
    return page.emit("watch", audience, callback=True)


def heard(page, word: str = "announce") -> list[dict]:
    """What came since the last time one listened."""
    return [message["args"][0] for message in page.get_received() if message["name"] == word]
