"""WAV files as lists of samples from −1 to 1, mono. Standard library only."""

from __future__ import annotations

import sys
import wave
from array import array
from math import log10
from pathlib import Path

Samples = list[float]

FULL_SCALE = 32768
RATE = 22050
# Relative to the clip's peak; a soft "f" or "t" stays well above it.
SILENT_BELOW_DB = -45.0
MARGIN_SECONDS = 0.02
FADE_SECONDS = 0.003


class NotAClip(Exception):
    """The file is no mono WAV of 16 bit; the sentence says what it is."""


def read_wave(path: Path) -> tuple[Samples, int]:
    """The samples and their rate in Hz. Raises NotAClip, also for a missing file."""
    try:
        with wave.open(str(path), "rb") as file:
            _check_shape(file)
            frames = array("h", file.readframes(file.getnframes()))
            rate = file.getframerate()
    except (OSError, EOFError, wave.Error, ValueError) as error:
        raise NotAClip(f"cannot be read ({error or 'it ends too early'})") from error
    if sys.byteorder == "big":
        frames.byteswap()
    return [frame / FULL_SCALE for frame in frames], rate


def _check_shape(file: wave.Wave_read) -> None:
    if file.getnchannels() != 1 or file.getsampwidth() != 2:
        found = f"{file.getnchannels()} channels of {8 * file.getsampwidth()} bit"
        raise NotAClip(f"must be mono with 16 bit, not {found}")


def write_wave(path: Path, samples: Samples, rate: int) -> None:
    """Write mono, 16 bit; what is beyond full scale is cut off. Raises OSError."""
    highest = FULL_SCALE - 1
    frames = array("h", (max(-FULL_SCALE, min(highest, round(s * FULL_SCALE))) for s in samples))
    if sys.byteorder == "big":
        frames.byteswap()
    with path.open("wb") as target, wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.tobytes())


def decibels(amplitude: float) -> float:
    """Relative to full scale; −inf for silence."""
    return 20 * log10(amplitude) if amplitude > 0 else float("-inf")


def peak(samples: Samples) -> float:
    """The largest amplitude, 0 for nothing."""
    return max(max(samples, default=0.0), -min(samples, default=0.0))


def sounding(samples: Samples) -> tuple[int, int]:
    """Where the sound begins and ends (half open), in samples; (0, 0) for silence."""
    floor = peak(samples) * 10 ** (SILENT_BELOW_DB / 20)
    if floor == 0:
        return 0, 0
    first = next(i for i, s in enumerate(samples) if abs(s) > floor)
    last = next(i for i in range(len(samples) - 1, -1, -1) if abs(samples[i]) > floor)
    return first, last + 1


def trimmed(samples: Samples, rate: int) -> Samples:
    """Without the silence at both ends, but for 20 ms; it begins and ends at zero."""
    first, last = sounding(samples)
    margin = round(MARGIN_SECONDS * rate)
    return faded(samples[max(0, first - margin) : last + margin], rate)


def faded(samples: Samples, rate: int) -> Samples:
    """From zero and back to zero within 3 ms each, so that nothing clicks."""
    length = min(round(FADE_SECONDS * rate), len(samples) // 2)
    shaped = list(samples)
    for position in range(length):
        shaped[position] *= position / length
        shaped[-1 - position] *= position / length
    return shaped
