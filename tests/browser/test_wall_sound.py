"""Walls that speak, in real browsers: gong, number, counter; one voice; trouble is shown."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.plain_chromium import PlainChromium
from tests.conftest import eventually, new_request
from tests.office_process import Server

SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
ONE_AREA = SAMPLE.replace('area = "corridor"\n', "")
MAY_PLAY = "--autoplay-policy=no-user-gesture-required"
WAIT_MS = 15_000
FAIL_OVER_SECONDS = 10  # S-6

# Notes when each clip is to be heard (ms since 1970); the silence that tests the path is not one.
LISTEN = """
window.heard = []
const start = AudioBufferSourceNode.prototype.start
const stop = AudioBufferSourceNode.prototype.stop
const instant = (node, when) =>
  performance.timeOrigin + performance.now() + Math.max(0, when - node.context.currentTime) * 1000
AudioBufferSourceNode.prototype.start = function (when = 0, ...more) {
  if (this.buffer.duration > 0.06) {
    const from = instant(this, when)
    this.note = { from, to: from + this.buffer.duration * 1000, seconds: this.buffer.duration }
    window.heard.push(this.note)
  }
  return start.call(this, when, ...more)
}
AudioBufferSourceNode.prototype.stop = function (when = 0, ...more) {
  if (this.note) this.note.to = Math.min(this.note.to, instant(this, when))
  return stop.call(this, when, ...more)
}
"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]
with_voice = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is missing")


class Office:
    """A running server with a kiosk and a clerk at each counter, as programs."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.reception = server.token("reception")

    def post(self, path, body=None):
        status, answer = self.server.send(self.reception, "POST", path, body)
        assert status in {200, 201}, answer
        return answer

    def call(self, counter="1"):
        wish = {"service": "documents", "request_id": new_request()}
        ticket = self.post("/tickets", wish)
        self.post(f"/tickets/{ticket['id']}/call", {"counter": counter, "reason": "test"})
        return ticket

    def step(self, ticket, verb):
        return self.post(f"/tickets/{ticket['id']}/{verb}")

    def sound(self):
        return self.server.send("", "GET", "/health")[1]["parts"]["sound"]


@pytest.fixture
def office(tmp_path):
    server = Server(tmp_path, office=ONE_AREA).start()
    office = Office(server)
    yield office
    server.stop()


def open_wall(browser, office, display="hall"):
    wall = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    wall.set_default_timeout(WAIT_MS)
    wall.add_init_script(LISTEN)
    wall.goto(office.server.links[f"wall display {display}"])
    wall.wait_for_selector("body[data-live=connected][data-sound-state]")
    return wall


def spoken(wall):
    return int(wall.evaluate("document.body.dataset.spoken ?? 0"))


def voice_is_ready(office):
    """Clips are made in the first seconds after the first start."""
    index = office.server.data / "voices" / "voices.json"
    eventually(index.is_file, seconds=30)


def clips(wall):
    return wall.evaluate("window.heard")


@with_voice
def test_a_call_is_heard_as_gong_number_and_counter_without_gaps(browsers, office):
    """peers 11-6: seen and spoken are the same call (S-1, S-3, A-D1)"""
    wall = open_wall(browsers(MAY_PLAY), office)
    voice_is_ready(office)
    time.sleep(2)  # the server looks for new clips each second
    office.call()
    expect(wall.locator("[data-test-id=wall-number]")).to_have_text("A001")
    eventually(lambda: spoken(wall) >= 1, seconds=15)
    gong, *words = clips(wall)[:9]
    assert 0.8 <= gong["seconds"] <= 2.2
    assert len(words) >= 6  # Nummer A null null eins, bitte zu, Platz eins
    for before, after in zip([gong, *words], words, strict=False):
        assert -20 < after["from"] - before["to"] < 400


def test_the_picture_does_not_wait_for_the_voice(browsers, office):
    """peers 11-5: five calls within a moment (S-2, A-D8)"""
    wall = open_wall(browsers(MAY_PLAY), office)
    numbers = [office.call(counter)["number"] for counter in ("1", "2", "3", "4", "5")]
    for number in numbers:
        expect(wall.get_by_text(number, exact=True)).to_be_visible(timeout=2000)
    assert spoken(wall) == 0
    eventually(lambda: spoken(wall) >= 5, seconds=40)


def test_when_the_client_has_come_the_voice_stops(browsers, office):
    """S-5"""
    wall = open_wall(browsers(MAY_PLAY), office)
    ticket = office.call()
    eventually(lambda: wall.evaluate("document.body.dataset.soundAt"), seconds=5)
    office.step(ticket, "start")
    eventually(lambda: spoken(wall) == 1, seconds=2)
    expect(wall.locator("[data-test-id=wall-call]")).to_have_count(0)
    assert all(clip["to"] < time.time() * 1000 + 500 for clip in clips(wall))


def test_two_browsers_in_one_area_never_speak_at_the_same_time(browsers, office):
    """S-6: five calls, two of them repeated; then the speaking page crashes in mid-sentence"""
    walls = {name: open_wall(browsers(MAY_PLAY), office, name) for name in ("hall", "corridor")}
    voice_is_ready(office)
    time.sleep(2)
    tickets = [office.call(counter) for counter in ("1", "2", "3")]
    office.step(tickets[0], "recall")
    eventually(lambda: sum(spoken(wall) for wall in walls.values()) >= 2, seconds=30)
    speaking = max(walls, key=lambda name: spoken(walls[name]))
    quiet = next(name for name in walls if name != speaking)
    assert spoken(walls[quiet]) == 0
    before = clips(walls[speaking])
    crash(walls[speaking])
    crashed_at = time.time()
    office.call("4")
    eventually(lambda: clips(walls[quiet]), seconds=FAIL_OVER_SECONDS)
    first = clips(walls[quiet])[0]["from"]
    assert first / 1000 - crashed_at <= FAIL_OVER_SECONDS
    assert first >= max(min(clip["to"], crashed_at * 1000) for clip in before)


def crash(page):
    """As if the browser's process were killed: nothing is said good-bye to."""
    try:
        page.goto("chrome://crash", timeout=3000)
    except Exception as error:  # that is how playwright tells of a crash
        assert "crash" in str(error).lower() or "timeout" in str(error).lower(), error


