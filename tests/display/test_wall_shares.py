"""Which calls stand on which screen, and what stands beside them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from queue_server import wall_board
from queue_server.config_file import parse
from queue_server.domain.ticket import State, Ticket
from queue_server.wall_board import Room
from tests.conftest import OFFICE, TUESDAY_MORNING

MONDAY_NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
ZONES = """
[[zone]]
key = "left"
name = { de = "Blauer Bereich" }
colour = "blue"
"""


def office(more="", *changes):
    text = OFFICE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse(text + more)


def called(number, counter="1", state=State.CALLED):
    at = TUESDAY_MORNING + timedelta(seconds=number)
    return Ticket(
        id=number, number=f"A{number:03}", service="documents", state=state, issued_at=at,
        order_at=at, language="de", counter=counter, called_at=at, attempt=1,
    )  # fmt: skip


def room(config, calls=(), now=TUESDAY_MORNING, waiting=0, **more):
    return Room(now, config.opening_hours(), list(calls), [], waiting, **more)


def picture(config, key="hall", **more):
    return wall_board.wall(config, config.display(key), room(config, **more))


def screens(*most, counters=None):
    """Displays s0, s1 … that continue each other, with so much room."""
    text = ""
    for n, room_for in enumerate(most):
        text += f'[[display]]\nkey = "s{n}"\nmost_calls = {room_for}\n'
        text += f'continues = "s{n - 1}"\n' if n else ""
        text += f"counters = {counters[n]}\n" if counters else ""
    return office(text)


def shares(config, calls):
    keys = [display.key for display in config.displays if display.key.startswith("s")]
    return {
        key: [
            t.id
            for t in wall_board.calls_on(config, config.display(key), calls)
        ]
        for key in keys
    }  # fmt: skip


def test_a_call_without_room_goes_on_to_the_next_screen():
    calls = [called(n) for n in range(7, 0, -1)]
    assert shares(screens(3, 2, 1), calls) == {"s0": [7, 6, 5], "s1": [4, 3], "s2": [2, 1]}


def test_a_display_alone_never_hides_a_call():
    calls = [called(n) for n in range(9, 0, -1)]
    assert len(shares(screens(2), calls)["s0"]) == 9


def test_every_call_is_on_exactly_one_screen_of_the_chain():
    """Whatever the screens have room for and whichever counters they show."""
    chance = random.Random(5)
    for _ in range(200):
        config = screens(*(chance.randint(1, 4) for _ in range(chance.randint(1, 4))))
        calls = [called(n, counter=chance.choice("123")) for n in range(chance.randint(0, 12))]
        seen = [number for share in shares(config, calls).values() for number in share]
        assert sorted(seen) == sorted(call.id for call in calls)


def test_a_screen_for_other_counters_takes_no_call_of_theirs():
    config = screens(1, 1, counters=['["1", "2"]', '["2"]'])
    calls = [called(4, "1"), called(3, "2"), called(2, "1"), called(1, "3")]
    assert shares(config, calls) == {"s0": [4, 2], "s1": [3]}


@pytest.mark.parametrize("state", [s for s in State if s is not State.CALLED])
def test_only_a_call_is_shown_as_a_call(state):
    config = office()
    assert picture(config, calls=[called(1, state=state)])["calls"] == []


def test_a_call_says_its_part_of_the_house_by_colour_and_name():
    """A-D4, A-D10"""
    config = office(ZONES, ('label = { de = "Platz 1"', 'zone = "left"\nlabel = { de = "Platz 1"'))
    with_zone, without = picture(config, calls=[called(2, "1"), called(1, "2")])["calls"]
    assert with_zone["zone"] == {"key": "left", "name": "Blauer Bereich", "colour": "blue"}
    assert without["zone"] is None
    assert (with_zone["direction"], with_zone["counter_label"]) == ("left", "Platz 1")


def test_a_message_keeps_its_languages_together_each_with_its_direction():
    """A-D11, L-4"""
    text = '[[message]]\ntext = { de = "Hallo", ar = "مرحبا" }\n'
    config = office(text, ('key = "hall"', 'key = "hall"\ninfo = ["messages"]'))
    (message,) = picture(config)["messages"]
    assert message["texts"] == {"de": "Hallo", "ar": "مرحبا"}
    assert message["dir"] == {"de": "ltr", "ar": "rtl"}


@pytest.mark.parametrize(("day", "is_shown"), [(22, False), (23, True), (25, True), (26, False)])
def test_a_message_is_shown_on_its_days_and_where_it_belongs(day, is_shown):
    text = (
        '[[message]]\nfrom = 2026-11-23\nuntil = 2026-11-25\ntext = { de = "Hallo" }\n'
        'displays = ["hall"]\n[[display]]\nkey = "side"\ninfo = ["messages"]\n'
    )
    config = office(text, ('key = "hall"', 'key = "hall"\ninfo = ["messages"]'))
    noon = datetime(2026, 11, day, 12, tzinfo=UTC)
    assert bool(picture(config, now=noon)["messages"]) == is_shown
    assert picture(config, "side", now=noon)["messages"] == []


class TestNight:
    """HW-21: black while nobody looks."""

    def night(self, setting="closed", **more):
        config = office("", ('key = "hall"', f'key = "hall"\nnight = "{setting}"'))
        return picture(config, **more)["night"]

    def test_it_is_black_while_the_office_is_closed(self):
        assert self.night(now=MONDAY_NIGHT)
        assert not self.night(now=TUESDAY_MORNING)

    def test_it_is_never_black_while_somebody_is_called_or_waits(self):
        assert not self.night(now=MONDAY_NIGHT, calls=[called(1)])
        assert not self.night(now=MONDAY_NIGHT, waiting=1)

    def test_it_is_never_black_where_nobody_wants_it(self):
        assert not self.night("never", now=MONDAY_NIGHT)

    @pytest.mark.parametrize(
        ("hour", "is_dark"), [(18, False), (19, True), (22, True), (4, True), (5, False)]
    )
    def test_it_keeps_to_its_time_over_midnight(self, hour, is_dark):
        """19:00 in UTC is 20:00 in the office"""
        now = datetime(2026, 11, 24, hour, tzinfo=UTC)
        assert self.night("20:00-06:00", now=now) == is_dark


def test_a_closed_office_says_when_it_opens_again():
    late = picture(office(), now=datetime(2026, 11, 23, 17, tzinfo=UTC))
    assert (late["open"], late["closed"]) == (False, True)
    assert late["next_opening"] == "2026-11-23T23:00:00.000Z"
    assert picture(office())["next_opening"] is None


def test_a_sign_tells_whom_its_counter_serves():
    config = office('[[display]]\nkey = "door"\nlayout = "sign"\ncounters = ["2"]\n')
    at_counters = [called(2, "1", State.SERVING), called(1, "2", State.SERVING)]
    shown = picture(config, "door", calls=at_counters, counter_state="open")
    assert (shown["serving"], shown["counter_state"], shown["calls"]) == ("A001", "open", [])
    assert picture(config, calls=at_counters)["serving"] is None


def test_a_wall_lists_no_more_earlier_calls_than_it_wants():
    config = office("", ('key = "hall"', 'key = "hall"\nrecent = 2'))
    gone = [called(n, state=State.FINISHED) for n in range(9, 0, -1)]
    happened = Room(TUESDAY_MORNING, config.opening_hours(), [], gone, 0)
    shown = wall_board.wall(config, config.display("hall"), happened)
    assert [call["ticket_id"] for call in shown["recent"]] == [9, 8]


def test_the_day_of_a_message_is_the_offices_own():
    text = '[[message]]\nfrom = 2026-11-24\ntext = { de = "Hallo" }\n'
    config = office(text, ('key = "hall"', 'key = "hall"\ninfo = ["messages"]'))
    just_after_midnight = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert config.opening_hours().business_day(just_after_midnight) == date(2026, 11, 24)
    assert len(picture(config, now=just_after_midnight)["messages"]) == 1
