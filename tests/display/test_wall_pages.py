"""The wall pages as the server sends them, and the pictures beside the calls."""

from __future__ import annotations

import re
from datetime import date

import pytest

from display.panel import panel
from display.pictures import LARGEST, Pictures
from display.plan import draw
from queue_server.app import create_app
from queue_server.config_file import parse
from tests.conftest import OFFICE

HTML = {"Accept": "text/html"}
PLAN = """
[plan]
width = 20
height = 10
walls = [[0, 0, 20, 0]]
entrance = [1, 10]
"""


@pytest.fixture
def wall(app, parts):
    """A browser whose display "hall" is paired."""
    browser = app.test_client()
    token = parts.keeper.create_token("display", station="hall")
    browser.set_cookie("queue-wall-hall", token, domain="localhost")
    return browser


def office_with(more="", *changes):
    text = OFFICE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse(text + more)


def test_a_slash_too_many_leads_to_the_screen_that_asks_to_be_paired(app):
    answer = app.test_client().get("/wall/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/wall")


def test_an_unknown_display_gets_a_readable_page_that_looks_again(app):
    """peers 11: an unknown or deleted key never gives a blank screen"""
    for path in ("/wall/nothing", "/wall/nothing/text", "/wall/a/b/c"):
        answer = app.test_client().get(path, headers=HTML)
        assert answer.status_code == 404
        assert "js/unknown.js" in answer.text
        assert re.search(r"<h1>.+</h1>", answer.text)
        assert "<a " not in answer.text


def test_a_page_of_text_tells_the_calls_without_any_script(wall, kiosk, clerk):
    """A-D13"""
    kiosk.take()
    clerk.post("/counters/1/call-next")
    page = wall.get("/wall/hall/text", headers=HTML)
    assert page.status_code == 200
    assert re.search(r"A001</b>\s*<span[^>]*>Platz 1<", page.text)
    assert 'role="status"' in page.text and 'aria-live="polite"' in page.text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page.text


def test_a_page_of_text_is_for_paired_screens_and_staff_only(app):
    assert app.test_client().get("/wall/hall/text", headers=HTML).status_code == 401


def test_motion_can_be_switched_off_in_the_configuration(wall, parts):
    """A-D7"""
    assert " still" not in wall.get("/wall/hall", headers=HTML).text
    parts.area.reload(office_with("", ('key = "hall"', 'key = "hall"\nmotion = false')))
    assert " still" in wall.get("/wall/hall", headers=HTML).text


class TestPictures:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "posters").mkdir()
        (tmp_path / "secret.png").write_bytes(b"secret")
        for name in ("b.png", "a.svg", "notes.txt", ".hidden.png"):
            (tmp_path / "posters" / name).write_bytes(b"picture")
        return tmp_path

    @pytest.fixture
    def client(self, folder, clock):
        config = office_with('[info]\npictures = "posters"\n')
        app = create_app(
            config, folder / "data", clock=clock, config_file=folder / "config.toml"
        )  # fmt: skip
        keeper = app.extensions["queue"].keeper
        client = app.test_client()
        token = keeper.create_token("display", station="hall")
        client.set_cookie("queue-wall-hall", token, domain="localhost")
        yield client
        app.extensions["queue-live"].stop()
        app.extensions["queue"].store.database.close()

    def test_only_pictures_are_shown_in_the_order_of_their_names(self, folder):
        assert Pictures(folder, "posters").names() == ["a.svg", "b.png"]
        assert Pictures(folder, "").names() == Pictures(folder, "nowhere").names() == []

    def test_a_picture_that_is_too_large_or_leads_elsewhere_is_left_out(self, folder):
        (folder / "posters" / "large.png").write_bytes(b"0" * (LARGEST + 1))
        (folder / "posters" / "link.png").symlink_to(folder / "secret.png")
        assert Pictures(folder, "posters").names() == ["a.svg", "b.png"]

    def test_a_script_in_a_drawing_never_runs(self, client):
        """SEC-2"""
        answer = client.get("/wall-pictures/a.svg")
        assert answer.data == b"picture"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()

    @pytest.mark.parametrize(
        "name", ["notes.txt", ".hidden.png", "..%2Fsecret.png", "%2e%2e/secret.png", "c.png"]
    )
    def test_no_name_leads_out_of_the_folder(self, client, name):
        assert client.get(f"/wall-pictures/{name}").status_code == 404

    def test_strangers_see_no_picture(self, client):
        client.delete_cookie("queue-wall-hall", domain="localhost")
        assert client.get("/wall-pictures/a.svg").status_code == 401


