"""Whose turn it is, asked over HTTP: scenarios in which other systems failed."""

from __future__ import annotations

import pytest

from tests.server.scenes import call_next, events, numbers, serve_all, step, work_by

REST = "\n[calls]\ncalls = 2\nrest_minutes = 5\n"


def test_clients_are_called_in_the_order_in_which_they_came(kiosk, clerk, clock):
    """zms 5-11, peers 11-3: a day without any appointment"""
    for service in ("status", "documents", "status", "documents"):
        kiosk.take(service)
        clock.forward(seconds=1)
    assert numbers(serve_all(clerk)) == ["A001", "A002", "A003", "A004"]


def test_clients_who_came_at_the_same_instant_are_called_by_number(kiosk, clerk):
    """zms 5-11"""
    for _ in range(3):
        kiosk.take()
    assert numbers(serve_all(clerk)) == ["A001", "A002", "A003"]


def test_a_day_of_appointments_alone_goes_by_their_times_and_not_by_arrival(
    reception, clerk, clock
):
    """peers 11-3: a day with nothing but appointments"""
    for slot in ("09:20", "09:00", "09:10"):
        reception.take(appointment_at=f"2026-11-24T{slot}:00+01:00")
    clock.forward(minutes=20)
    called = serve_all(clerk)
    assert numbers(called) == ["A002", "A003", "A001"]
    assert [c["reason"] for c in called] == [
        "appointment:09:00", "appointment:09:10", "appointment:09:20"
    ]  # fmt: skip


def test_walk_ins_priorities_and_appointments_share_one_order(reception, clerk, clock):
    """zms 5-12, zms 5-13, peers 11-3: early, on time, late and too late, all in one room"""
    for minute, wish in (
        (0, {}),
        (2, {"priority": "extra-time"}),
        (10, {"appointment_at": "2026-11-24T09:20:00+01:00"}),  # early: counts from 09:05
        (12, {}),
        (13, {"appointment_at": "2026-11-24T09:00:00+01:00"}),  # too late: a walk-in of 09:13
        (14, {"appointment_at": "2026-11-24T09:05:00+01:00"}),  # late, but within the grace
    ):
        clock.now = clock.now.replace(minute=minute)
        reception.take(**wish)
    clock.now = clock.now.replace(minute=16)
    called = serve_all(clerk)
    assert numbers(called) == ["A002", "A006", "A001", "A003", "A004", "A005"]
    assert [c["reason"].partition(":")[0] for c in called] == [
        "priority", "appointment", "longest_waiting", "appointment", "longest_waiting",
        "appointment",
    ]  # fmt: skip


def test_an_early_appointment_lets_others_go_first_but_keeps_no_counter_idle(
    kiosk, reception, clerk, clock
):
    """zms 5-12: there the counter stood idle until the minute of the appointment"""
    reception.take(appointment_at="2026-11-24T10:00:00+01:00")
    clock.forward(minutes=10)
    kiosk.take()
    assert numbers(serve_all(clerk)) == ["A002", "A001"]


def test_no_client_waits_behind_appointments_for_longer_than_the_rules_promise(
    reception, clerk, clock
):
    """zms 5-14: an appointment every five minutes, each client there in time"""
    walk_in = reception.take()
    for minute in range(5, 60, 5):
        clock.now = clock.now.replace(minute=minute)
        reception.take(appointment_at=f"2026-11-24T09:{minute:02}:00+01:00")
    before = numbers(serve_all(clerk)).index(walk_in["number"])
    assert before == 2  # those of 09:05 and 09:10: at 09:15 the head start of 15 minutes is used up


def test_whoever_did_not_come_is_not_offered_again_to_a_clerk_who_goes_on(
    kiosk, clerk, clock, parts
):
    """zms 5-16, zms 5-24: next, please – and the same client was there again"""
    work_by(parts, more=REST)
    for _ in range(3):
        kiosk.take()
    skipped = [step(clerk, call_next(clerk), "miss") for _ in range(3)]
    assert numbers(skipped) == ["A001", "A002", "A003"]
    assert {t["state"] for t in skipped} == {"waiting"}
    assert call_next(clerk) is None
    clock.forward(minutes=5)
    assert numbers(serve_all(clerk)) == ["A001", "A002", "A003"]


def test_a_counter_calls_only_for_its_own_concerns(kiosk, person, clerk):
    """zms 5-20"""
    kiosk.take("documents")
    third = person("counter", "3")
    assert call_next(third, "3") is None
    kiosk.take("status")
    assert call_next(third, "3")["number"] == "A002"
    assert call_next(clerk)["number"] == "A001"


def test_a_clerk_calls_nobody_to_the_counter_of_another_one(kiosk, clerk, parts):
    """zms 5-20: a right without access to that place"""
    ticket = kiosk.take()
    before = parts.store.events.revision()
    for path, body in (
        ("/counters/2/call-next", {}),
        (f"/tickets/{ticket['id']}/call", {"counter": "2", "reason": "Kollegin bat darum"}),
        ("/counters/2/open", {}),
        ("/counters/2/take-over", {"window": "window-0001"}),
        ("/counters/2/serve", {"service": "status", "request_id": "serve-0001"}),
    ):
        answer = clerk.post(path, body)
        assert (answer.status_code, answer.json["error"]) == (403, "other_counter"), path
    assert parts.store.events.revision() == before


def test_a_picked_client_goes_first_and_everybody_can_see_why(kiosk, guest, clerk, parts):
    """zms 5-20, peers 11-3: out of turn, never without a reason"""
    waits, picked = kiosk.take(), kiosk.take()
    called = step(clerk, picked, "call", counter="1", reason="muss zum Bus")
    assert called["reason"] == "picked:muss zum Bus"
    assert events(parts, "TicketCalled")[0].data["reason"] == "picked:muss zum Bus"
    status = guest.get(f"/status/{waits['token']}").json
    assert status["overtaken_by"] == [{"reason": "picked", "people": 1}]
    assert "Bus" not in str(status)


def test_a_note_is_on_the_clerk_s_page_before_the_client_is_called(reception, clerk, parts):
    """zms 5-21"""
    reception.take(note="braucht Gebärdensprache")
    upcoming = parts.views.snapshot("counter:1")["next"]
    assert [t["note"] for t in upcoming] == ["braucht Gebärdensprache"]
    assert call_next(clerk)["note"] == "braucht Gebärdensprache"


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_two_counters_one_after_the_other_get_two_different_clients(kiosk, clerk, colleague, order):
    """zms 5-17"""
    kiosk.take()
    kiosk.take()
    desks = {"1": clerk, "2": colleague}
    called = [call_next(desks[key], key) for key in order]
    assert numbers(called) == ["A001", "A002"]
    assert [c["counter"] for c in called] == list(order)
