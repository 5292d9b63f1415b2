"""Every verb on a ticket in every state: what works, and that a refused step changes nothing."""

from __future__ import annotations

import pytest

from queue_server.domain.ticket import MOVES, State
from tests.server.scenes import call_next, look, step, work_by

VERBS = (*MOVES, "undo")
BODIES = {"transfer": {"service": "status"}, "call": {"counter": "1", "reason": "ist da"}}
# How somebody brings a client into a state, and where the own last step takes it back to. `recall`
# stands in both: whose step a call is shows test_undo.
WAYS = {
    State.WAITING: (),
    State.CALLED: ("call", "recall"),
    State.SERVING: ("call", "start"),
    State.PARKED: ("call", "start", "park"),
    State.FINISHED: ("call", "start", "finish"),
    State.MISSED: ("call", "miss"),
    State.WITHDRAWN: ("call", "withdraw"),
}
UNDO_LEADS_TO = {
    State.CALLED: State.CALLED,
    State.SERVING: State.CALLED,
    State.PARKED: State.SERVING,
    State.FINISHED: State.SERVING,
    State.MISSED: State.CALLED,
    State.WITHDRAWN: State.CALLED,
}
AT_A_COUNTER = (State.CALLED, State.SERVING, State.PARKED)


def expected(role, state, verb):
    """The state that the step leads to, or how it is refused."""
    refusal = (409, "not_allowed", state)
    if verb == "undo":
        return UNDO_LEADS_TO.get(state, refusal)
    if (role, state, verb) == ("counter", State.WAITING, "park"):
        return refusal
    allowed_from, leads_to = MOVES[verb]
    return leads_to if state in allowed_from else refusal


def bring(who, ticket, state):
    for verb in WAYS[state]:
        ticket = step(who, ticket, verb, **BODIES.get(verb, {}))
    return ticket


def try_step(who, ticket, verb, parts):
    """The new state, or the refusal after a check that nothing has changed."""
    before, revision = look(who, ticket), parts.store.events.revision()
    answer = who.post(f"/tickets/{ticket['id']}/{verb}", BODIES.get(verb))
    after = look(who, ticket)
    if answer.status_code == 200:
        assert after == answer.json
        assert parts.store.events.revision() > revision
        return answer.json["state"]
    assert (after, parts.store.events.revision()) == (before, revision), verb
    assert set(answer.json) == {"error", "message", "details"}
    assert answer.json["message"].endswith(".")
    return answer.status_code, answer.json["error"], answer.json["details"]["state"]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", ["counter", "reception"])
def test_a_step_works_exactly_from_the_states_of_the_table(role, state, person, kiosk, parts):
    who = person(role, "1" if role == "counter" else None)
    outcomes = {}
    for verb in VERBS:
        ticket = bring(who, kiosk.take(), state)
        outcomes[verb] = try_step(who, ticket, verb, parts)
        parts.store.database.change("UPDATE ticket SET state = 'finished', counter = NULL")
    assert outcomes == {verb: expected(role, state, verb) for verb in VERBS}


@pytest.mark.parametrize("state", AT_A_COUNTER)
def test_the_client_of_another_counter_is_left_alone(state, kiosk, clerk, colleague, parts):
    ticket = bring(clerk, kiosk.take(), state)
    outcomes = {
        verb: try_step(colleague, ticket, verb, parts)
        for verb in ("recall", "start", "finish", "miss", "park", "transfer", "withdraw")
    }
    assert outcomes == dict.fromkeys(outcomes, (403, "other_counter", state))
    assert try_step(colleague, ticket, "undo", parts) == (409, "not_allowed", state)


def test_a_parked_client_may_be_taken_by_whichever_clerk_it_stands_before(kiosk, clerk, colleague):
    parked = bring(clerk, kiosk.take(), State.PARKED)
    assert step(colleague, parked, "resume")["held_for"] == "1"
    parked = bring(clerk, kiosk.take(), State.PARKED)
    called = step(colleague, parked, "call", counter="2", reason="steht hier")
    assert (called["state"], called["counter"]) == ("called", "2")


