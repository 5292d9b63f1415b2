"""One counter, several browser windows: who works there, who took over, who has gone."""

from __future__ import annotations

import pytest

from queue_server.domain.events import Kind
from queue_server.waiting_area import By

FIRST, SECOND = "window-first", "window-second"


@pytest.fixture
def window(app, parts):
    """window(FIRST) opens the page of counter 1 in a browser and returns its socket."""
    live = app.extensions["queue-live"]

    def open_page(name, counter="1"):
        token = parts.keeper.create_token("counter", station=counter)
        page = live.socketio.test_client(app, auth={"token": token, "window": name})
        page.picture = page.emit("watch", f"counter:{counter}", callback=True)
        return page

    return open_page


def worked_by(parts, counter="1"):
    return parts.views.snapshot(f"counter:{counter}")["counter"]["window"]


def press_next(clerk, window):
    client, headers = clerk._client, {**clerk.headers, "X-Window": window}
    return client.post("/api/v1/counters/1/call-next", json={}, headers=headers)


def test_the_first_window_works_at_the_counter(window, parts):
    assert window(FIRST).picture["counter"]["window"] == FIRST
    assert worked_by(parts) == FIRST


def test_a_second_window_only_watches_until_it_takes_over(window, parts, kiosk, clerk):
    """peers 11-17"""
    window(FIRST)
    assert window(SECOND).picture["counter"]["window"] == FIRST
    kiosk.take()
    revision = parts.store.events.revision()
    refused = press_next(clerk, SECOND)
    assert (refused.status_code, refused.json["error"]) == (409, "taken_over")
    assert parts.store.events.revision() == revision
    assert clerk.post("/counters/1/take-over", {"window": SECOND}).status_code == 200
    assert worked_by(parts) == SECOND
    assert press_next(clerk, FIRST).json["error"] == "taken_over"
    assert press_next(clerk, SECOND).status_code == 200
    taken = parts.store.events.after(0, 100)
    assert [e.counter for e in taken if e.kind is Kind.COUNTER_TAKEN_OVER] == ["1"]


def test_programs_have_no_window_and_are_not_asked_for_one(window, kiosk, clerk):
    window(FIRST)
    kiosk.take()
    assert clerk.post("/counters/1/call-next").status_code == 200


def test_a_window_that_has_gone_has_some_seconds_to_come_back(window, parts, clock):
    window(FIRST).disconnect()
    assert window(SECOND).picture["counter"]["window"] == FIRST
    clock.forward(seconds=10)
    assert window(SECOND).picture["counter"]["window"] == SECOND
    taken = parts.store.events.after(0, 100)
    assert [e.counter for e in taken if e.kind is Kind.COUNTER_TAKEN_OVER] == ["1"]


def test_a_window_that_reloads_keeps_its_counter(window, parts, clock):
    first = window(FIRST)
    again = window(FIRST)  # the new socket comes before the old one is given up
    first.disconnect()
    clock.forward(minutes=5)
    assert window(SECOND).picture["counter"]["window"] == FIRST
    again.disconnect()
    clock.forward(seconds=10)
    assert window(SECOND).picture["counter"]["window"] == SECOND


def test_after_a_restart_the_window_at_work_comes_back_before_one_that_only_watches(window, parts):
    window(FIRST)
    parts.area.leave_all()
    assert window(SECOND).picture["counter"]["window"] == FIRST
    assert window(FIRST).picture["counter"]["window"] == FIRST


def test_a_lead_who_only_looks_takes_no_counter(app, parts):
    token = parts.keeper.create_token("lead")
    page = app.extensions["queue-live"].socketio.test_client(
        app, auth={"token": token, "window": SECOND}
    )
    assert page.emit("watch", "counter:1", callback=True)["counter"]["window"] is None


def test_a_clerk_whose_browser_dies_keeps_the_client_and_reception_learns_of_it(
    window, parts, kiosk, clerk, colleague, reception, clock
):
    """zms 5-50: there the client went back to the queue"""
    page = window(FIRST)
    kiosk.take()
    called = press_next(clerk, FIRST).json
    page.disconnect()
    assert colleague.post("/counters/2/call-next").status_code == 204
    line = reception.get("/queue").json["counters"][0]
    assert (line["number"], line["unattended_since"]) == (called["number"], None)
    clock.forward(minutes=3)
    line = reception.get("/queue").json["counters"][0]
    assert line["unattended_since"] == "2026-11-24T08:00:00.000Z"
    others = parts.views.snapshot("counter:2")["others"]
    assert others[0]["unattended_since"] == "2026-11-24T08:00:00.000Z"
    window(FIRST)
    assert reception.get("/queue").json["counters"][0]["unattended_since"] is None
    assert clerk.post(f"/tickets/{called['id']}/start").status_code == 200


def test_a_counter_that_was_closed_before_its_window_went_is_not_missed(
    window, clerk, reception, clock
):
    page = window(FIRST)
    clerk.post("/counters/1/open")
    clerk.post("/counters/1/close")
    page.disconnect()
    clock.forward(hours=1)
    assert reception.get("/queue").json["counters"][0]["unattended_since"] is None


def test_after_a_restart_every_window_has_to_come_back(window, parts, clerk, reception, clock):
    window(FIRST)
    clerk.post("/counters/1/open")
    parts.area.leave_all()
    clock.forward(minutes=3)
    assert reception.get("/queue").json["counters"][0]["unattended_since"] is not None
    assert window(SECOND).picture["counter"]["window"] == SECOND


@pytest.mark.parametrize("name", ["", "short", "x" * 65, "with space!", "ümlaut-fenster"])
def test_a_strange_name_of_a_window_is_no_window(clerk, name):
    answer = clerk.post("/counters/1/take-over", {"window": name})
    assert (answer.status_code, answer.json["error"]) == (422, "invalid")


def test_taking_over_names_its_window(clerk):
    assert clerk.post("/counters/1/take-over").status_code == 422


def test_a_clerk_takes_over_only_the_own_counter(colleague, parts):
    answer = colleague.post("/counters/1/take-over", {"window": SECOND})
    assert (answer.status_code, answer.json["error"]) == (403, "other_counter")
    parts.area.take_over("2", SECOND, by=By("counter", "2", SECOND))
    assert worked_by(parts, "2") == SECOND
