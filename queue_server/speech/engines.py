"""Speech engines as programs: one call, one text, one WAV file. Never through a shell."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .languages import TONGUES, WORDS_PER_MINUTE
from .orders import Source

ESPEAK_SECONDS = 15
PIPER_SECONDS = 60  # it reads a voice of 60 to 110 MB each time


class EngineFailed(Exception):
    """The sentence says which engine could not speak which text, and why."""


def speak(source: Source, language: str, text: str, target: Path) -> None:
    """Let the engine write `text` as a WAV file. Raises EngineFailed, also when it is too slow."""
    if source.kind == "piper":
        command = [source.program, "--model", source.path, "--output_file", str(target)]
        _run(command, text, PIPER_SECONDS)
    else:
        voice = TONGUES[language].espeak
        command = [source.program, "-v", voice, "-s", str(WORDS_PER_MINUTE), "-z", "-b", "1"]
        _run([*command, "--stdin", "-w", str(target)], text, ESPEAK_SECONDS)
    if not target.is_file():
        raise EngineFailed(f'{source.program} wrote nothing for "{text}"')


def _run(command: list[str], text: str, seconds: float) -> None:
    program = command[0]
    try:
        done = subprocess.run(
            command,
            input=f"{text}\n".encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineFailed(f'{program} took more than {seconds:g} s for "{text}"') from error
    except OSError as error:
        raise EngineFailed(f"{program} cannot be started ({error.strerror})") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise EngineFailed(f'{program} failed with {done.returncode} for "{text}": {reason}')
