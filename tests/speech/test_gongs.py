"""The gongs that an office may choose from."""

from __future__ import annotations

from typing import get_args

import pytest

from queue_server.config.sound import Gong
from queue_server.speech.gongs import RECIPES, gong
from queue_server.speech.loudness import (
    HIGHEST_PEAK_DBTP,
    TARGET_LUFS,
    TOLERANCE_LU,
    loudness,
    true_peak,
)
from queue_server.speech.waves import RATE, peak

NAMES = sorted(RECIPES)


@pytest.fixture(scope="module")
def gongs():
    return {name: gong(name) for name in NAMES}


def test_every_gong_of_the_configuration_can_be_heard():
    assert set(RECIPES) == set(get_args(Gong))


@pytest.mark.parametrize("name", NAMES)
def test_a_gong_is_as_loud_as_the_voice_after_it(name, gongs):
    """S-7"""
    assert loudness(gongs[name], RATE) == pytest.approx(TARGET_LUFS, abs=TOLERANCE_LU)
    assert true_peak(gongs[name]) <= HIGHEST_PEAK_DBTP


@pytest.mark.parametrize("name", NAMES)
def test_a_gong_is_short(name, gongs):
    assert 0.8 <= len(gongs[name]) / RATE <= 2.2


@pytest.mark.parametrize("name", NAMES)
def test_a_gong_begins_softly_and_does_not_click(name, gongs):
    samples = gongs[name]
    assert samples[0] == samples[-1] == 0
    highest = peak(samples)
    assert peak(samples[: round(0.001 * RATE)]) < 0.2 * highest
    assert peak(samples[-round(0.01 * RATE) :]) < 0.02 * highest


def strength(samples, frequency):
    """How much of one frequency is in it (Goertzel)."""
    from cmath import exp, pi

    turn = exp(-2j * pi * frequency / RATE)
    total, here = 0j, 1 + 0j
    for sample in samples:
        total += sample * here
        here *= turn
    return abs(total) / len(samples)


def test_the_two_tones_fall_from_e_to_c(gongs):
    first, second = gongs["two-tone"][: RATE // 2], gongs["two-tone"][RATE:]
    assert strength(first, 659.26) > 5 * strength(first, 523.25)
    assert strength(second, 523.25) > strength(second, 659.26)


def test_no_two_gongs_sound_the_same(gongs):
    assert len({tuple(samples) for samples in gongs.values()}) == len(NAMES)
