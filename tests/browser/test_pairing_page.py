"""Pairing in real browsers: the screen that shows a code, and the page where it is entered."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.office_process import Server

WAIT_MS = 15_000
LONG_MS = 40_000  # a screen that is cut off tries again ever more rarely, at least every 30 s
PASSWORD = "correct horse battery"
SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SIZES = [(1280, 800), (1920, 1080), (1080, 1920)]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def office(tmp_path):
    office = Server(tmp_path, office=SAMPLE).start()
    yield office
    office.kill()


@pytest.fixture
def window(chromium):
    """window(1920, 1080) is a page in a browser of its own."""
    contexts = []

    def open_one(width=1280, height=800):
        contexts.append(chromium.new_context(viewport={"width": width, "height": height}))
        contexts[-1].set_default_timeout(WAIT_MS)
        page = contexts[-1].new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def screen(office, window):
    """screen("/wall/hall") shows its code."""

    def open_one(path, *size):
        page = window(*size)
        page.goto(f"{office.url}{path}")
        page.wait_for_selector("[data-state=waiting]")
        return page

    return open_one


@pytest.fixture
def staff(office, window):
    """staff("lead") is somebody in front of the page of devices."""

    def open_one(role, *size):
        add = office.command("user", "add", role, "--role", role, "--password-stdin")
        subprocess.run(add, input=f"{PASSWORD}\n", text=True, check=True)
        page = window(*size)
        page.goto(f"{office.url}/login?next=/devices")
        page.fill("#name", role)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        expect(part(page, "place").first).to_be_visible()
        return page

    return open_one


def part(page, test_id):
    return page.locator(f'[data-test-id="{test_id}"]')


def code_on(page):
    expect(part(page, "pair-code")).to_have_text(re.compile(r"^\w{4}-\w{4}$"))
    return part(page, "pair-code").inner_text()


def enter(lead, code):
    lead.fill("#code", code.lower().replace("-", " "))
    part(lead, "code-look").click()
    expect(part(lead, "pairing-who")).to_be_visible()


def violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe().run(page)
    return [broken["id"] for broken in axe.response["violations"]]


def test_a_wall_is_paired_by_the_code_it_shows(screen, staff):
    """SEC-10"""
    wall, lead = screen("/wall/hall", 1920, 1080), staff("lead")
    enter(lead, code_on(wall))
    expect(part(lead, "pairing-who")).to_contain_text("hall")
    expect(part(lead, "station")).to_have_value("hall")
    part(lead, "approve").click()
    wall.wait_for_selector("body[data-audience='wall:hall'][data-live=connected]")
    expect(part(lead, "paired").locator("[data-revoke]:visible")).to_have_count(1)
    assert wall.evaluate("Object.keys(sessionStorage).filter((k) => k.startsWith('pairing'))") == []
    assert wall.problems == lead.problems == []


def test_a_screen_without_a_name_becomes_the_display_that_is_picked(office, screen, staff):
    """SEC-10"""
    wall, lead = screen("/wall"), staff("lead")
    enter(lead, code_on(wall))
    lead.select_option("[data-stations]", "corridor")
    part(lead, "approve").click()
    wall.wait_for_url("**/wall/corridor")
    wall.goto(f"{office.url}/wall")
    assert wall.url.endswith("/wall/corridor")


def test_a_wrong_code_is_answered_with_a_sentence_and_pairs_nothing(staff):
    lead = staff("lead")
    lead.fill("#code", "2222-2222")
    part(lead, "code-look").click()
    expect(part(lead, "pairing-message")).to_have_attribute("data-kind", "trouble")
    expect(part(lead, "approve")).to_be_hidden()
    expect(part(lead, "code")).to_have_attribute("aria-invalid", "true")
    expect(part(lead, "code")).to_be_focused()
    lead.keyboard.type("3333")
    expect(part(lead, "code")).to_have_value("3333")
    expect(part(lead, "code")).not_to_have_attribute("aria-invalid", "true")


def test_the_pairing_page_says_where_the_code_is_entered(office, screen):
    expect(part(screen("/wall/hall"), "pair-where")).to_have_text(f"{office.url}/devices")


def test_a_code_stays_through_a_reload_and_a_restart_of_the_server(office, screen, staff):
    """SEC-10"""
    wall, port = screen("/wall/hall"), office.port
    code = code_on(wall)
    wall.reload()
    expect(part(wall, "pair-code")).to_have_text(code)
    office.kill()
    wall.wait_for_selector("[data-state=lost]")
    expect(part(wall, "pair-code")).to_have_text(code)
    office.start(port)
    wall.wait_for_selector("[data-state=waiting]", timeout=LONG_MS)
    lead = staff("lead")
    enter(lead, code)
    part(lead, "approve").click()
    wall.wait_for_selector("body[data-audience='wall:hall']", timeout=LONG_MS)


def test_a_code_that_is_over_is_replaced_by_itself(office, screen):
    """SEC-10"""
    wall = screen("/kiosk/entrance")
    code = code_on(wall)
    with closing(sqlite3.connect(office.data / "queue.db", timeout=5)) as database, database:
        database.execute("UPDATE pairing SET expires_at = 0")
    expect(part(wall, "pair-code")).not_to_have_text(re.compile(rf"{code}|····"))
    code_on(wall)


def test_a_device_that_lost_its_pairing_shows_a_code_by_itself(screen, staff):
    """SEC-10"""
    wall, lead = screen("/wall/hall"), staff("lead")
    enter(lead, code_on(wall))
    part(lead, "approve").click()
    wall.wait_for_selector("body[data-live=connected]")
    lead.locator("[data-revoke]:visible").click()
    part(lead, "revoke-now").click()
    wall.wait_for_selector("[data-pair][data-state=waiting]", timeout=LONG_MS)


def test_a_token_in_the_fragment_opens_the_page_and_leaves_the_history(office, window):
    """SEC-10"""
    token, wall = office.token("display", "--display", "hall"), window()
    for _ in range(2):  # a machine that forgets its cookies comes again at each start
        wall.context.clear_cookies()
        wall.goto(f"{office.url}/link#{token}")
        wall.wait_for_selector("body[data-audience='wall:hall']")
        assert token not in wall.url
        wall.go_back()
        assert token not in wall.url
        wall.goto("about:blank")
    assert wall.problems == []


def test_a_machine_that_starts_before_the_server_answers_waits_for_it(office, window):
    token, wall = office.token("kiosk", "--kiosk", "entrance"), window()
    attempts = []

    def cut_off_at_first(route):
        attempts.append(route.request.url)
        route.abort() if len(attempts) == 1 else route.continue_()

    wall.route("**/links/redeem", cut_off_at_first)
    wall.goto(f"{office.url}/link#{token}")
    wall.wait_for_url("**/kiosk/entrance")
    assert len(attempts) == 2


PICTURE = {
    "devices": [
        {"id": 7, "role": "display", "name": "display hall", "station": "hall", "revocable": True,
         "connected": True, "paired_at": "2026-11-02T07:00:00.000Z",
         "last_seen_at": "2026-11-24T08:00:00.000Z"},
        {"id": 8, "role": "kiosk", "name": "Foyer links", "station": "gone", "revocable": True,
         "connected": False, "paired_at": "2026-11-02T07:00:00.000Z", "last_seen_at": None},
        {"id": 9, "role": "counter", "name": "counter 1", "station": "1", "revocable": True,
         "connected": False, "paired_at": "2026-11-02T07:00:00.000Z", "last_seen_at": None},
        {"id": 10, "role": "kiosk", "name": "kiosk", "station": None, "revocable": True,
         "connected": False, "paired_at": "2026-11-02T07:00:00.000Z", "last_seen_at": None},
    ],
    "pairing": [{"kind": "display", "station": None, "asked_at": "2026-11-24T08:00:00.000Z"}],
    "walls": [
        {"display": "hall", "connected": 2, "sound": "blocked", "leader": True, "area": "main",
         "fits": False, "screen": [1920, 1080], "clock_off": -4.2,
         "test": {"state": "not_heard"}},
        {"display": "silent", "connected": 1, "sound": "off", "leader": False, "area": "main",
         "fits": True, "screen": [1920, 1080], "clock_off": 0, "test": None},
    ],
    "places": [
        {"role": "display", "station": "hall", "name": "Wartehalle"},
        {"role": "display", "station": "silent", "name": ""},
        {"role": "kiosk", "station": "entrance", "name": ""},
        {"role": "printer", "station": "entrance", "name": ""},
    ],
}  # fmt: skip


@pytest.fixture
def described(staff):
    """A reception in front of an office with every kind of trouble; and what it sent."""

    def open_one(role, *size):
        page = staff(role, *size)
        page.sent = []

        def take(route):
            page.sent.append((route.request.url.partition("/v1")[2], route.request.post_data_json))
            route.fulfill(json={})

        page.route("**/api/v1/devices", lambda route: route.fulfill(body=json.dumps(PICTURE)))
        page.route("**/api/v1/displays/**", take)
        page.reload()
        expect(part(page, "sound")).to_have_count(2)
        return page

    return open_one


def test_the_reception_sees_what_a_wall_reports_and_checks_its_sound(described):
    """P-4, S-10"""
    page = described("reception")
    wall = part(page, "place").first
    expect(wall.locator("[data-sound]")).to_have_attribute("data-state", "trouble")
    expect(wall.locator("[data-remarks] > li")).to_have_count(5)
    wall.locator("[data-test-id=test-sound]").click()
    wall.locator("[data-test-id=heard-no]").click()
    expect(wall.locator("[data-test-id=heard-no]")).to_be_hidden()
    expect(wall.locator("[data-test-id=place-message]")).not_to_be_empty()
    expect(wall.locator(".remark[data-state=trouble] [data-alarm]:visible")).to_have_count(1)
    address = "/displays/hall/sound-test"
    assert page.sent == [(address, {}), (f"{address}/result", {"heard": False})]
    assert page.problems == []


def test_a_wall_that_is_silent_by_configuration_offers_no_check(described):
    silent = part(described("reception"), "place").nth(1)
    expect(silent.locator("[data-test-id=sound]")).to_be_visible()
    expect(silent.locator("[data-test-id=test-sound]")).to_be_hidden()


def test_people_read_names_first_and_keys_small(described):
    page = described("lead")
    places = part(page, "place")
    expect(places.first.locator("h3")).to_have_text("Wartehalle")
    expect(places.first.locator("[data-test-id=key]")).to_have_text("hall")
    kiosks = page.locator("section[data-kind=kiosk] [data-test-id=place]")
    expect(kiosks.nth(1).locator("[data-test-id=key]")).not_to_be_empty()  # left the configuration
    expect(kiosks.nth(2).locator("h3")).not_to_be_empty()  # never had a certain place
    expect(kiosks.nth(2).locator("[data-test-id=key]")).to_be_empty()


def test_unpairing_says_which_device_and_what_then_happens(described):
    page = described("lead")
    page.locator("[data-revoke]:visible").first.click()
    dialog = part(page, "dialog-revoke")
    expect(dialog).to_contain_text("7")
    expect(dialog).to_contain_text("Wartehalle")
    expect(part(page, "consequence")).not_to_be_empty()


def test_the_reception_looks_only(described):
    page = described("reception")
    expect(page.locator("#code")).to_have_count(0)
    expect(page.locator("[data-revoke]:visible")).to_have_count(0)


def test_a_device_whose_place_has_left_the_configuration_can_still_be_unpaired(described):
    page = described("lead")
    expect(page.locator("[data-revoke]:visible")).to_have_count(4)
    expect(page.locator("section[data-kind=kiosk] [data-test-id=place]")).to_have_count(3)
    expect(page.locator("section[data-kind=other] [data-test-id=place]")).to_have_count(1)


def test_the_page_says_when_it_cannot_reach_the_server(office, staff):
    lead = staff("lead")
    office.kill()
    expect(part(lead, "devices-lost")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_pairing_page_fits_every_screen_and_everybody_can_use_it(screen, size, language):
    for path in ("/wall/hall", "/kiosk"):
        page = screen(f"{path}?lang={language}", *size)
        page.evaluate("document.querySelector('[data-code]').textContent = 'MWMW-WMWM'")  # widest
        assert page.evaluate(TOO_WIDE) == 0
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        assert violations(page) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_can_use_the_page_of_devices(office, described, language):
    page = described("lead")
    page.goto(f"{office.url}/devices?lang={language}")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(part(page, "sound").first).to_be_visible()
        assert page.evaluate(TOO_WIDE) == 0
        assert violations(page) == []
    page.locator("[data-revoke]:visible").first.click()
    expect(part(page, "dialog-revoke")).to_be_visible()
    assert violations(page) == []
