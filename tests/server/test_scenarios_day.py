"""The business day: its end, its beginning, midnight, and clocks that go wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.server.scenes import call_next, events, numbers, serve_all, step, wish, work_by

TUESDAY = 'tuesday = ["00:00-24:00"]'
REST_OF_THE_WEEK = ("wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = (
    TUESDAY,
    "\n".join(f'{day} = ["00:00-24:00"]' for day in ("tuesday", *REST_OF_THE_WEEK)),
)


@pytest.fixture
def full_room(kiosk, clerk, colleague):
    """One client in each state that a day can end with."""
    for _ in range(6):
        kiosk.take()
    step(clerk, call_next(clerk), "miss")
    step(clerk, step(clerk, call_next(clerk), "start"), "park")
    step(clerk, step(clerk, call_next(clerk), "start"), "finish")
    step(clerk, call_next(clerk), "start")
    call_next(colleague, "2")
    return {"missed": 1, "parked": 2, "finished": 3, "serving": 4, "called": 5, "waiting": 6}


def states(parts):
    return {n: str(parts.area.find(n).state) for n in range(1, 7)}


def test_the_new_day_begins_with_empty_walls_and_closed_counters(full_room, clock, parts):
    """zms 5-36: they leave the live table"""
    clock.forward(days=1)
    parts.area.begin_day()
    wall = parts.views.snapshot("wall:hall")
    assert (wall["calls"], wall["recent"], wall["waiting"]) == ([], [], 0)
    counter = parts.views.snapshot("counter:1")
    assert counter["counter"]["state"] == "closed"
    assert (counter["ticket"], counter["next"], counter["parked"], counter["missed"]) == (
        None, [], [], []
    )  # fmt: skip


def test_a_beginning_that_failed_is_seen_changed_nothing_and_is_done_again(
    full_room, clock, parts, guest, monkeypatch
):
    """zms 5-37: three nights had to be repaired by hand"""
    before, revision = states(parts), parts.store.events.revision()
    clock.forward(days=1)
    with monkeypatch.context() as broken:
        broken.setattr(parts.store.tickets, "forget_notes", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            parts.area.begin_day()
    assert (states(parts), parts.store.events.revision()) == (before, revision)
    health = guest.get("/health")
    assert (health.status_code, health.json["parts"]["day"]) == (503, "trouble")
    parts.area.begin_day()
    assert guest.get("/health").status_code == 200
    assert len(events(parts, "ClosedAtDayEnd")) == 4


def test_a_new_day_has_all_its_tickets_again_without_anybody_s_help(kiosk, clock, parts):
    """zms 5-3: the counter was only reset by the next ticket, which the limit forbade"""
    limit = ('key = "documents"\n', 'key = "documents"\ndaily_limit = 1\n')
    work_by(parts, EVERY_DAY, limit)
    kiosk.take()
    assert kiosk.post("/tickets", wish()).json["error"] == "limit_reached"
    clock.forward(days=1)
    board = parts.views.snapshot("kiosk:entrance")
    assert board["services"][0]["available"]
    assert kiosk.take()["number"] == "A001"


def test_a_client_of_another_day_can_not_be_called_not_even_by_picking(
    kiosk, clerk, reception, clock, parts
):
    """zms 5-19"""
    old = kiosk.take()
    clock.forward(days=7)
    assert call_next(clerk) is None
    pick = {"counter": "1", "reason": "steht noch auf der alten Seite"}
    answer = clerk.post(f"/tickets/{old['id']}/call", pick)
    assert (answer.status_code, answer.json["details"]["why"]) == (409, "day_over")
    tomorrow = "2026-12-02T09:00:00+01:00"
    early = wish(appointment_at=tomorrow)
    assert reception.post("/tickets", early).json["error"] == "wrong_day"


def test_nothing_of_what_was_written_about_a_client_outlives_the_day(reception, clock, parts):
    """peers 11-26"""
    reception.take(note="wartet mit Kinderwagen")
    clock.forward(days=1)
    parts.area.begin_day()
    assert parts.area.find(1).note is None
    assert "Kinderwagen" not in "".join(parts.store.database._connection.iterdump())


def test_a_ticket_has_no_place_for_a_name(parts):
    """peers 11-26"""
    words = ("name", "phone", "mail", "birth", "address", "person")
    for table in ("ticket", "event", "print_job", "last_step"):
        rows = parts.store.database.rows(f"SELECT name FROM pragma_table_info('{table}')")
        columns = {row["name"] for row in rows}
        assert len(columns) >= 6, table
        assert [column for column in columns if any(word in column for word in words)] == []


# --- Hours ----------------------------------------------------------------------------------------


def test_closing_days_and_days_with_other_hours_hold_for_the_kiosk(kiosk, clock, parts):
    """zms 5-38, zms 5-39: a blocked day left the kiosk open; the end does not count"""
    for hours, hour, minute, is_open in (
        ("closed = [2026-11-24]", 9, 0, False),
        ('special = { "2026-11-24" = ["10:00-11:00"] }', 10, 59, True),
        ('special = { "2026-11-24" = ["10:00-11:00"] }', 11, 0, False),
        ('special = { "2026-11-24" = [] }', 12, 0, False),
        ('closed = [2026-11-24]\nspecial = { "2026-11-24" = ["14:00-15:00"] }', 14, 0, True),
        ('special = { "2026-11-25" = ["08:00-10:00"] }', 23, 59, True),
    ):
        work_by(parts, (TUESDAY, f"{TUESDAY}\n{hours}"))
        clock.now = datetime(2026, 11, 24, hour - 1, minute, tzinfo=UTC)
        answer = kiosk.post("/tickets", wish())
        assert answer.status_code == (201 if is_open else 409), (hours, hour, minute)
        assert parts.views.snapshot("kiosk:entrance")["open"] is is_open


# --- Midnight and clocks --------------------------------------------------------------------------


def test_the_day_changes_at_midnight_in_the_office_and_not_in_greenwich(kiosk, clock, parts):
    """peers 11-19"""
    work_by(parts, EVERY_DAY)
    given = []
    for hour, minute in ((22, 30), (22, 59), (23, 0), (23, 30)):
        clock.now = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        given.append(kiosk.take()["number"])
    assert given == ["A001", "A002", "A001", "A002"]


@pytest.mark.parametrize("midnight", ["2026-10-24T22:00Z", "2027-03-27T23:00Z"])
def test_the_nights_of_the_clock_change_have_one_beginning_and_no_number_twice(
    midnight, kiosk, clerk, clock, parts
):
    """peers 11-19"""
    work_by(parts, EVERY_DAY)
    clock.now = datetime.fromisoformat(midnight) - timedelta(minutes=30)
    kiosk.take(), kiosk.take()
    days = len(events(parts, "DayBegun"))
    given = []
    for _ in range(8):  # over midnight and over the hour that comes twice or not at all
        clock.forward(minutes=30)
        given.append(kiosk.take()["number"])
    assert given == [f"A{n:03}" for n in range(1, 9)]
    assert len(events(parts, "DayBegun")) == days + 1
    assert numbers(serve_all(clerk)) == given


def test_a_clock_set_back_over_midnight_begins_no_old_day_and_overtakes_nobody(
    kiosk, clerk, clock, parts
):
    """peers 11-19"""
    work_by(parts, EVERY_DAY)
    clock.now = datetime(2026, 11, 24, 23, 10, tzinfo=UTC)
    kiosk.take()
    clock.forward(minutes=-30)
    assert kiosk.take()["number"] == "A002"
    assert numbers(serve_all(clerk)) == ["A001", "A002"]
