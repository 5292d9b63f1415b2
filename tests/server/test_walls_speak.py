"""Walls over the socket: one speaks, and what is over is not said (S-2, S-5, S-6, SEC-5)."""

from __future__ import annotations

import pytest

from tests.conftest import eventually
from tests.server.scenes import call_next, heard, open_page, step, watch


@pytest.fixture
def wall(app, parts):
    """wall() opens one more page of a display that can be heard."""

    def open_wall(display="hall", sound="running", role="display"):
        page = open_page(app, parts, role, display if role == "display" else None)
        page.picture = watch(page, f"wall:{display}")
        if sound:
            page.emit("report", {"sound": sound})
        return page

    return open_wall


@pytest.fixture
def running(app):
    """With the loops that push pictures and look after loudspeakers."""
    app.extensions["queue-live"].start()


def test_of_two_browsers_on_one_display_one_speaks(wall):
    """S-6"""
    first, second = wall(), wall()
    assert [first.picture["audio_leader"], second.picture["audio_leader"]] == [True, False]


def test_of_two_displays_in_one_area_one_speaks(wall):
    """S-6"""
    leads = [wall("hall").picture["audio_leader"], wall("upstairs").picture["audio_leader"]]
    assert leads == [True, False]


def test_when_the_speaking_page_is_closed_the_other_is_told_that_it_leads(wall, running):
    """S-6"""
    first, second = wall(), wall()
    first.disconnect()
    eventually(lambda: any(p["audio_leader"] for p in heard(second, "snapshot")))


def test_every_picture_says_so_to_one_page_only(wall, running, kiosk):
    """S-6"""
    first, second = wall(), wall()
    kiosk.take()
    pictures = [eventually(lambda p=page: heard(p, "snapshot")) for page in (first, second)]
    assert {p["audio_leader"] for p in pictures[0]} == {True}
    assert {p["audio_leader"] for p in pictures[1]} == {False}


def test_a_colleague_who_looks_at_the_wall_from_a_desk_never_speaks(wall, kiosk, clerk):
    desk, display = wall(role="lead"), wall()
    assert desk.picture["audio_leader"] is False
    assert display.picture["audio_leader"] is True
    kiosk.take()
    call_next(clerk)
    assert heard(desk, "speak") == []


def test_a_call_is_spoken_by_the_leader_with_its_number_as_structure(wall, kiosk, clerk):
    """S-1, S-2: everybody gets the announcement, one gets the word"""
    first, second = wall(), wall()
    kiosk.take()
    called = call_next(clerk)
    messages = first.get_received()
    names = [m["name"] for m in messages if m["name"] in {"announce", "speak"}]
    assert names == ["announce", "speak"]
    spoken = next(m["args"][0] for m in messages if m["name"] == "speak")
    assert (spoken["ticket_id"], spoken["kind"], spoken["gong"]) == (called["id"], "first", True)
    assert [m["name"] for m in second.get_received()].count("speak") == 0


@pytest.mark.parametrize("verb", ["start", "miss", "withdraw", "park"])
def test_when_the_call_is_over_the_speaker_is_hushed(wall, kiosk, clerk, verb):
    """S-5"""
    page = wall()
    kiosk.take()
    called = call_next(clerk)
    number = heard(page, "speak")[0]["id"]
    page.emit("spoken", {"id": number, "state": "started"})
    if verb == "park":
        step(clerk, called, "start")
    step(clerk, called, verb)
    assert {"id": number} in heard(page, "hush")
    page.emit("spoken", {"id": number, "state": "finished"})
    assert heard(page, "speak") == []


def test_an_undone_call_is_not_said_any_more(wall, kiosk, clerk):
    """S-5"""
    page = wall()
    kiosk.take()
    called = call_next(clerk)
    step(clerk, called, "undo")
    assert heard(page, "hush")


@pytest.mark.parametrize(
    "nonsense",
    [None, 5, "running", [], {}, {"sound": "loud"}, {"sound": None}, {"sound": ["running"]},
     {"sound": "running", "screen": [1]}, {"sound": "running", "clock_off": float("inf")}],
)  # fmt: skip
def test_nonsense_from_a_wall_is_not_heard(wall, parts, nonsense):
    """SEC-5"""
    page = wall(sound=None)
    page.emit("report", nonsense)
    page.emit("spoken", nonsense)
    assert parts.speakers.state_of("main") == "unknown"


def test_a_page_that_is_no_wall_can_not_pose_as_one(app, parts, kiosk, clerk):
    """SEC-5"""
    counter = open_page(app, parts, "counter", "2")
    watch(counter, "counter:2")
    counter.emit("report", {"sound": "running"})
    kiosk.take()
    call_next(clerk)
    assert heard(counter, "speak") == []
    assert parts.speakers.state_of("main") == "none"


def test_the_board_over_http_says_whether_its_display_speaks(wall, person):
    wall("hall")
    lead = person("lead")
    assert lead.get("/boards/hall").json["audio_leader"] is True
    assert lead.get("/boards/upstairs").json["audio_leader"] is False


def test_a_wall_that_goes_silent_without_a_word_loses_the_lead(wall, running, kiosk, clerk):
    """S-6: its cable was pulled"""
    first, second = wall(), wall()
    kiosk.take()
    call_next(clerk)
    assert heard(first, "speak")
    eventually(lambda: heard(second, "speak"), seconds=10)


def test_who_floods_the_server_loses_the_connection(wall, parts):
    """SEC-5"""
    page = wall()
    for _ in range(150):
        if page.is_connected():
            page.emit("report", {"sound": "running"})
    assert not page.is_connected()
    assert parts.speakers.state_of("main") == "none"


def test_a_colleague_s_page_of_the_wall_may_report_and_is_not_heard(wall, parts):
    desk = wall(role="lead")
    assert desk.is_connected()
    assert parts.speakers.state_of("main") == "none"


def test_a_wall_as_text_does_not_hide_that_nobody_hears_anything(wall, parts):
    """A-D1, P-7"""
    wall(sound="blocked")
    wall("upstairs", sound="off")
    assert parts.speakers.state_of("main") == "blocked"
    assert parts.speakers.reach_of("1") == "seen"