@pytest.mark.parametrize("state", [State.WAITING, State.CALLED, State.MISSED])
def test_a_page_that_was_left_open_overnight_can_do_nothing(state, kiosk, clerk, clock, parts):
    ticket = bring(clerk, kiosk.take(), state)
    clock.forward(days=1)
    clerk.headers["Accept-Language"] = "en"
    for verb in VERBS:
        before = look(clerk, ticket)
        answer = clerk.post(f"/tickets/{ticket['id']}/{verb}", BODIES.get(verb))
        assert (answer.status_code, answer.json["error"]) == (409, "not_allowed"), verb
        assert answer.json["details"]["why"] == "day_over"
        assert answer.json["message"].startswith("Ticket A001 is from another day")
        assert look(clerk, ticket) == before


def test_a_window_that_was_taken_over_can_do_nothing(kiosk, clerk, parts):
    """peers 11-17"""
    mine, waits = bring(clerk, kiosk.take(), State.CALLED), kiosk.take()
    clerk.post("/counters/1/take-over", {"window": "window-0002"})
    clerk.headers["X-Window"] = "window-0001"
    before = look(clerk, mine), look(clerk, waits), parts.store.events.revision()
    for path, body in (
        *((f"/tickets/{mine['id']}/{verb}", BODIES.get(verb)) for verb in VERBS if verb != "call"),
        (f"/tickets/{waits['id']}/call", BODIES["call"]),
        ("/counters/1/call-next", None),
        ("/counters/1/pause", None),
        ("/counters/1/serve", {"service": "status", "request_id": "serve-0001"}),
    ):
        answer = clerk.post(path, body)
        assert (answer.status_code, answer.json["error"]) == (409, "taken_over"), path
    assert (look(clerk, mine), look(clerk, waits), parts.store.events.revision()) == before


@pytest.fixture
def second_counter_comes_in_december(parts):
    work_by(parts, ('key = "2"\n', 'key = "2"\nfrom = 2026-12-01\n'))


def test_a_counter_that_is_not_in_use_yet_gets_nobody(
    second_counter_comes_in_december, kiosk, person, parts
):
    ticket, clerk = kiosk.take(), person("counter")
    before = look(clerk, ticket), parts.store.events.revision()
    for path, body in (
        ("/counters/2/call-next", {}),
        ("/counters/2/open", {}),
        ("/counters/2/serve", {"service": "status", "request_id": "serve-0001"}),
        (f"/tickets/{ticket['id']}/call", {"counter": "2", "reason": "steht hier"}),
        (f"/tickets/{ticket['id']}/transfer", {"counter": "2"}),
    ):
        answer = clerk.post(path, body)
        assert (answer.status_code, answer.json["error"]) == (409, "counter_off"), path
        assert answer.json["details"] == {"counter": "2"}
    assert (look(clerk, ticket), parts.store.events.revision()) == before


def test_a_counter_comes_into_use_on_its_day(
    second_counter_comes_in_december, kiosk, colleague, clock
):
    clock.forward(days=7)  # Tuesday, the first of December
    kiosk.take()
    assert call_next(colleague, "2")["number"] == "A001"


# A service that starts later: what is known of it today.
STATUS_IN_DECEMBER = (
    '[[service]]\nkey = "status"\n',
    '[[service]]\nkey = "status"\nfrom = 2026-12-01\n',
)


def test_a_service_that_is_not_offered_yet_gives_no_ticket(kiosk, parts):
    work_by(parts, STATUS_IN_DECEMBER)
    answer = kiosk.post("/tickets", {"service": "status", "request_id": "request-early"})
    assert (answer.status_code, answer.json["error"]) == (409, "service_off")
    assert parts.store.tickets.waiting(parts.area.today()) == []


def test_nobody_is_sent_to_a_service_that_is_not_offered_yet(kiosk, clerk, parts):
    work_by(parts, STATUS_IN_DECEMBER)
    ticket = kiosk.take()
    revision = parts.store.events.revision()
    answer = clerk.post(f"/tickets/{ticket['id']}/transfer", BODIES["transfer"])
    assert (answer.status_code, answer.json["error"]) == (409, "service_off")
    assert parts.store.events.revision() == revision


def test_nobody_is_served_for_a_service_that_is_not_offered_yet(clerk, parts):
    work_by(parts, STATUS_IN_DECEMBER)
    answer = clerk.post("/counters/1/serve", {"service": "status", "request_id": "serve-0001"})
    assert (answer.status_code, answer.json["error"]) == (409, "service_off")


def test_a_transfer_to_where_the_client_waits_already_changes_no_place(kiosk, clerk):
    ticket = kiosk.take()
    moved = step(clerk, ticket, "transfer", service="documents")
    assert (moved["state"], moved["order_at"]) == ("waiting", ticket["order_at"])
