"""A clerk takes the own last step back: everything is as it was, and nobody is called twice."""

from __future__ import annotations

import pytest

from tests.server.scenes import (
    call_next,
    events,
    heard,
    look,
    numbers,
    open_page,
    serve_all,
    step,
    watch,
    work_by,
)

TWO_CALLS = "\n[calls]\ncalls = 2\n"
CALL = ("call", {"counter": "1", "reason": "steht hier"})
START, FINISH, MISS, PARK = ("start", {}), ("finish", {}), ("miss", {}), ("park", {})
TO_STATUS, TO_COUNTER = ("transfer", {"service": "status"}), ("transfer", {"counter": "2"})


def undo(who, ticket):
    return who.post(f"/tickets/{ticket['id']}/undo")


def undo_of(parts, audience="counter:1"):
    """What the page offers to take back."""
    return parts.views.snapshot(audience)["undo"]


def refused(answer, why):
    assert (answer.status_code, answer.json["error"]) == (409, "not_allowed")
    assert answer.json["details"]["why"] == why
    return True


@pytest.mark.parametrize(
    "steps",
    [
        [CALL],
        [CALL, ("recall", {"note": "zweiter Aufruf"})],
        [CALL, START],
        [CALL, START, ("finish", {"note": "erledigt", "outcome": "done"})],
        [CALL, MISS],
        [CALL, PARK],
        [CALL, START, ("park", {"note": "holt Ausweis"})],
        [CALL, START, PARK, ("resume", {})],
        [CALL, MISS, ("resume", {})],
        [CALL, START, PARK, CALL],
        [CALL, MISS, CALL],
        [CALL, START, ("transfer", {"service": "status", "note": "Bescheid"})],
        [TO_COUNTER, TO_STATUS],
        [CALL, START, TO_COUNTER],
        [CALL, ("withdraw", {})],
        [("withdraw", {})],
    ],
    ids=lambda steps: "-".join(verb for verb, _ in steps),
)
def test_after_undo_the_client_is_in_every_respect_as_before(
    steps, kiosk, clerk, reception, clock, parts
):
    """zms 5-27"""
    ticket = kiosk.take()
    kiosk.take()
    *before, (verb, body) = steps
    for earlier, its_body in before:
        clock.forward(seconds=30)
        step(clerk, ticket, earlier, **its_body)
    then, board = look(reception, ticket), parts.views.snapshot("wall:hall")
    clock.forward(seconds=20)
    assert step(clerk, ticket, verb, **body) != then
    clock.forward(seconds=10)
    assert undo(clerk, ticket).json == then
    assert look(reception, ticket) == then
    for part in ("calls", "recent", "waiting"):
        assert parts.views.snapshot("wall:hall")[part] == board[part]


def test_a_call_that_nobody_answered_is_taken_back_although_the_client_rests(kiosk, clerk, parts):
    """zms 5-27"""
    work_by(parts, more=TWO_CALLS)
    kiosk.take()
    called = call_next(clerk)
    assert step(clerk, called, "miss")["state"] == "waiting"
    assert undo(clerk, called).json == called


def test_reception_takes_its_own_steps_back(kiosk, reception, parts):
    ticket = kiosk.take()
    for verb, body in (PARK, CALL, ("withdraw", {})):
        before = look(reception, ticket)
        step(reception, ticket, verb, **body)
        assert undo_of(parts, "reception")["verb"] == verb
        assert undo(reception, ticket).json == before


def test_what_is_known_of_the_paper_stays_known(kiosk, clerk, parts):
    kiosk.take()
    called = call_next(clerk)
    job = parts.office.open_jobs("entrance")[0]
    parts.office.claim(job["id"])
    parts.office.close(job["id"], "printed", None)
    assert undo(clerk, called).json["print"] == "printed"


def test_undo_is_in_the_log_with_the_step_it_took_back(kiosk, clerk, parts):
    kiosk.take()
    call_next(clerk)
    undo(clerk, {"id": 1})
    called, undone = events(parts, "TicketCalled", "StepUndone")
    assert undone.data == {
        "revision": called.revision, "verb": "call", "state": "waiting", "service": "documents",
        "by": "counter:1",
    }  # fmt: skip


def test_a_call_that_was_taken_back_has_overtaken_nobody(kiosk, clerk, guest):
    waits, picked = kiosk.take(), kiosk.take()
    step(clerk, picked, CALL[0], **CALL[1])
    assert guest.get(f"/status/{waits['token']}").json["overtaken_by"] != []
    undo(clerk, picked)
    assert guest.get(f"/status/{waits['token']}").json["overtaken_by"] == []


# --- What can not be taken back -------------------------------------------------------------------


def test_after_ten_seconds_it_is_too_late(kiosk, clerk, reception, clock):
    kiosk.take()
    called = call_next(clerk)
    clock.forward(seconds=10, milliseconds=1)
    assert refused(undo(clerk, called), "nothing_to_undo")
    assert look(reception, called) == called


