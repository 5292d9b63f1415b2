"""Devices: paired by a code or a token, listed, taken away again; and how often one may try."""

from __future__ import annotations

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from queue_server.config_file import parse
from queue_server.devices import Walls
from queue_server.pairing import ALPHABET, CODE_LENGTH, MOST_PAIRINGS, new_code
from tests.conftest import OFFICE
from tests.server.test_bad_input import assert_refused
from tests.server.test_doors import PASSWORD, form_token, log_in, page_token

SECRET = "a" * 16 + "0123456789-_" + "Z" * 4


@pytest.fixture
def browser(app):
    return app.test_client()


@pytest.fixture
def lead(person):
    return person("lead")


class Screen:
    """A page without a pairing, in a browser of its own."""

    def __init__(self, app, kind="display", station="hall", secret=SECRET):
        self.browser = app.test_client()
        self.secret = secret
        self.wish = {"secret": secret, "kind": kind}
        if station is not None:
            self.wish["station"] = station

    def ask(self):
        return self.browser.post("/api/v1/pairing", json=self.wish)

    def show(self):
        answer = self.ask()
        assert answer.status_code == 201, answer.json
        return answer.json["code"]

    def collect(self):
        return self.browser.post("/api/v1/pairing/collect", json={"secret": self.secret})


@pytest.fixture
def screen(app):
    def arrive(kind="display", station="hall", number=0):
        return Screen(app, kind, station, f"{SECRET}{number}")

    return arrive


def approve(lead, code, kind="display", station="hall"):
    return lead.post("/pairing/approve", {"code": code, "kind": kind, "station": station})


def pair(screen, lead, **place):
    assert approve(lead, screen.show(), **place).status_code == 200
    return screen.collect()


def kinds_logged(parts):
    return [str(event.kind) for event in parts.store.events.after(0, 1000)]


# --- The page of a screen that is not paired ------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "station", "status"),
    [("/wall/hall", "display", "hall", 401), ("/kiosk/entrance", "kiosk", "entrance", 401),
     ("/wall", "display", "", 200), ("/kiosk", "kiosk", "", 200)],
)  # fmt: skip
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_unpaired_screen_shows_the_page_with_a_code(
    browser, path, kind, station, status, language
):
    """SEC-10"""
    answer = browser.get(f"{path}?lang={language}", headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert f'data-kind="{kind}" data-station="{station}"' in answer.text
    assert f'lang="{language}"' in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text)


def test_a_program_is_told_in_the_one_error_shape(browser):
    answer = browser.get("/wall/hall", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (401, "not_paired")


def test_a_screen_that_is_not_configured_gets_no_code(screen):
    assert_refused(screen(station="cellar").ask(), 404, "unknown")
    assert_refused(screen(kind="kiosk", station="hall").ask(), 404, "unknown")


@pytest.mark.parametrize(
    "wish",
    [{"secret": "short"}, {"secret": "ü" * 30}, {"kind": "counter"}, {"kind": "admin"},
     {"station": ""}, {"role": "admin"}],
)  # fmt: skip
def test_a_strange_wish_is_refused(app, parts, wish):
    screen = Screen(app)
    screen.wish |= wish
    assert_refused(screen.ask(), 422, "invalid")
    assert parts.store.pairings.count() == 0


def test_a_counter_page_stays_with_the_log_in(browser):
    assert browser.get("/counter/1").headers["Location"] == "/login?next=/counter/1"


# --- From the code to the cookie ------------------------------------------------------------------


def test_a_lead_enters_the_code_and_the_screen_that_showed_it_is_let_in(screen, lead):
    """SEC-10"""
    wall = screen()
    answer = pair(wall, lead)
    assert answer.json == {"state": "paired", "go": "/wall/hall"}
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert wall.browser.get("/wall/hall").status_code == 200
    board = wall.browser.get("/api/v1/boards/hall", headers={"X-Page": "wall:hall"})
    assert board.status_code == 200


def test_a_code_has_at_least_20_random_bits_and_no_look_alikes():
    """SEC-10"""
    assert len(ALPHABET) ** CODE_LENGTH >= 2**20
    assert not set(ALPHABET) & set("0O1IL5S8BUV2Z") - {"2"}
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code) for code in codes)


