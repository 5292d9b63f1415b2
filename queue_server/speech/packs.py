"""A voice as a folder: `pack.toml` beside a `<clip>.wav` for each piece of a call. Its check."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from .loudness import HIGHEST_PEAK_DBTP, TARGET_LUFS, TOLERANCE_LU, loudness, true_peak
from .waves import FULL_SCALE, NotAClip, Samples, read_wave, sounding

FORMAT = 1
DESCRIPTION = "pack.toml"
Origin = Literal["recordings", "piper", "espeak-ng", "gongs"]

RATES = (16000, 48000)
LONGEST_SECONDS = 6.0
LONGEST_SILENCE_SECONDS = 0.3
# Recordings below this are noise by the time they are loud enough.
TOO_QUIET_LUFS = -45.0
CLIPPED_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Description:
    """What stands in pack.toml."""

    name: str
    language: str
    source: Origin
    made_with: str = ""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it into the pack's folder. Raises OSError."""
        # A JSON value of these kinds is a TOML value too.
        lines = [f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in asdict(self).items()]
        (folder / DESCRIPTION).write_text("".join(lines), encoding="utf-8")


class NotAPack(Exception):
    """The folder cannot be used as a voice; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of clips of one voice."""

    folder: Path
    description: Description

    @classmethod
    def load(cls, folder: Path) -> Pack:
        """Raises NotAPack when there is no folder, or its pack.toml is not as it must be."""
        if not folder.is_dir():
            raise NotAPack(f"{folder}: there is no such folder")
        return cls(folder, _read_description(folder))

    def file(self, clip: str) -> Path:
        """Where the clip is or should be."""
        return self.folder / f"{clip}.wav"


def _read_description(folder: Path) -> Description:
    path = folder / DESCRIPTION
    if not path.exists():
        # A site's own folder of recordings needs none.
        return Description(folder.name, folder.name, "recordings")
    try:
        found = Description(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotAPack(f"{path}: cannot be used ({error})") from error
    if found.format != FORMAT:
        raise NotAPack(f"{path}: format {found.format!r} is unknown; it must be {FORMAT}")
    return found


def problems(pack: Pack, needed: Mapping[str, str]) -> list[str]:
    """Everything that keeps a finished pack from being used, one sentence each.

    `needed` is clip → text. Takes about 20 ms for each second of sound.
    """
    return [
        sentence
        for clip, text in needed.items()
        for sentence in _file_problems(pack, clip, text, finished=True)
    ]


def recording_problems(pack: Pack, needed: Mapping[str, str]) -> list[str]:
    """The same for recordings as they come: loudness and silence at the ends are mended later."""
    return [
        sentence
        for clip, text in needed.items()
        for sentence in _file_problems(pack, clip, text, finished=False)
    ]


def _file_problems(pack: Pack, clip: str, text: str, *, finished: bool) -> Iterator[str]:
    path = pack.file(clip)
    if not path.is_file():
        yield f'{path}: is missing; it should say "{text}"'
        return
    try:
        samples, rate = read_wave(path)
    except NotAClip as error:
        yield f"{path}: {error}"
        return
    found = [*shape_problems(samples, rate)]
    if finished and not found:
        found = [*level_problems(samples, rate)]
    yield from (f"{path}: {sentence}" for sentence in found)


def shape_problems(samples: Samples, rate: int) -> Iterator[str]:
    """What only a new recording mends."""
    if not RATES[0] <= rate <= RATES[1]:
        yield f"has {rate} samples a second; it must be {RATES[0]} to {RATES[1]}"
    elif len(samples) > LONGEST_SECONDS * rate:
        yield f"is {len(samples) / rate:.1f} s long; at most {LONGEST_SECONDS:g} s are allowed"
    elif loudness(samples, rate) < TOO_QUIET_LUFS:
        yield "is silent or nearly so"
    elif is_clipped(samples):
        yield "is distorted, it was recorded too loud"


def level_problems(samples: Samples, rate: int) -> Iterator[str]:
    """What normalising and trimming mend (S-7)."""
    level, top = loudness(samples, rate), true_peak(samples)
    if abs(level - TARGET_LUFS) > TOLERANCE_LU:
        yield f"has {level:.1f} LUFS; it must be {TARGET_LUFS:g} ± {TOLERANCE_LU:g}"
    if top > HIGHEST_PEAK_DBTP + 0.05:
        yield f"has peaks of {top:.1f} dBTP; at most {HIGHEST_PEAK_DBTP:g} are allowed"
    first, last = sounding(samples)
    silence = max(first, len(samples) - last) / rate
    if silence > LONGEST_SILENCE_SECONDS:
        yield f"has {silence:.1f} s of silence at an end; at most {LONGEST_SILENCE_SECONDS:g} s"


def is_clipped(samples: Samples) -> bool:
    """Whether some samples in a row stand at full scale."""
    limit = (FULL_SCALE - 2) / FULL_SCALE
    row = 0
    for sample in samples:
        row = row + 1 if abs(sample) >= limit else 0
        if row >= CLIPPED_IN_A_ROW:
            return True
    return False
