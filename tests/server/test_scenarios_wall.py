"""What the walls show and when they ring."""

from __future__ import annotations

import json

import pytest

from queue_server.config_file import ConfigProblems
from tests.server.scenes import call_next, heard, numbers, open_page, step, watch, work_by

TWELVE = "".join(
    f'[[counter]]\nkey = "c{n}"\nlabel = {{ de = "Platz {n}" }}\nservices = ["documents"]\n'
    for n in range(12)
)
LONG = "Zimmer 1.204 b, Eingangszone Leistungsgewährung, bitte links anmelden"
CALL_KEYS = {
    "ticket_id", "number", "counter", "counter_label", "direction", "zone", "called_at", "attempt"
}  # fmt: skip


@pytest.fixture
def hall(app, parts):
    """The wall in the hall, watching."""
    page = open_page(app, parts, "display", "hall")
    watch(page, "wall:hall")
    return page


def on_the_wall(parts, key="hall"):
    return numbers(parts.views.snapshot(f"wall:{key}")["calls"])


def test_a_call_is_on_the_wall_until_the_client_has_come_or_has_not(kiosk, clerk, parts):
    """zms 5-44"""
    for then in ("miss", "park", "withdraw", "start"):
        number = kiosk.take()["number"]
        ticket = call_next(clerk)
        assert on_the_wall(parts) == [number]
        step(clerk, ticket, then)
        assert on_the_wall(parts) == [], then


def test_the_same_digits_of_two_series_ring_twice(hall, kiosk, clerk, colleague, parts):
    """zms 5-45: the second of two equal numbers did not ring"""
    own_series = ('key = "status"\nseries = "main"', 'key = "status"\nseries = "b"')
    work_by(parts, own_series, more='[[series]]\nkey = "b"\nprefix = "B"\n')
    kiosk.take("documents")
    kiosk.take("status")
    call_next(clerk)
    call_next(colleague, "2")
    rung = heard(hall)
    assert numbers(rung) == ["A001", "B001"]
    assert [(c["speech"]["prefix"], c["speech"]["value"]) for c in rung] == [("A", 1), ("B", 1)]


def test_a_client_called_again_after_being_missed_rings_again(hall, kiosk, clerk):
    """zms 5-45"""
    kiosk.take()
    step(clerk, call_next(clerk), "miss")
    step(clerk, {"id": 1}, "call", counter="1", reason="ist da")
    assert [(c["number"], c["attempt"]) for c in heard(hall)] == [("A001", 1), ("A001", 2)]


def test_fourteen_calls_at_once_are_all_there_the_newest_first(kiosk, person, clock, parts):
    """zms 5-46, peers 11-9"""
    work_by(parts, more=TWELVE)
    desks = ["1", "2", *(f"c{n}" for n in range(12))]
    clerk = person("counter")
    for key in desks:
        kiosk.take()
        clock.forward(seconds=1)
        call_next(clerk, key)
    calls = parts.views.snapshot("wall:hall")["calls"]
    assert [c["counter"] for c in calls] == desks[::-1]
    assert numbers(calls) == [f"A{n:03}" for n in range(14, 0, -1)]


def test_a_counter_taken_out_of_the_file_blanks_no_wall(kiosk, clerk, colleague, clock, parts):
    """zms 5-47: one deleted place blanked whole displays"""
    kiosk.take()
    kiosk.take()
    call_next(colleague, "2")
    clock.forward(seconds=1)
    call_next(clerk)
    without = (
        '[[counter]]\nkey = "2"\nlabel = { de = "Platz 2" }\nservices = ["documents", "status"]\n'
    )
    work_by(parts, (without, ""))
    calls = parts.views.snapshot("wall:hall")["calls"]
    assert [(c["number"], c["counter_label"]) for c in calls] == [
        ("A002", "Platz 1"),
        ("A001", "2"),
    ]


def test_a_display_for_a_counter_that_is_gone_is_refused_and_the_old_file_stays(parts):
    """zms 5-47: all of them deleted is a mistake to be named, not an empty wall"""
    with pytest.raises(ConfigProblems) as found:
        work_by(parts, ('counters = ["3"]', 'counters = ["9"]'))
    assert 'display[upstairs].counters: there is no counter "9"' in found.value.problems[0]
    assert parts.views.snapshot("wall:upstairs")["calls"] == []


@pytest.mark.parametrize(("key", "label"), [("Info", "Info-Theke"), ("Zi-1204b", LONG)])
def test_counters_need_no_number_and_may_have_long_names(hall, kiosk, person, parts, key, label):
    """zms 5-49"""
    counter = f'[[counter]]\nkey = "{key}"\nlabel = {{ de = "{label}" }}\nservices = ["status"]\n'
    work_by(parts, ('1 = "left"', f'"{key}" = "back"'), more=counter)
    kiosk.take("status")
    call_next(person("counter", key), key)
    shown = parts.views.snapshot("wall:hall")["calls"][0]
    assert (shown["counter"], shown["counter_label"], shown["direction"]) == (key, label, "back")
    rung = heard(hall)[0]
    assert (rung["counter_label"], rung["speech"]["counter_label"]) == (label, label)


