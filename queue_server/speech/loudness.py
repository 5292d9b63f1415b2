"""Loudness after ITU-R BS.1770-4, and the way to −16 LUFS (S-7). Standard library only.

Loudness: K-weighting, blocks of 400 ms that overlap by three quarters, gates at −70 LUFS and
10 LU below the mean. The filters are the standard's two, computed for any sample rate from their
analogue parameters as libebur128 does; at 48 kHz they give the coefficients of the standard.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import cos, log10, pi, sin, tan
from operator import mul
from typing import NamedTuple

from .waves import Samples, decibels, peak, sounding

TARGET_LUFS = -16.0
TOLERANCE_LU = 1.0
HIGHEST_PEAK_DBTP = -1.0

BLOCK_HOPS = 4  # a block of 400 ms begins every 100 ms
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
OFFSET_LU = -0.691

CEILING = 10 ** (-1.5 / 20)  # of samples; between two samples the wave is a little higher
# Seconds that the limiter looks ahead, one after the other until the clip fits.
REACHES = (0.004, 0.004, 0.004, 0.002, 0.002, 0.001, 0.001, 0.0005, 0.0005, 0.0005)


class Filter(NamedTuple):
    """b0 + b1/z + b2/z² over 1 + a1/z + a2/z²."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def k_weighting(rate: int) -> tuple[Filter, Filter]:
    """The high shelf of a head and the high-pass of the ear, for a sample rate in Hz."""
    return _shelf(rate), _high_pass(rate)


def _shelf(rate: int) -> Filter:
    k, q = tan(pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    return Filter(
        (high + middle * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - middle * k / q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    )


def _high_pass(rate: int) -> Filter:
    k, q = tan(pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    return Filter(1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)


def filtered(samples: Samples, by: Filter) -> Samples:
    """The samples after the filter, which starts at rest."""
    b0, b1, b2, a1, a2 = by
    first = second = 0.0
    result = []
    for sample in samples:
        out = b0 * sample + first
        first = b1 * sample - a1 * out + second
        second = b2 * sample - a2 * out
        result.append(out)
    return result


def loudness(samples: Samples, rate: int) -> float:
    """Integrated loudness in LUFS; −inf for silence.

    A clip shorter than one block is one block: the part of it that is not silent.
    """
    hop = round(rate / 10)
    if len(samples) < BLOCK_HOPS * hop:
        first, last = sounding(samples)
        return _lufs(_mean_square(_weighted(samples, rate)[first:last]))
    return _gated(_blocks(_weighted(samples, rate), hop))


def _weighted(samples: Samples, rate: int) -> Samples:
    shelf, high_pass = k_weighting(rate)
    return filtered(filtered(samples, shelf), high_pass)


def _mean_square(samples: Samples) -> float:
    return sum(map(mul, samples, samples)) / len(samples) if samples else 0.0


def _blocks(weighted: Samples, hop: int) -> list[float]:
    """The mean square of each block."""
    squares = [
        _mean_square(weighted[at : at + hop]) for at in range(0, len(weighted) - hop + 1, hop)
    ]
    return [
        sum(squares[at : at + BLOCK_HOPS]) / BLOCK_HOPS
        for at in range(len(squares) - BLOCK_HOPS + 1)
    ]


def _gated(blocks: list[float]) -> float:
    heard = [block for block in blocks if _lufs(block) > ABSOLUTE_GATE_LUFS]
    gate = _lufs(_mean(heard)) + RELATIVE_GATE_LU
    return _lufs(_mean([block for block in heard if _lufs(block) > gate]))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _lufs(mean_square: float) -> float:
    return OFFSET_LU + 10 * log10(mean_square) if mean_square > 0 else float("-inf")


# --- True peak ------------------------------------------------------------------------------------

TAPS = 24


def _phase(shift: float) -> list[float]:
    """A windowed sinc that reads the wave `shift` of a sample after the middle one."""
    middle = TAPS // 2 - 1
    taps = []
    for tap in range(TAPS):
        x = tap - middle - shift
        window = 0.5 + 0.5 * cos(2 * pi * x / (TAPS + 1))
        taps.append(sin(pi * x) / (pi * x) * window)
    return [tap / sum(taps) for tap in taps]


PHASES = [_phase(quarter / 4) for quarter in (1, 2, 3)]


def true_peak(samples: Samples) -> float:
    """The highest point of the wave in dBTP, read at four times the rate."""
    highest = peak(samples)
    near = 0.6 * highest  # no wave rises to a new peak between two samples below that
    ends = [0.0] * TAPS
    padded = [*ends, *samples, *ends]
    for at in range(TAPS - 1, len(padded) - TAPS):
        if abs(padded[at]) > near or abs(padded[at + 1]) > near:
            begin = at - TAPS // 2 + 1
            around = padded[begin : begin + TAPS]
            highest = max(highest, *(abs(sum(map(mul, around, phase))) for phase in PHASES))
    return decibels(highest)


# --- To the wanted loudness -----------------------------------------------------------------------


def normalise(samples: Samples, rate: int) -> Samples:
    """The clip at −16 LUFS with no peak above −1 dBTP, as near as its shape allows.

    Where gain alone would clip, a limiter that looks ahead takes the highest peaks down; where
    that is not enough, again and with less foresight. Raises ValueError for silence.
    """
    if peak(samples) == 0:
        raise ValueError("silence has no loudness")
    shaped = _at_target(samples, rate)
    for reach in REACHES:
        if true_peak(shaped) <= HIGHEST_PEAK_DBTP:
            return shaped
        shaped = _at_target(limited(shaped, round(reach * rate)), rate)
    return _below_peak(shaped)


def _at_target(samples: Samples, rate: int) -> Samples:
    return amplified(samples, TARGET_LUFS - loudness(samples, rate))


def amplified(samples: Samples, gain: float) -> Samples:
    """Louder by `gain` dB."""
    factor = 10 ** (gain / 20)
    return [factor * sample for sample in samples]


def limited(samples: Samples, reach: int) -> Samples:
    """No sample above the ceiling; the gain begins to move `reach` samples before a peak."""
    if peak(samples) <= CEILING:
        return samples
    gains = [1.0] * len(samples)
    for first, last in _too_high(samples):
        gain = CEILING / peak(samples[first:last])
        for at in range(max(0, first - reach), min(len(gains), last + reach)):
            gains[at] = min(gains[at], gain)
    # Averaged over the same stretch it is smooth, and at a peak still never above the wanted.
    return list(map(mul, samples, _averages(gains, reach)))


def _too_high(samples: Samples) -> Iterator[tuple[int, int]]:
    """Stretches above the ceiling, as begin and end (half open)."""
    first = None
    for at, sample in enumerate(samples):
        if abs(sample) > CEILING:
            first = at if first is None else first
        elif first is not None:
            yield first, at
            first = None
    if first is not None:
        yield first, len(samples)


def _averages(values: list[float], reach: int) -> list[float]:
    """The mean of the values within `reach` before and after each one."""
    padded = [values[0]] * reach + values + [values[-1]] * reach
    sums = [0.0, *accumulate(padded)]
    width = 2 * reach + 1
    return [(sums[at + width] - sums[at]) / width for at in range(len(values))]


def _below_peak(samples: Samples) -> Samples:
    above = true_peak(samples) - HIGHEST_PEAK_DBTP
    return amplified(samples, -above - 0.01) if above > 0 else samples
