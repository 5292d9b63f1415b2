"""The wall pages as people see them: every layout in Chromium, with real calls."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.conftest import eventually, new_request
from tests.office_process import Server

SAMPLE = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
WAIT_MS = 15_000
PROMINENT_SECONDS = 10
LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)
OTHER_SIZES = [(3840, 2160), (1366, 768), (1280, 720)]
COUNTERS = [
    "Platz 1", "Platz 2", "Beratungsraum Erdgeschoss links", "Platz 4", "Platz 5",
    "Info-Theke", "Raum 117", "Platz 8", "Platz 9", "Platz 10",
]  # fmt: skip
WAYS = ["left", "left", "ahead", "right", "right", "back", "up", "down", "left", "right"]
ZONES = ["left", "left", "front", "right", "right"] * 2
PANEL = 'info = ["messages", "hours", "languages", "plan"]\n'
ARABIC = '[[message]]\ntext = { de = "Bitte Ausweis bereithalten.", ar = "يرجى تجهيز الهوية." }\n'

FIND_TROUBLE = (Path(__file__).parent / "wall_trouble.js").read_text(encoding="utf-8")
USUAL_NAMES = (
    ":is([data-calls], [data-recent]) > :not([data-long]) [data-fill=counter_label],"
    "[data-recent] [data-fill=number]"
)
CAPITALS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((e) => e.getClientRects().length)
  .map((e) => parseFloat(getComputedStyle(e).fontSize) * 0.714)"""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# --- The house ----------------------------------------------------------------------------------


def counter(n, label):
    return (
        f'[[counter]]\nkey = "c{n}"\nlabel = {{ de = "{label}" }}\nservices = ["documents"]\n'
        f'zone = "{ZONES[n]}"\nplace = [{2 + 2.4 * n}, 1]\n'
    )


def display(key, more=""):
    ways = ", ".join(f'c{n} = "{way}"' for n, way in enumerate(WAYS))
    return f'[[display]]\nkey = "{key}"\ndirections = {{ {ways} }}\nplace = [12, 9]\n{more}'


def nightly():
    """A night that is now, whatever the time is."""
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    begins, ends = now - timedelta(hours=2), now + timedelta(hours=2)
    return f'night = "{begins:%H:%M}-{ends:%H:%M}"\n'


def house_text():
    """The sample office with ten counters and a wall of each kind."""
    before, _, rest = SAMPLE.partition("# --- Where clients are served")
    counters = "".join(counter(n, label) for n, label in enumerate(COUNTERS))
    _, _, rest = rest.partition("# --- Parts of the house")
    walls = [
        display("list"), display("bare", "recent = 0\n"), display("full", PANEL),
        display("panel", f"recent = 0\n{PANEL}"), display("one", "most_calls = 3\nrecent = 0\n"),
        display("two", 'continues = "one"\nrecent = 0\n'), display("still", "motion = false\n"),
        display("door", 'layout = "sign"\ncounters = ["c0"]\n'),
        display("text", 'layout = "text"\n'),
        display("far", "viewing_distance_m = 20\n"), display("nightly", nightly()),
    ]  # fmt: skip
    return f"{before}\n{counters}{''.join(walls)}# --- Parts of the house{rest}\n{ARABIC}"


class House:
    """A running office: who is called where, and the pages that show it."""

    def __init__(self, server, context):
        self.server, self.context = server, context
        self.kiosk, self.clerk = server.token("kiosk"), server.token("counter")
        self._pages, self._called = {}, []

    def page(self, key, size=LANDSCAPE):
        if key not in self._pages:
            self._pages[key] = self.open(self.server.links[f"wall display {key}"])
        self._pages[key].set_viewport_size({"width": size[0], "height": size[1]})
        return self._pages[key]

    def open(self, address):
        page = self.context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(address)
        page.wait_for_selector("body[data-live=connected]")
        return page

    def call(self, n):
        wish = {"service": "documents", "request_id": new_request()}
        assert self.server.send(self.kiosk, "POST", "/tickets", wish)[0] == 201
        status, ticket = self.server.send(self.clerk, "POST", f"/counters/c{n}/call-next")
        assert status == 200, ticket
        self._called.append(ticket["id"])
        return ticket

    def step(self, ticket, verb):
        status, answer = self.server.send(self.clerk, "POST", f"/tickets/{ticket}/{verb}")
        assert status == 200, answer

    def serve(self, n):
        ticket = self.call(n)["id"]
        self.step(ticket, "start")
        self.step(ticket, "finish")

    def clear(self):
        for ticket in self._called:
            self.server.send(self.clerk, "POST", f"/tickets/{ticket}/miss")
        self._called = []

    def set_calls(self, count):
        self.clear()
        return [self.call(n) for n in range(count)]


