"""Fingers on the kiosk that mean nothing: they must do nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.test_main_job import SAMPLE, WAIT_MS, part
from tests.office_process import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAYS_WHETHER_A_MENU_COMES = """button => button.dispatchEvent(
    new MouseEvent("contextmenu", { bubbles: true, cancelable: true }))"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("office"), office=SAMPLE).start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def screen(chromium):
    """The machine at the entrance: once it is paired, it stays so."""
    context = chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    context.set_default_timeout(WAIT_MS)
    yield context
    context.close()


@pytest.fixture
def kiosk(screen, office):
    page = screen.new_page()
    page.goto(office.links.pop("kiosk entrance", f"{office.url}/kiosk/entrance"))
    page.wait_for_selector("body[data-live=connected]")
    yield page
    page.close()


class Hand:
    """Several fingers on one screen."""

    def __init__(self, page):
        self._page = page
        self._device = page.context.new_cdp_session(page)

    def spot(self, service, beside=0):
        box = part(self._page, f"kiosk-service-{service}").bounding_box()
        return {"x": box["x"] + box["width"] / 2 + beside, "y": box["y"] + box["height"] / 2}

    def touch(self, kind, *fingers):
        points = [{**spot, "id": n} for n, spot in enumerate(fingers)]
        self._device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture(scope="module")
def count(office):
    """How many wait by now."""
    reception = office.token("reception")
    return lambda: len(office.send(reception, "GET", "/queue")[1]["waiting"])


def test_long_press_and_two_fingers_give_no_ticket_and_a_tap_gives_one(kiosk, count):
    """zms 5-42"""
    hand, before = Hand(kiosk), count()
    documents, question = hand.spot("documents"), hand.spot("question")
    hand.touch("touchStart", documents, question)
    hand.touch("touchEnd")
    button = part(kiosk, "kiosk-service-documents")
    assert button.evaluate(SAYS_WHETHER_A_MENU_COMES) is False
    expect(button).to_be_visible()
    assert count() == before
    hand.touch("touchStart", documents)
    hand.touch("touchEnd")
    expect(part(kiosk, "kiosk-number")).to_be_visible()
    assert count() == before + 1


def test_a_finger_that_slips_off_a_button_gives_no_ticket_and_moves_no_page(kiosk, count):
    """zms 5-42"""
    hand, before = Hand(kiosk), count()
    hand.touch("touchStart", hand.spot("documents"))
    for beside in range(40, 400, 40):
        hand.touch("touchMove", hand.spot("documents", beside))
    hand.touch("touchEnd")
    assert count() == before
    # Only after a moment would the browser have gone back.
    with pytest.raises(TimeoutError):
        kiosk.wait_for_url("about:blank", timeout=700)
    expect(part(kiosk, "kiosk-service-documents")).to_be_visible()
