"""What the running server knows of its voices, without ever waiting for one."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from threading import Event

import pytest

from queue_server.speech.voices import MOST_TRIES, Voices
from tests.speech.speech_scenes import needs_espeak, office

pytestmark = pytest.mark.slow


class Server:
    """The parts of a server that voices need."""

    def __init__(self, machine, sound=""):
        self.machine = machine
        self.config = office(sound)
        self.voices = Voices(lambda: self.config, machine.folder / "config.toml", machine.data)

    def reload(self, sound):
        self.config = office(sound)
        self.voices.follow(self.config)

    def keep_house(self):
        """Until nothing is rendered any more."""
        while self.voices.is_rendering:
            Event().wait(0.02)
            self.voices.look()

    def hear(self, number="A017", counter="3", language="de", gong=True, short=False):
        """The clips without their folders."""
        sounds = self.voices.sounds(number, counter, language, gong=gong, short=short)
        return [sound.path.partition("/")[2] for sound in sounds]


@pytest.fixture
def server(machine):
    made = []

    def start(sound="", *, wait=True):
        made.append(Server(machine, sound))
        made[-1].voices.start()
        if wait:
            made[-1].keep_house()
        return made[-1]

    yield start
    for one in made:
        one.voices.stop()


SPOKEN = ["number.wav", "letter-a.wav", "n-0.wav", "n-1.wav", "n-7.wav", "please-to.wav",
          "kind-platz.wav", "n-3.wav"]  # fmt: skip


def test_a_call_is_gong_then_number_then_counter(machine, server):
    """S-1"""
    machine.install("espeak-ng")
    office = server()
    assert office.voices.is_ready and office.voices.trouble() == []
    assert office.voices.source("de") == "espeak-ng"
    assert office.hear() == ["two-tone.wav", *SPOKEN]
    assert office.hear(gong=False) == SPOKEN
    assert office.hear(gong=False, short=True) == [
        "letter-a.wav", "n-0.wav", "n-1.wav", "n-7.wav", "kind-platz.wav", "n-3.wav",
    ]  # fmt: skip


def test_every_sound_has_a_file_and_its_length(machine, server):
    machine.install("espeak-ng")
    office = server()
    sounds = office.voices.sounds("A017", "3", "de", gong=True, short=False)
    for sound in sounds:
        found = office.voices.file(sound.path)
        assert found == machine.voices / sound.path and found.is_file()
        assert 0.1 < sound.seconds < 3 and 0 <= sound.after < 1
    assert sounds[0].after == 0 and sounds[1].after > 0


@pytest.mark.parametrize("gong", ["three-tone", "bell", "wood", "soft"])
def test_the_office_chooses_its_gong(server, gong):
    assert server(f'gong = "{gong}"').hear() == [f"{gong}.wav"]


def test_before_anything_is_rendered_there_is_nothing_to_play_and_nobody_waits(machine, server):
    """S-2: the page has a gong of its own for these seconds."""
    machine.forget_sounds()
    gate = machine.folder / "gate"
    os.mkfifo(gate)
    machine.install("espeak-ng", f'cat "{gate}"')
    office = server(wait=False)
    assert office.hear() == []
    assert office.voices.source("de") == "rendering"
    assert not office.voices.is_ready
    gate.write_text("")  # returns when the engine is at work
    assert office.voices.is_rendering


def test_without_an_engine_calls_are_a_gong_and_an_administrator_knows(server, caplog):
    office = server()
    assert office.hear() == ["two-tone.wav"]
    assert office.hear(gong=False) == []
    assert office.voices.source("de") == "none"
    assert "espeak-ng is not installed" in office.voices.trouble()
    told = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert len(told) == 1


def test_a_language_that_the_office_does_not_speak_is_a_gong(machine, server):
    """S-9"""
    machine.install("espeak-ng")
    office = server()
    assert office.hear(language="en") == ["two-tone.wav"]
    assert office.voices.source("en") == "none"


def test_a_call_that_lacks_a_clip_is_a_gong_and_never_half_a_sentence(machine, server):
    """S-1: e.g. the ticket of a series that was taken out of the configuration."""
    machine.install("espeak-ng")
    assert server().hear("Q017") == ["two-tone.wav"]


def test_a_server_that_starts_again_speaks_at_once(machine, server):
    machine.install("espeak-ng")
    server()
    before = machine.spoken
    again = server(wait=False)
    assert not again.voices.is_rendering
    assert again.hear() == ["two-tone.wav", *SPOKEN]
    assert machine.spoken == before


def test_an_engine_that_was_installed_meanwhile_is_used_after_a_restart(machine, server):
    server()
    machine.install("espeak-ng")
    assert server().voices.source("de") == "espeak-ng"


def test_during_a_reload_the_voice_so_far_goes_on_speaking(machine, server):
    machine.install("espeak-ng")
    office = server()
    old = office.voices.sounds("A017", "3", "de", gong=True, short=False)
    office.reload('languages = ["de", "en"]\ngong = "bell"\ntwo = "zwo"')
    assert office.voices.is_rendering
    assert office.hear() == ["bell.wav", *SPOKEN]
    office.keep_house()
    assert "n-2-zwo.wav" in office.hear("A022")
    assert office.hear(language="en")[1:2] == ["number.wav"]
    assert all(office.voices.file(sound.path) for sound in old), "a page may still fetch these"


def test_a_reload_that_changes_nothing_to_be_heard_renders_nothing(machine, server):
    machine.install("espeak-ng")
    office = server()
    office.reload("volume = 30")
    assert not office.voices.is_rendering


def test_voice_off_needs_no_restart(machine, server):
    machine.install("espeak-ng")
    office = server()
    office.reload("voice = false")
    office.keep_house()
    assert office.hear() == ["two-tone.wav"]
    assert office.voices.is_ready


def test_a_failing_engine_is_tried_a_few_times_and_told_once(machine, server, caplog):
    machine.install("espeak-ng", "exit 7")
    office = server()
    assert len(machine.spoken) == MOST_TRIES
    assert "failed with 7" in office.voices.trouble()[0]
    assert len([r for r in caplog.records if r.levelno == logging.WARNING]) == 1
    assert office.hear() == ["two-tone.wav"]
    office.voices.look()
    assert not office.voices.is_rendering


def test_a_folder_that_cannot_be_written_does_not_stop_the_server(machine, server):
    machine.nothing_can_be_written()
    office = server()
    assert office.hear() == []
    assert len(office.voices.trouble()) == 1
    assert "sounds cannot be written" in office.voices.trouble()[0]


def test_a_pack_that_somebody_deleted_is_made_again_at_the_next_start(machine, server):
    machine.install("espeak-ng")
    path = server().voices.sounds("A017", "3", "de", gong=False, short=True)[0].path
    (machine.voices / path).unlink()
    again = server(wait=False)
    assert again.hear() == ["two-tone.wav"]
    again.keep_house()
    assert again.hear() == ["two-tone.wav", *SPOKEN]


def is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_stopping_ends_the_rendering_and_its_engine(machine, server):
    gate = machine.folder / "gate"
    os.mkfifo(gate)
    machine.install("espeak-ng", f'echo $$ > "{gate}"; exec sleep 100')
    office = server(wait=False)
    engine = gate.read_text().strip()
    assert is_alive(engine)
    office.voices.stop()
    assert not office.voices.is_rendering
    while is_alive(engine):  # the system needs a moment; pytest's own limit ends this if not
        Event().wait(0.01)
    office.voices.stop()


@pytest.mark.parametrize(
    "asked",
    [
        "", "/", "..", "../queue.db", "{gongs}", "{gongs}/", "{gongs}/pack.toml",
        "{gongs}/../voices.json", "{gongs}/../{gongs}/bell.wav", "/etc/passwd", "{gongs}/bell",
        "{gongs}/bell.wav/", "{gongs}//bell.wav", "{gongs}/bell.WAV", "{gongs}/nothing.wav",
        "voices.json", ".lock", "other/bell.wav", "{gongs}/bell.wav\0", "{gongs}\\bell.wav",
    ],
)  # fmt: skip
def test_nobody_gets_a_file_that_is_no_sound(rendered, asked):
    voices, gongs = rendered
    assert voices.file(asked.format(gongs=gongs)) is None
    assert voices.file(f"{gongs}/bell.wav") is not None


@pytest.fixture
def rendered(server):
    voices = server("voice = false").voices
    return voices, voices.sounds("A017", "3", "de", gong=True, short=False)[0].path.split("/")[0]


@needs_espeak
def test_a_call_keeps_to_its_time(tmp_path):
    """S-4: 5.5 s with gong, 2.7 s in the short form, within a tenth."""
    config = office()
    voices = Voices(lambda: config, None, tmp_path)
    voices.start()
    while voices.is_rendering:
        Event().wait(0.05)
        voices.look()
    for short, most in ((False, 6.05), (True, 2.97)):
        sounds = voices.sounds("A017", "3", "de", gong=not short, short=short)
        assert len(sounds) == (6 if short else 9)
        assert sum(sound.after + sound.seconds for sound in sounds) < most
    voices.stop()