@pytest.fixture(scope="module")
def running(tmp_path_factory, chromium):
    server = Server(tmp_path_factory.mktemp("house"), office=house_text()).start()
    context = chromium.new_context(bypass_csp=True)  # axe comes from outside
    context.set_default_timeout(WAIT_MS)
    house = House(server, context)
    for n in (0, 1, 2, 3, 9):
        house.serve(n)
    yield house
    context.close()
    server.kill()


@pytest.fixture
def house(running):
    running.clear()
    return running


def part(page, test_id):
    return page.locator(f'[data-test-id="{test_id}"]')


def numbers(page):
    return sorted(part(page, "wall-number").all_inner_texts())


def shows(page, count):
    expect(part(page, "wall-call")).to_have_count(count)
    page.evaluate("document.fonts.ready")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))")


def needed_capital(page, degrees=0.7, metres=6.0, inches=55):
    """In CSS pixels, worked out once more and not by the page's own code."""
    size = page.viewport_size
    pixels_per_cm = math.hypot(size["width"], size["height"]) / (inches * 2.54)
    return 100 * metres * math.tan(math.radians(degrees)) * pixels_per_cm


# --- Layouts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3, 5, 10])
def test_every_wall_shows_so_many_calls_large_enough_and_in_full(house, count):
    """A-D2, A-D10: landscape and portrait, with and without list and panel"""
    called = sorted(ticket["number"] for ticket in house.set_calls(count))
    for key in ("list", "bare", "full", "panel"):
        for size in (LANDSCAPE, PORTRAIT):
            page = house.page(key, size)
            shows(page, count)
            where = f"{key} {size} with {count} calls"
            assert page.evaluate(FIND_TROUBLE) == [], where
            assert numbers(page) == called, where
            capitals = page.evaluate(CAPITALS, "[data-calls] [data-fill=number]")
            assert all(c >= needed_capital(page) * 0.99 for c in capitals), where
            names = page.evaluate(CAPITALS, USUAL_NAMES)
            assert all(c >= 600 / 155 * needed_capital(page) / 7.33 * 0.99 for c in names), where
            assert page.evaluate("document.body.dataset.fits") == "yes", where
            assert page.problems == []


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_every_screen_gets_the_same_picture(house, size):
    """4K and small ones: all sizes are shares of the screen"""
    house.set_calls(5)
    for key in ("list", "full"):
        page = house.page(key, size)
        shows(page, 5)
        assert page.evaluate(FIND_TROUBLE) == []
        assert page.evaluate("document.body.dataset.fits") == "yes"


def test_a_wall_that_cannot_be_read_from_the_farthest_seat_says_so(house):
    """A-D2"""
    house.set_calls(5)
    page = house.page("far")
    shows(page, 5)
    assert page.evaluate("document.body.dataset.fits") == "no"
    expect(part(page, "wall-fits")).to_be_visible()
    assert page.evaluate(FIND_TROUBLE) == []


def test_a_call_shows_the_way_by_arrow_words_colour_and_name(house):
    """A-D4, A-D10"""
    house.set_calls(1)
    row = part(house.page("list"), "wall-call")
    expect(row.locator("[data-fill=direction]")).to_have_text("nach links")
    expect(row.locator("[data-fill=zone]")).to_have_text("Blauer Bereich")
    expect(row.locator("[data-way] svg")).to_be_visible()
    assert row.get_attribute("data-zone") == "blue"


def test_every_text_beside_the_calls_says_its_language_and_direction(house):
    """A-D11, L-1, L-3, L-4"""
    page = house.page("panel")
    assert page.evaluate("document.documentElement.lang") == "de"
    texts = page.locator("[data-turn=hours], [data-turn=message] p, [data-turn=languages] p")
    marks = texts.evaluate_all("(all) => all.map((e) => [e.lang, e.dir])")
    assert len(marks) >= 7 and all(language and way for language, way in marks)
    arabic = page.locator("[data-turn=message] p[lang=ar]")
    assert arabic.get_attribute("dir") == "rtl"
    together = (
        arabic.locator("xpath=..").locator("p").evaluate_all("(all) => all.map((e) => e.lang)")
    )
    assert together == ["de", "ar"]


