"""Makes the packs of an order in data/voices: slow, alone, all or nothing.

A pack is made in a folder beside and renamed when it is whole, so a reader never sees half a
voice, however this ends. Two at once wait for each other; the second finds the work done.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .engines import EngineFailed, speak
from .gongs import RECIPES, gong
from .loudness import normalise
from .orders import LanguageOrder, Order, Source
from .outcome import GONGS, Outcome, Rendered, read_outcome
from .packs import Description, NotAPack, Pack, recording_problems
from .prompts import engine_text
from .waves import RATE, NotAClip, read_wave, trimmed, write_wave

VOICES = "voices"
# Exit code of the process that renders, when another try may do better; not 1, which is what Python
# ends with after an exception.
AGAIN = 3
KEPT_SECONDS = 24 * 3600.0
MAKING = ".making-"
SOME = 3  # reasons told of a refused voice; `voice check` lists all

Make = Callable[[Path], None]


class _Refused(Exception):
    """This source cannot speak this language; the sentence says why. `for_now`: it may later."""

    def __init__(self, sentence: str, *, for_now: bool = False) -> None:
        super().__init__(sentence)
        self.for_now = for_now


@dataclass
class _Notes:
    trouble: list[str] = field(default_factory=list)
    try_again: bool = False


def render(order: Order, data: Path) -> Outcome:
    """Make what is missing and write down what there is. Raises OSError: full, or read-only."""
    voices = data / VOICES
    voices.mkdir(parents=True, exist_ok=True)
    with _alone(voices):
        _sweep(voices)
        before = read_outcome(voices)
        outcome = _rendered(order, voices, before)
        keep = {pack.folder for o in (before, outcome) for pack in o.packs.values()}
        outcome.write(voices)
        _remove_old(voices, keep)
        return outcome


def _rendered(order: Order, voices: Path, before: Outcome) -> Outcome:
    notes = _Notes()
    packs = {GONGS: _gongs(order, voices)}
    for wanted in order.languages:
        pack = _voice(wanted, voices, notes)
        if pack is None and notes.try_again:
            pack = before.packs.get(wanted.language)  # most of its clips still fit
        if pack is not None:
            packs[wanted.language] = pack
    return Outcome("" if notes.try_again else order.fingerprint, packs, tuple(notes.trouble))


def _gongs(order: Order, voices: Path) -> Rendered:
    def make(folder: Path) -> None:
        for name in RECIPES:
            write_wave(folder / f"{name}.wav", gong(name), RATE)

    about = Description("Gongs", "", "gongs", "queue-server")
    return _pack(voices, order.gong_pack, about, RECIPES, make)


def _voice(wanted: LanguageOrder, voices: Path, notes: _Notes) -> Rendered | None:
    """The pack of the first source that can speak everything: two voices never share a sentence."""
    for source in wanted.sources:
        try:
            return _pack_from(source, wanted, voices)
        except _Refused as refused:
            notes.trouble.append(str(refused))
            notes.try_again |= refused.for_now
    notes.trouble.append(f'calls in "{wanted.language}" are heard as a gong only')
    return None


def _pack_from(source: Source, wanted: LanguageOrder, voices: Path) -> Rendered:
    def make(folder: Path) -> None:
        for clip, text in wanted.texts.items():
            _make_clip(source, wanted.language, clip, text, folder)

    about = Description(wanted.language, wanted.language, source.kind, source.program)
    name = wanted.pack_name(source)
    ready = _ready(voices, name, source.kind, wanted.texts)
    if ready is None:
        _check_source(source, wanted)
    return ready or _pack(voices, name, about, wanted.texts, make)


def _check_source(source: Source, wanted: LanguageOrder) -> None:
    if source.kind == "recordings":
        _check_recordings(source, wanted)
    elif not source.program:
        raise _Refused(f"{source.kind} is not installed")
    elif source.kind == "piper" and not Path(source.path).is_file():
        raise _Refused(f"sound.piper.{wanted.language}: there is no file {source.path}")


def _check_recordings(source: Source, wanted: LanguageOrder) -> None:
    try:
        found = recording_problems(Pack.load(Path(source.path)), wanted.texts)
    except NotAPack as error:
        raise _Refused(f"the recordings are not used: {error}") from error
    if found:
        more = f" (and {len(found) - SOME} more)" if len(found) > SOME else ""
        raise _Refused(f"the recordings are not used: {'; '.join(found[:SOME])}{more}")


def _make_clip(source: Source, language: str, clip: str, text: str, folder: Path) -> None:
    raw = Path(source.path) / f"{clip}.wav"
    if source.kind != "recordings":
        raw = folder / ".raw"
        _speak(source, language, engine_text(clip, text), raw)
    try:
        samples, rate = read_wave(raw)
        write_wave(folder / f"{clip}.wav", normalise(trimmed(samples, rate), rate), rate)
    except (NotAClip, ValueError) as error:
        raise _Refused(f'{source.kind}: no sound for "{text}": {error}', for_now=True) from error
    if source.kind != "recordings":
        raw.unlink()


def _speak(source: Source, language: str, text: str, target: Path) -> None:
    try:
        speak(source, language, text, target)
    except EngineFailed as error:
        # A full disk is no fault of the engine, but that is how it shows.
        raise _Refused(str(error), for_now=True) from error


# --- Folders --------------------------------------------------------------------------------------


def _pack(
    voices: Path, name: str, about: Description, clips: Mapping[str, object], make: Make
) -> Rendered:
    """The pack of this name, made now if it is not there already."""
    ready = _ready(voices, name, about.source, clips)
    if ready is not None:
        return ready
    # Not the name alone: the engine of a killed rendering may still write into that folder.
    making = voices / f"{MAKING}{name}-{os.getpid()}"
    making.mkdir()
    try:
        make(making)
        about.write(making)
        _settle(making)
        shutil.rmtree(voices / name, ignore_errors=True)
        making.rename(voices / name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Rendered(name, about.source, _seconds(voices / name, clips))


def _ready(voices: Path, name: str, source: str, clips: Mapping[str, object]) -> Rendered | None:
    try:
        return Rendered(name, source, _seconds(voices / name, clips))
    except NotAClip:
        return None


def _seconds(folder: Path, clips: Mapping[str, object]) -> dict[str, float]:
    """Clip → length. Raises NotAClip when one is missing or broken."""
    lengths = {}
    for clip in clips:
        samples, rate = read_wave(folder / f"{clip}.wav")
        lengths[clip] = round(len(samples) / rate, 3)
    return lengths


def _settle(folder: Path) -> None:
    """On the disk before it gets its name: after a power cut there may be no empty files in it."""
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _alone(voices: Path) -> Iterator[None]:
    # The system lets go of the lock when its holder is killed.
    with (voices / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(voices: Path) -> None:
    """What a killed rendering left; nobody else is at it while we hold the lock."""
    for path in voices.glob(f"{MAKING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _remove_old(voices: Path, keep: set[str]) -> None:
    """Packs that neither this nor the outcome before names; not those of the last day, of which
    the server may still tell pages."""
    for path in voices.iterdir():
        is_old = time.time() - path.stat().st_mtime > KEPT_SECONDS
        if path.is_dir() and path.name not in keep and is_old:
            shutil.rmtree(path, ignore_errors=True)