def test_nobody_takes_back_what_somebody_else_did(
    kiosk, clerk, colleague, reception, person, parts
):
    kiosk.take()
    called = call_next(clerk)
    for other in (colleague, reception, person("counter", "3")):
        assert refused(undo(other, called), "nothing_to_undo")
    step(reception, called, "recall")
    assert undo_of(parts) is None
    assert refused(undo(clerk, called), "nothing_to_undo")
    assert undo(reception, called).json == called


def test_a_step_is_taken_back_once(kiosk, clerk):
    kiosk.take()
    started = step(clerk, call_next(clerk), "start")
    assert undo(clerk, started).json["state"] == "called"
    assert refused(undo(clerk, started), "nothing_to_undo")


@pytest.mark.parametrize(("verb", "body"), [FINISH, PARK, TO_STATUS])
def test_a_counter_with_another_client_by_now_takes_nobody_back(kiosk, clerk, parts, verb, body):
    first, _ = kiosk.take(), kiosk.take()
    step(clerk, step(clerk, first, CALL[0], **CALL[1]), "start")
    step(clerk, first, verb, **body)
    second = step(clerk, {"id": 2}, CALL[0], **CALL[1])
    revision = parts.store.events.revision()
    answer = undo(clerk, first)
    assert (answer.status_code, answer.json["error"]) == (409, "busy")
    assert answer.json["details"]["ticket"] == second
    assert parts.store.events.revision() == revision
    undo(clerk, second)
    assert undo(clerk, first).json["state"] == "serving"


def test_a_number_that_somebody_else_has_by_now_is_not_given_back(kiosk, clerk, parts):
    work_by(parts, ("last = 999", "last = 2"))
    kiosk.take()
    gone = serve_all(clerk)[0]
    kiosk.take(), kiosk.take()
    assert refused(undo(clerk, gone), "nothing_to_undo")
    assert parts.area.find(gone["id"]).state == "finished"


def test_nothing_of_yesterday_is_taken_back(kiosk, clerk, clock):
    clock.now = clock.now.replace(hour=22, minute=59, second=59)  # a second before midnight
    kiosk.take()
    called = call_next(clerk)
    clock.forward(seconds=2)
    assert refused(undo(clerk, called), "day_over")


def test_a_client_whom_nobody_served_after_all_is_not_left_in_the_queue(clerk, reception):
    served = clerk.post("/counters/1/serve", {"service": "status", "request_id": "serve-0001"})
    undo(clerk, served.json)
    assert numbers(reception.get("/queue").json["waiting"]) == []


# --- Bells and pages ------------------------------------------------------------------------------


def test_undo_rings_for_nobody_and_the_next_call_rings_again(app, kiosk, clerk, parts):
    wall = open_page(app, parts, "display", "hall")
    watch(wall, "wall:hall")
    kiosk.take()
    called = call_next(clerk)
    assert numbers(heard(wall)) == ["A001"]
    undo(clerk, called)
    assert watch(wall, "wall:hall")["calls"] == []
    step(clerk, call_next(clerk), "start")
    assert [(c["number"], c["attempt"]) for c in heard(wall)] == [("A001", 1)]
    undo(clerk, called)  # of the start: the call is on the wall again
    assert numbers(watch(wall, "wall:hall")["calls"]) == ["A001"]
    step(clerk, called, "miss")
    undo(clerk, called)
    assert numbers(watch(wall, "wall:hall")["calls"]) == ["A001"]
    assert heard(wall) == []


def test_a_finish_by_the_next_call_is_taken_back_after_that_call(kiosk, clerk, parts, clock):
    work_by(parts, more='\n[calls]\nwhen_busy = "finish"\n')
    kiosk.take(), kiosk.take()
    first = step(clerk, call_next(clerk), "start")
    clock.forward(minutes=5)
    second = call_next(clerk)
    assert undo_of(parts)["ticket_id"] == second["id"]
    assert undo(clerk, first).json["error"] == "busy"
    undo(clerk, second)
    assert (undo_of(parts)["ticket_id"], undo_of(parts)["verb"]) == (first["id"], "finish")
    assert undo(clerk, first).json == first


def test_a_finish_by_a_next_call_that_found_nobody_is_taken_back(kiosk, clerk, parts):
    work_by(parts, more='\n[calls]\nwhen_busy = "finish"\n')
    kiosk.take()
    first = step(clerk, call_next(clerk), "start")
    assert call_next(clerk) is None
    assert undo(clerk, first).json == first


def test_the_clerk_s_page_offers_the_own_last_step_and_until_when(kiosk, clerk, parts, clock):
    kiosk.take()
    assert undo_of(parts) is None
    called = call_next(clerk)
    offered = {"ticket_id": 1, "number": "A001", "verb": "call"}
    assert undo_of(parts) == {**offered, "until": "2026-11-24T08:00:10.000Z"}
    assert (undo_of(parts, "counter:2"), undo_of(parts, "reception")) == (None, None)
    clock.forward(seconds=4)
    step(clerk, called, "start")
    assert undo_of(parts) == {**offered, "verb": "start", "until": "2026-11-24T08:00:14.000Z"}
    undo(clerk, called)
    assert undo_of(parts) is None
    step(clerk, called, "start")
    clock.forward(seconds=10, milliseconds=1)
    assert undo_of(parts) is None
