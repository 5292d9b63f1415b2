"""A clerk's page in a real browser: keys, notes, taking back, windows, sound, and room for all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import new_request
from tests.office_process import Server

SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
WAIT_MS = 15_000
NOTE = "Bescheid liegt an Platz 3 in der Ablage, nur noch unterschreiben und mitgeben"
# What sticks out of its box although nothing should: panels that scroll, words that are cut off.
STICKS_OUT = """() => [...document.querySelectorAll("html, main, main section, main ul, main ol")]
  .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.className || box.tagName} ${box.scrollHeight}/${box.clientHeight}`)"""
PLACES = """() => [...document.querySelectorAll("main section, main button[data-action]")]
  .map((box) => JSON.stringify(box.getBoundingClientRect()))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Office(Server):
    """The sample office, with somebody at the reception and at the other counters."""

    def open(self) -> Office:
        self.start()
        self.reception, self.clerk = self.token("reception"), self.token("counter")
        return self

    def take(self, service: str = "documents", **more: str) -> dict:
        wish = {"service": service, "request_id": new_request(), **more}
        status, ticket = self.send(self.reception, "POST", "/tickets", wish)
        assert status == 201, ticket
        return ticket

    def step(self, ticket: dict, verb: str, **more: str) -> None:
        status, answer = self.send(self.reception, "POST", f"/tickets/{ticket['id']}/{verb}", more)
        assert status == 200, answer


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path, office=SAMPLE).open()
    yield office
    office.kill()


@pytest.fixture
def desk(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_MS)
    yield context
    context.close()


@pytest.fixture
def clerk(office, desk):
    """The clerk of counter 1, in front of the page."""
    page = open_counter(desk, office)
    yield page
    assert page.problems == []


def open_counter(desk, office, key="1"):
    """A window with a counter's page; its one-time link is good for one window."""
    page = desk.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
    page.goto(office.links.pop(f"counter {key}", f"{office.url}/counter/{key}"))
    page.wait_for_selector("body[data-live=connected]")
    return page


def part(page, test_id):
    return page.locator(f'[data-test-id="{test_id}"]')


def press(page, key, then):
    """One key, and the page says that it was done."""
    page.keyboard.press(key)
    expect(part(page, "counter-message")).to_have_text(then)


def test_a_clerk_needs_nothing_but_keys(office, clerk):
    number = office.take(note=NOTE)["number"]
    expect(part(clerk, "next-note")).to_have_text(NOTE)  # before the call
    press(clerk, "n", f"{number} ist aufgerufen.")
    expect(part(clerk, "counter-number")).to_have_text(number)
    expect(part(clerk, "counter-note")).to_have_text(NOTE)
    expect(part(clerk, "counter-reason")).to_contain_text("Wartet am längsten")
    expect(part(clerk, "counter-hint")).to_have_text(re.compile(r"noch \d:\d\d warten"))
    press(clerk, "r", f"{number} ist noch einmal aufgerufen.")
    expect(part(clerk, "counter-attempt")).to_have_text("2. Aufruf")
    press(clerk, "s", f"{number} ist in Bedienung.")
    press(clerk, "f", f"{number} ist abgeschlossen.")
    press(clerk, "n", "Niemand wartet.")
    press(clerk, "p", "Der Platz macht Pause.")
    expect(part(clerk, "counter-state")).to_have_text("Pause")


def test_a_clerk_can_switch_the_keys_off_and_the_browser_remembers(office, clerk):
    office.take()
    part(clerk, "switch-keys").click()
    expect(part(clerk, "action-call-next").locator("kbd")).to_be_hidden()
    clerk.reload()
    clerk.wait_for_selector("body[data-live=connected]")
    clerk.keyboard.press("n")
    part(clerk, "action-pause").click()
    expect(part(clerk, "counter-state")).to_have_text("geöffnet")
    expect(part(clerk, "counter-number")).to_have_text("–")
    part(clerk, "switch-keys").click()
    press(clerk, "n", "A001 ist aufgerufen.")


def test_a_client_who_fetches_a_paper_comes_back_to_the_same_counter(office, clerk):
    office.take()
    press(clerk, "n", "A001 ist aufgerufen.")
    press(clerk, "z", "A001 ist zurückgestellt.")
    parked = part(clerk, "counter-parked")
    expect(parked).to_contain_text("A001")
    part(parked, "entry-resume").click()
    expect(part(clerk, "next-line")).to_contain_text("für Sie")
    press(clerk, "n", "A001 ist aufgerufen.")
    expect(part(clerk, "counter-reason")).to_contain_text("War für diesen Platz vorgemerkt")
    press(clerk, "z", "A001 ist zurückgestellt.")
    part(parked, "entry").get_by_text("A001").first.click()
    part(clerk, "call-parked").click()
    expect(part(clerk, "counter-reason")).to_contain_text("Gezielt: War zurückgestellt")


def test_a_client_who_missed_the_call_is_taken_back_with_one_tap(office, clerk):
    office.take()
    press(clerk, "n", "A001 ist aufgerufen.")
    press(clerk, "m", "A001 ist nicht erschienen.")
    part(part(clerk, "counter-missed"), "entry-resume").click()
    expect(part(clerk, "counter-waiting")).to_have_text("1")
    expect(part(clerk, "counter-missed")).not_to_contain_text("A001")


def test_a_colleague_reads_the_note_of_a_transferred_client_before_the_call(office, desk, clerk):
    colleague = open_counter(desk, office, "3")
    office.take()
    press(clerk, "n", "A001 ist aufgerufen.")
    clerk.keyboard.press("t")
    part(clerk, "transfer-note").fill(NOTE)
    part(clerk, "transfer-counter").filter(has_text="Platz 3").press("Enter")
    expect(part(clerk, "dialog-transfer")).to_be_hidden()
    expect(part(clerk, "counter-message")).to_have_text("A001 ist weitergeleitet.")
    expect(part(colleague, "next-note")).to_have_text(NOTE)
    press(colleague, "n", "A001 ist aufgerufen.")
    expect(part(colleague, "counter-note")).to_have_text(NOTE)


def test_a_clerk_takes_a_wrong_step_back(office, clerk):
    office.take()
    expect(part(clerk, "action-undo")).to_be_hidden()
    press(clerk, "n", "A001 ist aufgerufen.")
    expect(part(clerk, "action-undo")).to_contain_text(re.compile(r"A001, noch \d+ s"))
    press(clerk, "u", "A001: Der letzte Schritt ist rückgängig gemacht.")
    expect(part(clerk, "counter-number")).to_have_text("–")
    expect(part(clerk, "counter-waiting")).to_have_text("1")
    expect(part(clerk, "action-undo")).to_be_hidden()


def test_a_double_click_acts_once(office, clerk):
    office.take()
    office.take()
    expect(part(clerk, "counter-waiting")).to_have_text("2")
    part(clerk, "action-call-next").dblclick()
    expect(part(clerk, "counter-number")).to_have_text("A001")
    expect(part(clerk, "counter-waiting")).to_have_text("1")
    part(clerk, "action-pause").dblclick()
    expect(part(clerk, "counter-state")).to_have_text("Pause")
    expect(part(clerk, "counter-message")).to_have_text("Der Platz macht Pause.")
    press(clerk, "s", "A001 ist in Bedienung.")


def test_a_client_is_picked_from_the_list_with_a_reason(office, clerk):
    office.take()
    office.take("status")
    part(clerk, "next-line").nth(1).click()
    part(clerk, "reason").get_by_text("Nur eine kurze Frage").click()
    expect(part(clerk, "counter-number")).to_have_text("A002")
    expect(part(clerk, "counter-reason")).to_contain_text("Gezielt: Nur eine kurze Frage")
    part(clerk, "next-line").click()
    expect(part(clerk, "call-own")).to_be_disabled()  # one client at a counter at a time
    part(clerk, "step-withdraw").click()
    expect(part(clerk, "counter-message")).to_have_text("A001 ist storniert.")
    press(clerk, "u", "A001: Der letzte Schritt ist rückgängig gemacht.")
    expect(part(clerk, "next-line")).to_contain_text("A001")


def test_somebody_without_a_ticket_is_served_at_once(office, desk, clerk):
    clerk.keyboard.press("o")
    part(clerk, "serve-service").get_by_text("Allgemeine Frage").click()
    expect(part(clerk, "action-finish")).to_be_enabled()
    reception = open_counter(desk, office, "info")
    reception.keyboard.press("o")  # the information desk has one concern: nothing to choose
    expect(part(reception, "action-finish")).to_be_enabled()


def test_a_second_window_works_only_after_it_has_taken_over(office, desk, clerk):
    office.take()
    second = open_counter(desk, office)
    expect(part(second, "counter-taken")).to_be_visible()
    expect(part(second, "action-call-next")).to_be_disabled()
    expect(part(second, "action-call-next")).to_contain_text("In anderem Fenster")
    expect(part(second, "counter-waiting")).to_have_text("1")
    part(second, "take-over").click()
    expect(part(clerk, "counter-taken")).to_be_visible()
    expect(part(clerk, "action-call-next")).to_be_disabled()
    press(second, "n", "A001 ist aufgerufen.")
    second.reload()
    expect(part(second, "action-recall")).to_be_enabled()  # the same window, so still at work
    assert second.problems == []


def test_a_small_window_works_at_once_and_gives_back_when_it_is_closed(office, desk, clerk):
    office.take()
    with clerk.expect_popup() as opened:
        part(clerk, "pop-out").click()
    small = opened.value
    expect(part(clerk, "counter-taken")).to_be_visible()
    expect(part(small, "action-call-next")).to_be_enabled()
    press(small, "n", "A001 ist aufgerufen.")
    expect(part(clerk, "counter-number")).to_have_text("A001")
    small.close()
    expect(part(clerk, "counter-taken")).to_be_hidden()
    press(clerk, "s", "A001 ist in Bedienung.")


def test_a_lost_connection_is_seen_and_every_button_says_it(office, desk):
    clerk = open_counter(desk, office)
    office.take()
    press(clerk, "n", "A001 ist aufgerufen.")
    port = office.port
    office.kill()
    expect(part(clerk, "counter-lost")).to_be_visible(timeout=WAIT_MS)
    for verb in ("recall", "start", "miss", "park"):
        expect(part(clerk, f"action-{verb}")).to_be_disabled()
        expect(part(clerk, f"action-{verb}")).to_contain_text("Keine Verbindung")
    office.start(port)
    expect(part(clerk, "counter-lost")).to_be_hidden(timeout=WAIT_MS)
    press(clerk, "s", "A001 ist in Bedienung.")


def test_a_clerk_hears_the_first_client_after_a_quiet_time(office, clerk):
    press(clerk, "p", "Der Platz ist geöffnet.")  # a gesture, so the browser lets us be heard
    office.take()
    expect(part(clerk, "counter-message")).to_have_text("A001 wartet jetzt als Erste.")
    rung(clerk, 1)
    office.take()
    part(clerk, "switch-sound").click()
    for number in ("A001", "A002"):
        press(clerk, "n", f"{number} ist aufgerufen.")
        press(clerk, "m", f"{number} ist nicht erschienen.")
    office.take()  # unheard
    press(clerk, "n", "A003 ist aufgerufen.")
    part(clerk, "switch-sound").click()
    office.take()
    rung(clerk, 2)


def rung(page, times):
    expect(page.locator("body")).to_have_attribute("data-gongs", str(times), timeout=WAIT_MS)


def test_everything_fits_a_desk_and_the_narrowest_window(office, clerk):
    fill(office)
    expect(part(clerk, "counter-waiting")).to_have_text("10")
    for name in ("counter-parked", "counter-missed"):
        expect(part(part(clerk, name), "entry")).to_have_count(8)
    press(clerk, "n", "A020 ist aufgerufen.")
    assert clerk.evaluate(STICKS_OUT) == []
    clerk.set_viewport_size({"width": 320, "height": 600})
    assert clerk.evaluate(TOO_WIDE) == 0


def fill(office):
    """Eight put aside, eight who did not come, ten waiting with long notes, colleagues at work."""
    for _ in range(8):
        office.step(office.take(note=NOTE), "park")
    for _ in range(8):
        ticket = office.take("status")
        office.step(ticket, "call", counter="2", reason="Probe")
        office.step(ticket, "miss")
    for _ in range(10):
        office.take(note=NOTE, language="en", priority="extra-time")
    for key in ("2", "3", "5"):
        office.send(office.clerk, "POST", f"/counters/{key}/call-next")
    for _ in range(3):
        office.take(note=NOTE, language="en", priority="extra-time")


def test_nothing_moves_when_people_come(office, clerk):
    office.take()
    expect(part(clerk, "counter-waiting")).to_have_text("1")
    before = clerk.evaluate(PLACES)
    for _ in range(4):
        office.take(note=NOTE, priority="extra-time")
    expect(part(clerk, "counter-waiting")).to_have_text("5")
    assert clerk.evaluate(PLACES) == before