def test_until_then_the_screen_hears_how_long_its_code_is_good(screen):
    wall = screen()
    wall.show()
    assert wall.collect().json == {"state": "waiting", "expires_at": "2026-11-24T08:10:00.000Z"}


def test_only_the_holder_of_the_secret_gets_the_token_and_only_once(screen, lead, parts):
    """SEC-10"""
    wall, thief = screen(), screen(number=1)
    assert approve(lead, wall.show()).status_code == 200
    before = len(parts.keeper.tokens())
    assert_refused(thief.collect(), 410, "code_expired")
    assert wall.collect().json["state"] == "paired"
    assert_refused(wall.collect(), 410, "code_expired")
    assert len(parts.keeper.tokens()) == before + 1


def test_of_many_who_collect_at_once_with_one_secret_one_gets_the_token(app, screen, lead, parts):
    wall = screen()
    assert approve(lead, wall.show()).status_code == 200
    before = len(parts.keeper.tokens())
    with ThreadPoolExecutor(8) as many:
        twins = [Screen(app, secret=wall.secret) for _ in range(8)]
        statuses = list(many.map(lambda twin: twin.collect().status_code, twins))
    assert sorted(statuses) == [200, *[410] * 7]
    assert len(parts.keeper.tokens()) == before + 1


def test_of_two_leads_who_approve_at_once_one_is_told_that_the_code_is_used(screen, person):
    wall = screen()
    code, leads = wall.show(), [person("lead") for _ in range(4)]
    with ThreadPoolExecutor(4) as many:
        statuses = list(many.map(lambda lead: approve(lead, code).status_code, leads))
    assert sorted(statuses) == [200, 409, 409, 409]
    assert_refused(approve(leads[0], code), 409, "code_used")
    wall.collect()
    assert_refused(approve(leads[0], code), 409, "code_used")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".lower(), "{0[0]} {0[1]}"])
def test_a_code_is_read_as_people_type_it(screen, lead, typed):
    code = screen().show()
    plain = code.replace("-", "")
    for way in (code.lower(), f"  {plain} ", " ".join(plain), f"{plain[:4]}–{plain[4:].lower()}"):
        assert lead.post("/pairing/look", {"code": way}).json["station"] == "hall"


def test_a_look_says_which_screen_asks_and_changes_nothing(screen, lead, parts):
    code = screen("kiosk", "entrance").show()
    before = parts.store.events.revision()
    assert lead.post("/pairing/look", {"code": code}).json == {
        "kind": "kiosk", "station": "entrance", "asked_at": "2026-11-24T08:00:00.000Z",
    }  # fmt: skip
    assert parts.store.events.revision() == before
    assert approve(lead, code, "kiosk", "entrance").status_code == 200


def test_a_screen_without_a_name_becomes_what_the_lead_chooses(screen, lead):
    wall = screen(station=None)
    assert wall.browser.get("/wall").status_code == 200
    assert pair(wall, lead, station="upstairs").json["go"] == "/wall/upstairs"
    assert wall.browser.get("/wall").headers["Location"] == "/wall/upstairs"


def test_a_code_ends_after_ten_minutes(screen, lead, clock, parts):
    """SEC-10"""
    wall = screen()
    code = wall.show()
    clock.forward(minutes=10)
    assert_refused(approve(lead, code), 410, "code_expired")
    assert_refused(wall.collect(), 410, "code_expired")
    assert kinds_logged(parts).count("DevicePaired") == 0
    assert wall.show() != code


def test_a_new_code_ends_the_earlier_one_of_the_same_screen(screen, lead, parts):
    wall = screen()
    first, second = wall.show(), wall.show()
    assert_refused(approve(lead, first), 404, "code_wrong")
    assert approve(lead, second).status_code == 200
    assert parts.store.pairings.count() == 1


def test_an_approved_screen_that_was_cut_off_still_gets_in_a_little_later(screen, lead, clock):
    wall = screen()
    code = wall.show()
    clock.forward(minutes=9, seconds=59)
    assert approve(lead, code).status_code == 200
    clock.forward(minutes=5)
    assert wall.collect().json["state"] == "paired"