@pytest.fixture
def untouched(tmp_path, office):
    """untouched("hall") opens a wall in a browser that nobody touches and that may not play."""
    opened = []

    def start(display):
        profile = tmp_path / f"profile-{display}"
        link = office.server.links[f"wall display {display}"]
        opened.append(PlainChromium(profile, link))
        eventually(lambda: opened[-1].evaluate(CONNECTED), seconds=20)
        return opened[-1]

    yield start
    for browser in opened:
        browser.close()


CONNECTED = "document.body?.dataset.live === 'connected' && document.body.dataset.soundState"
BADGE = "!document.querySelector('[data-sound]').hidden"


def test_a_browser_that_blocks_sound_shows_it_at_once_and_a_tap_unlocks_it(untouched, office):
    """peers 11-7: calm badge on the wall, monitoring turns yellow (P-2, P-4)"""
    wall = untouched("hall")
    eventually(lambda: wall.evaluate(BADGE), seconds=3)
    eventually(lambda: office.sound() == "warning")
    number = office.call()["number"]
    eventually(lambda: wall.evaluate("document.body.innerText").count(number), seconds=2)
    wall.tap(300, 300)
    eventually(lambda: not wall.evaluate(BADGE))
    eventually(lambda: wall.evaluate("document.body.dataset.soundAt"))


def test_a_reload_by_the_page_itself_keeps_the_sound_unlocked(untouched):
    """P-6"""
    wall = untouched("hall")
    wall.tap(300, 300)
    eventually(lambda: not wall.evaluate(BADGE))
    wall.evaluate("window.isOld = true; location.reload()")
    eventually(lambda: not wall.evaluate("window.isOld") and wall.evaluate(CONNECTED), seconds=20)
    assert wall.evaluate("document.body.dataset.soundState") != "blocked"


