"""A real Chromium wall: clerk's click → the number is painted, and → the first sound."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.displays import Displays
from tests.bench.over_http import Line
from tests.bench.table import Row, heading
from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, missing
from tests.conftest import eventually
from tests.office_process import Server

SAMPLE = Path(__file__).parents[2] / "config.toml"
OTHERS = 20
ROUNDS = 40
PAINTED_BAR_MS = 150
SOUND_BAR_MS = 400
# A pause without any announcement, so that each call opens a batch with its own gong.
PAUSE_MS = 700

# Element Timing tells when the browser put the letters on the screen, not when a script asked.
WATCH_PAINT = """() => {
  const { content } = document.querySelector("[data-calls] template")
  content.querySelector("[data-fill=number]").setAttribute("elementtiming", "number")
  window.painted = []
  new PerformanceObserver((list) => {
    const { timeOrigin } = performance
    for (const { renderTime } of list.getEntries()) window.painted.push(timeOrigin + renderTime)
  }).observe({ type: "element" })
}"""
WATCH_CLICK = """() => document.addEventListener("click", (event) => {
  window.clicked = performance.timeOrigin + event.timeStamp
}, true)"""


def rows(folder: Path) -> Iterator[Row]:
    """Two lines, or one that says why nothing was measured."""
    if reason := missing():
        yield heading(f"walls not measured: {reason}", "")
        return
    server = Server(folder, office=SAMPLE.read_text(encoding="utf-8")).start()
    others = Displays.of_server(server.url, server.token("display"), OTHERS)
    try:
        painted, sounded = _measure(server)
    finally:
        others.close()
        server.stop()
    yield heading(f"one Chromium wall, {OTHERS} more displays, {ROUNDS} calls", "p50")
    yield _row("click -> number painted, p95", painted, PAINTED_BAR_MS)
    yield _row("click -> first sound, p95", sounded, SOUND_BAR_MS)


def _row(what: str, spans: list[float], bar: int) -> Row:
    p95 = statistics.quantiles(spans, n=20)[-1]
    p50 = statistics.median(spans)
    return Row(what, f"{p95:.0f} ms", f"{p50:.0f} ms", "", f"<= {bar} ms", p95 <= bar)


def _measure(server: Server) -> tuple[list[float], list[float]]:
    from playwright.sync_api import sync_playwright

    arguments = [*CHROMIUM_ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        # Two contexts: pages in one window would wait for each other's turn to be in front.
        wall = _open(browser, server, "wall display hall", 1920, 1080)
        counter = _open(browser, server, "counter 1", 1280, 800)
        wall.wait_for_selector("body:is([data-sound-state=running], [data-sound-state=no-device])")
        wall.evaluate(WATCH_PAINT)
        counter.evaluate(WATCH_CLICK)
        line = Line(server.url, server.token("reception"))
        spans = [_call_one(wall, counter, line) for _ in range(ROUNDS)]
        browser.close()
    return [painted for painted, _ in spans], [sounded for _, sounded in spans]


def _open(browser: Any, server: Server, name: str, width: int, height: int) -> Any:
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.goto(server.links[name])
    page.wait_for_selector("body[data-live=connected]")
    return page


def _call_one(wall: Any, counter: Any, line: Line) -> tuple[float, float]:
    """Milliseconds until the number is on the screen, and until the loudspeaker begins."""
    ticket = line.take()
    wall.evaluate("() => { window.painted = []; delete document.body.dataset.soundAt }")
    counter.click('[data-action="call-next"]:not([disabled])')
    wall.wait_for_selector("body[data-sound-at]")
    eventually(lambda: wall.evaluate("window.painted.length"))
    clicked = counter.evaluate("window.clicked")
    painted, sounded = wall.evaluate("[window.painted[0], Number(document.body.dataset.soundAt)]")
    for verb in ("start", "finish"):
        line.post(f"/api/v1/tickets/{ticket['id']}/{verb}")
    counter.wait_for_timeout(PAUSE_MS)
    return painted - clicked, sounded - clicked