def test_a_kiosks_code_makes_no_wall(screen, lead, parts):
    wall = screen("kiosk", "entrance")
    code = wall.show()
    assert_refused(approve(lead, code, "display", "hall"), 409, "other_kind")
    assert_refused(approve(lead, code, "kiosk", "hall"), 404, "unknown")
    assert wall.collect().json["state"] == "waiting"


def test_a_display_that_left_the_configuration_is_not_let_in(screen, lead, parts):
    wall, tokens = screen(station="upstairs"), len(parts.keeper.tokens())
    code = wall.show()
    assert approve(lead, code, station="upstairs").status_code == 200
    without = OFFICE.replace('[[display]]\nkey = "upstairs"\ncounters = ["3"]\n', "")
    parts.area.reload(parse(without))
    assert_refused(wall.collect(), 404, "unknown")
    assert_refused(wall.collect(), 410, "code_expired")
    assert_refused(approve(lead, code, station="upstairs"), 404, "code_wrong")
    assert len(parts.keeper.tokens()) == tokens
    assert "DevicePaired" not in kinds_logged(parts)


def test_the_log_tells_of_pairing_and_revoking_by_role_and_without_a_secret(
    browser, screen, app, parts
):
    """SEC-16, DP-1"""
    log_in(browser, parts, "lead", "petra.muster")
    token = page_token(browser, "/devices")
    headers = {"X-CSRF-Token": token}
    wall = screen()
    code = wall.show()
    wish = {"code": code, "kind": "display", "station": "hall"}
    assert browser.post("/api/v1/pairing/approve", json=wish, headers=headers).status_code == 200
    wall.collect()
    number = parts.keeper.tokens()[-1]["id"]
    browser.post(f"/api/v1/devices/{number}/revoke", json={}, headers=headers)
    events = [e for e in parts.store.events.after(0, 100) if str(e.kind).startswith("Device")]
    told = {"device": "display", "station": "hall", "by": "lead"}
    assert [(str(e.kind), e.data) for e in events] == [
        ("DevicePaired", told), ("DeviceRevoked", told),
    ]  # fmt: skip
    assert "petra" not in json.dumps([dict(e.data) for e in events])


def test_neither_codes_nor_secrets_nor_tokens_are_stored_or_logged(screen, lead, parts, caplog):
    """SEC-10"""
    caplog.set_level(logging.DEBUG)
    wall = screen()
    code = wall.show()
    assert approve(lead, code).status_code == 200
    cookie = wall.collect().headers["Set-Cookie"]
    token = re.search(r"queue-wall-hall=([^;]+)", cookie)[1]
    stored = "\n".join(parts.store.database._connection.iterdump())
    for secret in (code, code.replace("-", ""), wall.secret, token):
        assert secret not in stored
        assert secret not in caplog.text


def test_a_code_outlives_a_restart_of_the_server(app, screen, parts, person):
    from queue_server.pairing import Pairing

    wall = screen()
    code = wall.show()
    begun_again = Pairing(parts.store, parts.keeper, parts.area.now)
    who = parts.keeper.holder_of(person("lead").headers["Authorization"].removeprefix("Bearer "))
    begun_again.approve(code, "display", "hall", who)
    assert wall.collect().json["state"] == "paired"


# --- Floods and guesses ---------------------------------------------------------------------------


def test_one_address_gets_so_many_codes_and_no_more(screen, clock):
    """SEC-10"""
    for number in range(30):
        screen(number=number).show()
    answer = screen(number=30).ask()
    assert_refused(answer, 429, "too_many")
    assert answer.headers["Retry-After"] == "600"
    clock.forward(minutes=10)
    screen(number=30).show()


def test_a_flood_does_not_fill_the_database(app, parts, clock):
    """SEC-10"""
    for number in range(MOST_PAIRINGS + 20):
        crowd = Screen(app, secret=f"{SECRET}{number}")
        crowd.browser.environ_base["REMOTE_ADDR"] = f"10.0.{number // 20}.1"
        answer = crowd.ask()
    assert_refused(answer, 429, "pairing_full")
    assert int(answer.headers["Retry-After"]) > 0
    assert parts.store.pairings.count() == MOST_PAIRINGS
    clock.forward(minutes=21)
    crowd.show()
    assert parts.store.pairings.count() == 1