def test_each_turn_of_the_panel_fits_into_it(house):
    turns = "document.querySelectorAll('[data-turn]').length"
    show = """async (chosen) => {
      document.querySelectorAll("[data-turn]").forEach((turn, n) => { turn.hidden = n !== chosen })
      const { fitTurn } = await import("/display-static/js/turns.js")
      fitTurn()
    }"""
    for size in (LANDSCAPE, PORTRAIT):
        page = house.page("full", size)
        for chosen in range(page.evaluate(turns)):
            page.evaluate(show, chosen)
            eventually(lambda page=page: page.evaluate(FIND_TROUBLE) == [])


def test_the_plan_comes_to_the_front_while_somebody_has_to_find_the_way(house):
    page = house.page("panel")
    house.call(1)
    expect(page.locator("[data-turn=plan]")).to_be_visible()
    expect(page.locator("[data-plan-counter=c1]")).to_have_attribute("data-called", "")
    assert page.locator("[data-plan-counter][data-called]").count() == 1


# --- Calls --------------------------------------------------------------------------------------


def test_five_calls_in_one_second_are_all_seen_and_all_prominent(house):
    """A-D8: none overwrites another, also after a reload; then the newest stays"""
    page = house.page("list")
    called = house.set_calls(5)
    shows(page, 5)
    fresh = page.locator("[data-calls] [data-prominent][data-fresh]")
    expect(fresh).to_have_count(5)
    assert page.evaluate(FIND_TROUBLE) == []
    page.reload()
    page.wait_for_selector("body[data-live=connected]")
    expect(fresh).to_have_count(5)
    expect(page.locator("[data-calls] [data-fresh]")).to_have_count(0, timeout=WAIT_MS)
    late = datetime.now(UTC) - datetime.fromisoformat(called[-1]["called_at"])
    assert late >= timedelta(seconds=PROMINENT_SECONDS - 0.5)
    prominent = page.locator("[data-calls] [data-prominent]")
    expect(prominent).to_have_count(1)
    expect(prominent).to_contain_text(called[-1]["number"])


def test_a_wall_stays_calm_when_a_call_is_no_longer_new(house):
    """A-D6: only the colour changes; nothing moves until somebody comes or goes"""
    page = house.page("list")
    house.set_calls(4)
    shows(page, 4)
    expect(page.locator("[data-calls] [data-fresh]")).to_have_count(4)
    boxes = "(all) => all.map((e) => JSON.stringify([e.textContent, e.getBoundingClientRect()]))"
    before = page.locator(".call__number").evaluate_all(boxes)
    expect(page.locator("[data-calls] [data-fresh]")).to_have_count(0, timeout=WAIT_MS)
    assert page.locator(".call__number").evaluate_all(boxes) == before


def test_a_settled_call_is_never_larger_than_a_new_one(house):
    """A-D4"""
    pages = [house.page("bare", LANDSCAPE), house.page("full", PORTRAIT)]
    house.call(0)
    for page in pages:
        shows(page, 1)
        expect(page.locator("[data-calls] [data-fresh]")).to_have_count(0, timeout=WAIT_MS)
    house.call(2), house.call(1)
    for page in pages:
        shows(page, 3)
        new = page.evaluate(CAPITALS, "[data-calls] [data-fresh] [data-fill=number]")
        (old,) = page.evaluate(CAPITALS, "[data-calls] > :not([data-fresh]) [data-fill=number]")
        assert len(new) == 2 and old <= min(new)


def test_a_client_who_is_called_again_is_prominent_again(house):
    """A-D8"""
    page = house.page("list")
    first, *_ = house.set_calls(3)
    shows(page, 3)
    expect(page.locator("[data-calls] [data-fresh]")).to_have_count(0, timeout=WAIT_MS)
    house.step(first["id"], "recall")
    expect(page.locator("[data-calls] [data-fresh]")).to_contain_text(first["number"])
    expect(part(page, "wall-number").first).to_have_text(first["number"])


@pytest.mark.parametrize("verb", ["start", "miss", "withdraw"])
def test_a_call_is_gone_at_once_when_it_is_over(house, verb):
    """zms 5-44"""
    pages = [house.page(key) for key in ("list", "full", "text")]
    ticket = house.call(4)
    for page in pages:
        expect(page.locator("[data-calls]")).to_contain_text(ticket["number"])
    house.step(ticket["id"], verb)
    for page in pages:
        expect(page.locator("[data-calls]")).not_to_contain_text(ticket["number"], timeout=1500)
    if verb == "start":
        house.step(ticket["id"], "finish")


def test_each_call_is_on_exactly_one_of_two_screens(house):
    called = sorted(ticket["number"] for ticket in house.set_calls(7))
    one, two = house.page("one"), house.page("two")
    shows(one, 3)
    shows(two, 4)
    assert sorted(numbers(one) + numbers(two)) == called
    assert set(numbers(one)) & set(numbers(two)) == set()


