"""Taking a ticket: numbers, limits, hours at the moment of the tap, and machines in trouble."""

from __future__ import annotations

import sqlite3

import pytest

from tests.server.scenes import call_next, events, look, numbers, serve_all, step, wish, work_by

DOCUMENTS = 'key = "documents"\nseries = "main"\n'
LIMIT_OF_TWO = (DOCUMENTS, f"{DOCUMENTS}daily_limit = 2\n")


def refused(person, status, error, **more):
    answer = person.post("/tickets", wish(**more))
    assert (answer.status_code, answer.json["error"]) == (status, error)
    return answer.json


# --- Numbers --------------------------------------------------------------------------------------


def test_numbers_begin_again_and_skip_those_of_clients_who_are_still_here(kiosk, clerk, parts):
    """zms 5-2: there two clients had the same number"""
    work_by(parts, ("last = 999", "last = 4"))
    given = [kiosk.take()["number"] for _ in range(4)]
    assert given == ["A001", "A002", "A003", "A004"]
    step(clerk, call_next(clerk), "miss")
    serve_all(clerk)
    kiosk.take()
    assert numbers(serve_all(clerk)) == ["A002"]  # the missed client may still come back as A001


def test_when_every_number_is_in_the_room_the_client_is_told_and_nothing_is_given(
    kiosk, clerk, parts
):
    """zms 5-2"""
    work_by(parts, ("last = 999", "last = 2"))
    first = [kiosk.take(), kiosk.take()]
    refused(kiosk, 409, "limit_reached")
    assert numbers(serve_all(clerk)) == numbers(first)
    assert kiosk.take()["number"] == "A001"


def test_a_refused_wish_leaves_no_gap_in_the_numbers(kiosk, reception):
    """peers 11-2"""
    assert kiosk.take()["number"] == "A001"
    refused(reception, 409, "wrong_day", appointment_at="2026-11-25T09:00:00+01:00")
    refused(reception, 404, "unknown", priority="vip")
    refused(kiosk, 409, "service_off", service="paused")
    assert kiosk.take()["number"] == "A002"


def test_clients_with_an_appointment_have_numbers_of_their_own_kind(kiosk, reception, parts):
    """zms 5-10"""
    own = '\n[appointments]\nseries = "t"\n[[series]]\nkey = "t"\nprefix = "T"\n'
    work_by(parts, more=own)
    given = [
        kiosk.take(),
        reception.take(appointment_at="2026-11-24T09:30:00+01:00"),
        kiosk.take(),
        reception.take(appointment_at="2026-11-24T09:30:00+01:00"),
    ]
    assert numbers(given) == ["A001", "T001", "A002", "T002"]


# --- Limits, hours, staff -------------------------------------------------------------------------


def test_when_the_day_s_tickets_are_used_up_only_staff_may_still_give_some(kiosk, reception, parts):
    """zms 5-3"""
    work_by(parts, LIMIT_OF_TWO)
    kiosk.take(), kiosk.take()
    said = refused(kiosk, 409, "limit_reached")
    assert said["details"] == {"service": "documents", "limit": 2}
    refused(reception, 409, "limit_reached")
    assert reception.take(anyway=True)["number"] == "A003"
    assert kiosk.take("status")["number"] == "A004"


@pytest.mark.parametrize(
    ("old", "new", "minutes", "error"),
    [
        ('tuesday = ["00:00-24:00"]', 'tuesday = ["08:00-09:30"]', 30, "closed"),
        (
            'tuesday = ["00:00-24:00"]',
            'tuesday = ["08:00-09:45"]\nlast_ticket_minutes_before_closing = 15',
            30,
            "closed",
        ),
        (DOCUMENTS, f"{DOCUMENTS}issue = false\n", 0, "service_off"),
        (DOCUMENTS, f"{DOCUMENTS}until = 2026-11-23\n", 0, "service_off"),
        ('key = "entrance"\nprinter', 'key = "entrance"\nservices = ["status"]\nprinter', 0,
         "service_off"),
        ("[[display]]", "[area]\ncapacity = 1\n[[display]]", 0, "area_full"),
    ],
)  # fmt: skip
def test_what_changed_between_the_look_and_the_tap_is_seen_by_the_tap(
    kiosk, clock, parts, old, new, minutes, error
):
    """zms 5-8: closing time or a lock in between was noticed one ticket later"""
    kiosk.take("status")
    assert parts.views.snapshot("kiosk:entrance")["open"]
    work_by(parts, (old, new))
    clock.forward(minutes=minutes)
    revision = parts.store.events.revision()
    assert refused(kiosk, 409, error)["message"]
    assert parts.store.events.revision() == revision
    assert len(parts.office.open_jobs("entrance")) == 1


def test_staff_give_tickets_with_priority_note_and_out_of_hours_which_is_marked(
    reception, kiosk, clock, parts
):
    """zms 5-9: no name anywhere"""
    ticket = reception.take("status", priority="extra-time", note="Rollstuhl", language="en")
    assert (ticket["priority"], ticket["note"], ticket["print"]) == (
        "extra-time", "Rollstuhl", "none"
    )  # fmt: skip
    clock.forward(days=1)
    refused(reception, 409, "closed")
    refused(kiosk, 403, "forbidden", anyway=True)
    assert reception.take(anyway=True)["number"] == "A001"
    marks = [e.data.get("anyway") for e in events(parts, "TicketIssued")]
    assert marks == [None, True]


