"""The main job in real browsers: take a ticket, see the paper, call it, see and hear it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import eventually
from tests.office_process import Server

SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
WAIT_MS = 15_000

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def office(tmp_path):
    server = Server(tmp_path, office=SAMPLE).start()
    yield server
    server.kill()


@pytest.fixture
def desk(chromium):
    """One browser with several windows, as a new user opens the links."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_MS)
    yield context
    context.close()


def open_link(desk, office, name, size=None):
    page = desk.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
    if size:
        page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(office.links[name])
    page.wait_for_selector("body[data-live=connected]")
    return page


def part(page, test_id):
    return page.locator(f'[data-test-id="{test_id}"]')


def has_rung(wall, times):
    expect(wall.locator("body")).to_have_attribute("data-gongs", str(times), timeout=WAIT_MS)


def take(kiosk, service="documents"):
    part(kiosk, f"kiosk-service-{service}").click()
    expect(part(kiosk, "kiosk-number")).to_have_text(re.compile(r"A\d{3}"))
    number = part(kiosk, "kiosk-number").inner_text().strip()
    return number


def test_a_client_takes_a_ticket_and_is_called_to_a_counter(office, desk):
    """peers 11-8: the first call of the day, on an empty wall"""
    kiosk = open_link(desk, office, "kiosk entrance", (1080, 1920))
    wall = open_link(desk, office, "wall display hall", (1920, 1080))
    counter = open_link(desk, office, "counter 1")
    paper = open_link(desk, office, "virtual paper entrance")
    wall.mouse.click(400, 400)
    number = take(kiosk)
    expect(part(paper, "paper-sheet").first).to_be_visible(timeout=WAIT_MS)
    expect(part(counter, "counter-waiting")).to_have_text("1")
    counter.keyboard.press("n")
    expect(part(counter, "counter-number")).to_have_text(number)
    expect(part(wall, "wall-number").first).to_have_text(number)
    expect(part(wall, "wall-counter").first).to_have_text("Platz 1")
    has_rung(wall, 1)
    counter.keyboard.press("r")
    has_rung(wall, 2)
    counter.keyboard.press("s")
    counter.keyboard.press("s")
    expect(part(counter, "action-finish")).to_be_enabled()
    counter.keyboard.press("f")
    expect(part(counter, "action-call-next")).to_be_enabled()
    for page in (kiosk, wall, counter, paper):
        assert page.problems == []


def test_a_wall_whose_server_was_killed_shows_the_truth_again_and_does_not_ring(office, desk):
    """zms 5-48, peers 11-10, peers 11-22"""
    kiosk = open_link(desk, office, "kiosk entrance")
    wall = open_link(desk, office, "wall display hall", (1920, 1080))
    counter = open_link(desk, office, "counter 1")
    wall.mouse.click(400, 400)
    number = take(kiosk)
    part(counter, "action-call-next").click()
    has_rung(wall, 1)
    port = office.port
    office.kill()
    expect(part(wall, "wall-stale")).to_be_visible(timeout=WAIT_MS)
    office.start(port)
    wall.wait_for_selector("body[data-live=connected]")
    expect(part(wall, "wall-stale")).to_be_hidden()
    expect(part(wall, "wall-number").first).to_have_text(number)
    expect(part(counter, "counter-number")).to_have_text(number)
    counter.wait_for_selector("body[data-live=connected]")
    part(counter, "action-recall").click()
    has_rung(wall, 2)


def test_a_double_tap_gives_one_ticket(office, desk):
    """zms 5-6"""
    kiosk = open_link(desk, office, "kiosk entrance")
    part(kiosk, "kiosk-service-documents").dblclick()
    expect(part(kiosk, "kiosk-number")).to_have_text("A001")
    reception = office.token("reception")
    assert len(office.send(reception, "GET", "/queue")[1]["waiting"]) == 1


def test_a_wall_that_may_not_sound_says_so(office, desk):
    """peers 11-7"""
    wall = desk.new_page()
    wall.goto(office.links["wall display hall"])
    # Not through the page object: its questions count as a person's gesture and unlock the sound.
    ask = desk.new_cdp_session(wall)
    badge = "document.querySelector('[data-test-id=wall-sound-blocked]')?.hidden"
    shown = {"expression": f"{badge} === false", "userGesture": False}
    eventually(lambda: ask.send("Runtime.evaluate", shown)["result"].get("value"))
    wall.mouse.click(400, 400)
    expect(part(wall, "wall-sound-blocked")).to_be_hidden()


def test_two_windows_of_one_counter_agree(office, desk):
    kiosk = open_link(desk, office, "kiosk entrance")
    first = open_link(desk, office, "counter 1")
    second = desk.new_page()
    second.goto(f"{office.url}/counter/1")
    number = take(kiosk)
    expect(part(second, "counter-waiting")).to_have_text("1")
    first.keyboard.press("n")
    expect(part(second, "counter-number")).to_have_text(number)


def test_a_kiosk_whose_printer_is_away_shows_number_and_code(tmp_path, desk):
    """zms 5-7, peers 11-13"""
    away = SAMPLE.replace(
        'transport = "virtual"', 'transport = "network"\nhost = "127.0.0.1"\nport = 9'
    )
    office = Server(tmp_path, office=away).start()
    try:
        kiosk = open_link(desk, office, "kiosk entrance", (1080, 1920))
        assert take(kiosk) == "A001"
        expect(kiosk.locator("img[src*='/t/']")).to_be_visible(timeout=WAIT_MS)
        part(kiosk, "kiosk-back").first.click()
        expect(part(kiosk, "kiosk-service-documents")).to_be_visible()
    finally:
        office.kill()


def test_the_phone_page_needs_no_script(office, chromium):
    kiosk = office.token("kiosk")
    wish = {"service": "documents", "request_id": "request-0001"}
    _, ticket = office.send(kiosk, "POST", "/tickets", wish)
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto(ticket["url"])
    expect(page.locator("body")).to_contain_text("A001")
    context.close()
