"""What the running server asks: which sounds make up a call, and where their files are.

Answers come from memory. Whatever is slow happens in a child process, which nobody waits for.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..config import Config
from .orders import Order, order_for
from .outcome import GONGS, Outcome, Rendered, read_outcome
from .rendering import AGAIN, VOICES
from .wording import pieces, spoken

log = logging.getLogger(__name__)

MOST_TRIES = 3
AFTER_GONG = 0.05


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file as a path below data/voices, the silence before it, and its length, in seconds."""

    path: str
    after: float
    seconds: float


class Voices:
    """The voices of this server. Safe to ask from any thread."""

    def __init__(self, config: Callable[[], Config], config_file: Path | None, data: Path) -> None:
        """`config` gives the configuration in force; paths in it are relative to `config_file`."""
        self._config = config
        self._file = config_file
        self._data = data
        self._lock = threading.Lock()
        self._order = Order(())
        self._child: _Child | None = None
        self._tries = MOST_TRIES  # nothing is rendered before the start
        self._trouble: list[str] = []
        # Replaced as a whole, so that readers need no lock.
        self._outcome = Outcome()
        self._earlier = Outcome()  # pages may still fetch what they were told a moment ago

    # --- By the server's parts that start, look after and stop it ---

    def start(self) -> None:
        """Take what is there and render what is missing, in a process of its own."""
        self.follow(self._config())

    def follow(self, config: Config) -> None:
        """Adopt a new configuration; the sounds so far stay in use until the new ones are ready."""
        order = order_for(config, self._file)
        with self._lock:
            self._adopt(read_outcome(self._folder))
            wanted, self._order = self._order, order
            if self._child is not None and wanted != order:
                self._child.kill()
                self._child = None
            self._tries = 0
            self._render_what_is_missing()

    def look(self) -> None:
        """Every second or so: notice that the child ended; take its work, or try once more."""
        with self._lock:
            if self._child is not None and self._child.has_ended():
                last_words, self._child = self._child.last_words(), None
                self._adopt(read_outcome(self._folder), last_words)
            self._render_what_is_missing()

    def stop(self) -> None:
        """End the child. A voice that is half made is left to nobody."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
            self._child = None

    def _render_what_is_missing(self) -> None:
        if self._child or self._outcome.order == self._order.fingerprint:
            return
        if self._tries < MOST_TRIES:
            self._tries += 1
            try:
                self._child = _Child(self._order, self._data)
            except OSError as error:
                self._note([f"sounds cannot be rendered ({error.strerror})"])

    def _adopt(self, outcome: Outcome, last_words: str = "") -> None:
        if outcome.packs != self._outcome.packs:
            self._earlier = self._outcome
        self._outcome = outcome
        self._note([*outcome.trouble, *([last_words] if last_words else [])])

    def _note(self, trouble: list[str]) -> None:
        if trouble and trouble != self._trouble:
            log.warning("voices: %s", "; ".join(trouble))
        self._trouble = trouble

    # --- By everybody ---

    @property
    def is_ready(self) -> bool:
        """Whether calls are heard as configured: the gong, and a voice in each language."""
        wanted = {GONGS, *self._languages()}
        return wanted <= set(self._outcome.packs)

    @property
    def is_rendering(self) -> bool:
        """Whether something is being made right now, as far as the last look saw."""
        return self._child is not None

    def source(self, language: str) -> str:
        """Whose voice speaks it now: "recordings", "piper", "espeak-ng", "rendering" or "none"."""
        if language not in self._languages():
            return "none"
        pack = self._outcome.packs.get(language)
        return pack.source if pack else "rendering" if self._child else "none"

    def trouble(self) -> list[str]:
        """What an administrator should mend, one sentence each; empty when all is well."""
        return list(self._trouble)

    def sounds(
        self, number: str, counter: str, language: str, *, gong: bool, short: bool
    ) -> list[Sound]:
        """The files of a call in order: the gong alone where nobody speaks, else nothing."""
        outcome = self._outcome
        ring = self._gong(outcome) if gong else []
        pack = outcome.packs.get(language) if language in self._languages() else None
        speech = self._speech(pack, number, counter, language, short) if pack else []
        if ring and speech:
            speech[0] = Sound(speech[0].path, AFTER_GONG, speech[0].seconds)
        return [*ring, *speech]

    def gong(self) -> list[Sound]:
        """The gong alone; nothing while it is not ready."""
        return self._gong(self._outcome)

    def file(self, path: str) -> Path | None:
        """The WAV file of a sound; None for everything that is no clip of a pack in use."""
        folder, _, name = path.partition("/")
        clip, _, ending = name.rpartition(".")
        packs = (*self._outcome.packs.values(), *self._earlier.packs.values())
        # Looked up among what was rendered, never resolved: no path from outside reaches the disk.
        if ending != "wav" or not any(p.folder == folder and clip in p.seconds for p in packs):
            return None
        found = self._folder / folder / name
        return found if found.is_file() else None

    @property
    def _folder(self) -> Path:
        return self._data / VOICES

    def _languages(self) -> list[str]:
        config = self._config()
        return config.spoken_languages() if config.sound.voice else []

    def _gong(self, outcome: Outcome) -> list[Sound]:
        pack, name = outcome.packs.get(GONGS), self._config().sound.gong
        return [_sound(pack, name, 0.0)] if pack and name in pack.seconds else []

    def _speech(
        self, pack: Rendered, number: str, counter: str, language: str, short: bool
    ) -> list[Sound]:
        """Empty when one clip is missing: half a sentence would mislead."""
        config = self._config()
        call = spoken(config, number, counter, language)
        rules = config.sound
        wanted = pieces(call, language, numbers=rules.numbers, two=rules.two, short=short)
        if not all(piece.clip in pack.seconds for piece in wanted):
            return []
        return [_sound(pack, piece.clip, piece.after) for piece in wanted]


def _sound(pack: Rendered, clip: str, after: float) -> Sound:
    return Sound(f"{pack.folder}/{clip}.wav", after, pack.seconds[clip])


class _Child:
    """A rendering process. Files instead of pipes: nobody has to read or write while it runs."""

    def __init__(self, order: Order, data: Path) -> None:
        """Raises OSError."""
        command = [sys.executable, "-m", "queue_server.speech", str(data)]
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        with tempfile.TemporaryFile() as asked:
            asked.write(order.to_json().encode())
            asked.seek(0)
            # A group of its own, so that it ends together with the engine it has started.
            self._process = subprocess.Popen(
                command, stdin=asked, stdout=self._said, process_group=0
            )

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def last_words(self) -> str:
        """The sentence it left, or that it left none; empty when all went well."""
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()
        self._said.close()
        code = self._process.returncode
        return said or (f"rendering ended with {code}" if code not in (0, AGAIN) else "")

    def kill(self) -> None:
        # Killed, not asked: it leaves nothing half made, and so this wait is no wait.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._said.close()