# --- What the kiosk knows -------------------------------------------------------------------------


def services(parts):
    shown = parts.views.snapshot("kiosk:entrance")["services"]
    return {s["key"]: s["reason"] or s["available"] for s in shown}


def test_the_kiosk_knows_which_concerns_it_can_give_and_why_not(kiosk, parts):
    """zms 5-40: open, locked, used up, some of several"""
    assert services(parts) == {"documents": True, "status": True, "paused": "service_off"}
    work_by(parts, LIMIT_OF_TWO)
    kiosk.take(), kiosk.take()
    assert services(parts)["documents"] == "limit_reached"
    work_by(parts, more="\n[area]\ncapacity = 2\n")
    assert set(services(parts).values()) == {"area_full", "service_off"}
    work_by(
        parts, ('key = "entrance"\nprinter', 'key = "entrance"\nservices = ["status"]\nprinter')
    )
    assert services(parts) == {"status": True}


def test_a_kiosk_nobody_configured_gets_a_page_that_says_so(app, person):
    """zms 5-40"""
    page = app.test_client().get("/kiosk/nonsense", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<html" in page.text
    refused(person("kiosk"), 404, "unknown", kiosk="nonsense")


def test_the_kiosk_opens_by_itself_at_opening_time(clock, parts):
    """zms 5-41: it did not start at opening time"""
    clock.forward(days=5, hours=22, minutes=59, seconds=59)  # Monday, one second before eight
    revision = parts.store.events.revision()
    board = parts.views.snapshot("kiosk:entrance")
    assert (board["open"], board["opens_at"]) == (False, "2026-11-30T07:00:00.000Z")
    clock.forward(seconds=1)
    assert parts.views.snapshot("kiosk:entrance")["open"]
    assert parts.store.events.revision() == revision


def test_every_text_of_the_kiosk_changes_with_the_language_and_falls_back(app, parts):
    """zms 5-43"""
    browser = app.test_client()
    code = parts.keeper.create_link("kiosk", "entrance")
    browser.post("/api/v1/links/redeem", json={"code": code})
    page = browser.get("/kiosk/entrance").text
    german, english = (page.split(f'data-stage-in="{tongue}"')[1] for tongue in ("de", "en"))
    german = german.split("data-stage-in")[0]
    assert "Unterlagen abgeben" in german and "Hand in documents" in english
    assert "What would you like to do?" in english
    assert "What would you like to do?" not in german
    assert "Unterlagen abgeben" not in english
    assert "Heute nicht" in english  # has no English name


# --- Trouble --------------------------------------------------------------------------------------


def test_a_slip_that_did_not_come_out_is_known_to_kiosk_clerk_and_reception(
    kiosk, reception, clerk, parts
):
    """peers 11-13: a ghost number; here somebody can withdraw it"""
    ticket = kiosk.take()
    job = parts.office.open_jobs("entrance")[0]
    parts.office.claim(job["id"])
    parts.office.close(job["id"], "not_printed", "paper_end")
    assert parts.views.snapshot("kiosk:entrance")["slips"] == {"1": "not_printed"}
    trouble = parts.views.snapshot("counter:1")["trouble"]
    assert trouble == [{"printer": "entrance", "reason": "paper_end"}]
    assert look(reception, ticket)["print"] == "not_printed"
    step(reception, ticket, "withdraw")
    assert call_next(clerk) is None


@pytest.fixture
def locked(parts):
    """Another program holds the database."""
    parts.store.database._connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(parts.paper.parent / "queue.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_locked_database_is_an_error_for_everybody_who_writes(kiosk, clerk, locked):
    """peers 11-23, zms 5-41: never a 200 with nothing behind it; the same tap works later"""
    tap = wish()
    for person, path, body in (
        (kiosk, "/tickets", tap),
        (clerk, "/counters/1/call-next", {}),
        (clerk, "/counters/1/open", {}),
    ):
        answer = person.post(path, body)
        assert (answer.status_code, answer.json["error"]) == (503, "not_ready")
    locked.execute("ROLLBACK")
    assert kiosk.post("/tickets", tap).json["number"] == "A001"
    assert kiosk.post("/tickets", tap).status_code == 200
    assert numbers(serve_all(clerk)) == ["A001"]


def test_on_a_full_disk_every_ticket_that_was_given_is_there(kiosk, reception, parts):
    """peers 11-23"""
    pages = parts.store.database.value("PRAGMA page_count")
    parts.store.database.value(f"PRAGMA max_page_count = {pages + 2}")
    answers = [kiosk.post("/tickets", wish()) for _ in range(40)]
    given = [answer.json["number"] for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} == {201, 503}
    assert numbers(reception.get("/queue").json["waiting"]) == given
    parts.store.database.value(f"PRAGMA max_page_count = {pages + 1000}")
    assert kiosk.take()["number"] == f"A{len(given) + 1:03}"
