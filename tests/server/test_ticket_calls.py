"""Tickets over HTTP, as kiosks, clerks and the reception use them."""

from __future__ import annotations

import re

import pytest

KEYS = {
    "id", "number", "service", "state", "issued_at", "order_at", "called_at", "counter", "attempt",
    "priority", "language", "ahead", "expected_wait", "reason", "print",
}  # fmt: skip


def test_a_client_takes_a_ticket_and_learns_number_and_place(kiosk):
    kiosk.take()
    ticket = kiosk.take(language="en")
    assert ticket["number"] == "A002"
    assert ticket["ahead"] == 1
    assert ticket["state"] == "waiting"
    assert ticket["language"] == "en"
    assert ticket["print"] == "queued"
    assert KEYS <= set(ticket)
    assert ticket["issued_at"] == "2026-11-24T08:00:00.000Z"
    assert re.fullmatch(r"[\w-]{22,}", ticket["token"])
    assert ticket["url"] == f"http://queue.test/t/{ticket['token']}"


def test_the_same_request_gets_the_same_ticket_and_no_second_paper(kiosk, parts):
    """zms 5-6, peers 11-2"""
    first = kiosk.take(request_id="tap-00000001")
    again = kiosk.post("/tickets", {"service": "documents", "request_id": "tap-00000001"})
    assert again.status_code == 200
    assert again.json == first
    assert len(parts.office.open_jobs("entrance")) == 1


def test_the_request_of_another_client_shows_nothing_and_changes_nothing(kiosk, person, parts):
    kiosk.take("documents", request_id="tap-00000001")
    for stranger, service in ((kiosk, "status"), (person("kiosk", "paperless"), "documents")):
        answer = stranger.post("/tickets", {"service": service, "request_id": "tap-00000001"})
        assert (answer.status_code, answer.json["error"]) == (409, "request_used")
        assert "token" not in answer.text
    assert len(parts.store.tickets.waiting(parts.area.today())) == 1


def test_the_next_day_begins_with_the_first_number_and_forgets_old_requests(kiosk, clock):
    """zms 5-1"""
    kiosk.take(request_id="tap-00000001")
    clock.forward(days=7)
    assert kiosk.take(request_id="tap-00000001")["number"] == "A001"


def test_a_kiosk_without_printer_gives_tickets_without_paper(person):
    assert person("kiosk", "paperless").take()["print"] == "none"


def test_a_client_who_needs_more_time_goes_before_those_who_came_shortly_before(
    kiosk, reception, clerk, clock
):
    kiosk.take()
    clock.forward(minutes=5)
    reception.take(priority="extra-time")
    called = clerk.post("/counters/1/call-next").json
    assert called["number"] == "A002"
    assert called["reason"] == "priority:extra-time"


def test_a_client_is_called_recalled_served_and_finished(kiosk, clerk, clock):
    kiosk.take()
    called = clerk.post("/counters/1/call-next").json
    assert (called["state"], called["counter"], called["attempt"]) == ("called", "1", 1)
    assert called["reason"] == "longest_waiting"
    clock.forward(seconds=20)
    recalled = clerk.post(f"/tickets/{called['id']}/recall").json
    assert (recalled["attempt"], recalled["called_at"]) == (2, "2026-11-24T08:00:20.000Z")
    assert clerk.post(f"/tickets/{called['id']}/start").json["state"] == "serving"
    assert clerk.post(f"/tickets/{called['id']}/finish").json["state"] == "finished"
    assert clerk.post("/counters/1/call-next").status_code == 204


def test_a_client_who_does_not_come_is_missed_and_never_called_by_itself(kiosk, clerk):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    assert clerk.post(f"/tickets/{ticket['id']}/miss").json["state"] == "missed"
    assert clerk.post("/counters/1/call-next").status_code == 204


def test_an_empty_queue_is_a_friendly_answer(clerk):
    """zms 5-15"""
    answer = clerk.post("/counters/1/call-next")
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_repeated_click_calls_one_client_only(kiosk, clerk):
    """zms 5-18"""
    kiosk.take()
    kiosk.take()
    first = clerk.post("/counters/1/call-next", {"request_id": "click-0001"}).json
    again = clerk.post("/counters/1/call-next", {"request_id": "click-0001"}).json
    assert again == first


def test_a_clerk_with_a_client_is_told_who_it_is(kiosk, clerk):
    """zms 5-18, peers 11-16"""
    kiosk.take()
    kiosk.take()
    mine = clerk.post("/counters/1/call-next").json
    answer = clerk.post("/counters/1/call-next")
    assert answer.status_code == 409
    assert answer.json["error"] == "busy"
    assert answer.json["details"]["ticket"] == mine
    assert mine["number"] in answer.json["message"]


@pytest.mark.parametrize("verb", ["recall", "start", "finish", "miss"])
def test_a_waiting_client_can_only_be_called(kiosk, clerk, verb):
    ticket = kiosk.take()
    answer = clerk.post(f"/tickets/{ticket['id']}/{verb}")
    assert answer.status_code == 409
    assert answer.json["error"] == "not_allowed"
    assert answer.json["details"]["state"] == "waiting"


