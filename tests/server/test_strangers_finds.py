"""What a stranger found who wanted to break the office, each held by a test since."""

from __future__ import annotations

import pytest

from queue_server.config_file import parse
from tests.conftest import OFFICE, new_request

THREE_CALLS = OFFICE + "[calls]\ncalls = 3\nrest_minutes = 5\n"
NOBODYS = OFFICE.replace('services = ["documents", "status"]', 'services = ["documents"]').replace(
    'services = ["status"]', 'services = ["documents"]'
)


def test_the_ninth_parked_client_is_on_the_page_of_the_counter_that_parked_it(
    kiosk, clerk, colleague, parts
):
    for _ in range(9):
        kiosk.take()
    for _ in range(8):
        ticket = colleague.post("/counters/2/call-next").json
        colleague.post(f"/tickets/{ticket['id']}/park")
    mine = clerk.post("/counters/1/call-next").json
    clerk.post(f"/tickets/{mine['id']}/park")
    parked = parts.views.snapshot("counter:1")["parked"]
    assert parked[0]["number"] == "A009"
    assert len(parked) == 9


def test_only_those_who_can_still_come_back_are_listed_as_missed(kiosk, clerk, parts, clock):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    clerk.post(f"/tickets/{ticket['id']}/miss")
    clock.forward(minutes=30)
    assert len(parts.views.snapshot("counter:1")["missed"]) == 1
    clock.forward(minutes=1)
    assert parts.views.snapshot("counter:1")["missed"] == []


def test_a_kiosk_never_sees_what_a_clerk_has_noted(kiosk, clerk):
    request = new_request()
    ticket = kiosk.take(request_id=request)
    body = {"service": "status", "note": "weint, Kind krank"}
    clerk.post(f"/tickets/{ticket['id']}/transfer", body)
    wish = {"service": "documents", "request_id": request}
    answer = kiosk.post("/tickets", wish)
    assert (answer.status_code, answer.json["note"]) == (200, None)
    assert "weint" not in answer.text


def test_an_outcome_is_a_code_and_never_a_sentence_about_somebody(kiosk, clerk):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    clerk.post(f"/tickets/{ticket['id']}/start")
    path = f"/tickets/{ticket['id']}/finish"
    assert clerk.post(path, {"outcome": "Erika Mustermann, Sanktion"}).status_code == 422
    assert clerk.post(path, {"outcome": "settled"}).status_code == 200


def test_an_invented_page_is_not_written_into_the_log(kiosk, reception, parts):
    kiosk.take()
    reception.headers["X-Page"] = "counter:Erika Mustermann"
    assert reception.post("/tickets/1/withdraw").status_code == 200
    assert parts.store.events.after(0, 10)[-1].data["by"] == "reception"


class TestThreeCalls:
    @pytest.fixture
    def config(self):
        return parse(THREE_CALLS)

    def test_a_client_meant_for_one_counter_is_meant_for_it_after_a_rest_too(
        self, kiosk, clerk, person, clock
    ):
        third = person("counter", "3")
        kiosk.take()
        clerk.post("/tickets/1/transfer", {"counter": "3"})
        assert third.post("/counters/3/call-next").json["reason"] == "held"
        assert third.post("/tickets/1/miss").json["held_for"] == "3"
        clock.forward(minutes=6)
        assert clerk.post("/counters/1/call-next").status_code == 204
        assert third.post("/counters/3/call-next").json["reason"] == "held"


class TestAServiceThatNobodyServes:
    @pytest.fixture
    def config(self):
        return parse(NOBODYS)

    def test_its_clients_may_be_called_by_every_counter(self, kiosk, colleague, parts):
        kiosk.take("status")
        assert parts.views.snapshot("counter:2")["next"][0]["number"] == "A001"
        assert colleague.post("/counters/2/call-next").json["number"] == "A001"


def test_a_counter_counts_those_who_are_kept_for_it_and_not_those_kept_for_others(
    kiosk, clerk, parts
):
    kiosk.take()
    clerk.post("/tickets/1/transfer", {"counter": "3"})
    assert parts.views.snapshot("counter:1")["waiting"] == 0
    third = parts.views.snapshot("counter:3")
    assert (third["waiting"], third["next"][0]["number"]) == (1, "A001")


def test_nobody_was_overtaken_while_kept_for_a_colleague(kiosk, clerk, guest):
    mine = kiosk.take()
    clerk.post(f"/tickets/{mine['id']}/transfer", {"counter": "2"})
    kiosk.take()
    assert clerk.post("/counters/1/call-next").json["number"] == "A002"
    assert guest.get(f"/status/{mine['token']}").json["overtaken_by"] == []


def test_a_client_parked_at_a_counter_that_is_gone_is_held_for_nobody(
    kiosk, colleague, reception, parts
):
    kiosk.take()
    ticket = colleague.post("/counters/2/call-next").json
    colleague.post(f"/tickets/{ticket['id']}/park")
    without = OFFICE.replace('[[counter]]\nkey = "2"', '[[counter]]\nkey = "9"')
    parts.area.reload(parse(without))
    assert reception.post(f"/tickets/{ticket['id']}/resume").json["held_for"] is None


def test_a_request_for_a_ticket_is_not_one_for_being_served(reception, clerk):
    request = new_request()
    reception.take(request_id=request)
    wish = {"service": "documents", "request_id": request}
    answer = clerk.post("/counters/1/serve", wish)
    assert (answer.status_code, answer.json["error"]) == (409, "request_used")


def test_a_call_that_was_taken_back_is_not_answered_again_as_if_it_stood(kiosk, clerk):
    kiosk.take()
    wish = {"request_id": "click-0001"}
    ticket = clerk.post("/counters/1/call-next", wish).json
    clerk.post(f"/tickets/{ticket['id']}/undo")
    again = clerk.post("/counters/1/call-next", wish)
    assert (again.status_code, again.json["error"]) == (409, "request_used")


def test_a_wall_that_left_the_configuration_hears_nothing_more_and_so_asks(app, parts, person):
    live = app.extensions["queue-live"]
    token = parts.keeper.create_token("display")
    page = live.socketio.test_client(app, auth={"token": token})
    assert "calls" in page.emit("watch", "wall:hall", callback=True)
    gone = OFFICE.replace('key = "hall"\ndirections', 'key = "foyer"\ndirections')
    parts.area.reload(parse(gone))
    live._push("wall:hall")
    page.get_received()
    live._beat()
    assert page.get_received() == []
    assert page.emit("watch", "wall:hall", callback=True) == {"error": "unknown"}