class TestPlan:
    def test_it_is_drawn_only_where_it_is_wanted_and_known(self):
        wanted = ('key = "hall"', 'key = "hall"\ninfo = ["plan"]')
        for config in (office_with(PLAN), office_with("", wanted)):
            assert draw(config, config.display("hall")) is None

    def test_a_counter_without_a_place_is_left_out(self):
        config = office_with(
            PLAN,
            ('key = "hall"', 'key = "hall"\nplace = [10, 9]\ninfo = ["plan"]'),
            ('label = { de = "Platz 1"', 'place = [5, 1]\nlabel = { de = "Platz 1"'),
        )
        drawing = draw(config, config.display("hall"))
        assert [(mark.key, mark.spot, mark.inside) for mark in drawing.marks] == [
            ("1", (5, 1), "1")
        ]
        assert drawing.here.spot == (10, 9)
        assert drawing.entrance.spot == (1, 10)

    def test_dots_and_rings_of_neighbours_stay_apart(self):
        config = office_with(
            PLAN,
            ('key = "hall"', 'key = "hall"\ninfo = ["plan"]'),
            ('label = { de = "Platz 1"', 'place = [5, 1]\nlabel = { de = "Platz 1"'),
            ('label = { de = "Platz 2"', 'place = [6, 1]\nlabel = { de = "Info-Theke"'),
        )
        drawing = draw(config, config.display("hall"))
        assert drawing.dot < drawing.ring < 0.5
        assert [mark.inside for mark in drawing.marks] == ["1", "i"]

    def test_a_long_name_at_the_edge_grows_inwards(self):
        config = office_with(
            PLAN,
            ('key = "hall"', 'key = "hall"\ninfo = ["plan"]'),
            ('label = { de = "Platz 1"', 'place = [0.5, 5]\nlabel = { de = "Beratungsraum"'),
            ('label = { de = "Platz 2"', 'place = [19.5, 5]\nlabel = { de = "Beratungsraum"'),
        )
        left, right = draw(config, config.display("hall")).marks
        assert (left.anchor, right.anchor) == ("start", "end")


class TestPanel:
    def test_days_in_a_row_with_the_same_hours_share_a_line(self):
        config = office_with("", ("[hours]", '[hours]\nwednesday = ["00:00-24:00"]'))
        week = panel(config, ["de"], date(2026, 11, 24))[0].week
        assert [line.days for line in week] == [
            "Montag", "Dienstag – Mittwoch", "Donnerstag – Sonntag",
        ]  # fmt: skip
        assert week[0].times == ("08:00–12:00", "14:00–17:00")

    def test_special_days_are_told_two_weeks_ahead(self):
        days = "[hours]\nclosed = [2026-12-24, 2026-11-26]"
        texts = panel(office_with("", ("[hours]", days)), ["de", "en"], date(2026, 11, 24))
        assert [len(one.special) for one in texts] == [1, 1]
        assert "26. Nov" in texts[0].special[0].days

    def test_every_language_says_which_it_is(self):
        """L-1, A-D11"""
        texts = panel(office_with(), ["de", "en"], date(2026, 11, 24))
        assert [(t.language, t.direction, t.endonym) for t in texts] == [
            ("de", "ltr", "Deutsch"), ("en", "ltr", "English"),
        ]  # fmt: skip


def test_a_plan_on_which_nothing_is_drawn_blanks_no_wall():
    """A grid alone, as somebody writes it first."""
    shown = ('key = "hall"', 'key = "hall"\ninfo = ["plan"]')
    bare = office_with("[plan]\nwidth = 26\nheight = 10\n", shown)
    assert draw(bare, bare.display("hall")) is None
