"""Whole voices or none, from the best source there is, however the rendering ends."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from queue_server.speech.orders import Order, order_for
from queue_server.speech.outcome import GONGS, read_outcome
from queue_server.speech.packs import Pack, problems
from queue_server.speech.prompts import prompts
from queue_server.speech.rendering import AGAIN, render
from queue_server.speech.waves import read_wave, write_wave
from tests.speech.speech_scenes import needs_espeak, office, record, tone

NEEDED = prompts(office(), "de")


def order(machine, sound=""):
    return order_for(office(sound), machine.folder / "config.toml")


def child(machine, wanted, **how):
    """The process that the server starts."""
    command = [sys.executable, "-m", "queue_server.speech", str(machine.data)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how
    )


def test_with_espeak_a_call_is_spoken(machine):
    machine.install("espeak-ng")
    outcome = render(order(machine), machine.data)
    assert outcome.packs["de"].source == "espeak-ng"
    assert set(outcome.packs["de"].seconds) == set(NEEDED)
    assert outcome.trouble == ()
    assert "bitte zu," in machine.spoken and "eins" in machine.spoken


def test_a_finished_pack_passes_its_own_check(machine):
    """S-7"""
    machine.install("espeak-ng")
    pack = render(order(machine), machine.data).packs["de"]
    assert problems(Pack.load(machine.voices / pack.folder), NEEDED) == []


def test_the_second_time_nothing_is_rendered(machine):
    machine.install("espeak-ng")
    first = render(order(machine), machine.data)
    before = machine.spoken
    assert render(order(machine), machine.data) == first
    assert machine.spoken == before


def test_without_any_engine_there_is_the_gong_and_a_reason(machine):
    outcome = render(order(machine), machine.data)
    assert list(outcome.packs) == [GONGS]
    assert outcome.trouble == (
        "espeak-ng is not installed",
        'calls in "de" are heard as a gong only',
    )
    assert outcome.order, "nothing to try again: it is as it is"


def test_an_office_without_voice_has_its_gongs(machine):
    machine.install("espeak-ng")
    outcome = render(order(machine, "voice = false"), machine.data)
    assert list(outcome.packs) == [GONGS]
    assert outcome.trouble == () and machine.spoken == []


PIPER = 'piper = { de = "voice.onnx" }'


def test_a_piper_voice_goes_before_espeak(machine):
    machine.install("espeak-ng")
    machine.install("piper")
    (machine.folder / "voice.onnx").touch()
    outcome = render(order(machine, PIPER), machine.data)
    assert outcome.packs["de"].source == "piper"
    assert outcome.trouble == ()


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("piper", "piper is not installed"), ("voice.onnx", "sound.piper.de: there is no file")],
)
def test_without_piper_or_its_voice_file_espeak_speaks_and_the_reason_is_told(
    machine, missing, reason
):
    machine.install("espeak-ng")
    if missing != "piper":
        machine.install("piper")
    outcome = render(order(machine, PIPER), machine.data)
    assert outcome.packs["de"].source == "espeak-ng"
    assert [t for t in outcome.trouble if t.startswith(reason)]


RECORDINGS = 'recordings = "our-voice"'


def test_the_offices_own_recordings_go_before_every_engine(machine):
    """They are brought to the right loudness and trimmed; the originals stay as they are."""
    machine.install("espeak-ng")
    machine.install("piper")
    (machine.folder / "voice.onnx").touch()
    record(machine.folder / "our-voice" / "de", NEEDED)
    original = (machine.folder / "our-voice/de/n-1.wav").read_bytes()
    outcome = render(order(machine, f"{RECORDINGS}\n{PIPER}"), machine.data)
    assert outcome.packs["de"].source == "recordings"
    pack = Pack.load(machine.voices / outcome.packs["de"].folder)
    assert problems(pack, NEEDED) == []
    assert machine.spoken == []
    assert (machine.folder / "our-voice/de/n-1.wav").read_bytes() == original


def test_recordings_that_lack_one_clip_are_refused_as_a_whole(machine):
    """Two voices never share a sentence."""
    machine.install("espeak-ng")
    record(machine.folder / "our-voice" / "de", NEEDED)
    (machine.folder / "our-voice/de/n-7.wav").unlink()
    outcome = render(order(machine, RECORDINGS), machine.data)
    assert outcome.packs["de"].source == "espeak-ng"
    assert len(outcome.trouble) == 1
    assert 'n-7.wav: is missing; it should say "sieben"' in outcome.trouble[0]
    assert set(outcome.packs["de"].seconds) == set(NEEDED)


def test_a_list_of_missing_recordings_is_not_told_in_full(machine):
    machine.install("espeak-ng")
    (machine.folder / "our-voice/de").mkdir(parents=True)
    (told,) = render(order(machine, RECORDINGS), machine.data).trouble
    assert told.endswith(f"(and {len(NEEDED) - 3} more)")


def test_a_language_without_a_folder_of_recordings_is_spoken_by_the_engine(machine):
    machine.install("espeak-ng")
    record(machine.folder / "our-voice" / "de", NEEDED)
    outcome = render(order(machine, f'languages = ["de", "en"]\n{RECORDINGS}'), machine.data)
    assert outcome.packs["de"].source == "recordings"
    assert outcome.packs["en"].source == "espeak-ng"


def test_a_changed_recording_is_taken_over(machine):
    record(machine.folder / "our-voice" / "de", NEEDED)
    first = render(order(machine, RECORDINGS), machine.data).packs["de"]
    write_wave(machine.folder / "our-voice/de/n-1.wav", tone(1.5), 22050)
    second = render(order(machine, RECORDINGS), machine.data).packs["de"]
    assert first.folder != second.folder
    assert second.seconds["n-1"] == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize(
    ("also", "reason"),
    [
        ("exit 3", "failed with 3"),
        ("kill -9 $$", "failed with -9"),
        ("exit 0", "wrote nothing"),
        ('echo nonsense > "$target"; exit 0', "cannot be read"),
    ],
    ids=["fails", "crashes", "writes nothing", "writes nonsense"],
)
def test_an_engine_that_fails_leaves_no_half_voice_and_is_tried_again(machine, also, reason):
    machine.install("espeak-ng", also)
    outcome = render(order(machine), machine.data)
    assert list(outcome.packs) == [GONGS]
    assert reason in outcome.trouble[0]
    assert outcome.order == ""
    assert [p.name for p in machine.voices.iterdir() if p.is_dir()] == [outcome.packs[GONGS].folder]


def test_an_engine_that_never_answers_is_given_up(machine, monkeypatch):
    monkeypatch.setattr("queue_server.speech.engines.ESPEAK_SECONDS", 0.2)
    machine.install("espeak-ng", "exec sleep 60")
    outcome = render(order(machine), machine.data)
    assert "took more than 0.2 s" in outcome.trouble[0]


def test_while_an_engine_fails_the_voice_so_far_stays(machine):
    machine.install("espeak-ng")
    before = render(order(machine), machine.data).packs["de"]
    machine.install("espeak-ng", "exit 1")
    outcome = render(order(machine), machine.data)
    assert outcome.packs["de"] == before
    assert outcome.order == ""


@pytest.mark.slow
def test_a_rendering_that_is_killed_halfway_leaves_nothing_that_looks_whole(machine):
    gate = machine.folder / "gate"
    os.mkfifo(gate)
    machine.install("espeak-ng", f'echo here > "{gate}"')
    process = child(machine, order(machine))
    process.stdin.write(order(machine).to_json())
    process.stdin.close()
    assert gate.read_text() == "here\n", "it is in the middle of a pack now"
    process.kill()
    process.wait()
    process.stdout.close()
    assert list(machine.voices.glob(".making-*"))
    assert not list(machine.voices.glob("de-*"))
    assert "de" not in read_outcome(machine.voices).packs

    machine.install("espeak-ng")
    assert render(order(machine), machine.data).packs["de"].source == "espeak-ng"
    assert not list(machine.voices.glob(".making-*"))


@pytest.mark.slow
def test_two_renderings_at_once_do_the_work_once(machine):
    machine.install("espeak-ng")
    both = [child(machine, order(machine)) for _ in range(2)]
    for process in both:
        process.stdin.write(order(machine).to_json())
        process.stdin.flush()
    ends = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert ends == [("", None)] * 2
    assert len(machine.spoken) == len(NEEDED)


def small_files_only():
    """As on a full disk: whatever grows beyond this cannot be written."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.slow