def test_two_calls_right_after_each_other_both_ring_in_order_each_with_its_counter(
    hall, kiosk, clerk, colleague, clock, parts
):
    """peers 11-5, peers 11-6: the second call swallowed the first"""
    kiosk.take()
    kiosk.take()
    call_next(clerk)
    clock.forward(milliseconds=50)
    call_next(colleague, "2")
    rung = heard(hall)
    assert [(c["number"], c["counter"]) for c in rung] == [("A001", "1"), ("A002", "2")]
    shown = parts.views.snapshot("wall:hall")["calls"]
    assert [(c["number"], c["counter_label"]) for c in shown] == [
        ("A002", "Platz 2"), ("A001", "Platz 1")
    ]  # fmt: skip


def test_what_is_spoken_is_what_the_wall_shows_at_that_moment(hall, kiosk, clerk, parts):
    """peers 11-6: the digits of one call with the counter of another"""
    for _ in range(3):
        kiosk.take()
        ticket = call_next(clerk)
        shown, (rung,) = parts.views.snapshot("wall:hall")["calls"][0], heard(hall)
        speech = rung["speech"]
        assert f"{speech['prefix']}{speech['value']:03}" == shown["number"] == ticket["number"]
        assert (speech["counter"], speech["counter_label"]) == ("1", shown["counter_label"])
        assert rung["ticket_id"] == shown["ticket_id"]
        step(clerk, ticket, "miss")


def test_a_wall_cut_off_during_three_calls_sees_what_a_new_wall_sees(
    hall, app, kiosk, person, parts
):
    """peers 11-10: and rings for none of them"""
    hall.disconnect()
    clerk = person("counter")
    for key in "123":
        kiosk.take("status")
        call_next(clerk, key)
    hall.connect(auth={"token": parts.keeper.create_token("display", station="hall")})
    back, fresh = (
        watch(page, "wall:hall") for page in (hall, open_page(app, parts, "display", "hall"))
    )
    # Of the two only the first speaks (S-6); what they show is the same.
    assert (back.pop("audio_leader"), fresh.pop("audio_leader")) == (True, False)
    assert back == fresh
    assert len(back["calls"]) == 3
    assert heard(hall) == []


def test_a_wall_gets_numbers_and_ways_and_nothing_that_is_for_staff(hall, reception, clerk, parts):
    """peers 11-11"""
    reception.take(note="Hausverbot beachten", priority="extra-time")
    called = call_next(clerk)
    step(clerk, called, "recall")
    picture = watch(hall, "wall:hall")
    assert set(picture["calls"][0]) == CALL_KEYS
    everything = json.dumps([picture, hall.get_received()], ensure_ascii=False)
    for secret in ("Hausverbot", "extra-time", "documents", parts.area.find(1).token):
        assert secret not in everything


def test_a_page_hears_nothing_of_audiences_it_does_not_watch(hall, app, kiosk, clerk, parts):
    """peers 11-11: everybody got everything"""
    silent = open_page(app, parts, "display", "hall")
    stranger = app.extensions["queue-live"].socketio.test_client(app)
    kiosk.take()
    call_next(clerk)
    for audience in ("wall:hall", "counter:1"):
        app.extensions["queue-live"]._push(audience)
    assert (silent.get_received(), stranger.get_received()) == ([], [])
    words = {(m["name"], m["args"][0].get("audience")) for m in hall.get_received()}
    assert words == {("announce", None), ("snapshot", "wall:hall")}


def test_the_token_of_a_ticket_is_in_no_answer_but_the_first(kiosk, clerk, reception, parts):
    """peers 11-12"""
    tokens = [kiosk.take(service)["token"] for service in ("documents", "status")]
    ticket = call_next(clerk)
    said = [
        json.dumps(ticket),
        *(json.dumps(parts.views.snapshot(audience)) for audience in (
            "wall:hall", "counter:1", "reception", "kiosk:entrance", "printer:entrance",
        )),
        *(reception.get(path).text for path in ("/queue", "/tickets/1", "/tickets/2/explanation")),
        str([dict(e.data) for e in parts.store.events.after(0, 100)]),
    ]  # fmt: skip
    assert len(set(tokens)) == 2
    assert tokens[1] not in json.dumps(parts.views.snapshot(f"ticket:{tokens[0]}"))
    assert [token for token in tokens if any(token in text for text in said)] == []