def test_after_five_wrong_codes_in_a_minute_a_person_waits_and_a_colleague_does_not(
    screen, person, clock
):
    """SEC-10"""
    code, hasty, colleague = screen().show(), person("lead"), person("lead")
    for _ in range(5):
        assert_refused(hasty.post("/pairing/look", {"code": "2222-2222"}), 404, "code_wrong")
    answer = hasty.post("/pairing/look", {"code": code})
    assert_refused(answer, 429, "too_many")
    assert answer.headers["Retry-After"] == "60"
    assert_refused(approve(hasty, code), 429, "too_many")
    assert colleague.post("/pairing/look", {"code": code}).status_code == 200
    clock.forward(seconds=60)
    assert approve(hasty, code).status_code == 200


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reception", "counter", "kiosk", "display", "printer", None])
def test_only_leads_and_administrators_pair_and_revoke(screen, person, parts, role):
    code, somebody = screen().show(), person(role)
    person("display", "hall")
    status, error = (403, "forbidden") if role else (401, "no_login")
    assert_refused(somebody.post("/pairing/look", {"code": code}), status, error)
    assert_refused(approve(somebody, code), status, error)
    number = parts.keeper.tokens()[-1]["id"]
    assert_refused(somebody.post(f"/devices/{number}/revoke"), status, error)


@pytest.mark.parametrize("role", ["counter", "kiosk", "display", "printer", None])
def test_only_reception_leads_and_administrators_see_the_devices(person, role):
    somebody = person(role)
    status, error = (403, "forbidden") if role else (401, "no_login")
    assert_refused(somebody.get("/devices"), status, error)
    assert_refused(somebody.post("/displays/hall/sound-test"), status, error)
    answer = somebody.post("/displays/hall/sound-test/result", {"heard": True})
    assert_refused(answer, status, error)


@pytest.mark.parametrize(
    ("role", "status", "form"),
    [("reception", 200, False), ("lead", 200, True), ("admin", 200, True), ("counter", 403, False)],
)
def test_the_page_is_for_reception_leads_and_administrators(browser, parts, role, status, form):
    log_in(browser, parts, role)
    answer = browser.get("/devices", headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert ("data-code-form" in answer.text) is form
    assert ("to-devices" in browser.get("/counters").text) is (status == 200)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.text)


def test_a_guest_is_sent_to_the_log_in(browser):
    assert browser.get("/devices").headers["Location"] == "/login?next=/devices"


# --- The list, and taking away --------------------------------------------------------------------


def test_the_list_names_devices_places_and_screens_that_ask_but_no_codes(
    screen, lead, person, parts, clock
):
    """SEC-10"""
    pair(screen(), lead)
    screen("kiosk", None, number=1).show()
    number = parts.keeper.tokens()[-1]["id"]
    clock.forward(minutes=3)
    parts.keeper.seen([number])
    parts.devices.walls = replace(Walls(), connected=lambda: {number})
    listed = person("reception").get("/devices").json
    assert listed["devices"] == [
        {
            "id": number, "role": "display", "name": "display hall", "station": "hall",
            "paired_at": "2026-11-24T08:00:00.000Z", "last_seen_at": "2026-11-24T08:03:00.000Z",
            "connected": True, "revocable": True,
        }
    ]  # fmt: skip
    at = "2026-11-24T08:00:00.000Z"
    assert listed["pairing"] == [{"kind": "kiosk", "station": None, "asked_at": at}]
    assert listed["walls"] == []
    assert {"role": "display", "station": "upstairs", "name": ""} in listed["places"]


