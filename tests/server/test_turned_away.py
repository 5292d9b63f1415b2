"""Who is not welcome any more loses also what is open already (SEC-6, SEC-10)."""

from __future__ import annotations

from queue_server.guests import Guests
from queue_server.identity import Principal
from tests.server.scenes import open_page, watch


def newest_token(parts) -> int:
    return parts.keeper.tokens()[-1]["id"]


def test_a_revoked_screen_loses_its_open_page_at_once_and_others_do_not(app, parts):
    """SEC-10"""
    other = open_page(app, parts, "display", "hall")
    screen = open_page(app, parts, "display", "hall")
    watch(screen, "wall:hall")
    parts.keeper.revoke(newest_token(parts), "lead")
    assert not screen.is_connected()
    assert other.is_connected()


def test_a_revoked_screen_does_not_speak_any_more(app, parts):
    first = open_page(app, parts, "display", "hall")
    watch(first, "wall:hall")
    first.emit("report", {"sound": "running"})
    parts.keeper.revoke(newest_token(parts), "lead")
    assert parts.speakers.state_of("main") == "none"


def test_a_token_revoked_by_the_command_line_is_noticed(app, parts):
    """SEC-10: another process, so nobody tells the server"""
    screen = open_page(app, parts, "display", "hall")
    watch(screen, "wall:hall")
    live = app.extensions["queue-live"]
    guests: Guests = live._guests
    assert guests.no_longer_in(parts.keeper) == []
    parts.store.access.revoke_token(newest_token(parts), parts.area.now())
    assert len(guests.no_longer_in(parts.keeper)) == 1


def test_a_clerk_who_logged_out_is_noticed(parts):
    """SEC-6"""
    parts.keeper.add_staff("Kim", "counter", "a long password")
    session = parts.keeper.log_in("Kim", "a long password", "192.0.2.1")
    guests = Guests({"sid": parts.keeper.person_of(session), "phone": None})
    assert guests.no_longer_in(parts.keeper) == []
    parts.keeper.log_out(session)
    assert guests.no_longer_in(parts.keeper) == ["sid"]


def test_guests_without_proof_are_left_alone(parts):
    guests = Guests({"phone": None})
    assert guests.no_longer_in(parts.keeper) == []
    assert guests.devices() == set()


def test_the_devices_that_are_here_are_known_by_their_tokens():
    guests = Guests({"a": Principal("display", "hall", token_id=7), "b": None})
    assert guests.devices() == {7}
    assert guests.with_token(7) == ["a"]