def test_the_lead_moves_to_a_wall_that_may_play(browsers, untouched, office):
    """P-7"""
    blocked = untouched("hall")
    playing = open_wall(browsers(MAY_PLAY), office, "corridor")
    office.call()
    eventually(lambda: spoken(playing) >= 1, seconds=15)
    assert not blocked.evaluate("document.body.dataset.spoken")


def test_when_clips_can_not_be_fetched_a_gong_calls_all_the_same(browsers, office):
    """peers 11-7: file missing → the call is shown and rung"""
    wall = open_wall(browsers(MAY_PLAY), office)
    wall.route("**/sounds/**", lambda route: route.abort())
    office.call()
    expect(wall.locator("[data-test-id=wall-number]")).to_have_text("A001")
    eventually(lambda: spoken(wall) >= 1, seconds=10)
    assert clips(wall) == []


def test_a_machine_without_loudspeaker_says_so_on_the_wall(browsers, office):
    """P-3: as far as a page can know it"""
    wall = open_wall(browsers(MAY_PLAY), office)
    expect(wall.locator("[data-test-id=wall-no-device]")).to_be_hidden()
    wall.evaluate("navigator.mediaDevices.enumerateDevices = async () => []")
    wall.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(wall.locator("[data-test-id=wall-no-device]")).to_be_visible()
    eventually(lambda: office.sound() == "warning")


def test_a_wall_outlives_a_killed_server_and_says_nothing_old(browsers, office):
    """peers 11-10: the truth comes back, and no gong for calls of before (HW-10)"""
    wall = open_wall(browsers(MAY_PLAY), office)
    number = office.call()["number"]
    eventually(lambda: spoken(wall) >= 1, seconds=15)
    port = office.server.port
    office.server.kill()
    expect(wall.locator("[data-test-id=wall-stale]")).to_be_visible(timeout=10_000)
    before = len(clips(wall))
    office.server.start(port)
    expect(wall.locator("[data-test-id=wall-stale]")).to_be_hidden(timeout=10_000)
    expect(wall.locator("[data-test-id=wall-number]")).to_have_text(number)
    wall.wait_for_timeout(2000)  # nothing is to come, so there is nothing to wait for
    assert len(clips(wall)) == before
    second = office.call("2")["number"]
    expect(wall.get_by_text(second, exact=True)).to_be_visible()
    eventually(lambda: len(clips(wall)) > before, seconds=5)


def test_a_wall_whose_clips_come_late_rings_by_itself_and_nobody_speaks_beside_it(browsers, office):
    """S-6: two voices never meet, also when the network is slow"""
    slow, quick = (open_wall(browsers(MAY_PLAY), office, name) for name in ("hall", "corridor"))
    voice_is_ready(office)
    slow.route("**/sounds/**", lambda route: (slow.wait_for_timeout(2500), route.abort()))
    office.call()
    eventually(lambda: spoken(slow) >= 1, seconds=15)
    assert clips(slow) == []
    assert clips(quick) == []


def test_a_call_after_a_restart_is_heard_although_one_was_hushed_before(browsers, office):
    """S-5, HW-10"""
    wall = open_wall(browsers(MAY_PLAY), office)
    ticket = office.call()
    eventually(lambda: wall.evaluate("document.body.dataset.soundAt"), seconds=5)
    office.step(ticket, "start")
    port = office.server.port
    office.server.kill()
    office.server.start(port)
    wall.wait_for_selector("body[data-live=connected]")
    eventually(lambda: wall.evaluate("document.body.dataset.live") == "connected")
    before = spoken(wall)
    office.call("2")
    eventually(lambda: spoken(wall) > before, seconds=20)
    assert wall.evaluate("Number(document.body.dataset.gongs)") >= 2
