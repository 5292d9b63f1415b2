"""Clients who do not come when they are called, and those who come back."""

from __future__ import annotations

import pytest

from tests.server.scenes import call_next, events, look, numbers, serve_all, step, work_by

THREE_CALLS = "\n[calls]\ncalls = 3\nrest_minutes = 5\n"


@pytest.fixture
def missed(kiosk, clerk):
    """Somebody who took a ticket and did not come."""
    kiosk.take()
    return step(clerk, call_next(clerk), "miss")


def test_within_the_allowed_calls_a_client_is_called_again_from_the_old_place(
    kiosk, clerk, clock, parts
):
    """zms 5-22"""
    work_by(parts, more=THREE_CALLS)
    kiosk.take()
    clock.forward(minutes=1)
    kiosk.take()
    for attempt in (1, 2):
        called = call_next(clerk)
        assert (called["number"], called["attempt"]) == ("A001", attempt)
        assert step(clerk, called, "miss")["state"] == "waiting"
        clock.forward(minutes=5)
    called = call_next(clerk)
    assert (called["number"], called["attempt"]) == ("A001", 3)
    assert step(clerk, called, "miss")["state"] == "missed"
    assert numbers(serve_all(clerk)) == ["A002"]


def test_with_one_allowed_call_the_first_unanswered_one_is_the_last(missed, clerk, parts):
    """zms 5-23"""
    assert missed["state"] == "missed"
    assert [e.data["attempt"] for e in events(parts, "ClientMissed")] == [1]
    assert call_next(clerk) is None


def test_a_repeated_call_is_one_of_the_allowed_ones(kiosk, clerk, parts):
    """zms 5-22: the gong rang three times already"""
    work_by(parts, more=THREE_CALLS)
    kiosk.take()
    ticket = call_next(clerk)
    for _ in range(2):
        ticket = step(clerk, ticket, "recall")
    assert (ticket["attempt"], step(clerk, ticket, "miss")["state"]) == (3, "missed")


def test_who_did_not_come_rests_in_sight_of_the_clerk_while_others_are_called(
    kiosk, clerk, colleague, clock, parts
):
    """zms 5-24: the clerk sees until when"""
    work_by(parts, more=THREE_CALLS)
    kiosk.take()
    step(clerk, call_next(clerk), "miss")
    kiosk.take()
    board = parts.views.snapshot("counter:1")
    assert numbers(board["next"]) == ["A002", "A001"]
    assert board["next"][1]["rests_until"] == "2026-11-24T08:05:00.000Z"
    assert call_next(colleague, "2")["number"] == "A002"
    clock.forward(minutes=5)
    assert call_next(clerk)["number"] == "A001"


@pytest.fixture
def away(kiosk, clerk, reception):
    """One client is missed, one parked at the counter, one parked by the reception."""
    for _ in range(3):
        kiosk.take()
    missed = step(clerk, call_next(clerk), "miss")
    parked = step(clerk, step(clerk, call_next(clerk), "start"), "park")
    aside = step(reception, {"id": 3}, "park")
    return [missed, parked, aside]


def test_missed_and_parked_clients_are_never_called_by_themselves(
    away, clerk, colleague, person, clock, parts
):
    """zms 5-25: not by another place, not after a refresh, not after an hour, not after a reload"""
    states = [t["state"] for t in away]
    assert states == ["missed", "parked", "parked"]
    desks = {"1": clerk, "2": colleague, "3": person("counter", "3")}
    for _ in range(3):
        for key, desk in desks.items():
            desk.post(f"/counters/{key}/close")
            assert parts.views.snapshot(f"counter:{key}")["next"] == []
            assert call_next(desk, key) is None
        clock.forward(hours=1)
        work_by(parts)
    assert [parts.area.find(t["id"]).state for t in away] == states


def test_the_reception_sees_who_is_away_and_does_not_count_them_as_waiting(away, reception):
    """zms 5-25: parked clients counted as waiting"""
    queue = reception.get("/queue").json
    assert queue["waiting"] == []
    assert (numbers(queue["parked"]), numbers(queue["missed"])) == (["A002", "A003"], ["A001"])
    assert {s["key"]: s["waiting"] for s in queue["services"]}["documents"] == 0


def test_a_missed_client_who_is_back_waits_at_the_end_less_some_minutes(
    missed, kiosk, clerk, clock
):
    """zms 5-26, peers 11-18: call count 0 again"""
    for minute in range(1, 30):
        clock.now = clock.now.replace(minute=minute)
        if minute % 5 == 0:
            kiosk.take()
    back = step(clerk, missed, "resume")
    assert (back["state"], back["attempt"]) == ("waiting", 0)
    assert back["order_at"] == "2026-11-24T08:19:00.000Z"
    assert numbers(serve_all(clerk)) == ["A002", "A003", "A004", "A001", "A005", "A006"]


def test_a_missed_client_who_keeps_the_place_is_next(missed, kiosk, clerk, clock, parts):
    """zms 5-26: where the office says so"""
    work_by(parts, more='\n[calls]\nreturn_place = "keep"\n')
    kiosk.take()
    clock.forward(minutes=20)
    assert step(clerk, missed, "resume")["order_at"] == missed["order_at"]
    assert call_next(clerk)["number"] == "A001"


def test_coming_back_at_once_is_no_way_to_a_better_place(missed, clerk):
    """zms 5-26"""
    assert step(clerk, missed, "resume")["order_at"] == missed["order_at"]


def test_after_the_tolerance_a_missed_client_needs_a_new_ticket(missed, clerk, clock, parts):
    """peers 11-18: late return"""
    clock.forward(minutes=30)
    assert step(clerk, missed, "resume")["state"] == "waiting"
    late = step(clerk, call_next(clerk), "miss")
    clock.forward(minutes=30, seconds=1)
    revision = parts.store.events.revision()
    answer = clerk.post(f"/tickets/{late['id']}/resume")
    assert (answer.status_code, answer.json["error"]) == (409, "not_allowed")
    assert answer.json["details"] == {"state": "missed", "number": "A001", "why": "too_late"}
    assert parts.store.events.revision() == revision


def test_missed_taken_back_called_and_served(missed, reception, colleague, parts):
    """peers 11-18: no-show, recycled, called, arrived; each step is in the log"""
    step(reception, missed, "resume")
    called = call_next(colleague, "2")
    assert (called["id"], called["counter"], called["attempt"]) == (missed["id"], "2", 1)
    step(colleague, called, "start")
    assert step(colleague, called, "finish")["state"] == "finished"
    told = [str(e.kind) for e in events(parts) if e.ticket_id == missed["id"]]
    assert told == [
        "TicketIssued", "TicketCalled", "ClientMissed", "TicketResumed", "TicketCalled",
        "ServiceStarted", "ServiceFinished",
    ]  # fmt: skip


def test_a_missed_client_is_called_straight_from_the_list(missed, colleague, reception, parts):
    """zms 5-28: it failed there, and the mark stayed"""
    called = step(colleague, missed, "call", counter="2", reason="steht vor mir")
    assert (called["state"], called["counter"]) == ("called", "2")
    assert look(reception, missed)["ended_at"] is None
    assert parts.views.snapshot("counter:1")["missed"] == []
    assert [c["counter"] for c in parts.views.snapshot("wall:hall")["calls"]] == ["2"]