def test_a_clerk_cannot_touch_the_client_of_a_colleague(kiosk, clerk, colleague):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    answer = colleague.post(f"/tickets/{ticket['id']}/finish")
    assert (answer.status_code, answer.json["error"]) == (403, "other_counter")
    assert colleague.post("/counters/1/call-next").status_code == 403


def test_reception_sees_the_queue_in_call_order(kiosk, reception, clock):
    kiosk.take("status")
    clock.forward(minutes=1)
    kiosk.take("documents")
    queue = reception.get("/queue").json
    assert [t["number"] for t in queue["waiting"]] == ["A001", "A002"]
    assert [t["ahead"] for t in queue["waiting"]] == [0, 1]
    assert {c["key"]: c["state"] for c in queue["counters"]}["1"] == "closed"
    assert {s["key"]: s["waiting"] for s in queue["services"]}["status"] == 1


def test_a_counter_opens_by_calling_and_can_pause(kiosk, clerk):
    kiosk.take()
    clerk.post("/counters/1/call-next")
    assert clerk.post("/counters/1/pause").json["state"] == "paused"
    assert clerk.post("/counters/1/close").json["state"] == "closed"
    assert clerk.post("/counters/1/open").json["state"] == "open"


def test_the_holder_sees_the_own_place_and_nothing_about_others(kiosk, guest, clerk):
    """peers 11-12"""
    kiosk.take()
    mine = kiosk.take()
    status = guest.get(f"/status/{mine['token']}").json
    assert (status["number"], status["ahead"], status["state"]) == ("A002", 1, "waiting")
    assert "A001" not in str(status)
    clerk.post("/counters/1/call-next")
    assert guest.get(f"/status/{mine['token']}").json["ahead"] == 0


def test_a_wrong_and_an_expired_token_look_the_same(kiosk, guest, clock):
    """peers 11-12"""
    token = kiosk.take()["token"]
    clock.forward(days=1)
    expired, wrong = guest.get(f"/status/{token}"), guest.get("/status/nonsense")
    assert expired.status_code == wrong.status_code == 404
    assert expired.json == wrong.json


def test_the_holder_learns_that_an_appointment_went_first_and_not_whose(
    kiosk, reception, clerk, guest, clock, app
):
    mine = kiosk.take()
    clock.forward(minutes=5)
    reception.take(appointment_at="2026-11-24T08:06:00Z")
    clock.forward(minutes=1)
    assert clerk.post("/counters/1/call-next").json["reason"] == "appointment:09:06"
    status = guest.get(f"/status/{mine['token']}").json
    assert status["overtaken_by"] == [{"reason": "appointment", "people": 1}]
    page = app.test_client().get(f"/t/{mine['token']}?lang=en").text
    assert "1 person with an appointment went before you." in page
    assert "A002" not in page


def test_staff_can_explain_every_place(kiosk, reception, clerk, colleague, clock):
    kiosk.take()
    clock.forward(minutes=1)
    mine = kiosk.take()
    clock.forward(minutes=1)
    later = reception.take(priority="extra-time")
    colleague.post("/counters/2/call-next")
    clerk.post(f"/tickets/{later['id']}/transfer", {"service": "status", "note": "nur Auskunft"})
    answer = reception.get(f"/tickets/{mine['id']}/explanation").json
    assert [(c["number"], c["counter_label"], c["reason"]) for c in answer["called_before"]] == [
        ("A003", "Platz 2", "priority:extra-time")
    ]
    assert answer["called_before"][0]["came_later"] is True
    assert clerk.get("/tickets/99/explanation").status_code == 404


def test_a_client_is_served_without_a_ticket_and_can_be_sent_on(clerk, colleague, parts):
    wish = {"service": "documents", "request_id": "direct-0001"}
    answer = clerk.post("/counters/1/serve", wish)
    assert (answer.status_code, answer.json["state"], answer.json["counter"]) == (
        201,
        "serving",
        "1",
    )
    assert clerk.post("/counters/1/serve", wish).status_code == 200
    assert clerk.post("/counters/1/call-next").json["error"] == "busy"
    assert parts.views.snapshot("wall:hall")["calls"] == []
    assert parts.office.newest("entrance", 1) == []
    moved = clerk.post(f"/tickets/{answer.json['id']}/transfer", {"counter": "2"}).json
    assert (moved["state"], moved["held_for"], moved["number"]) == ("waiting", "2", "A001")
    assert clerk.post("/counters/1/call-next").status_code == 204
    assert colleague.post("/counters/2/call-next").json["reason"] == "held"


def test_the_event_log_is_read_page_by_page(person, kiosk):
    for _ in range(3):
        kiosk.take()
    lead = person("lead")
    first = lead.get("/events?limit=2").json
    assert [event["kind"] for event in first["events"]] == ["DayBegun", "TicketIssued"]
    rest = lead.get(f"/events?after={first['events'][-1]['revision']}").json
    assert [event["data"]["number"] for event in rest["events"]] == ["A002", "A003"]
    assert rest["revision"] == rest["events"][-1]["revision"]
    for query in ("after=x", "after=-1", "limit=1e3", "after=" + "9" * 30):
        assert lead.get(f"/events?{query}").status_code == 422
    assert person("counter").get("/events").status_code == 403
