"""What a rendering left behind: which folders hold which voice, and how long each clip is.

The server reads only this file; it never looks into a sound.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

OUTCOME = "voices.json"
GONGS = "gongs"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A pack in data/voices: its folder's name, its source and clip → seconds."""

    folder: str
    source: str
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`order`: the fingerprint of what this answers, empty when another try may do better.
    `packs`: language → voice, and "gongs". `trouble`: one sentence for each thing to mend."""

    order: str = ""
    packs: Mapping[str, Rendered] = field(default_factory=dict)
    trouble: tuple[str, ...] = ()

    def write(self, voices: Path) -> None:
        """Replace the one in the folder, all or nothing. Raises OSError."""
        fresh = voices / f".{OUTCOME}"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(voices / OUTCOME)


def read_outcome(voices: Path) -> Outcome:
    """The last one; an empty one when there is none, or when its files are gone."""
    try:
        raw = json.loads((voices / OUTCOME).read_text(encoding="utf-8"))
        packs = {name: Rendered(**pack) for name, pack in raw["packs"].items()}
        found = Outcome(raw["order"], packs, tuple(raw["trouble"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Outcome()
    here = {name: pack for name, pack in packs.items() if _is_there(voices, pack)}
    return found if here == packs else Outcome("", here, found.trouble)


def _is_there(voices: Path, pack: Rendered) -> bool:
    try:
        files = set(os.listdir(voices / pack.folder))
    except OSError:
        return False
    return all(f"{clip}.wav" in files for clip in pack.seconds)
