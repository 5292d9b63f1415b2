"""`make pictures`: the README's pictures, taken from a running sample office in Chromium."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.conftest import new_request
from tests.office_process import Server

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
SOUND = "--autoplay-policy=no-user-gesture-required"
CONCERNS = ("status", "question", "documents", "documents", "registration", "status", "documents")


def show(context: BrowserContext, address: str, width: int, height: int) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector("body[data-live=connected]")
    page.evaluate("document.fonts.ready")
    return page


def part(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f'[data-test-id="{name}"]')


def keep(page: Page, name: str) -> None:
    # A highlighted call pulses for a few seconds; the picture shows it at rest.
    page.wait_for_function("document.getAnimations().every((a) => a.playState === 'finished')")
    page.screenshot(path=PICTURES / f"{name}.png")


def play(server: Server, context: BrowserContext) -> None:
    kiosk = show(context, server.links["kiosk entrance"], 1080, 1920)
    keep(kiosk, "kiosk")
    counter = show(context, server.links["counter 1"], 1280, 800)
    wall = show(context, server.links["wall display hall"], 1920, 1080)
    paper = show(context, server.links["virtual paper entrance"], 700, 900)
    part(kiosk, "kiosk-service-documents").click()
    expect(part(paper, "paper-sheet").first).to_be_visible(timeout=15_000)
    keep(kiosk, "kiosk-number")
    keep(paper, "paper")
    token, clerk = server.token("kiosk"), server.token("counter")
    for concern in CONCERNS:
        wish = {"service": concern, "request_id": new_request()}
        server.send(token, "POST", "/tickets", wish)
    counter.keyboard.press("n")
    for other in ("3", "4"):
        server.send(clerk, "POST", f"/counters/{other}/call-next")
    expect(part(wall, "wall-number")).to_have_count(3)
    keep(wall, "wall")
    keep(counter, "counter")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    sample = (ROOT / "config.toml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), office=sample).start()
        arguments = [*CHROMIUM_ARGUMENTS, SOUND]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            play(server, browser.new_context(reduced_motion="reduce"))
        finally:
            browser.close()
            server.kill()


if __name__ == "__main__":
    main()