def test_a_revoked_device_opens_nothing_and_its_page_shows_a_code_again(screen, lead, parts):
    """SEC-10"""
    wall, told = screen(), []
    parts.keeper.when_revoked(told.append)
    pair(wall, lead)
    device = lead.get("/devices").json["devices"][0]["id"]
    assert parts.keeper.is_in_force(device)
    assert lead.post(f"/devices/{device}/revoke").status_code == 200
    assert told == [device]
    assert not parts.keeper.is_in_force(device)
    headers = {"X-Page": "wall:hall"}
    assert wall.browser.get("/api/v1/boards/hall", headers=headers).status_code == 401
    assert "data-pair" in wall.browser.get("/wall/hall", headers={"Accept": "text/html"}).text
    assert_refused(lead.post(f"/devices/{device}/revoke"), 404, "unknown")
    assert lead.get("/devices").json["devices"] == []


@pytest.mark.parametrize("number", [999, 10**30])
def test_what_is_no_device_cannot_be_revoked(lead, person, parts, number):
    assert_refused(lead.post(f"/devices/{number}/revoke"), 404, "unknown")


def test_a_lead_cannot_revoke_the_tokens_of_programs_or_the_servers_own_agent(lead, parts):
    from queue_server.agents import AGENT_NAME

    parts.keeper.create_token("admin")
    program = parts.keeper.tokens()[-1]["id"]
    assert_refused(lead.post(f"/devices/{program}/revoke"), 404, "unknown")
    parts.keeper.create_token("printer", AGENT_NAME, "entrance")
    agent = parts.keeper.tokens()[-1]["id"]
    assert_refused(lead.post(f"/devices/{agent}/revoke"), 409, "own_agent")
    assert parts.keeper.is_in_force(agent)


def test_what_let_somebody_in_is_known_to_be_over(browser, parts):
    """For sockets that stay open after logging out or revoking."""
    secret = parts.keeper.create_token("display", station="hall")
    device = parts.keeper.holder_of(secret)
    parts.keeper.add_staff("anna", "lead", PASSWORD)
    session = parts.keeper.log_in("anna", PASSWORD)
    person = parts.keeper.person_of(session)
    assert parts.keeper.is_still_in(device)
    assert parts.keeper.is_still_in(person)
    parts.keeper.revoke(device.token_id)
    parts.keeper.log_out(session)
    assert not parts.keeper.is_still_in(device)
    assert not parts.keeper.is_still_in(person)


def test_last_seen_is_written_once_a_minute(parts, clock):
    """SEC-10"""
    for station in ("hall", "upstairs"):
        parts.keeper.create_token("display", station=station)
    numbers = [row["id"] for row in parts.keeper.tokens()]

    def seen():
        return [row["last_seen_at"] for row in parts.keeper.tokens()]

    assert seen() == [None, None]
    parts.keeper.seen(numbers)
    first = seen()
    clock.forward(seconds=59)
    parts.keeper.seen(numbers)
    assert seen() == first
    clock.forward(seconds=2)
    parts.keeper.seen(numbers[:1])
    assert seen()[0] > first[0]
    assert seen()[1] == first[1]


# --- The sound test -------------------------------------------------------------------------------


def test_a_sound_test_is_asked_for_and_its_result_is_handed_on(person, parts):
    """S-10"""
    heard = []
    parts.devices.walls = Walls(
        test_sound=lambda display: heard.append(("test", display)),
        sound_heard=lambda display, yes: heard.append((display, yes)),
    )
    reception = person("reception")
    assert reception.post("/displays/hall/sound-test").status_code == 200
    assert reception.post("/displays/hall/sound-test/result", {"heard": False}).status_code == 200
    assert heard == [("test", "hall"), ("hall", False)]
    assert_refused(reception.post("/displays/cellar/sound-test"), 404, "unknown")
    assert_refused(reception.post("/displays/hall/sound-test/result"), 422, "invalid")
    assert len(heard) == 2


# --- A token in the address's fragment ------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "station", "page"),
    [("display", "hall", "/wall/hall"), ("kiosk", "entrance", "/kiosk/entrance")],
)
def test_a_device_that_forgets_its_cookie_comes_in_with_its_token_again_and_again(
    app, parts, role, station, page
):
    """SEC-10"""
    token = parts.keeper.create_token(role, station=station)
    for _ in range(3):
        fresh = app.test_client()
        assert fresh.post("/api/v1/links/redeem", json={"code": token}).json == {"go": page}
        assert fresh.get(page).status_code == 200
    assert len(parts.keeper.tokens()) == 1
    parts.keeper.revoke(parts.keeper.tokens()[0]["id"])
    assert fresh.get(page).status_code == 401
    assert fresh.post("/api/v1/links/redeem", json={"code": token}).status_code == 410


