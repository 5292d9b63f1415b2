"""The same random days through HTTP and SQLite, with undo, colleagues who meddle, and the log."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from queue_server.app import create_app
from queue_server.config_file import parse
from queue_server.domain.explanation import called_before
from tests.conftest import OFFICE, Clock, Person, new_request
from tests.domain.random_days import STEPS, RandomDay, positions
from tests.domain.simple_office import AT_COUNTER, COUNTERS, OVERFLOW

SERVICE = '[[service]]\nkey = "{}"\nseries = "main"\nname = {{ de = "{}" }}\n'
COUNTER = '[[counter]]\nkey = "{}"\nlabel = {{ de = "Platz" }}\nservices = {}\noverflow = {}\n'
RANDOM_OFFICE = "".join(
    [
        OFFICE[: OFFICE.index("[[service]]")],
        *(SERVICE.format(key, key) for key in ("documents", "status", "question")),
        *(
            COUNTER.format(
                key,
                sorted(serves),
                "{" + ",".join(f"{s}={m}" for s, m in OVERFLOW.get(key, {}).items()) + "}",
            ).replace("'", '"')
            for key, serves in COUNTERS.items()
        ),
        '[[priority]]\nkey = "extra-time"\nhead_start_minutes = 15\nname = { de = "Mehr Zeit" }\n',
        "[calls]\ncalls = 2\nrest_minutes = 5\nhold_minutes = 15\nreturn_minutes = 30\n",
        "return_credit_minutes = 10\n",
        "[appointments]\nhead_start_minutes = 15\ngrace_minutes = 10\nearly_minutes = 5\n",
    ]
)


class ByHttp:
    """The whole server in one process, asked as pages and programs ask it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.opening = self.clock.now
        self.app = create_app(parse(RANDOM_OFFICE), Path(self.folder.name), clock=self.clock)
        self.parts = self.app.extensions["queue"]
        self.reception = self._person("reception")
        self.clerks = {key: self._person("counter", key) for key in COUNTERS}

    def _person(self, role, station=None):
        token = self.parts.keeper.create_token(role, station=station)
        return Person(self.app.test_client(), token)

    def close(self):
        self.parts.store.database.close()
        self.folder.cleanup()

    def revision(self):
        return self.parts.store.events.revision()

    def forward(self, minutes):
        self.clock.forward(minutes=minutes)

    def issue(self, service, priority, slot):
        wish = {"service": service, "request_id": new_request()}
        if priority:
            wish["priority"] = priority
        if slot is not None:
            at = self.opening + timedelta(minutes=slot)
            wish["appointment_at"] = at.isoformat()
        answer = self.reception.post("/tickets", wish)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    def call_next(self, counter):
        answer = self.clerks[counter].post(f"/counters/{counter}/call-next")
        if answer.status_code == 409:
            assert answer.json["error"] == "busy"
            return "busy"
        return answer.json["id"] if answer.status_code == 200 else None

    def call(self, number, counter):
        body = {"counter": counter, "reason": "Kind dabei"}
        return self._done(self.clerks[counter].post(f"/tickets/{number}/call", body), number)

    def step(self, verb, number):
        state = self.parts.area.find(number).state
        counter = self.parts.area.find(number).counter
        who = self.clerks[counter] if counter and state != "waiting" else self.reception
        return self._done(who.post(f"/tickets/{number}/{verb}"), number)

    def transfer(self, number, **to):
        return self._done(self.reception.post(f"/tickets/{number}/transfer", to), number)

    def _done(self, answer, number):
        if answer.status_code == 200:
            return True
        assert answer.status_code == 409, answer.json
        if answer.json["error"] != "busy":
            assert answer.json["details"]["state"] == self.parts.area.find(number).state
        return False

    def seen(self, number):
        ticket = self.reception.get(f"/tickets/{number}").json
        place = datetime.fromisoformat(ticket["order_at"]) - self.opening
        return {
            "state": ticket["state"],
            "service": ticket["service"],
            "place": place / timedelta(minutes=1),
            "counter": ticket["counter"],
            "held": ticket["held_for"],
            "attempt": ticket["attempt"],
        }