def test_a_full_disk_is_told_in_one_sentence_and_leaves_nothing_half(machine):
    machine.forget_sounds()
    process = child(machine, order(machine), preexec_fn=small_files_only)
    said, _ = process.communicate(order(machine).to_json())
    assert process.returncode == AGAIN
    assert said.count("\n") == 1 and "sounds cannot be written (File too large)" in said
    assert [p for p in machine.voices.iterdir() if p.is_dir()] == []


def test_a_service_that_may_not_lower_its_priority_renders_all_the_same(machine):
    """SEC-20: the shipped unit forbids it, and without a voice nobody would know why"""
    machine.forget_sounds()
    forbidden = (
        "import os, runpy, sys\n"
        "def no(_): raise PermissionError(1, 'Operation not permitted')\n"
        "os.nice = no\n"
        "runpy.run_module('queue_server.speech', run_name='__main__')\n"
    )
    command = [sys.executable, "-c", forbidden, str(machine.data)]
    done = subprocess.run(command, input=order(machine).to_json(), text=True, timeout=60)
    assert done.returncode == 0
    assert GONGS in read_outcome(machine.voices).packs


def test_a_folder_that_cannot_be_written_is_named(machine):
    machine.nothing_can_be_written()
    with pytest.raises(OSError) as told:
        render(order(machine), machine.data)
    assert Path(told.value.filename) == machine.voices


