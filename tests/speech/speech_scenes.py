"""An office with a voice, and engines that are quick and do as they are told."""

from __future__ import annotations

import shutil
from math import pi, sin
from pathlib import Path

import pytest

from queue_server.config import Config
from queue_server.config_file import parse
from queue_server.speech.waves import RATE, Samples, write_wave
from tests.conftest import OFFICE

needs_espeak = pytest.mark.skipif(
    not shutil.which("espeak-ng"), reason="espeak-ng is missing (apt install espeak-ng)"
)
needs_ffmpeg = pytest.mark.skipif(
    not shutil.which("ffmpeg"), reason="ffmpeg, the second opinion on loudness, is missing"
)

# Understands what we ask of espeak-ng and of piper; notes each text.
ENGINE = """#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in -w|--output_file) target="$2" ;; esac
  shift
done
cat >> "{log}"
{also}
cp "{tone}" "$target"
"""


def office(sound: str = "", counters: str = "", office_text: str = OFFICE) -> Config:
    """The office of the tests with a [sound] and more counters."""
    return parse(f"{office_text}\n{counters}\n[sound]\n{sound}")


def tone(
    seconds: float = 0.5, amplitude: float = 0.3, rate: int = RATE, frequency: float = 997
) -> Samples:
    turn = 2 * pi * frequency / rate
    return [amplitude * sin(turn * at) for at in range(round(seconds * rate))]


def fading(samples: Samples) -> Samples:
    """As words do; and with few high peaks it is quick to measure."""
    return [sample * (1 - at / len(samples)) ** 2 for at, sample in enumerate(samples)]


class Machine:
    """A machine whose PATH we own: without any engine, until one is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.voices = self.data / "voices"
        self.programs = folder / "programs"
        self.log = folder / "spoken"
        self.programs.mkdir()
        self.log.touch()
        write_wave(folder / "tone.wav", fading(tone(0.12)), RATE)

    def bring_gongs(self, rendered: Path) -> None:
        """As if an earlier start had made them: five gongs take most of a second."""
        shutil.copytree(rendered / "voices", self.voices)

    def forget_sounds(self) -> None:
        """A machine that was never started."""
        shutil.rmtree(self.data)

    def nothing_can_be_written(self) -> None:
        """Even for root, who runs the tests in some places: a file stands where the folder was."""
        shutil.rmtree(self.voices)
        self.voices.write_text("in the way")

    def install(self, engine: str, also: str = "") -> None:
        """`also`: a line of shell between hearing the text and writing the sound."""
        program = self.programs / engine
        tone_file = self.folder / "tone.wav"
        program.write_text(ENGINE.format(log=self.log, tone=tone_file, also=also))
        program.chmod(0o755)

    def remove(self, engine: str) -> None:
        (self.programs / engine).unlink()

    @property
    def spoken(self) -> list[str]:
        """All texts that an engine was given so far."""
        return self.log.read_text(encoding="utf-8").splitlines()


def record(folder: Path, texts: dict[str, str], samples: Samples | None = None) -> None:
    """Somebody reads the whole list into a microphone."""
    folder.mkdir(parents=True)
    for clip in texts:
        write_wave(folder / f"{clip}.wav", samples or fading(tone(0.12)), RATE)
