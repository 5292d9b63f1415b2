"""One client at a counter at a time: misclicks, parking, sending on, windows, crashed clerks."""

from __future__ import annotations

import pytest

from tests.server.scenes import (
    call_next,
    events,
    look,
    numbers,
    open_page,
    serve_all,
    step,
    watch,
    work_by,
)


def test_a_misclick_neither_calls_a_second_client_nor_resets_the_time(
    kiosk, clerk, reception, clock
):
    """zms 5-18: the processing time of the open client began anew"""
    kiosk.take()
    kiosk.take()
    serving = step(clerk, call_next(clerk), "start")
    clock.forward(minutes=7)
    for path, body in (
        ("/counters/1/call-next", {}),
        ("/tickets/2/call", {"counter": "1", "reason": "verklickt"}),
        ("/counters/1/serve", {"service": "status", "request_id": "serve-0001"}),
    ):
        answer = clerk.post(path, body)
        assert (answer.status_code, answer.json["error"]) == (409, "busy")
        assert answer.json["details"]["ticket"] == serving
    assert clerk.post("/tickets/1/start").status_code == 409
    assert look(reception, serving) == serving
    assert look(reception, {"id": 2})["state"] == "waiting"


def test_where_the_office_says_so_the_next_call_finishes_the_client_before(
    kiosk, clerk, parts, clock
):
    """peers 11-16: never two open tickets at one counter"""
    work_by(parts, more='\n[calls]\nwhen_busy = "finish"\n')
    kiosk.take()
    kiosk.take()
    step(clerk, call_next(clerk), "start")
    clock.forward(minutes=3)
    assert call_next(clerk)["number"] == "A002"
    assert parts.area.find(1).state == "finished"
    finished = events(parts, "ServiceFinished")[0]
    assert (finished.data["service_seconds"], finished.data["by_next"]) == (180, True)


def test_a_client_who_was_only_called_is_never_finished_by_the_next_call(kiosk, clerk, parts):
    """peers 11-16: nobody but the clerk knows whether this client has come"""
    work_by(parts, more='\n[calls]\nwhen_busy = "finish"\n')
    kiosk.take()
    kiosk.take()
    mine = call_next(clerk)
    answer = clerk.post("/counters/1/call-next")
    assert (answer.status_code, answer.json["details"]["ticket"]) == (409, mine)


def test_a_parked_client_comes_back_to_the_same_counter_and_the_times_add_up(
    kiosk, clerk, colleague, clock, reception, parts
):
    """zms 5-29: the clerk is free meanwhile, the waiting time is not inflated"""
    ticket = kiosk.take()
    step(clerk, call_next(clerk), "start")
    clock.forward(minutes=4)
    parked = step(clerk, ticket, "park")
    assert (parked["counter"], parked["served_before_seconds"]) == ("1", 240)
    kiosk.take()
    assert [t["number"] for t in serve_all(clerk)] == ["A002"]
    clock.forward(minutes=30)
    back = step(clerk, ticket, "resume")
    assert (back["order_at"], back["issued_at"]) == (ticket["order_at"], ticket["issued_at"])
    assert call_next(colleague, "2") is None
    again = call_next(clerk)
    assert (again["id"], again["reason"]) == (ticket["id"], "held")
    step(clerk, ticket, "start")
    clock.forward(minutes=2)
    step(clerk, ticket, "finish")
    assert events(parts, "ServiceFinished")[-1].data["service_seconds"] == 360


def test_a_client_who_is_sent_on_keeps_number_note_and_place(kiosk, clerk, person, clock):
    """zms 5-30, peers 11-15: in front of those who came later"""
    sent = kiosk.take("documents")
    clock.forward(minutes=1)
    kiosk.take("status")
    clock.forward(minutes=1)
    step(clerk, call_next(clerk), "start")
    moved = step(clerk, sent, "transfer", service="status", note="Bescheid fehlt")
    assert (moved["state"], moved["counter"], moved["service"]) == ("waiting", None, "status")
    assert (moved["number"], moved["order_at"]) == (sent["number"], sent["order_at"])
    called = call_next(person("counter", "3"), "3")
    assert (called["id"], called["note"]) == (sent["id"], "Bescheid fehlt")


