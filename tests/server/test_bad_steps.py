"""Bad input for each step: one clear sentence, the right status, and nothing has changed."""

from __future__ import annotations

import json

import pytest

from tests.server.scenes import call_next, wish

STEPS = ("recall", "start", "finish", "miss", "park", "resume", "withdraw")
TEXTS = ("x" * 81, "a\nb", "a\tb", "\x00", "\u202e321A", "\u2066A", "\u200b", "a\u2028b")
WRONG_TYPES = (7, True, [], {}, ["Text"])
LARGEST = 2**63 - 1


@pytest.fixture
def ticket(kiosk, clerk):
    """A client who is called to counter 1; nothing that follows may change that."""
    kiosk.take("status")
    kiosk.take("status")
    return call_next(clerk)


@pytest.fixture
def unchanged(ticket, parts):
    before = [parts.area.find(1), parts.area.find(2), parts.store.events.revision()]
    yield
    assert [parts.area.find(1), parts.area.find(2), parts.store.events.revision()] == before
    assert parts.area.store.tickets.find(3) is None


def assert_refused(answer, status, error, case):
    assert answer.status_code == status, (case, answer.text)
    assert set(answer.json) == {"error", "message", "details"}, case
    assert answer.json["error"] == error, case
    assert answer.json["message"].count(".") >= 1 and "\n" not in answer.json["message"], case
    return answer.json["details"]


def send_raw(app, person, path, raw):
    """JSON as no honest library writes it."""
    return app.test_client().post(f"/api/v1{path}", data=raw, headers=person.headers)


def test_a_text_that_is_no_readable_line_is_refused(app, ticket, unchanged, reception):
    for path, body, field in (
        *((f"/tickets/1/{verb}", {}, "note") for verb in STEPS),
        ("/tickets/1/finish", {}, "outcome"),
        ("/tickets/1/transfer", {"service": "status"}, "note"),
        ("/tickets/2/call", {"counter": "2"}, "reason"),
        ("/tickets", {"service": "status", "request_id": "request-0001"}, "note"),
    ):
        for text in (*TEXTS, *WRONG_TYPES):
            answer = reception.post(path, {**body, field: text})
            details = assert_refused(answer, 422, "invalid", (path, text))
            assert list(details["fields"]) == [field]
        for half in ("\\ud800", "a\\udfffb"):  # half of a character
            rest = "".join(f'"{name}": "{value}", ' for name, value in body.items())
            answer = send_raw(app, reception, path, f'{{{rest}"{field}": "{half}"}}'.encode())
            assert_refused(answer, 400, "bad_request", (path, half))


def test_nobody_is_picked_without_a_reason(ticket, unchanged, reception):
    for reason in ({}, {"reason": ""}, {"reason": "   "}, {"reason": None}):
        answer = reception.post("/tickets/2/call", {"counter": "2", **reason})
        assert_refused(answer, 422, "invalid", reason)


def test_a_field_that_nobody_knows_is_a_typing_error(ticket, unchanged, reception):
    for path, body in (
        *((f"/tickets/1/{verb}", {}) for verb in (*STEPS, "undo")),
        ("/tickets/1/transfer", {"service": "status"}),
        ("/tickets/2/call", {"counter": "2", "reason": "steht hier"}),
        ("/tickets", {"service": "status", "request_id": "request-0001"}),
    ):
        details = assert_refused(reception.post(path, {**body, "notiz": "x"}), 422, "invalid", path)
        assert list(details["fields"]) == ["notiz"]


def test_a_body_that_is_no_object_is_refused(app, ticket, unchanged, reception):
    for path in (*(f"/tickets/1/{v}" for v in (*STEPS, "undo", "transfer", "call")), "/tickets"):
        for raw in (b"[]", b"7", b'"start"', b"null", b"[{}]"):
            assert_refused(send_raw(app, reception, path, raw), 422, "invalid", (path, raw))
        assert_refused(send_raw(app, reception, path, b"{"), 400, "bad_request", path)


def test_wrong_types_are_refused_and_never_guessed(ticket, unchanged, reception):
    issue = {"service": "status", "request_id": "request-0001"}
    for path, body in (
        *(("/tickets/1/transfer", {"service": wrong}) for wrong in WRONG_TYPES),
        *(("/tickets/1/transfer", {"counter": wrong}) for wrong in WRONG_TYPES),
        *(("/tickets/2/call", {"counter": wrong, "reason": "x"}) for wrong in (1, None, ["1"])),
        *(("/tickets", {**issue, "service": wrong}) for wrong in (None, 7, ["status"])),
        *(("/tickets", {**issue, "request_id": wrong}) for wrong in (None, 12345678, "zu kurz!")),
        *(("/tickets", {**issue, "anyway": wrong}) for wrong in (None, [], 2, "vielleicht")),
        *(("/tickets", {**issue, "language": wrong}) for wrong in (7, "Deutsch", "de\n")),
    ):
        assert_refused(reception.post(path, body), 422, "invalid", body)


def test_an_appointment_needs_an_instant_of_our_times(ticket, unchanged, reception):
    for slot in (
        "2026-11-24T09:00:00", "morgen", "2026-13-01T09:00:00Z", "2026-02-30T09:00:00Z", True, [],
        "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "", 1e300,
    ):  # fmt: skip
        assert_refused(reception.post("/tickets", wish(appointment_at=slot)), 422, "invalid", slot)