class DayOverHttp(RandomDay):
    def make_driver(self):
        return ByHttp()

    def teardown(self):
        if hasattr(self, "driver"):
            self._check_the_explanations()
            self.driver.close()

    @precondition(lambda self: self.ids)
    @rule(verb=st.sampled_from(STEPS), position=positions)
    def a_step_is_taken_back(self, verb, position):
        number = self._pick(position)
        before = self.driver.reception.get(f"/tickets/{number}").json
        counter = before["counter"] if before["state"] != "waiting" else None
        who = self.driver.clerks[counter] if counter else self.driver.reception
        if who.post(f"/tickets/{number}/{verb}").status_code == 200:
            assert who.post(f"/tickets/{number}/undo").status_code == 200
        assert self.driver.reception.get(f"/tickets/{number}").json == before

    @precondition(lambda self: self.ids)
    @rule(verb=st.sampled_from(STEPS), position=positions, counter=st.sampled_from("123"))
    def a_colleague_meddles_with_somebody_elses_client(self, verb, position, counter):
        number = self._pick(position)
        ticket = self.simple.tickets[number]
        if ticket["state"] not in (*AT_COUNTER, "parked") or ticket["counter"] in (None, counter):
            return
        if verb == "resume":
            return  # whoever stands before a free clerk may be taken back
        before = self.driver.revision()
        answer = self.driver.clerks[counter].post(f"/tickets/{number}/{verb}")
        assert (answer.status_code, answer.json["error"]) == (403, "other_counter")
        assert answer.json["details"]["state"] == ticket["state"]
        assert self.driver.revision() == before

    @invariant()
    def the_queue_is_listed_in_call_order_and_its_counts_are_true(self):
        if not hasattr(self, "driver"):
            return
        queue = self.driver.reception.get("/queue").json
        tickets = self.simple.tickets
        waiting = [n for n, t in tickets.items() if t["state"] == "waiting"]
        expected = sorted(waiting, key=lambda n: (*later(tickets[n], self.simple.now), n))
        assert [t["id"] for t in queue["waiting"]] == expected
        assert queue["revision"] == self.driver.revision()
        counts = {s["key"]: s["waiting"] for s in queue["services"]}
        assert sum(counts.values()) == len(waiting)

    @invariant()
    def what_is_shown_as_next_is_what_would_be_called(self):
        for counter in COUNTERS if hasattr(self, "driver") else ():
            shown = self.driver.parts.views.snapshot(f"counter:{counter}")["next"]
            now = self.driver.clock.now
            callable_now = [
                t["id"]
                for t in shown
                if not t["rests_until"] or datetime.fromisoformat(t["rests_until"]) <= now
            ]
            assert (callable_now or [None])[0] == self.simple.next_for(counter)

    def _check_the_explanations(self):
        events = self.driver.parts.store.events.after(0, 10**6)
        undone = {e.data.get("revision") for e in events if e.kind == "StepUndone"}
        told = [
            (e.ticket_id, e.counter, str(e.data["reason"]).startswith("picked:"))
            for e in events
            if e.kind == "TicketCalled" and not e.data.get("again") and e.revision not in undone
        ]
        assert told == [(n, counter, picked) for n, counter, _, picked in self.simple.calls]
        for number in self.ids:
            part = self.driver.parts.store.events.that_explain(number)
            assert called_before(number, part) == called_before(number, events)


def later(ticket, now):
    """Those who rest come last, before them early appointments; within each the earlier place."""
    return (now < ticket["rests"], now < ticket["due"], ticket["place"])


TestDayOverHttp = DayOverHttp.TestCase
TestDayOverHttp.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
