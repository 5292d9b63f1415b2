"""The people of a busy office, each a thread with its own connection: kiosks, clerks, reception.

They go on until the server is gone, wait for it to come back, and first ask again for whatever had
stayed without an answer, as the real pages do.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from queue_server.domain.ticket import AT_COUNTER
from tests.crash.journal import Entry, Journal
from tests.crash.line import Line, Lost, NotSent

SERVICES = ("documents", "status")
# Nobody issues faster than the counters serve: a room that only grows would test the queue alone.
CROWDED = 12
ABSENT = 15


@dataclass(frozen=True, slots=True)
class Turn:
    """From one start of the server to its end; nothing new is begun in the last one."""

    number: int
    port: int
    is_last: bool = False


class Shift:
    """Tells everybody when the server is there, and waits until all know that it is gone."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._changed = threading.Condition()
        self._turn: Turn | None = None
        self._idle = people
        self._is_over = False

    def begin(self, turn: Turn) -> None:
        """The server is there."""
        with self._changed:
            self._turn, self._idle = turn, 0
            self._changed.notify_all()

    def wait_until_idle(self, seconds: float = 60) -> None:
        """Everybody has stopped: because the server is gone, or in the last turn by themselves."""
        with self._changed:
            done = self._changed.wait_for(lambda: self._idle == self._people, seconds)
        assert done, "somebody still waits for an answer"

    def end(self) -> None:
        """Everybody goes home."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def turns(self) -> Iterator[Turn]:
        """One after the other, for one of the people."""
        last = 0
        while turn := self._next(last):
            last = turn.number
            yield turn
            with self._changed:
                self._idle += 1
                self._changed.notify_all()

    def _next(self, last: int) -> Turn | None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self._is_after(last))
            return None if self._is_over else self._turn

    def _is_after(self, last: int) -> bool:
        return self._turn is not None and self._turn.number > last


class Person(threading.Thread):
    """Somebody who acts until the server does not answer any more."""

    def __init__(self, by: str, token: str, shift: Shift, journal: Journal, seed: int) -> None:
        super().__init__(name=by, daemon=True)
        self.by = by
        self.failure: BaseException | None = None
        self._token = token
        self._shift = shift
        self._journal = journal
        self._dice = random.Random(f"{seed} {by}")
        self._line = Line(0, "")
        self._requests = 0

    def run(self) -> None:
        for turn in self._shift.turns():
            self._line = Line(turn.port, self._token)
            try:
                self.settle()
                while not turn.is_last:
                    self.act()
            except (Lost, NotSent):
                pass  # the server is gone: exactly what this is for
            except BaseException as failure:
                self.failure = failure
            finally:
                self._line.close()

    def settle(self) -> None:
        """Ask again for what got no answer."""

    def act(self) -> None:
        """Do one thing."""

    def ask(self, verb: str, path: str, body: dict[str, Any] | None = None, **what: Any) -> Entry:
        """Write it down, send it, write down what came. Raises Lost, NotSent."""
        entry = self._journal.write(self.by, verb, **what)
        try:
            status, said = self._line.post(path, body)
        except Lost:
            self._journal.close(entry, "lost")
            raise
        except NotSent:
            self._journal.close(entry, "not sent")
            raise
        return self._journal.close(entry, "answered", status, said)

    def step(self, verb: str, ticket: int, **body: Any) -> Entry:
        """One of the verbs on a ticket."""
        return self.ask(verb, f"/tickets/{ticket}/{verb}", body, ticket=ticket)

    def look(self) -> dict[str, Any]:
        """The whole room; its revision is remembered."""
        entry = self._journal.write(self.by, "look")
        status, queue = self._line.get("/queue")
        assert status == 200, queue
        self._journal.close(entry, "answered", status, {"revision": queue["revision"]})
        return queue

    def new_request(self) -> str:
        """An id as a page makes one."""
        self._requests += 1
        return f"{self.name.replace(':', '-')}-{self._requests:06}"

    def chance(self, percent: int) -> bool:
        return self._dice.randrange(100) < percent


class Kiosk(Person):
    """Gives tickets. After a lost answer it asks again, and sometimes a finger taps twice."""

    def __init__(self, name: str, *more: Any) -> None:
        super().__init__("kiosk", *more)
        self.name = name
        self._dice.seed(f"{self._dice.random()} {name}")
        self._open: tuple[str, str] | None = None
        self._done: dict[str, tuple[str, str]] = {}
        self._ahead = 0

    def settle(self) -> None:
        if self._open:
            self._take(self._open)

    def act(self) -> None:
        if self._done and (self.chance(15) or self._ahead > CROWDED):
            done = list(self._done.values())
            self._take(done[-1] if self.chance(70) else self._dice.choice(done))
        else:
            self._take((self.new_request(), self._dice.choice(SERVICES)))

    def _take(self, wish: tuple[str, str]) -> None:
        request, service = self._open = wish
        body = {"service": service, "request_id": request}
        answer = self.ask("issue", "/tickets", body, request=request, service=service)
        self._open, self._ahead = None, answer.said.get("ahead", 0)
        self._done[request] = wish


class Clerk(Person):
    """Works at one counter; does with a client whatever the table of moves allows."""

    def __init__(self, counter: str, *more: Any) -> None:
        super().__init__(f"counter:{counter}", *more)
        self._counter = counter
        self._open: tuple[str, str, str | None] | None = None
        self._client: int | None = None
        self._state = ""
        self._last: int | None = None
        self._away: list[int] = []

    def settle(self) -> None:
        if self._open:
            self._ask_for_client(*self._open)
        self._look_at_counter()

    def act(self) -> None:
        if self._client is not None:
            self._go_on(self._client)
        elif self._last is not None and self.chance(10):
            self._do("undo", self._last)
        elif self._away and self.chance(30):
            self._fetch(self._away.pop(self._dice.randrange(len(self._away))))
        elif self.chance(12):
            self._ask_for_client("serve", self.new_request(), self._dice.choice(SERVICES))
        else:
            self._ask_for_client("call_next", self.new_request())

    def _ask_for_client(self, verb: str, request: str, service: str | None = None) -> None:
        self._open = (verb, request, service)
        path = f"/counters/{self._counter}/{verb.replace('_', '-')}"
        wish = {"service": service} if service else {}
        body = {"request_id": request, **wish}
        self._note(self.ask(verb, path, body, request=request, service=service))
        self._open = None

    def _fetch(self, ticket: int) -> None:
        if self.chance(50):
            self._do("call", ticket, counter=self._counter, reason="is back")
        else:
            self._do("resume", ticket)

    def _go_on(self, client: int) -> None:
        verbs = {
            "called": ("start", "start", "start", "recall", "miss", "park", "withdraw"),
            "serving": ("finish", "finish", "finish", "park"),
        }[self._state]
        verb = self._dice.choice((*verbs, "transfer", "undo"))
        self._do(verb, client, **(self._somewhere() if verb == "transfer" else {}))

    def _somewhere(self) -> dict[str, str]:
        if self.chance(50):
            return {"counter": self._dice.choice("12345")}
        return {"service": self._dice.choice(SERVICES)}

    def _do(self, verb: str, ticket: int, **body: Any) -> None:
        answer = self.step(verb, ticket, **body)
        if answer.is_done and answer.said["state"] in ("parked", "missed"):
            self._away.append(ticket)
        self._note(answer)

    def _note(self, answer: Entry) -> None:
        if not answer.is_done:
            # Somebody was faster: look what there is now.
            self._last = None
            self._look_at_counter()
            return
        said = answer.said
        is_here = said.get("state") in AT_COUNTER and said.get("counter") == self._counter
        self._client = said["id"] if is_here else None
        self._state = said.get("state", "")
        self._last = said.get("id") if answer.verb != "undo" else None

    def _look_at_counter(self) -> None:
        lines = {line["key"]: line for line in self.look()["counters"]}
        mine = lines[self._counter]
        self._client, self._state = mine["ticket_id"], mine["ticket_state"] or ""


class Reception(Person):
    """Withdraws, puts aside and fetches back those who wait or are away, and now and then helps a
    counter."""

    def __init__(self, *more: Any) -> None:
        super().__init__("reception", *more)
        self._last: int | None = None

    def act(self) -> None:
        queue = self.look()
        if self._last is not None and self.chance(40):
            self._wait_again(self._last)
        elif len(queue["parked"]) + len(queue["missed"]) > ABSENT or self.chance(20):
            self._with_absent([*queue["parked"], *queue["missed"]])
        elif self.chance(20):
            self._at_a_counter([c for c in queue["counters"] if c["ticket_state"] == "called"])
        else:
            self._with_waiting(queue["waiting"])

    def _with_absent(self, tickets: list[dict[str, Any]]) -> None:
        if tickets:
            verb = self._dice.choice(("resume", "withdraw", "withdraw"))
            self.step(verb, self._dice.choice(tickets)["id"])

    def _at_a_counter(self, counters: list[dict[str, Any]]) -> None:
        if counters:
            verb = self._dice.choice(("recall", "park", "withdraw"))
            self.step(verb, self._dice.choice(counters)["ticket_id"])

    def _with_waiting(self, waiting: list[dict[str, Any]]) -> None:
        if waiting:
            verb = self._dice.choice(("withdraw", "park", "transfer"))
            body = {"service": self._dice.choice(SERVICES)} if verb == "transfer" else {}
            answer = self.step(verb, self._dice.choice(waiting[:10])["id"], **body)
            # Only who did wait: somebody who is put back to a counter would be in the way of a
            # clerk who asks again for a call that got no answer.
            did_wait = verb != "transfer" and answer.is_done and answer.said["counter"] is None
            self._last = answer.ticket if did_wait else None

    def _wait_again(self, ticket: int) -> None:
        self._last = None
        self.step("undo", ticket)
