"""Which wall says what, and who takes over (S-3 to S-6, S-8, S-10, P-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count

import pytest

from queue_server.config_file import parse
from queue_server.domain.ticket import State, Ticket
from queue_server.loudspeakers import Loudspeakers
from queue_server.loudspeakers.room import ANSWER_SECONDS, UNHEARD_SECONDS
from queue_server.loudspeakers.walls import FAILED_SECONDS
from tests.conftest import OFFICE, TUESDAY_MORNING

FULL_SECONDS = 5.0


@dataclass(frozen=True)
class Clip:
    path: str
    after: float
    seconds: float


class Voices:
    """One clip for each utterance, named for what is said."""

    def sounds(self, number, counter, language, *, gong, short):
        words = [number, counter, language, *["gong"] * gong, *["short"] * short]
        return [Clip("-".join(words), 0.0, FULL_SECONDS)]

    def gong(self):
        return [Clip("gong", 0.0, 2.0)]


class Hall:
    """An office with walls, a clock that is moved by hand, and everything walls were told."""

    def __init__(self, text: str = OFFICE):
        self.config = parse(text)
        self.seconds = 1000.0
        self.told: list[tuple[str, str, dict]] = []
        self.time = TUESDAY_MORNING
        self.changes = 0
        self.speakers = Loudspeakers(
            lambda: self.config, Voices(), lambda: self.time, lambda: self.seconds
        )
        self.speakers.attach(lambda *message: self.told.append(message), self._note_change)
        self._ids = count(1)

    def _note_change(self):
        self.changes += 1

    def open_wall(self, sid, display="hall", sound="running"):
        self.speakers.arrive(sid, display)
        if sound:
            self.report(sid, sound)

    def report(self, sid, sound):
        self.speakers.hear_report(sid, {"sound": sound})

    def call(self, counter="1", attempt=1, ticket=None):
        ticket = ticket or next(self._ids)
        called = Ticket(
            ticket, f"A{ticket:03}", "documents", State.CALLED, TUESDAY_MORNING, TUESDAY_MORNING,
            "de", counter=counter, called_at=TUESDAY_MORNING, attempt=attempt,
        )  # fmt: skip
        self.speakers.announce(called)
        return called

    def wait(self, seconds):
        """Time passes as it does in the server: with several looks a second."""
        end = self.seconds + seconds
        while self.seconds < end:
            self.seconds = min(end, self.seconds + 0.25)
            self.speakers.tick()

    def spoken(self, state, index=-1):
        sid, _, body = self.speaks()[index]
        self.speakers.hear_spoken(sid, body["id"], state)

    def speak(self):
        """The wall that was told to speak does so, to the end."""
        self.spoken("started")
        self.spoken("finished")

    def speaks(self):
        return [message for message in self.told if message[1] == "speak"]

    def words(self):
        """(wall, what it was told to say), in order."""
        said = [(sid, body["sounds"][0]["url"]) for sid, _, body in self.speaks()]
        return [(sid, url.removeprefix("/sounds/")) for sid, url in said]


@pytest.fixture
def hall():
    return Hall()


def test_a_call_is_said_at_once_by_the_one_wall_that_leads(hall):
    """S-6"""
    hall.open_wall("a")
    hall.open_wall("b")
    hall.call()
    assert hall.words() == [("a", "A001-1-de-gong")]
    assert hall.speakers.leads("a")
    assert not hall.speakers.leads("b")


def test_the_next_call_is_said_when_the_first_has_ended(hall):
    """S-3"""
    hall.open_wall("a")
    hall.call()
    hall.call("2")
    assert len(hall.speaks()) == 1
    hall.spoken("started")
    assert len(hall.speaks()) == 1
    hall.spoken("finished")
    assert hall.words()[1] == ("a", "A002-2-de")


def test_it_is_repeated_when_nobody_else_waits(hall):
    hall.open_wall("a")
    hall.call()
    hall.speak()
    assert hall.words()[1] == ("a", "A001-1-de")
    hall.speak()
    assert len(hall.speaks()) == 2


def test_when_the_leader_dies_the_other_says_it_once_the_first_is_certainly_silent(hall):
    """S-6: within ten seconds, and never two at once"""
    hall.open_wall("a")
    hall.open_wall("b")
    hall.call()
    hall.spoken("started")
    hall.speakers.leave("a")
    assert hall.speakers.leads("b")
    hall.wait(FULL_SECONDS)
    assert len(hall.speaks()) == 1
    hall.wait(10 - FULL_SECONDS)
    assert hall.words()[1] == ("b", "A001-1-de-gong")


def test_a_wall_that_does_not_answer_hands_over_and_gets_another_chance_later(hall):
    """S-6: a cable is pulled and nothing tells the server"""
    hall.open_wall("a")
    hall.open_wall("b")
    hall.call()
    hall.wait(ANSWER_SECONDS)
    assert [sid for sid, _ in hall.words()] == ["a", "b"]
    assert hall.speakers.leads("b")
    hall.speak()
    hall.wait(FAILED_SECONDS + 1)
    hall.speakers.leave("b")
    hall.call()
    assert hall.words()[-1][0] == "a"


def test_a_wall_that_never_ends_does_not_hold_up_the_others(hall):
    hall.open_wall("a")
    hall.call()
    hall.call("2")
    hall.spoken("started")
    hall.wait(30)
    assert "A002-2-de" in {words.removesuffix("-gong") for _, words in hall.words()}


def test_a_blocked_leader_gives_the_lead_to_a_wall_that_can_be_heard(hall):
    """P-7"""
    hall.open_wall("a", sound="blocked")
    hall.open_wall("b")
    assert hall.speakers.leads("b")
    hall.call()
    assert hall.words() == [("b", "A001-1-de-gong")]


def test_a_wall_that_says_nothing_of_its_sound_leads_but_is_told_nothing(hall):
    hall.open_wall("a", sound=None)
    hall.call()
    assert hall.speakers.leads("a")
    assert hall.speaks() == []
    hall.report("a", "running")
    assert hall.words() == [("a", "A001-1-de-gong")]


def test_calls_that_nobody_could_say_are_not_said_when_the_sound_comes_back(hall):
    """A gong that comes late would call nobody."""
    hall.open_wall("a", sound="blocked")
    hall.call()
    hall.wait(UNHEARD_SECONDS + 1)
    hall.report("a", "running")
    assert hall.speaks() == []
    assert hall.speakers.said("main")["unheard"] == 1


def test_when_the_client_comes_the_wall_is_hushed_and_nothing_is_repeated(hall):
    """S-5"""
    hall.open_wall("a")
    called = hall.call()
    hall.spoken("started")
    hall.speakers.silence(called.id)
    number = hall.speaks()[0][2]["id"]
    assert hall.told[-1] == ("a", "hush", {"id": number})
    hall.spoken("finished")
    hall.wait(5)
    assert len(hall.speaks()) == 1


def test_a_client_who_came_while_the_leader_died_is_not_called_by_the_other(hall):
    """S-5, S-6"""
    hall.open_wall("a")
    hall.open_wall("b")
    called = hall.call()
    hall.speakers.leave("a")
    hall.speakers.silence(called.id)
    hall.wait(20)
    assert len(hall.speaks()) == 1


TWO_AREAS = OFFICE.replace('key = "upstairs"', 'key = "upstairs"\narea = "first-floor"')


def test_an_area_hears_only_the_calls_that_its_walls_show():
    """S-3"""
    hall = Hall(TWO_AREAS)
    hall.open_wall("a", "hall")
    hall.open_wall("b", "upstairs")
    hall.call("1")
    assert [sid for sid, _ in hall.words()] == ["a"]
    hall.call("3")
    assert [sid for sid, _ in hall.words()] == ["a", "b"]


def test_two_areas_have_a_voice_each():
    hall = Hall(TWO_AREAS)
    hall.open_wall("a", "hall")
    hall.open_wall("b", "upstairs")
    assert hall.speakers.leads("a")
    assert hall.speakers.leads("b")
    assert hall.speakers.states() == {"main": "ok", "first-floor": "ok"}


QUIET = (
    OFFICE
    + """