@pytest.mark.parametrize("role", ["admin", "lead", "reception", "counter", "printer"])
def test_no_other_token_works_as_a_link(guest, parts, role):
    token = parts.keeper.create_token(role)
    assert_refused(guest.post("/links/redeem", {"code": token}), 410, "link_expired")


def test_a_token_for_every_display_is_for_no_certain_page(guest, parts):
    token = parts.keeper.create_token("display")
    assert_refused(guest.post("/links/redeem", {"code": token}), 409, "no_station")


def test_whoever_guesses_links_has_to_wait_and_a_good_link_costs_nothing(guest, parts, clock):
    """SEC-10, SEC-11"""
    token = parts.keeper.create_token("display", station="hall")
    for _ in range(40):
        assert guest.post("/links/redeem", {"code": token}).status_code == 200
    for _ in range(20):
        assert_refused(guest.post("/links/redeem", {"code": "guess"}), 410, "link_expired")
    assert_refused(guest.post("/links/redeem", {"code": "guess"}), 429, "too_many")
    clock.forward(minutes=1)
    assert guest.post("/links/redeem", {"code": token}).status_code == 200


# --- Passwords ------------------------------------------------------------------------------------


def test_wrong_passwords_make_one_wait_ever_longer_but_lock_nobody_out(browser, parts, clock):
    """SEC-8"""
    parts.keeper.add_staff("anna", "counter", PASSWORD)
    token = form_token(browser, "/login")

    def attempt(password, name="anna", address="10.0.0.1"):
        form = {"name": name, "password": password, "csrf_token": token}
        return browser.post("/login", data=form, environ_base={"REMOTE_ADDR": address})

    for _ in range(5):
        assert attempt("wrong").status_code == 401
    answer = attempt(PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert 'role="alert"' in answer.text
    clock.forward(seconds=2)
    assert attempt("wrong", name=" ANNA ").status_code == 401
    assert attempt(PASSWORD).headers["Retry-After"] == "4"
    assert attempt(PASSWORD, address="10.0.0.2").status_code == 303
    clock.forward(seconds=4)
    assert attempt(PASSWORD).status_code == 303


def test_a_name_that_nobody_has_is_throttled_all_the_same(browser, parts):
    """SEC-8"""
    token = form_token(browser, "/login")
    form = {"name": "nobody", "password": "wrong", "csrf_token": token}
    statuses = [browser.post("/login", data=form).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_a_wrong_log_in_keeps_the_name_and_never_the_password(browser, parts):
    parts.keeper.add_staff("anna", "counter", PASSWORD)
    form = {"name": "anna", "password": "wrong wrong", "csrf_token": form_token(browser, "/login")}
    page = browser.post("/login", data=form).text
    assert 'value="anna"' in page
    assert "wrong wrong" not in page


def test_the_first_administrator_is_logged_in_at_once(browser, parts):
    browser.post("/api/v1/links/redeem", json={"code": parts.keeper.create_link("admin")})
    form = {"name": "chief", "password": "short", "csrf_token": form_token(browser, "/setup")}
    assert 'value="chief"' in browser.post("/setup", data=form).text
    answer = browser.post("/setup", data={**form, "password": PASSWORD})
    assert answer.headers["Location"] == "/counters"
    assert browser.get("/devices").status_code == 200


def test_a_first_administrator_whose_name_was_guessed_too_often_logs_in_a_little_later(
    browser, parts
):
    guess = {"name": "chief", "password": "wrong", "csrf_token": form_token(browser, "/login")}
    for _ in range(6):
        browser.post("/login", data=guess)
    browser.post("/api/v1/links/redeem", json={"code": parts.keeper.create_link("admin")})
    form = {"name": "chief", "password": PASSWORD, "csrf_token": form_token(browser, "/setup")}
    assert browser.post("/setup", data=form).headers["Location"] == "/login"
    assert parts.store.access.has_administrator()
