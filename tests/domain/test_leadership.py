"""Who speaks in an area (S-6, P-7)."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.leadership import PREFERENCE, Loudspeaker, Sound, choose

RUNNING, BLOCKED, UNKNOWN, OFF = Sound.RUNNING, Sound.BLOCKED, Sound.UNKNOWN, Sound.OFF


def wall(name: str, sound: Sound = RUNNING, arrived: int = 0) -> Loudspeaker:
    return Loudspeaker(name, sound, arrived)


def test_the_first_wall_to_come_speaks_and_goes_on_when_others_come():
    assert choose([wall("a", arrived=1)], None) == "a"
    assert choose([wall("a", arrived=1), wall("b", arrived=0)], "a") == "a"


def test_another_wall_speaks_when_the_leader_is_gone():
    assert choose([wall("b", arrived=2), wall("c", arrived=3)], "a") == "b"


def test_a_wall_that_can_be_heard_takes_over_from_a_blocked_leader():
    """P-7"""
    assert choose([wall("a", BLOCKED), wall("b", RUNNING)], "a") == "b"


def test_a_wall_that_says_nothing_of_itself_leads_before_a_blocked_one():
    assert choose([wall("a", BLOCKED), wall("b", UNKNOWN)], "a") == "b"


def test_a_wall_without_sound_by_configuration_never_leads():
    assert choose([wall("a", OFF)], "a") is None


def test_an_empty_area_has_no_leader():
    assert choose([], "a") is None


walls = st.lists(
    st.builds(
        Loudspeaker,
        id=st.sampled_from("abcdef"),
        sound=st.sampled_from(list(Sound)),
        arrived=st.integers(0, 9),
    ),
    max_size=6,
    unique_by=lambda w: w.id,
)


@given(walls, st.sampled_from([*"abcdef", None]))
def test_nobody_better_is_left_out_and_the_choice_does_not_depend_on_the_order(present, leader):
    chosen = choose(present, leader)
    ranks = {w.id: PREFERENCE.index(w.sound) for w in present if w.sound in PREFERENCE}
    assert (chosen is None) == (not ranks)
    if chosen is not None:
        assert ranks[chosen] == min(ranks.values())
        if ranks.get(leader) == ranks[chosen]:
            assert chosen == leader
    if len({w.arrived for w in present}) == len(present):
        assert {choose(order, leader) for order in permutations(present)} == {chosen}


@pytest.mark.parametrize("sound", [s for s in Sound if s is not OFF])
def test_every_state_but_off_can_lead_when_there_is_nobody_else(sound):
    assert choose([wall("a", sound)], None) == "a"
