"""Two ways into the same rooms: the waiting area's own methods, and HTTP at a server's process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from queue_server import boards
from queue_server.app import create_app
from queue_server.config_file import parse
from queue_server.domain.ticket import NotAllowed, Ticket
from queue_server.refusals import Refused
from queue_server.store.tickets import SomebodyWasFaster
from queue_server.waiting_area import By, WaitingArea
from tests.conftest import new_request
from tests.crash.line import Line, all_events
from tests.crash.office import make_tokens
from tests.crash.one_by_one import CALLS, Answer, Clerk
from tests.office_process import Server


class Office(Protocol):
    """Where the people press, from several threads at once. `issue` gives None when it is full."""

    def issue(self, service: str = "documents", request: str = "") -> int | None: ...
    def attempt(self, verb: str, ticket: int, who: Clerk, window: str | None = None) -> Answer: ...
    def take_over(self, counter: str, window: str) -> str: ...
    def look(self, ticket: int) -> dict[str, Any]: ...
    def events(self, after: int = 0) -> list[dict[str, Any]]: ...
    def revision(self) -> int: ...


class InThreads:
    """The waiting area itself, used from several threads."""

    def __init__(self, area: WaitingArea) -> None:
        self._area = area

    def issue(self, service: str = "documents", request: str = "") -> int | None:
        try:
            return self._area.issue(service, request_id=request or new_request())[0].id
        except Refused as refused:
            assert refused.code in {"limit_reached", "area_full"}
            return None

    def attempt(self, verb: str, ticket: int, who: Clerk, window: str | None = None) -> Answer:
        counter = who.counter if who.is_bound or verb in CALLS else None
        try:
            after = self._do(verb, ticket, who.counter, By("counter", counter, window))
        except NotAllowed as no:
            return "not_allowed", str(no.ticket.state)
        except Refused as no:
            return no.code, _state_in(no.details)
        except SomebodyWasFaster:
            return "faster", None  # the lock let two in at once: no order of steps ends so
        return ("done", str(after.state)) if after else ("nobody", None)

    def _do(self, verb: str, ticket: int, counter: str, by: By) -> Ticket | None:
        if verb == "call_next":
            return self._area.call_next(counter, by=by)
        if verb == "call":
            return self._area.call(ticket, counter, "picked", by=by)
        more = {"service": "status"} if verb == "transfer" else {}
        return getattr(self._area, verb)(ticket, **more, by=by)

    def take_over(self, counter: str, window: str) -> str:
        self._area.take_over(counter, window, by=By("counter", counter, window))
        return window

    def look(self, ticket: int) -> dict[str, Any]:
        return boards.ticket(self._area.find(ticket), self._area.config, 0)

    def revision(self) -> int:
        return self._area.store.events.revision()

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        found = self._area.store.events.after(after, 10**6)
        return [{**boards.event(event), "kind": str(event.kind)} for event in found]


class OverHttp:
    """The server's process; each thread has its own connections, which are kept alive."""

    def __init__(self, server: Server) -> None:
        people = ("counter", "1"), ("counter", "2"), ("counter", None), ("kiosk", None)
        self._tokens = make_tokens(server, *people, ("reception", None), ("admin", None))
        self._port = server.start().port
        self._own = threading.local()
        self._all: list[Line] = []

    def _line(self, person: int) -> Line:
        lines = self._own.__dict__
        if person not in lines:
            lines[person] = Line(self._port, self._tokens[person])
            self._all.append(lines[person])
        return lines[person]

    def hang_up(self) -> None:
        for line in self._all:
            line.close()

    def issue(self, service: str = "documents", request: str = "") -> int | None:
        body = {"service": service, "request_id": request or new_request()}
        status, said = self._line(3).post("/tickets", body)
        assert status in {200, 201} or said["error"] in {"limit_reached", "area_full"}, said
        return said.get("id")

    def attempt(self, verb: str, ticket: int, who: Clerk, window: str | None = None) -> Answer:
        line = self._line({"1": 0, "2": 1}[who.counter] if who.is_bound else 2)
        path = f"/tickets/{ticket}/{verb}"
        if verb == "call_next":
            path = f"/counters/{who.counter}/call-next"
        body = {"call": {"counter": who.counter, "reason": "picked"}}
        body["transfer"] = {"service": "status"}
        headers = {"X_Window": window} if window else {}
        return read(*line.post(path, body.get(verb), **headers))

    def take_over(self, counter: str, window: str) -> str:
        status, _ = self._line(2).post(f"/counters/{counter}/take-over", {"window": window})
        assert status == 200
        return window

    def look(self, ticket: int) -> dict[str, Any]:
        return self._line(4).get(f"/tickets/{ticket}")[1]

    def revision(self) -> int:
        return self._line(5).get("/events?limit=0")[1]["revision"]

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        return all_events(self._line(5), after)


def read(status: int, said: dict[str, Any] | None) -> Answer:
    """The answer in the words of the rules; a status that does not belong to it is a mistake."""
    if said is None:
        assert status == 204
        return "nobody", None
    if "error" not in said:
        assert status == 200
        return "done", said["state"]
    assert status == (403 if said["error"] == "other_counter" else 409), said
    return said["error"], _state_in(said["details"])


def _state_in(details: dict[str, Any]) -> str | None:
    busy_with = details.get("ticket")
    if isinstance(busy_with, Ticket):
        return str(busy_with.state)
    return busy_with["state"] if busy_with else details.get("state")


@contextmanager
def in_threads(folder: Path, office: str) -> Iterator[Office]:
    app, usual = create_app(parse(office), folder / "data"), sys.getswitchinterval()
    # They take turns in the middle of everything, not only after five milliseconds.
    sys.setswitchinterval(1e-5)
    try:
        yield InThreads(app.extensions["queue"].area)
    finally:
        sys.setswitchinterval(usual)
        app.extensions["queue"].store.database.close()


@contextmanager
def over_http(folder: Path, office: str) -> Iterator[Office]:
    server = Server(folder, office=office)
    way = OverHttp(server)
    try:
        yield way
    finally:
        way.hang_up()
        server.kill()
