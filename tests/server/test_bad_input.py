"""Bad input gets one clear sentence in the error shape and changes nothing."""

from __future__ import annotations

import pytest

REQUEST = "request-bad-input"


@pytest.fixture
def unchanged(parts):
    """Nothing may be in the log, the queue or the printer's tray afterwards."""
    before = parts.store.events.revision()
    yield
    assert parts.store.events.revision() == before
    assert parts.store.tickets.waiting(parts.area.today()) == []
    assert parts.office.newest("entrance", 1) == []


def assert_refused(answer, status, error):
    assert answer.status_code == status
    assert set(answer.json) == {"error", "message", "details"}
    assert answer.json["error"] == error
    assert answer.json["message"].endswith((".", "!"))
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"service": "nonsense", "request_id": REQUEST}, 404, "unknown"),
        ({"service": "documents", "request_id": REQUEST, "kiosk": "x"}, 403, "forbidden"),
        ({"service": "documents", "request_id": REQUEST, "priority": "vip"}, 404, "unknown"),
        ({"service": "documents", "request_id": REQUEST, "language": "xx"}, 422, "invalid"),
        ({"service": "documents", "request_id": REQUEST, "name": "Ada"}, 422, "invalid"),
        ({"service": "documents"}, 422, "invalid"),
        ({"service": 7, "request_id": REQUEST}, 422, "invalid"),
        ({"service": "paused", "request_id": REQUEST}, 409, "service_off"),
        ([1], 422, "invalid"),
    ],
)
def test_a_wrong_wish_for_a_ticket_is_refused(kiosk, unchanged, body, status, error):
    """zms 5-4"""
    assert_refused(kiosk.post("/tickets", body), status, error)


def test_a_closed_office_says_when_it_opens(kiosk, unchanged, clock):
    clock.forward(days=1)
    answer = kiosk.post("/tickets", {"service": "documents", "request_id": REQUEST})
    assert_refused(answer, 409, "closed")
    assert answer.json["details"] == {"reason": "closed", "opens_at": "2026-11-30T07:00:00.000Z"}


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"nonsense", b'{"service": '])
def test_what_is_no_json_is_refused(app, kiosk, unchanged, raw):
    answer = app.test_client().post("/api/v1/tickets", data=raw, headers=kiosk.headers)
    assert_refused(answer, 400, "bad_request")


def test_a_body_of_a_megabyte_is_refused(app, kiosk, unchanged):
    answer = app.test_client().post("/api/v1/tickets", data=b"x" * 1_000_000, headers=kiosk.headers)
    assert_refused(answer, 413, "too_large")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/counters/nonsense/call-next", "unknown"),
        ("/tickets/999/start", "unknown"),
        (f"/tickets/{10**30}/start", "unknown"),
        ("/nonsense", "not_found"),
    ],
)
def test_what_does_not_exist_is_not_found(person, unchanged, path, error):
    assert_refused(person("counter").post(path), 404, error)


def test_a_print_job_with_an_impossible_number_does_not_exist(person, unchanged):
    assert_refused(person("printer").post(f"/print-jobs/{10**30}/claim"), 404, "unknown")


@pytest.mark.parametrize("wait", ["nan", "-1"])
def test_nobody_waits_for_a_strange_time(person, unchanged, wait):
    agent = person("printer", "entrance")
    assert_refused(agent.get(f"/print-jobs?printer=entrance&wait={wait}"), 422, "invalid")


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\ud83d\\ude00"])
def test_strange_characters_name_no_concern(app, kiosk, unchanged, text):
    raw = f'{{"service": "{text}", "request_id": "{REQUEST}"}}'
    answer = app.test_client().post("/api/v1/tickets", data=raw, headers=kiosk.headers)
    assert answer.status_code in {400, 404}
    assert set(answer.json) == {"error", "message", "details"}


def test_the_wrong_method_is_refused(kiosk, unchanged):
    assert_refused(kiosk.get("/tickets"), 405, "method_not_allowed")


def test_a_guest_must_log_in(guest, unchanged):
    assert_refused(guest.post("/tickets", {"service": "documents"}), 401, "no_login")


def test_a_foreign_token_opens_nothing(guest, unchanged):
    guest.headers = {"Authorization": "Bearer somebody-elses-token"}
    assert_refused(guest.get("/queue"), 401, "no_login")


def test_a_revoked_token_opens_nothing(clerk, parts, unchanged):
    parts.keeper.revoke(parts.keeper.tokens()[0]["id"])
    assert_refused(clerk.get("/queue"), 401, "no_login")


@pytest.mark.parametrize("role", ["display", "printer", "counter", "lead"])
def test_only_kiosk_and_reception_give_tickets(person, unchanged, role):
    wish = {"service": "documents", "request_id": REQUEST}
    assert_refused(person(role).post("/tickets", wish), 403, "forbidden")


def test_a_one_time_link_works_once(guest, parts):
    code = parts.keeper.create_link("kiosk", "entrance")
    assert guest.post("/links/redeem", {"code": code}).json == {"go": "/kiosk/entrance"}
    assert_refused(guest.post("/links/redeem", {"code": code}), 410, "link_expired")


def test_an_old_link_is_refused(guest, parts, clock, unchanged):
    code = parts.keeper.create_link("kiosk", "entrance")
    clock.forward(hours=25)
    assert_refused(guest.post("/links/redeem", {"code": code}), 410, "link_expired")


def test_a_crash_is_no_stack_trace(kiosk, parts, monkeypatch, caplog):
    monkeypatch.setattr(parts.area, "issue", lambda *_, **__: 1 / 0)
    answer = kiosk.post("/tickets", {"service": "documents", "request_id": REQUEST})
    assert_refused(answer, 500, "internal")
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text