def test_a_client_sent_to_an_absent_colleague_is_everybody_s_after_a_while(
    kiosk, clerk, colleague, clock
):
    """peers 11-15"""
    kiosk.take()
    step(clerk, call_next(clerk), "transfer", counter="2")
    assert call_next(clerk) is None
    clock.forward(minutes=14, seconds=59)
    assert call_next(clerk) is None
    clock.forward(seconds=1)
    assert call_next(clerk)["reason"] == "longest_waiting"


def test_finishing_is_one_click_and_an_outcome_is_logged_but_never_asked_for(kiosk, clerk, parts):
    """zms 5-31: the half without statistics"""
    for _ in range(2):
        kiosk.take()
    for outcome in ({}, {"outcome": "moved_to_appointment"}):
        ticket = step(clerk, call_next(clerk), "start")
        assert step(clerk, ticket, "finish", **outcome)["state"] == "finished"
    told = [e.data.get("outcome") for e in events(parts, "ServiceFinished")]
    assert told == [None, "moved_to_appointment"]


def test_the_way_to_the_counter_is_in_the_log_in_order_although_the_clock_was_set_back(
    kiosk, clerk, clock, parts
):
    """zms 5-34, peers 11-19: never negative"""
    kiosk.take()
    ticket = call_next(clerk)
    clock.forward(seconds=20)
    assert step(clerk, ticket, "start")["called_at"] == ticket["called_at"]
    clock.forward(minutes=-30)
    step(clerk, ticket, "finish")
    called, started, finished = events(parts, "TicketCalled", "ServiceStarted", "ServiceFinished")
    assert (started.at - called.at).total_seconds() == 20
    assert finished.at == started.at
    assert finished.data["service_seconds"] == 0


# --- Two windows, crashed clerks ------------------------------------------------------------------


@pytest.fixture
def windows(app, parts, clerk):
    """Two windows show counter 1; the first one works there."""
    pages = [open_page(app, parts, "counter", "1", window=f"window-000{n}") for n in (1, 2)]
    for page in pages:
        watch(page, "counter:1")
    return pages


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("reception", "/tickets/1/call", {"counter": "1", "reason": "Begleitung wartet"}),
        ("lead", "/counters/1/close", {}),
    ],
)
def test_reception_and_lead_take_no_counter_over_by_acting_for_it(
    windows, kiosk, person, role, path, body
):
    """peers 11-17: the clerk's window stays the one that works"""
    kiosk.take()
    helper = person(role)
    helper.headers["X-Window"] = "window-help"
    assert helper.post(path, body).status_code == 200


def test_a_clerk_who_comes_back_finds_the_open_client(windows, app, parts, kiosk, clerk, clock):
    """zms 5-50: logged in again, or in another browser"""
    kiosk.take()
    clerk.headers["X-Window"] = "window-0001"
    ticket = call_next(clerk)
    for page in windows:
        page.disconnect()
    clock.forward(seconds=10)
    again = watch(open_page(app, parts, "counter", "1", window="window-0003"), "counter:1")
    assert again["ticket"] == ticket
    assert again["counter"]["window"] == "window-0003"
    clerk.headers["X-Window"] = "window-0003"
    assert step(clerk, ticket, "start")["state"] == "serving"


def test_closing_the_counter_leaves_its_client_there(kiosk, clerk, reception):
    """zms 5-50: leaving with an open client"""
    kiosk.take()
    ticket = call_next(clerk)
    assert clerk.post("/counters/1/close").json["ticket_id"] == ticket["id"]
    assert look(reception, ticket) == ticket
    assert numbers([step(clerk, ticket, "start")]) == ["A001"]
