"""What a waiting area hears (S-3, S-4, S-5)."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.announcements import EXTRA_SECONDS, Announcements, Call, Kind
from tests.domain.desks import listen

FIRST, REPEAT, LANGUAGE = Kind.FIRST, Kind.REPEAT, Kind.LANGUAGE


def call(ticket: int, at: float = 0.0, attempt: int = 1) -> Call:
    return Call(ticket, f"A{ticket:03}", "1", attempt, at)


def hear_all(queue: Announcements, now: float = 0.0, each: float = 4.0):
    """Everything that is said from now on without a pause, with the moment it begins."""
    said = []
    while utterance := queue.next(now):
        said.append((now, utterance))
        now += each
        queue.finish(now)
    return said


def briefly(said):
    return [(u.call.ticket_id, u.kind) for _, u in said]


def test_a_call_is_said_at_once_and_once_more_when_nobody_else_waits():
    """S-4"""
    queue = Announcements(("de",))
    queue.add(call(1))
    assert briefly(hear_all(queue)) == [(1, FIRST), (1, REPEAT)]


def test_a_second_language_comes_after_the_repetition():
    queue = Announcements(("de", "en"))
    queue.add(call(1))
    said = hear_all(queue)
    assert [(u.kind, u.language) for _, u in said] == [
        (FIRST, "de"), (REPEAT, "de"), (LANGUAGE, "en"),
    ]  # fmt: skip


def test_the_first_announcement_of_each_call_goes_before_every_repetition():
    """S-4"""
    queue = Announcements(("de",))
    queue.add(call(1))
    queue.next(0.0)
    queue.add(call(2, at=1.0))
    queue.add(call(3, at=2.0))
    queue.finish(4.0)
    said = briefly(hear_all(queue, 4.0))
    assert said[:2] == [(2, FIRST), (3, FIRST)]
    assert said[2:] == [(1, REPEAT), (2, REPEAT), (3, REPEAT)]


def test_five_calls_in_one_second_are_all_said_with_one_gong():
    """S-3, A-D8; peers 11-2: the second of two quick calls is not swallowed"""
    queue = Announcements(("de",), repeat=False)
    for ticket in range(1, 6):
        queue.add(call(ticket, at=ticket / 5))
    said = hear_all(queue, 1.0)
    assert briefly(said) == [(ticket, FIRST) for ticket in range(1, 6)]
    assert [u.gong for _, u in said] == [True, False, False, False, False]
    assert [u.short for _, u in said] == [True, True, True, False, False]


def test_a_call_after_a_pause_has_its_own_gong():
    queue = Announcements(("de",), repeat=False)
    queue.add(call(1))
    hear_all(queue, 0.0)
    queue.add(call(2, at=20.0))
    assert [u.gong for _, u in hear_all(queue, 20.0)] == [True]


def test_a_client_who_is_called_again_hears_the_gong_even_among_others():
    """Recall rings again."""
    queue = Announcements(("de",), repeat=False)
    queue.add(call(1))
    queue.add(call(2, attempt=2))
    assert [u.gong for _, u in hear_all(queue)] == [True, True]


def test_a_client_who_has_come_is_not_called_late():
    """S-5"""
    queue = Announcements(("de",))
    for ticket in (1, 2, 3):
        queue.add(call(ticket))
    queue.next(0.0)
    queue.drop(2)
    queue.drop(1)
    queue.finish(4.0)
    assert briefly(hear_all(queue, 4.0)) == [(3, FIRST), (3, REPEAT)]


def test_a_recall_replaces_what_was_still_to_be_said():
    """S-5"""
    queue = Announcements(("de",))
    queue.add(call(1))
    queue.add(call(2))
    queue.add(call(1, at=3.0, attempt=2))
    said = hear_all(queue, 3.0)
    assert briefly(said)[:2] == [(2, FIRST), (1, FIRST)]
    assert [u.call.attempt for _, u in said if u.call.ticket_id == 1] == [2, 2]


def test_nothing_is_repeated_of_a_call_that_is_25_seconds_old():
    """S-4"""
    queue = Announcements(("de",))
    queue.add(call(1, at=0.0))
    queue.next(0.0)
    queue.finish(EXTRA_SECONDS)
    assert queue.next(EXTRA_SECONDS) is None


def test_what_a_dying_loudspeaker_said_is_said_again_first():
    """S-6"""
    queue = Announcements(("de",), repeat=False)
    queue.add(call(1))
    queue.add(call(2))
    queue.next(0.0)
    queue.say_again()
    assert briefly(hear_all(queue, 6.0)) == [(1, FIRST), (2, FIRST)]


def test_a_client_who_came_while_the_loudspeaker_died_is_not_called_again():
    """S-5, S-6"""
    queue = Announcements(("de",))
    queue.add(call(1))
    queue.next(0.0)
    queue.drop(1)
    queue.say_again()
    assert hear_all(queue, 6.0) == []


def test_calls_that_nobody_could_say_are_named_and_forgotten():
    queue = Announcements(("de",))
    queue.add(call(1, at=0.0))
    queue.add(call(2, at=50.0))
    assert [unheard.ticket_id for unheard in queue.forget_before(30.0)] == [1]
    assert briefly(hear_all(queue, 51.0)) == [(2, FIRST), (2, REPEAT)]


class Listener:
    """Somebody who keeps account of what must still be said."""

    def __init__(self) -> None:
        self.queue = Announcements(("de", "en"))
        self.due: dict[int, int] = {}  # client → attempt that must still be said
        self.attempts: dict[int, int] = {}
        self.playing = None

    def call(self, ticket, now):
        self.attempts[ticket] = self.due[ticket] = self.attempts.get(ticket, 0) + 1
        self.queue.add(call(ticket, now, self.attempts[ticket]))

    def come(self, ticket, now):
        self.queue.drop(ticket)
        self.due.pop(ticket, None)
        self.attempts.pop(ticket, None)

    def end(self, _, now):
        if self.playing is not None:
            self.queue.finish(now)
            self.playing = None

    def die(self, _, now):
        if self.playing is not None:
            self.queue.say_again()
            unheard, self.playing = self.playing, None
            still_called = self.attempts.get(unheard.call.ticket_id) == unheard.call.attempt
            if unheard.kind is FIRST and still_called:
                self.due[unheard.call.ticket_id] = unheard.call.attempt

    def say(self, _, now):
        utterance = self.queue.next(now)
        if utterance is None:
            return
        assert self.playing is None
        self.playing = utterance
        assert self.attempts.get(utterance.call.ticket_id) == utterance.call.attempt
        if utterance.kind is FIRST:
            assert self.due.pop(utterance.call.ticket_id) == utterance.call.attempt
        else:
            assert not self.due
            assert now - utterance.call.at < EXTRA_SECONDS


verbs = st.sampled_from(["call", "come", "say", "end", "die"])


@given(st.lists(st.tuples(verbs, st.integers(1, 6)), max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_happens_each_call_is_said_once_first_unless_its_client_came(script):
    """S-3, S-4, S-5 over random days of an area: serial, nothing lost, nothing late."""
    listener, clock = Listener(), count()
    for verb, ticket in [*script, *[("end", 0), ("say", 0)] * 80]:
        getattr(listener, verb)(ticket, float(next(clock)))
    assert not listener.due
    assert listener.queue.waiting() == 0


# Desks × minutes → mean, p95, longest delay, share of short forms, share of extras: standards 4.2.
TABLE = {
    (8, 3): (0.9, 4.7, 10.7, 0.1, 100),
    (12, 3): (1.6, 6.4, 11.4, 0.5, 98),
    (20, 3): (3.4, 9.1, 15.5, 5, 79),
    (30, 3): (5.3, 10.6, 20.1, 18, 39),
}


@pytest.mark.parametrize(("desks", "minutes"), TABLE)
def test_no_waiting_area_hears_its_calls_later_than_the_table_allows(desks, minutes):
    """S-4: five simulated half days each, calls as fast as the desks can make them."""
    heard = listen(desks, minutes)
    average, p95, longest, shorts, extras = TABLE[desks, minutes]
    assert heard.unheard == 0
    assert heard.mean <= average
    assert heard.p95 <= p95
    assert max(heard.delays) <= longest
    # The table gives shares in whole percents or tenths; so they are compared.
    assert round(100 * heard.short_share, 0 if shorts >= 1 else 1) <= shorts
    assert round(100 * heard.extra_share) >= extras
