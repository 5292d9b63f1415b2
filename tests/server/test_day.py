"""The change of the business day, whenever it comes and however often it is tried."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from queue_server.app import create_app
from queue_server.config_file import parse
from queue_server.domain.events import Kind
from tests.conftest import OFFICE, new_request

ALWAYS = OFFICE.replace('monday = ["08:00-12:00", "14:00-17:00"]\n', "").replace(
    'tuesday = ["00:00-24:00"]',
    "\n".join(
        f'{day} = ["00:00-24:00"]'
        for day in (
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        )
    ),
)  # fmt: skip


@pytest.fixture
def config():
    return parse(ALWAYS)


def kinds(parts, kind):
    return [event for event in parts.store.events.after(0, 1000) if event.kind is kind]


def states(parts):
    return {
        parts.store.tickets.find(n).number + f"/{n}": str(parts.store.tickets.find(n).state)
        for n in range(1, 6)
    }


def fill(kiosk, clerk, colleague):
    """One client in each state that can be open at midnight, and one missed."""
    for _ in range(5):
        kiosk.take()
    serving = clerk.post("/counters/1/call-next").json["id"]
    clerk.post(f"/tickets/{serving}/start")
    missed = colleague.post("/counters/2/call-next").json["id"]
    colleague.post(f"/tickets/{missed}/miss")
    parked = colleague.post("/counters/2/call-next").json["id"]
    colleague.post(f"/tickets/{parked}/park", {"note": "holt den Ausweis"})
    colleague.post("/counters/2/call-next")


def test_at_midnight_whoever_is_still_open_is_closed_with_a_mark(
    kiosk, clerk, colleague, parts, clock
):
    """zms 5-36, peers 11-20"""
    fill(kiosk, clerk, colleague)
    clock.now = datetime(2026, 11, 24, 23, 0, 1, tzinfo=UTC)  # midnight in Berlin
    parts.area.begin_day()
    assert states(parts) == {
        "A001/1": "finished",
        "A002/2": "missed",
        "A003/3": "withdrawn",
        "A004/4": "withdrawn",
        "A005/5": "withdrawn",
    }
    closed = kinds(parts, Kind.CLOSED_AT_DAY_END)
    assert [event.data["was"] for event in closed] == ["serving", "parked", "called", "waiting"]
    # Not a finished service: the end of the day says nothing about how long one takes.
    assert kinds(parts, Kind.SERVICE_FINISHED) == []
    assert set(parts.store.counters.states().values()) == {"closed"}
    assert parts.area.find(3).note is None


def test_closing_the_day_twice_changes_nothing_more(kiosk, parts, clock):
    """zms 5-37"""
    kiosk.take()
    clock.forward(days=1)
    parts.area.begin_day()
    revision = parts.store.events.revision()
    parts.area.begin_day()
    parts.area.begin_day()
    assert parts.store.events.revision() == revision
    assert len(kinds(parts, Kind.DAY_BEGUN)) == 2


def test_a_forgotten_end_of_day_is_seen_and_made_up_for_by_the_next_client(
    kiosk, guest, parts, clock
):
    """zms 5-37"""
    kiosk.take()
    clock.forward(days=1)
    health = guest.get("/health")
    assert (health.status_code, health.json["parts"]["day"]) == (503, "trouble")
    assert kiosk.take()["number"] == "A001"
    assert guest.get("/health").status_code == 200
    assert parts.area.find(1).at_day_end


def test_a_server_that_was_off_for_three_days_begins_with_a_clean_room(
    kiosk, clerk, colleague, parts, clock, config, tmp_path
):
    fill(kiosk, clerk, colleague)
    parts.store.database.close()
    clock.forward(days=3)
    again = create_app(config, tmp_path / "data", clock=clock).extensions["queue"]
    try:
        assert again.store.tickets.waiting(again.area.today()) == []
        assert again.store.tickets.at_counters() == []
        assert again.area.issue("documents")[0].number == "A001"
        assert [e.data["day"] for e in kinds(again, Kind.DAY_BEGUN)] == ["2026-11-24", "2026-11-27"]
    finally:
        again.store.database.close()


def test_a_page_that_was_left_open_overnight_is_told_that_the_day_is_over(kiosk, clerk, clock):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    clock.forward(days=1)
    for verb in ("start", "recall", "miss", "park", "withdraw", "undo"):
        answer = clerk.post(f"/tickets/{ticket['id']}/{verb}")
        assert (answer.status_code, answer.json["details"]["why"]) == (409, "day_over")


class TestCarryingOver:
    """peers 11-20: optional, off by default"""

    @pytest.fixture
    def config(self):
        return parse(ALWAYS + "[day]\ncarry_over = true\n")

    def test_who_waits_or_is_parked_stays_with_number_and_place(
        self, kiosk, clerk, colleague, parts, clock
    ):
        fill(kiosk, clerk, colleague)
        place = parts.area.find(5).order_at
        clock.forward(days=1)
        assert kiosk.take()["number"] == "A001"
        carried = parts.area.find(5)
        assert (carried.state, carried.number, carried.order_at) == ("waiting", "A005", place)
        assert parts.area.find(3).state == "parked"
        assert clerk.post("/counters/1/call-next").json["id"] == 5

    def test_new_numbers_skip_those_that_are_still_in_the_room(self, kiosk, parts, clock):
        for _ in range(2):
            kiosk.take()
        clock.forward(days=1)
        assert [kiosk.take()["number"] for _ in range(2)] == ["A003", "A004"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-03-29T00:59:30+00:00", "2026-03-29T01:00:30+00:00"),  # 01:59 -> 03:00
        ("2026-10-25T00:59:30+00:00", "2026-10-25T01:00:30+00:00"),  # 02:59 -> 02:00
    ],
)
def test_on_the_nights_of_the_clock_change_the_order_and_the_day_stay(
    kiosk, clerk, clock, before, after
):
    """peers 11-19"""
    clock.now = datetime.fromisoformat(before)
    first = kiosk.take()
    clock.now = datetime.fromisoformat(after)
    second = kiosk.take()
    assert (first["number"], second["number"]) == ("A001", "A002")
    assert clerk.post("/counters/1/call-next").json["number"] == "A001"


def test_a_client_who_comes_after_the_clock_was_set_back_waits_behind_the_others(
    kiosk, clerk, clock
):
    """peers 11-19"""
    kiosk.take()
    clock.forward(hours=-1)
    later = kiosk.take()
    assert later["issued_at"] == "2026-11-24T08:00:00.000Z"
    assert clerk.post("/counters/1/call-next").json["number"] == "A001"
    assert clerk.post("/tickets/1/start").json["started_at"] == "2026-11-24T08:00:00.000Z"


def test_a_clock_that_shows_last_week_for_a_while_loses_nobody(kiosk, clerk, parts, clock):
    """peers 11-19: a machine without battery starts in the past until somebody sets its clock"""
    kiosk.take()
    clock.forward(days=-7)
    strange = kiosk.take()
    assert strange["number"] == "A001"
    clock.forward(days=7, minutes=1)
    assert kiosk.take()["number"] == "A002"
    assert parts.area.find(1).state == "waiting"
    assert parts.area.find(strange["id"]).at_day_end
    assert clerk.post("/counters/1/call-next").json["id"] == 1


def test_yesterdays_request_is_a_new_one_today(kiosk, clock):
    request = new_request()
    kiosk.take(request_id=request)
    clock.forward(days=1)
    assert kiosk.take(request_id=request)["number"] == "A001"


class TestCarryingOverAfterAWrongClock:
    """A number that was given on the real day and on the invented one."""

    @pytest.fixture
    def config(self):
        return parse(ALWAYS + "[day]\ncarry_over = true\n")

    def test_one_number_never_walks_about_twice_and_the_day_begins_all_the_same(
        self, kiosk, parts, clock
    ):
        request = new_request()
        today = kiosk.take(request_id=request)
        clock.forward(days=-2000)
        invented = kiosk.take(request_id=request)
        assert invented["number"] == today["number"] == "A001"
        clock.forward(days=2000, minutes=1)
        assert kiosk.take()["number"] == "A002"
        assert parts.area.find(today["id"]).state == "waiting"
        assert parts.area.find(invented["id"]).at_day_end

    def test_a_request_of_yesterday_does_not_meet_one_of_today(self, kiosk, parts, clock):
        request = new_request()
        kiosk.take(request_id=request)
        clock.forward(days=1)
        assert kiosk.take(request_id=request)["number"] == "A002"
        assert parts.area.find(1).day == str(parts.area.today())


def test_while_the_clock_shows_an_earlier_day_the_client_at_the_counter_can_be_finished(
    kiosk, clerk, clock
):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    clerk.post(f"/tickets/{ticket['id']}/start")
    clock.forward(days=-2000)
    assert clerk.post(f"/tickets/{ticket['id']}/finish").json["state"] == "finished"


def test_numbers_go_on_after_the_clock_showed_a_later_day(kiosk, clock):
    kiosk.take()
    clock.forward(days=400)
    kiosk.take()
    clock.forward(days=-400)
    assert kiosk.take()["number"] == "A002"


def test_after_the_clock_was_set_back_rests_end_and_undo_runs_out(kiosk, clerk, clock):
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    clock.forward(hours=-1)
    clerk.post(f"/tickets/{ticket['id']}/start")
    clock.forward(seconds=30)
    assert clerk.post(f"/tickets/{ticket['id']}/undo").status_code == 409
