"""Who gets in: paired pages side by side in one browser, people with passwords, no forgeries."""

from __future__ import annotations

import re

import pytest

from queue_server.refusals import Refused

PASSWORD = "correct horse battery"


@pytest.fixture
def browser(app):
    """One browser with one cookie jar, as on a desk with several windows."""
    return app.test_client()


def pair(browser, parts, role, station):
    code = parts.keeper.create_link(role, station)
    answer = browser.post("/api/v1/links/redeem", json={"code": code})
    assert answer.status_code == 200
    return answer


def form_token(browser, path):
    page = browser.get(path).text
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def log_in(browser, parts, role="counter", name="anna"):
    parts.keeper.add_staff(name, role, PASSWORD)
    token = form_token(browser, "/login")
    return browser.post(
        "/login",
        data={"name": name, "password": PASSWORD, "csrf_token": token, "next": "/counters"},
    )


def page_token(browser, path):
    return re.search(r'name="csrf-token" content="([^"]+)"', browser.get(path).text)[1]


def test_kiosk_wall_and_counter_live_side_by_side_in_one_browser(browser, parts):
    for role, station in (("kiosk", "entrance"), ("display", "hall"), ("counter", "1")):
        pair(browser, parts, role, station)
    wish = {"service": "documents", "request_id": "request-0001"}
    kiosk = browser.post("/api/v1/tickets", json=wish, headers={"X-Page": "kiosk:entrance"})
    assert kiosk.status_code == 201
    called = browser.post("/api/v1/counters/1/call-next", json={}, headers={"X-Page": "counter:1"})
    assert called.json["number"] == "A001"
    wall = browser.get("/api/v1/boards/hall", headers={"X-Page": "wall:hall"})
    assert wall.json["calls"][0]["number"] == "A001"


def test_a_paired_page_cannot_speak_for_another_one(browser, parts):
    pair(browser, parts, "display", "hall")
    for page in ("counter:1", "kiosk:entrance", "wall:upstairs", "", "nonsense"):
        answer = browser.post("/api/v1/counters/1/call-next", json={}, headers={"X-Page": page})
        assert answer.status_code == 401


def test_cookies_are_for_the_browser_alone(browser, parts):
    cookie = pair(browser, parts, "kiosk", "entrance").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_clerk_logs_in_chooses_a_counter_and_calls(browser, parts, kiosk):
    kiosk.take()
    assert log_in(browser, parts).headers["Location"] == "/counters"
    assert "/counter/1" in browser.get("/counters").text
    token = page_token(browser, "/counter/1")
    headers = {"X-Page": "counter:1", "X-CSRF-Token": token}
    called = browser.post("/api/v1/counters/1/call-next", json={}, headers=headers)
    assert called.json["number"] == "A001"


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_request_that_no_page_of_ours_sent_is_refused(browser, parts, kiosk, token):
    kiosk.take()
    log_in(browser, parts)
    headers = {"X-CSRF-Token": token} if token is not None else {}
    answer = browser.post("/api/v1/counters/1/call-next", json={}, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (400, "csrf")
    assert parts.store.tickets.at_counters() == []


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser, parts):
    parts.keeper.add_staff("anna", "counter", PASSWORD)
    pages = []
    for name in ("anna", "nobody"):
        token = form_token(browser, "/login")
        form = {"name": name, "password": "wrong", "csrf_token": token}
        answer = browser.post("/login", data=form)
        assert answer.status_code == 401
        pages.append(re.sub(r'value="[^"]*"|content="[^"]*"', "", answer.text))
    assert pages[0] == pages[1]


def test_after_logging_out_the_session_opens_nothing(browser, parts):
    """zms 5-50"""
    log_in(browser, parts)
    old = browser.get_cookie("queue-session").value
    token = page_token(browser, "/counter/1")
    browser.post("/logout", data={"csrf_token": token})
    browser.set_cookie("queue-session", old)
    assert browser.get("/api/v1/queue").status_code == 401


def test_a_session_ends_by_itself(browser, parts, clock):
    """zms 5-50"""
    log_in(browser, parts)
    assert browser.get("/api/v1/queue").status_code == 200
    clock.forward(hours=13)
    assert browser.get("/api/v1/queue").status_code == 401


@pytest.mark.parametrize(
    "trap", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_logging_in_never_leads_to_a_foreign_site(browser, parts, trap):
    parts.keeper.add_staff("anna", "counter", PASSWORD)
    token = form_token(browser, "/login")
    form = {"name": "anna", "password": PASSWORD, "csrf_token": token, "next": trap}
    assert browser.post("/login", data=form).headers["Location"] == "/counters"


def test_the_first_administrator_is_named_once(browser, parts):
    code = parts.keeper.create_link("admin")
    assert browser.post("/api/v1/links/redeem", json={"code": code}).json == {"go": "/setup"}
    token = form_token(browser, "/setup")
    form = {"name": "chief", "password": "short", "csrf_token": token}
    assert browser.post("/setup", data=form).status_code == 422
    assert browser.post("/setup", data={**form, "password": PASSWORD}).status_code == 303
    assert parts.keeper.log_in("chief", PASSWORD)
    form = {"name": "second", "password": PASSWORD, "csrf_token": token}
    assert browser.post("/setup", data=form).status_code == 422


@pytest.mark.parametrize("role", ["kiosk", "display", "counter", "paper", "admin"])
def test_no_other_link_makes_an_administrator(browser, parts, role):
    station = {"kiosk": "entrance", "display": "hall", "counter": "1", "paper": "entrance"}.get(
        role
    )
    code = parts.keeper.create_link(role, station)
    with pytest.raises(Refused, match="link_expired"):
        parts.keeper.set_up(code, "mallory", PASSWORD)
    assert not parts.store.access.has_administrator()
    assert parts.keeper.redeem(code) == (role, station)


def test_a_second_first_administrator_is_refused(parts):
    codes = [parts.keeper.create_link("setup", str(n)) for n in range(2)]
    parts.keeper.set_up(codes[0], "chief", PASSWORD)
    with pytest.raises(Refused, match="link_expired"):
        parts.keeper.set_up(codes[1], "mallory", PASSWORD)


def test_the_code_for_the_first_administrator_pairs_no_screen(guest, parts):
    code = parts.keeper.create_link("setup")
    assert guest.post("/links/redeem", {"code": code}).status_code == 410
    parts.keeper.set_up(code, "chief", PASSWORD)


@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/link", "/kiosk/entrance", "/wall/nonsense", "/nonsense", "/t/nonsense",
     "/counter/1", "/health", "/api/v1/openapi.json", "/api/v1/queue", "/api/v1/nonsense"],
)  # fmt: skip
def test_every_answer_carries_the_protecting_headers(browser, path):
    answer = browser.get(path, headers={"Accept": "text/html"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Permissions-Policy" in answer.headers
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("role", "station", "path"),
    [("kiosk", "entrance", "/kiosk/entrance"), ("display", "hall", "/wall/hall"),
     ("counter", "1", "/counter/1"), ("paper", "entrance", "/paper/entrance")],
)  # fmt: skip
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_page_holds_inline_script_or_style(browser, parts, role, station, path, language):
    pair(browser, parts, role, station)
    answer = browser.get(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", answer.text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)


def test_a_screen_that_is_not_paired_gets_a_readable_page(browser):
    answer = browser.get("/wall/hall", headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "<html" in answer.text


def test_the_phone_page_sets_no_cookie(browser, kiosk):
    answer = browser.get(f"/t/{kiosk.take()['token']}")
    assert answer.status_code == 200
    assert "A001" in answer.text
    assert "Set-Cookie" not in answer.headers
