"""Pages that watch: the whole truth on each connect, one ring a call, nothing for strangers."""

from __future__ import annotations

import pytest

from queue_server.app import _release as release_of
from queue_server.config_file import parse
from queue_server.identity import Principal
from queue_server.live import may_watch
from tests.conftest import OFFICE, eventually


@pytest.fixture
def watch(app, parts):
    """watch("display", "hall") opens a page with its own token and returns its socket."""
    live = app.extensions["queue-live"]

    def arrive(role, station=None, **auth):
        token = parts.keeper.create_token(role, station=station) if role else None
        auth = {"token": token} if token else auth
        return live.socketio.test_client(app, auth=auth)

    return arrive


def heard(page, word):
    return [message["args"][0] for message in page.get_received() if message["name"] == word]


def test_a_wall_sees_the_present_calls_as_soon_as_it_watches(watch, kiosk, clerk):
    """zms 5-44, peers 11-11"""
    kiosk.take()
    clerk.post("/counters/1/call-next")
    board = watch("display", "hall").emit("watch", "wall:hall", callback=True)
    assert board["audience"] == "wall:hall"
    assert board["calls"] == [
        {
            "ticket_id": 1,
            "number": "A001",
            "counter": "1",
            "counter_label": "Platz 1",
            "direction": "left",
            "zone": None,
            "called_at": "2026-11-24T08:00:00.000Z",
            "attempt": 1,
        }
    ]
    assert {"revision", "as_of", "release", "recent", "waiting", "messages", "audio_leader"} <= set(
        board
    )


def test_a_call_is_announced_once_and_a_recall_once_more(watch, kiosk, clerk):
    """zms 5-45"""
    wall = watch("display", "hall")
    wall.emit("watch", "wall:hall", callback=True)
    kiosk.take()
    ticket = clerk.post("/counters/1/call-next").json
    clerk.post(f"/tickets/{ticket['id']}/recall")
    clerk.post(f"/tickets/{ticket['id']}/start")
    rung = heard(wall, "announce")
    assert [(call["number"], call["counter_label"], call["attempt"]) for call in rung] == [
        ("A001", "Platz 1", 1),
        ("A001", "Platz 1", 2),
    ]
    assert rung[0]["speech"]["prefix"] == "A"
    assert rung[0]["speech"]["value"] == 1


def test_a_wall_that_was_away_shows_the_call_and_does_not_ring(watch, kiosk, clerk):
    """peers 11-10"""
    kiosk.take()
    clerk.post("/counters/1/call-next")
    wall = watch("display", "hall")
    assert wall.emit("watch", "wall:hall", callback=True)["calls"][0]["number"] == "A001"
    assert heard(wall, "announce") == []


def test_a_wall_for_other_counters_neither_shows_nor_rings(watch, kiosk, clerk):
    upstairs = watch("display", "upstairs")
    upstairs.emit("watch", "wall:upstairs", callback=True)
    kiosk.take()
    clerk.post("/counters/1/call-next")
    assert heard(upstairs, "announce") == []
    assert upstairs.emit("watch", "wall:upstairs", callback=True)["calls"] == []


def test_every_change_reaches_the_pages_by_itself(app, watch, kiosk, parts):
    app.extensions["queue-live"].start()
    page = watch("counter", "1")
    assert page.emit("watch", "counter:1", callback=True)["waiting"] == 0
    kiosk.take()
    board = eventually(lambda: heard(page, "snapshot"))[-1]
    assert board["waiting"] == 1
    assert board["next"][0]["number"] == "A001"
    assert board["revision"] == parts.store.events.revision()


def test_a_page_hears_a_heartbeat_with_the_revision_it_should_have(app, watch, kiosk):
    """zms 5-48: silence is trouble"""
    app.extensions["queue-live"].start()
    page = watch("kiosk", "entrance")
    board = page.emit("watch", "kiosk:entrance", callback=True)
    beat = eventually(lambda: heard(page, "heartbeat"))[0]
    assert (beat["audience"], beat["revision"]) == ("kiosk:entrance", board["revision"])


def test_the_kiosk_learns_what_became_of_the_paper(watch, kiosk, parts):
    ticket = kiosk.take()
    page = watch("kiosk", "entrance")
    assert page.emit("watch", "kiosk:entrance", callback=True)["slips"] == {"1": "queued"}
    job = parts.office.open_jobs("entrance")[0]
    parts.office.claim(job["id"])
    parts.office.close(job["id"], "not_printed", "paper_end")
    slips = page.emit("watch", "kiosk:entrance", callback=True)["slips"]
    assert slips == {str(ticket["id"]): "not_printed"}