def test_a_sign_shows_whom_it_calls_and_whom_it_serves(house):
    page = house.page("door")
    expect(page.locator("h1")).to_have_text("Platz 1")
    ticket = house.call(0)
    expect(part(page, "sign-number")).to_have_text(ticket["number"])
    called = page.evaluate(CAPITALS, "[data-sign=called] b")[0]
    assert called > 2 * needed_capital(page)
    assert page.evaluate(FIND_TROUBLE) == []
    house.step(ticket["id"], "start")
    expect(part(page, "sign-serving")).to_contain_text(ticket["number"])
    assert page.evaluate(CAPITALS, "[data-sign=serving] b")[0] < called
    house.step(ticket["id"], "finish")
    expect(part(page, "sign-serving")).to_be_hidden()
    expect(part(page, "sign-open")).to_be_visible()
    house.server.send(
        house.server.token("counter", "--counter", "c0"), "POST", "/counters/c0/pause"
    )
    expect(part(page, "sign-paused")).to_be_visible()
    assert page.evaluate(FIND_TROUBLE) == []


def test_a_wall_as_text_tells_the_same_and_needs_no_script(house, chromium):
    """A-D13"""
    ticket = house.call(3)
    page = house.open(f"{house.server.url}/wall/list/text")
    status = part(page, "text-status")
    expect(status).to_contain_text(ticket["number"])
    assert status.get_attribute("role") == "status"
    page.close()
    plain = chromium.new_context(
        java_script_enabled=False, storage_state=house.context.storage_state()
    )
    without = plain.new_page()
    without.goto(f"{house.server.url}/wall/list/text")
    expect(without.locator("body")).to_contain_text(f"{ticket['number']} Platz 4")
    refresh = without.locator("noscript meta, meta[http-equiv=refresh]").first
    assert refresh.get_attribute("content") == "10"
    plain.close()


# --- Accessibility ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["list", "bare", "full", "panel", "two", "door", "text", "nightly", "still"]
)
@pytest.mark.parametrize("count", [0, 3])
def test_axe_finds_nothing_wrong_with_any_wall(house, key, count):
    """WCAG 2.2 AA and best practice"""
    house.set_calls(count)
    page = house.page(key)
    page.wait_for_timeout(150)
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
    assert violations(page) == []


def test_axe_would_notice(house):
    page = house.context.new_page()
    page.set_content("<html><body><img src='data:,'><p style='color: #999'>pale</p></body></html>")
    found = " ".join(violations(page))
    assert {"image-alt", "color-contrast", "html-has-lang"} <= set(re.findall(r"[\w-]+", found))
    page.close()


def test_axe_finds_nothing_wrong_with_the_page_of_an_unknown_wall(house):
    page = house.context.new_page()
    page.goto(f"{house.server.url}/wall/nothing")
    assert violations(page) == []
    page.close()


def animations(page):
    """Asked of the style: a movement itself is over after five seconds."""
    names = "rows => rows.map((row) => getComputedStyle(row).animationName)"
    return set(page.locator("[data-fresh] .call__row").evaluate_all(names))


def test_reduced_motion_leaves_the_highlight_and_stops_the_rest(house, chromium):
    """A-D7: by the browser's setting and by the office's"""
    context = chromium.new_context(
        reduced_motion="reduce", storage_state=house.context.storage_state()
    )
    reduced = context.new_page()
    house.page("list"), house.page("still")
    reduced.goto(f"{house.server.url}/wall/list")
    reduced.wait_for_selector("body[data-live=connected]")
    house.set_calls(2)
    for page in (reduced, house.page("still")):
        expect(page.locator("[data-prominent][data-fresh]")).to_have_count(2)
        assert animations(page) == {"none"}
    assert animations(house.page("list")) == {"breathe"}
    context.close()


# --- Years without touch --------------------------------------------------------------------------


def test_at_night_a_wall_is_black_until_somebody_is_called(house):
    """HW-21"""
    page = house.page("nightly")
    night = part(page, "wall-night")
    expect(night).to_be_visible()
    assert night.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(0, 0, 0)"
    house.call(2)
    expect(night).to_be_hidden()
    house.clear()
    expect(night).to_be_visible()


AT = "(await import('/static/js/clock.js')).setServerTime"


