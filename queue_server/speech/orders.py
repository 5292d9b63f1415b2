"""What is to be rendered, complete: whoever renders it needs no configuration.

Its fingerprint changes when anything changes that can be heard, also a voice file or a recording.
Cheap enough for the server: it looks at names, sizes and times of files, never into them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from ..config import Config
from .gongs import RECIPES
from .languages import TONGUES, WORDS_PER_MINUTE
from .packs import FORMAT
from .prompts import prompts

Kind = Literal["recordings", "piper", "espeak-ng"]

# Raised whenever the same texts give other sounds: trimming, loudness, options of the engines.
EDITION = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A possible voice. `path`: the recordings' folder, piper's voice file, or nothing.
    `program`: the engine's command, empty when it is not installed. `state`: of all these files."""

    kind: Kind
    path: str
    program: str
    state: str


@dataclass(frozen=True, slots=True)
class LanguageOrder:
    """One language: its clips with their texts, and the sources from best to last resort."""

    language: str
    texts: dict[str, str]
    sources: tuple[Source, ...]

    def pack_name(self, source: Source) -> str:
        """The folder of this voice, e.g. "de-1a2b3c4d5e"."""
        how = [FORMAT, EDITION, WORDS_PER_MINUTE, TONGUES[self.language].espeak]
        return f"{self.language}-{_fingerprint([*how, self.texts, asdict(source)])}"


@dataclass(frozen=True, slots=True)
class Order:
    """All languages of an office. The gongs are always rendered."""

    languages: tuple[LanguageOrder, ...]

    @property
    def fingerprint(self) -> str:
        """Two orders with the same one give the same sounds."""
        voices = [[one.pack_name(source) for source in one.sources] for one in self.languages]
        return _fingerprint([self.gong_pack, voices])

    @property
    def gong_pack(self) -> str:
        """The folder of the gongs."""
        return f"gongs-{_fingerprint([FORMAT, EDITION, repr(RECIPES)])}"

    def to_json(self) -> str:
        """For another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Order:
        """The order that `to_json` wrote. Raises ValueError, KeyError or TypeError for others."""
        return cls(tuple(_language_from(raw) for raw in json.loads(text)["languages"]))


def _language_from(raw: dict[str, Any]) -> LanguageOrder:
    sources = tuple(Source(**source) for source in raw["sources"])
    return LanguageOrder(raw["language"], dict(raw["texts"]), sources)


def order_for(config: Config, config_file: Path | None) -> Order:
    """What this office needs. Paths in the file are relative to it."""
    if not config.sound.voice:
        return Order(())
    beside = config_file.parent if config_file else Path()
    return Order(
        tuple(
            LanguageOrder(
                language, prompts(config, language), tuple(_sources(config, beside, language))
            )
            for language in config.spoken_languages()
        )
    )


def _sources(config: Config, beside: Path, language: str) -> Iterator[Source]:
    """A site's own voice, then the one it chose, then what the system has."""
    if config.sound.recordings:
        folder = (beside / config.sound.recordings / language).resolve()
        yield Source("recordings", str(folder), "", _state(*_clips(folder)))
    if language in _piper(config):
        program = shutil.which("piper") or ""
        voice = (beside / _piper(config)[language]).resolve()
        yield Source("piper", str(voice), program, _state(voice, Path(program)))
    program = shutil.which("espeak-ng") or ""
    yield Source("espeak-ng", "", program, _state(Path(program)))


def _piper(config: Config) -> dict[str, str]:
    return {str(language): voice for language, voice in config.sound.piper.items()}


def _clips(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.wav"), *folder.glob("*.toml")])


def _state(*files: Path) -> str:
    return _fingerprint([_stat(file) for file in files])


def _stat(file: Path) -> list[object]:
    try:
        found = file.stat()
    except OSError:
        return [file.name]
    return [file.name, found.st_size, found.st_mtime_ns]


def _fingerprint(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:10]