def test_the_holder_of_a_ticket_watches_with_its_token_alone(watch, kiosk):
    ticket = kiosk.take()
    board = watch(None).emit("watch", f"ticket:{ticket['token']}", callback=True)
    assert board["ticket"]["number"] == "A001"


@pytest.mark.parametrize("audience", ["wall:hall", "counter:1", "reception", "kiosk:entrance"])
def test_a_stranger_watches_nothing(watch, audience):
    """peers 11-11"""
    stranger = watch(None)
    assert stranger.emit("watch", audience, callback=True) == {"error": "not_allowed"}


@pytest.mark.parametrize(
    "audience", [None, 7, {"a": 1}, "", "wall", "wall:nonsense", "ticket:x", "ticket:\ud800"]
)
def test_a_strange_wish_gets_an_error_and_harms_nobody(watch, audience):
    page = watch("admin")
    assert page.emit("watch", audience, callback=True)["error"] in {"not_allowed", "unknown"}


def test_a_false_token_is_refused_at_the_door(watch):
    assert not watch(None, token="somebody-elses").is_connected()


@pytest.mark.parametrize(
    ("role", "station", "audience", "may"),
    [
        ("display", "hall", "wall:hall", True),
        ("display", "hall", "wall:upstairs", False),
        ("display", None, "wall:upstairs", True),
        ("display", None, "counter:1", False),
        ("kiosk", "entrance", "kiosk:entrance", True),
        ("kiosk", "entrance", "reception", False),
        ("counter", "1", "counter:1", True),
        ("counter", "1", "counter:2", False),
        ("counter", None, "counter:2", True),
        ("counter", None, "reception", False),
        ("printer", "entrance", "printer:entrance", True),
        ("reception", None, "reception", True),
        ("admin", None, "wall:hall", True),
    ],
)
def test_each_role_watches_its_own_audiences(role, station, audience, may):
    """zms 5-52"""
    assert may_watch(Principal(role, role, station), audience) is may


def test_a_strange_ticket_leaves_no_trace_of_its_watcher(app, watch):
    watch(None).emit("watch", "ticket:nonsense", callback=True)
    assert app.extensions["queue-live"]._watched == {}


def test_pages_reload_when_the_office_or_the_pages_changed(app, config, watch):
    board = watch("display", "hall").emit("watch", "wall:hall", callback=True)
    assert board["release"] == release_of(config)
    other = config.model_copy(update={"priorities": []})
    assert release_of(other) != release_of(config)


class TestConcernsOfAKiosk:
    """A service comes and goes by its dates; a limit is said on its button."""

    @pytest.fixture
    def config(self):
        text = OFFICE.replace(
            'key = "status"\nseries = "main"',
            'key = "status"\nseries = "main"\nfrom = 2026-11-25\nuntil = 2026-11-25',
        ).replace('key = "documents"\nseries', 'key = "documents"\ndaily_limit = 1\nseries', 1)
        return parse(text.replace('monday = ["08', 'wednesday = ["00:00-24:00"]\nmonday = ["08'))

    def services(self, parts):
        return {s["key"]: s for s in parts.views.snapshot("kiosk:entrance")["services"]}

    def test_a_service_is_offered_on_its_days_only(self, parts, clock, kiosk):
        assert self.services(parts)["status"]["offered"] is False
        answer = kiosk.post("/tickets", {"service": "status", "request_id": "request-0001"})
        assert (answer.status_code, answer.json["error"]) == (409, "service_off")
        clock.forward(days=1)
        assert self.services(parts)["status"]["offered"] is True
        assert kiosk.take("status")["number"] == "A001"
        clock.forward(days=1)
        assert self.services(parts)["status"]["offered"] is False

    def test_a_limit_is_known_before_anybody_taps_and_withdrawn_tickets_do_not_count(
        self, parts, kiosk, reception
    ):
        """zms 5-3, zms 5-40, peers 11-21"""
        assert self.services(parts)["documents"]["available"] is True
        ticket = kiosk.take()
        documents = self.services(parts)["documents"]
        assert (documents["available"], documents["reason"]) == (False, "limit_reached")
        wish = {"service": "documents", "request_id": "request-0002"}
        assert kiosk.post("/tickets", wish).json["error"] == "limit_reached"
        assert reception.take(anyway=True)["number"] == "A002"
        for ticket_id in (ticket["id"], 2):
            assert reception.post(f"/tickets/{ticket_id}/withdraw").status_code == 200
        assert self.services(parts)["documents"]["available"] is True
        assert kiosk.take()["number"] == "A003"