[sound]
volume = 70
quieter = [{ between = "08:30-09:30", volume = 40 }, { between = "22:00-06:00", volume = 0 }]
"""
)


@pytest.mark.parametrize(
    ("local", "volume"), [("08:29", 0.7), ("08:30", 0.4), ("09:29", 0.4), ("09:30", 0.7)]
)
def test_calls_are_quieter_at_the_times_the_office_wants(local, volume):
    """S-8"""
    hall = Hall(QUIET)
    hall.time = datetime.fromisoformat(f"2026-11-24T{local}:00+01:00")
    hall.open_wall("a")
    hall.call()
    assert hall.speaks()[0][2]["volume"] == volume


@pytest.mark.parametrize("local", ["22:00", "23:59", "00:00", "05:59"])
def test_a_muted_area_says_nothing_and_says_so(local):
    """S-8"""
    hall = Hall(QUIET)
    hall.time = datetime.fromisoformat(f"2026-11-24T{local}:00+01:00")
    hall.open_wall("a")
    hall.call()
    hall.wait(1)
    assert hall.speaks() == []
    assert hall.speakers.state_of("main") == "muted"
    assert hall.speakers.reach_of("1") == "seen"


def test_clerks_know_whether_their_calls_are_heard_seen_or_neither(hall):
    """P-7"""
    assert hall.speakers.reach_of("1") == "unknown"
    hall.open_wall("a", sound="blocked")
    assert hall.speakers.reach_of("1") == "seen"
    hall.report("a", "running")
    assert hall.speakers.reach_of("1") == "heard"
    hall.speakers.leave("a")
    assert hall.speakers.reach_of("1") == "nobody"


def test_staff_test_a_wall_and_say_whether_they_heard_it(hall):
    """S-10"""
    hall.open_wall("a")
    hall.call()
    hall.speakers.test("hall")
    assert hall.words() == [("a", "A001-1-de-gong")]
    hall.speak()
    assert hall.words()[-1] == ("a", "gong")
    assert line(hall, "hall")["test"] == {"state": "asked"}
    hall.speak()
    assert line(hall, "hall")["test"] == {"state": "played"}
    hall.speakers.note_heard("hall", False)
    assert line(hall, "hall")["test"] == {"state": "not_heard"}


def test_an_early_answer_is_not_forgotten_when_the_gong_fades(hall):
    """S-10"""
    hall.open_wall("a")
    hall.speakers.test("hall")
    hall.spoken("started")
    hall.speakers.note_heard("hall", True)
    hall.spoken("finished")
    assert line(hall, "hall")["test"] == {"state": "heard"}


def test_testing_a_wall_that_is_not_there_fails_at_once(hall):
    hall.speakers.test("hall")
    assert line(hall, "hall")["test"] == {"state": "failed"}


def test_the_walls_get_a_new_picture_when_the_lead_changes(hall):
    hall.open_wall("a")
    before = hall.changes
    hall.open_wall("b")
    hall.speakers.leave("a")
    assert hall.changes > before


def test_other_languages_and_repetitions_follow_the_configuration_at_once(hall):
    hall.open_wall("a")
    more = OFFICE + '\n[sound]\nlanguages = ["en", "de"]\nrepeat = false\n'
    hall.config = parse(more)
    hall.call()
    hall.speak()
    hall.speak()
    assert [words for _, words in hall.words()] == ["A001-1-en-gong", "A001-1-de"]


def test_whatever_is_said_to_a_socket_that_is_no_wall_changes_nothing(hall):
    hall.speakers.hear_report("stranger", {"sound": "running"})
    hall.speakers.hear_spoken("stranger", 1, "finished")
    hall.speakers.leave("stranger")
    assert hall.speakers.states() == {"main": "none"}


def line(hall, display):
    return next(line for line in hall.speakers.walls() if line["display"] == display)


MORNING = OFFICE + "\n[sound]\ntest_minutes_before_opening = 10\n"


def test_before_the_office_opens_every_wall_rings_once():
    """S-10"""
    hall = Hall(MORNING)
    hall.time = datetime.fromisoformat("2026-11-23T06:49:59+00:00")  # Monday, 07:49:59
    hall.speakers = Loudspeakers(
        lambda: hall.config, Voices(), lambda: hall.time, lambda: hall.seconds
    )
    hall.speakers.attach(lambda *message: hall.told.append(message), hall._note_change)
    hall.open_wall("a")
    hall.wait(1)
    assert hall.speaks() == []
    hall.time = datetime.fromisoformat("2026-11-23T06:50:00+00:00")
    hall.wait(1)
    assert hall.words() == [("a", "gong")]
    hall.speak()
    hall.time = datetime.fromisoformat("2026-11-23T06:49:00+00:00")
    hall.wait(1)
    hall.time = datetime.fromisoformat("2026-11-23T06:51:00+00:00")
    hall.wait(1)
    assert len(hall.speaks()) == 1
    assert line(hall, "hall")["test"] == {"state": "played"}
    assert line(hall, "upstairs")["test"] == {"state": "failed"}


def test_a_wall_that_could_not_fetch_its_clips_is_counted(hall):
    """Otherwise everybody would believe that the number was spoken."""
    hall.open_wall("a")
    hall.call()
    number = hall.speaks()[0][2]["id"]
    hall.speakers.hear_spoken("a", number, "started")
    hall.speakers.hear_spoken("a", number, "finished", complete=False)
    assert hall.speakers.said("main")["incomplete"] == 1


def test_a_wall_whose_script_never_says_a_word_counts_as_silent(hall):
    """A-D1: the first seconds are for loading"""
    hall.open_wall("a", sound=None)
    assert hall.speakers.state_of("main") == "unknown"
    hall.wait(11)
    assert hall.speakers.state_of("main") == "silent"
    assert hall.speakers.reach_of("1") == "seen"


def test_a_display_that_moves_to_another_area_is_heard_there():
    hall = Hall()
    hall.open_wall("a", "upstairs")
    hall.config = parse(TWO_AREAS)
    hall.wait(1)
    hall.call("3")
    assert [sid for sid, _ in hall.words()] == ["a"]
    assert hall.speakers.states() == {"main": "none", "first-floor": "ok"}


def test_clips_that_cannot_be_chosen_do_not_silence_the_area(hall):
    class Broken(Voices):
        def sounds(self, *_, **__):
            raise KeyError("clip")

    for room in hall.speakers._rooms.values():
        room._voices = Broken()
    hall.speakers._voices = Broken()
    hall.open_wall("a")
    hall.call()
    assert [body["sounds"] for _, _, body in hall.speaks()] == [[]]
    hall.speak()
    hall.call("2")
    assert len(hall.speaks()) == 2