def test_the_clock_of_the_night_and_the_picture_move_and_never_jump(house):
    """HW-21: 2 to 4 px an hour, and the clock each minute"""
    page = house.page("nightly")
    spots, shifts = set(), []
    for hour in range(24, 28):
        page.evaluate(
            f"""async (iso) => {{
              {AT}(iso)
              const upkeep = await import("/display-static/js/upkeep.js")
              const night = await import("/display-static/js/night.js")
              upkeep.shiftPicture(); night.moveClock()
            }}""",
            (datetime.now(UTC) + timedelta(hours=hour, minutes=hour)).isoformat(),
        )
        spots.add(page.locator(".night").get_attribute("style"))
        shifts.append(page.evaluate("document.querySelector('[data-screen]').style.translate"))
    assert len(spots) == 4
    places = [tuple(map(float, re.findall(r"\d+", f"{shift} 0px"))) for shift in shifts]
    steps = [
        math.dist(a[:2], b[:2])
        for a, b in zip(places, places[1:], strict=False)
    ]  # fmt: skip
    assert all(2 <= step <= 4 for step in steps)
    page.reload()


def test_an_idle_wall_begins_the_day_with_a_new_page(house):
    """HW-14, HW-19: after 03:30, and never while a call is shown"""
    page = house.page("bare")
    page.evaluate("window.old = true; sessionStorage.clear()")
    local = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    early = local.replace(hour=4, minute=5).astimezone(UTC).isoformat()
    script = f"""async ([iso, calling]) => {{
      {AT}(iso)
      const {{ reloadAtNight }} = await import("/display-static/js/upkeep.js")
      reloadAtNight(calling, 3 * 3_600_000)
    }}"""
    page.evaluate(script, [early, True])
    page.wait_for_timeout(300)
    assert page.evaluate("window.old") is True
    with page.expect_navigation():
        page.evaluate(script, [early, False])
    assert page.evaluate("window.old") is None
    page.wait_for_selector("body[data-live=connected]")


@pytest.fixture
def own_house(tmp_path, chromium):
    """A house that may be changed and ended."""
    server = Server(tmp_path, office=house_text()).start()
    context = chromium.new_context()
    context.set_default_timeout(WAIT_MS)
    yield House(server, context)
    context.close()
    server.kill()


def work_by(house, text):
    house.server.config.write_text(text, encoding="utf-8")
    status, answer = house.server.send(house.server.token("admin"), "POST", "/config/reload")
    assert status == 200, answer


def test_a_wall_without_a_key_or_a_counter_is_never_blank_and_comes_back(own_house):
    """zms 5-47, peers 11: an unknown key gets a readable page that looks again by itself"""
    text = house_text()
    calls = [own_house.call(n) for n in (0, 1)]
    page, deleted = own_house.page("list"), own_house.page("bare")
    stranger = own_house.context.new_page()
    stranger.clock.install()
    stranger.goto(f"{own_house.server.url}/wall/later")
    expect(part(stranger, "wall-unknown")).to_be_visible()
    changed = text.replace('key = "bare"', 'key = "later"').replace(counter(1, COUNTERS[1]), "")
    work_by(own_house, changed.replace('c1 = "left", ', ""))
    expect(part(deleted, "wall-unknown")).to_be_visible(timeout=WAIT_MS)
    expect(part(page, "wall-call")).to_have_count(2)
    assert numbers(page) == sorted(ticket["number"] for ticket in calls)
    stranger.clock.fast_forward(31_000)
    expect(part(stranger, "wall-unknown")).to_have_count(0)


def test_a_wall_that_hears_nothing_says_so_and_then_takes_old_calls_down(own_house):
    """SEC-23, HW-10"""
    own_house.call(0)
    page = own_house.context.new_page()
    page.clock.install()
    page.goto(own_house.server.links["wall display list"])
    page.wait_for_selector("body[data-live=connected]")
    expect(part(page, "wall-call")).to_have_count(1)
    own_house.server.kill()
    expect(part(page, "wall-stale")).to_be_visible(timeout=WAIT_MS)
    expect(part(page, "wall-call")).to_be_visible()
    page.clock.fast_forward(56_000)
    expect(part(page, "wall-broken")).to_be_visible()
    expect(part(page, "wall-call")).to_be_hidden()


def test_what_is_taken_down_stays_down_when_the_screen_is_turned(own_house):
    """SEC-23: the plan beside the calls would still show where somebody was called"""
    own_house.call(0)
    page = own_house.context.new_page()
    page.clock.install()
    page.goto(own_house.server.links["wall display full"])
    expect(part(page, "wall-turns")).to_be_visible()
    own_house.server.kill()
    expect(part(page, "wall-stale")).to_be_visible(timeout=WAIT_MS)
    page.clock.fast_forward(56_000)
    expect(part(page, "wall-broken")).to_be_visible()
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.clock.fast_forward(2_000)
    expect(part(page, "wall-turns")).to_be_hidden()
    expect(part(page, "wall-waiting")).to_be_hidden()