def test_an_appointment_on_another_day_is_refused(ticket, unchanged, reception):
    """zms 5-19"""
    for slot in ("2026-11-25T09:00:00+01:00", "2026-11-24T23:00:00Z", "2026-11-23T22:59:59Z"):
        assert_refused(
            reception.post("/tickets", wish(appointment_at=slot)), 409, "wrong_day", slot
        )


def test_a_transfer_to_nowhere_is_refused(ticket, unchanged, reception):
    for body in ({}, {"service": None, "counter": None}, {"note": "irgendwohin"}):
        assert_refused(reception.post("/tickets/1/transfer", body), 422, "invalid", body)


def test_what_does_not_exist_is_named(ticket, unchanged, reception, person):
    """zms 5-4"""
    issue = {"request_id": "request-0001"}
    for path, body, what in (
        ("/tickets/1/transfer", {"service": "nonsense"}, "service"),
        ("/tickets/1/transfer", {"counter": "nonsense"}, "counter"),
        ("/tickets/1/transfer", {"service": "status", "counter": "9"}, "counter"),
        ("/tickets/2/call", {"counter": "nonsense", "reason": "x"}, "counter"),
        ("/tickets", {**issue, "service": "nonsense"}, "service"),
        ("/tickets", {**issue, "service": "status", "kiosk": "nonsense"}, "kiosk"),
        ("/tickets", {**issue, "service": "status", "priority": "nonsense"}, "priority"),
    ):
        details = assert_refused(reception.post(path, body), 404, "unknown", body)
        assert details == {"what": what, "key": body.get(what)}
    for path in ("/counters/9/call-next", "/counters/9/open", "/counters/9/serve"):
        body = {**issue, "service": "status"} if path.endswith("serve") else None
        assert_refused(person("counter").post(path, body), 404, "unknown", path)


def test_a_ticket_with_an_impossible_id_does_not_exist(ticket, unchanged, reception):
    bodies = {"transfer": {"service": "status"}, "call": {"counter": "2", "reason": "x"}}
    for ticket_id, error in (
        *((n, "unknown") for n in (0, 99, LARGEST, LARGEST + 1, 10**30)),
        *((n, "not_found") for n in (-1, "eins", "1.0", "1e0", "A001", "%00", "1%2F..")),
    ):
        for verb in (*STEPS, "undo", "transfer", "call"):
            answer = reception.post(f"/tickets/{ticket_id}/{verb}", bodies.get(verb))
            assert_refused(answer, 404, error, (ticket_id, verb))
        for path in (f"/tickets/{ticket_id}", f"/tickets/{ticket_id}/explanation"):
            assert_refused(reception.get(path), 404, error, path)


def test_what_only_staff_can_decide_does_not_come_from_a_kiosk(ticket, unchanged, kiosk):
    slot = "2026-11-24T09:30:00+01:00"
    for extra in ({"anyway": True}, {"note": "dringend"}, {"appointment_at": slot}):
        assert_refused(kiosk.post("/tickets", wish(**extra)), 403, "forbidden", extra)


def test_who_is_no_clerk_moves_nobody(ticket, unchanged, person):
    """zms 5-52"""
    for role in ("kiosk", "display", "printer", "lead"):
        for verb in (*STEPS, "undo", "transfer", "call"):
            answer = person(role).post(f"/tickets/1/{verb}")
            assert_refused(answer, 403, "forbidden", (role, verb))


def test_devices_see_no_list_of_clients(ticket, unchanged, person):
    """zms 5-52"""
    for role in ("kiosk", "display", "printer"):
        for path in ("/tickets/1", "/tickets/1/explanation", "/queue", "/events"):
            assert_refused(person(role).get(path), 403, "forbidden", (role, path))


def test_a_guest_moves_nobody(ticket, unchanged, guest):
    for verb in (*STEPS, "undo", "transfer", "call"):
        assert_refused(guest.post(f"/tickets/1/{verb}"), 401, "no_login", verb)


def test_a_note_of_one_readable_line_in_any_script_is_kept(ticket, clerk):
    for note in ("ü" * 80, "ждёт с ребёнком", "تنتظر مع طفل", "  braucht Stuhl "):
        answer = clerk.post("/tickets/1/recall", {"note": note})
        assert (answer.status_code, answer.json["note"]) == (200, note.strip())


def test_an_empty_note_takes_away_what_should_not_stand_there_and_none_leaves_it(ticket, clerk):
    for empty in ("", "   "):
        clerk.post("/tickets/1/recall", {"note": "braucht Stuhl"})
        assert clerk.post("/tickets/1/recall").json["note"] == "braucht Stuhl"
        assert clerk.post("/tickets/1/recall", {"note": empty}).json["note"] is None


def test_a_note_is_never_in_the_log(ticket, clerk, parts):
    """peers 11-26"""
    clerk.post("/tickets/1/start", {"note": "Kinderwagen"})
    clerk.post("/tickets/1/transfer", {"service": "documents", "note": "Kinderwagen"})
    assert parts.area.find(1).note == "Kinderwagen"
    told = json.dumps([dict(e.data) for e in parts.store.events.after(0, 100)])
    assert "Kinderwagen" not in told
