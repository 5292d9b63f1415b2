"""Gong and voice are equally loud, and nothing distorts (S-7)."""

from __future__ import annotations

import random
import re
import subprocess
from math import pi, sin

import pytest

from queue_server.speech.loudness import (
    HIGHEST_PEAK_DBTP,
    TARGET_LUFS,
    TOLERANCE_LU,
    amplified,
    k_weighting,
    limited,
    loudness,
    normalise,
    true_peak,
)
from queue_server.speech.waves import peak, trimmed, write_wave
from tests.speech.speech_scenes import needs_ffmpeg, tone


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
def test_a_full_scale_tone_of_997_hz_has_minus_3_01_lufs(rate):
    """S-7: the standard's own check, at any rate."""
    assert loudness(tone(2, 1.0, rate), rate) == pytest.approx(-3.01, abs=0.05)


def test_at_48_khz_the_filters_are_those_printed_in_the_standard():
    """S-7: BS.1770-4, tables 1 and 2."""
    shelf, high_pass = k_weighting(48000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
    )
    assert high_pass == pytest.approx((1, -2, 1, -1.99004745483398, 0.99007225036621))


@pytest.mark.parametrize("gain", [-30, -6, 6])
def test_gain_changes_loudness_by_as_much(gain):
    samples = tone(1)
    changed = loudness(amplified(samples, gain), 22050) - loudness(samples, 22050)
    assert changed == pytest.approx(gain, abs=0.01)


def test_silence_around_a_call_does_not_make_it_quieter():
    """S-7: the gates of the standard."""
    spoken = tone(2)
    silence = [0.0] * (22050 * 4)
    assert loudness([*silence, *spoken, *silence], 22050) == pytest.approx(
        loudness(spoken, 22050), abs=0.7
    )


def test_a_clip_shorter_than_a_block_is_measured_without_its_silence():
    short, around = tone(0.2), [0.0] * 1500
    assert loudness([*around, *short, *around], 22050) == pytest.approx(
        loudness(tone(2), 22050), abs=0.3
    )


def test_silence_has_no_loudness_and_cannot_be_normalised():
    assert loudness([0.0] * 22050, 22050) == float("-inf")
    assert loudness([], 22050) == float("-inf")
    with pytest.raises(ValueError, match="silence"):
        normalise([0.0] * 100, 22050)


@pytest.mark.parametrize("rate", [22050, 48000])
def test_a_peak_between_two_samples_is_found(rate):
    """S-7: at a quarter of the rate and 45° every sample is 3 dB below the wave's peak."""
    wave = [0.5 * (-1) ** (at // 2) for at in range(2000)]
    assert peak(wave) == 0.5
    assert true_peak(wave[4:]) == pytest.approx(-3.01, abs=0.6)


def noise(seconds, rate, spikes):
    """Speech-like in one way: rare peaks far above the rest."""
    chance, smooth, samples = random.Random(1), 0.0, []
    for _ in range(round(seconds * rate)):
        smooth += 0.4 * (chance.gauss(0, 0.1) - smooth)
        samples.append(smooth)
    for at in range(500, len(samples), spikes):
        samples[at : at + 20] = [0.9 * sin(i * pi / 10) for i in range(len(samples[at : at + 20]))]
    return samples


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
@pytest.mark.parametrize("seconds", [0.15, 0.39, 1.2])
@pytest.mark.parametrize("spikes", [2500, 10**9])
def test_any_clip_comes_to_minus_16_lufs_without_high_peaks(rate, seconds, spikes):
    """S-7"""
    made = normalise(noise(seconds, rate, spikes), rate)
    assert loudness(made, rate) == pytest.approx(TARGET_LUFS, abs=TOLERANCE_LU)
    assert true_peak(made) <= HIGHEST_PEAK_DBTP


def test_what_needs_no_limiter_keeps_its_shape():
    before = tone(1, 0.01)
    after = normalise(before, 22050)
    factor = after[1000] / before[1000]
    assert after == pytest.approx([factor * sample for sample in before])


def test_the_limiter_turns_down_before_the_peak_and_not_at_once():
    """S-7: a sudden change of gain would crackle."""
    samples = [0.1] * 1000 + [1.5] + [0.1] * 1000
    made = limited(samples, 88)
    assert peak(made) < 0.9
    gains = [after / before for after, before in zip(made, samples, strict=True)]
    assert gains[0] == pytest.approx(1) and gains[-1] == pytest.approx(1)
    assert max(abs(a - b) for a, b in zip(gains, gains[1:], strict=False)) < 0.01


def test_trimming_keeps_a_weak_consonant_and_20_ms():
    """A final "f" is 40 dB below the vowel."""
    silence, vowel, consonant = [0.0] * 11025, tone(0.2, 0.5), tone(0.1, 0.005, frequency=4000)
    made = trimmed([*silence, *vowel, *consonant, *silence], 22050)
    assert len(made) / 22050 == pytest.approx(0.02 + 0.3 + 0.02, abs=0.002)
    assert made[0] == made[-1] == 0


@needs_ffmpeg
@pytest.mark.parametrize("rate", [22050, 44100])
def test_ffmpeg_measures_the_same(rate, tmp_path):
    """S-7: a second opinion."""
    made = normalise(noise(2.0, rate, 2500), rate)
    write_wave(tmp_path / "clip.wav", made, rate)
    command = ["ffmpeg", "-nostats", "-i", tmp_path / "clip.wav", "-af", "ebur128=peak=true"]
    told = subprocess.run([*command, "-f", "null", "-"], capture_output=True, check=True).stderr
    level = float(re.findall(rb"\bI: +(-[\d.]+) LUFS", told)[-1])
    top = float(re.findall(rb"Peak: +(-[\d.]+) dBFS", told)[-1])
    assert level == pytest.approx(loudness(made, rate), abs=0.2)
    assert top <= HIGHEST_PEAK_DBTP + 0.1
