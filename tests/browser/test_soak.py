"""`make test` lets a wall hear some hundred calls, `make soak` fifty thousand."""

from __future__ import annotations

import os

import pytest

from tests.browser.soak import OFFICE, soak
from tests.office_process import Server

CALLS = int(os.environ.get("SOAK_CALLS", "300"))
GROWTH_ALLOWED = 0.10

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120 + CALLS // 20)]


def test_a_wall_that_heard_thousands_of_calls_is_as_small_as_before(tmp_path, browsers):
    """HW-19: heap within ten percent, not one node or listener more that stays"""
    server = Server(tmp_path, office=OFFICE).start()
    try:
        chromium = browsers("--autoplay-policy=no-user-gesture-required")
        wall = chromium.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        problems = []
        wall.on("pageerror", lambda error: problems.append(str(error)))
        wall.goto(server.links["wall display hall"])
        wall.wait_for_selector("body[data-live=connected]")
        first, *later = soak(server, wall, CALLS, print)
        heard = int(wall.evaluate("document.body.dataset.gongs ?? 0"))
    finally:
        server.stop()
    assert problems == []
    assert heard > 0  # a mute wall would not grow either
    assert later[-1].growth_over(first) <= GROWTH_ALLOWED
    assert later[-1].listeners <= first.listeners + 5
    assert later[-1].nodes <= first.nodes * 1.1 + 100
