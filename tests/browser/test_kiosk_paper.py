"""What the kiosk shows while the printer does well, badly, or nobody knows (printing.md 5.4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import eventually
from tests.office_process import Server

SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
QUICK = SAMPLE.replace("ack_timeout_s = 12.0 ", "ack_timeout_s = 5.0 ").replace(
    "poll_interval_s = 3.0", "poll_interval_s = 1.0"
)
WAIT_MS = 20_000

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("office"), office=QUICK).start()
    server.reception = server.token("reception")
    yield server
    server.kill()


@pytest.fixture(scope="module")
def kiosk(office, chromium):
    context = chromium.new_context(viewport={"width": 1080, "height": 1920})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(office.links["kiosk entrance"])
    page.wait_for_selector("body[data-live=connected]")  # the one-time link is used up by then
    yield page
    context.close()


@pytest.fixture(autouse=True)
def well(office, kiosk):
    """Each client finds a kiosk on its first screen and a printer that works."""
    have_faults(office)
    printer_is(office, "ready")
    kiosk.reload()
    kiosk.wait_for_selector("body[data-live=connected]")
    expect(part(kiosk, "kiosk-paperless")).to_be_hidden()


def part(page, test_id):
    return page.locator(f'[data-test-id="{test_id}"]')


def have_faults(office, *names):
    body = {"faults": list(names)}
    status, _ = office.send(office.reception, "POST", "/printers/entrance/faults", body)
    assert status == 200


def printer_is(office, state):
    def seen():
        printers = office.send(office.reception, "GET", "/printers")[1]["printers"]
        return printers[0]["state"] == state

    assert eventually(seen, 20)


def take(kiosk):
    part(kiosk, "kiosk-service-documents").click()
    expect(part(kiosk, "kiosk-number")).not_to_be_empty()


def test_a_ticket_that_is_out_is_to_be_taken(kiosk):
    take(kiosk)
    expect(part(kiosk, "kiosk-printed")).to_be_visible(timeout=WAIT_MS)
    expect(part(kiosk, "kiosk-keep")).to_be_hidden()
    expect(part(kiosk, "kiosk-reprint")).to_be_hidden()


def test_after_three_seconds_the_number_is_enough_and_after_six_it_is_to_be_remembered(
    office, kiosk
):
    have_faults(office, "slow")
    take(kiosk)
    expect(part(kiosk, "kiosk-printing")).to_be_visible(timeout=WAIT_MS)
    expect(part(kiosk, "kiosk-keep")).to_be_visible(timeout=WAIT_MS)
    expect(part(kiosk, "kiosk-qr")).to_be_visible()


def test_when_nobody_knows_the_client_may_print_once_more_and_only_once(office, kiosk):
    have_faults(office, "no_proof")
    take(kiosk)
    number = part(kiosk, "kiosk-number").inner_text()
    expect(part(kiosk, "kiosk-in-doubt")).to_be_visible(timeout=WAIT_MS)
    part(kiosk, "kiosk-reprint").click()
    expect(part(kiosk, "kiosk-reprint")).to_be_hidden()
    expect(part(kiosk, "kiosk-in-doubt")).to_be_visible(timeout=WAIT_MS)
    expect(part(kiosk, "kiosk-reprint")).to_be_hidden()
    expect(part(kiosk, "kiosk-number")).to_have_text(number)


def test_a_second_try_that_works_is_to_be_taken(office, kiosk):
    have_faults(office, "no_proof")
    take(kiosk)
    expect(part(kiosk, "kiosk-reprint")).to_be_visible(timeout=WAIT_MS)
    have_faults(office)
    part(kiosk, "kiosk-reprint").click()
    expect(part(kiosk, "kiosk-printed")).to_be_visible(timeout=WAIT_MS)


def test_without_paper_the_kiosk_says_so_beforehand_and_gives_the_number_at_once(office, kiosk):
    have_faults(office, "paper_out")
    printer_is(office, "trouble")
    expect(part(kiosk, "kiosk-paperless")).to_be_visible(timeout=WAIT_MS)
    take(kiosk)
    expect(part(kiosk, "kiosk-keep")).to_be_visible(timeout=2_000)
    expect(part(kiosk, "kiosk-qr")).to_be_visible()
    expect(part(kiosk, "kiosk-reprint")).to_be_hidden()
    part(kiosk, "kiosk-back").click()
    have_faults(office)
    expect(part(kiosk, "kiosk-paperless")).to_be_hidden(timeout=WAIT_MS)