def test_a_pack_with_a_broken_file_is_made_anew(machine):
    machine.install("espeak-ng")
    pack = render(order(machine), machine.data).packs["de"]
    broken = machine.voices / pack.folder / "n-1.wav"
    broken.write_bytes(b"")
    assert render(order(machine), machine.data).packs["de"] == pack
    assert read_wave(broken)[0]


def test_old_packs_go_once_no_page_can_ask_for_them(machine):
    """The one before stays, and those of today: a page may be playing them."""
    machine.install("espeak-ng")
    folders = []
    for sound in ("", 'two = "zwo"', 'numbers = "number"'):
        folders.append(render(order(machine, sound), machine.data).packs["de"].folder)
    assert (machine.voices / folders[0]).exists()
    yesterday = time.time() - 25 * 3600
    os.utime(machine.voices / folders[0], (yesterday, yesterday))
    render(order(machine, 'numbers = "number"'), machine.data)
    assert not (machine.voices / folders[0]).exists()
    assert (machine.voices / folders[1]).exists()
    assert (machine.voices / folders[2]).exists()


@pytest.mark.parametrize("what", ["WORDS_PER_MINUTE", "EDITION", "FORMAT"])
def test_a_new_way_of_making_sounds_makes_all_voices_anew(machine, monkeypatch, what):
    machine.install("espeak-ng")
    before = order(machine).fingerprint
    monkeypatch.setattr(f"queue_server.speech.orders.{what}", 99)
    assert order(machine).fingerprint != before


def test_an_order_reaches_another_process_unchanged(machine):
    machine.install("espeak-ng")
    wanted = order(machine, f'languages = ["de", "en"]\n{RECORDINGS}\n{PIPER}')
    assert Order.from_json(wanted.to_json()) == wanted
    assert Order.from_json(wanted.to_json()).fingerprint == wanted.fingerprint


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"order": 1, "packs": {"de": {}}}'])
def test_a_broken_outcome_is_no_outcome(machine, content):
    (machine.voices / "voices.json").write_text(content)
    assert read_outcome(machine.voices).packs == {}


@needs_espeak
@pytest.mark.slow
def test_the_real_espeak_gives_a_german_and_an_english_voice(tmp_path):
    """S-7"""
    config = office('languages = ["de", "en"]')
    outcome = render(order_for(config, None), tmp_path)
    assert outcome.trouble == ()
    for language in ("de", "en"):
        pack = Pack.load(tmp_path / "voices" / outcome.packs[language].folder)
        assert problems(pack, prompts(config, language)) == []
        lengths = outcome.packs[language].seconds.values()
        assert 0.1 < min(lengths) and max(lengths) < 1.5
