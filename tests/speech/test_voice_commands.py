"""What an administrator asks of voices at the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from queue_server.cli import cli
from tests.conftest import OFFICE
from tests.speech.speech_scenes import record

ROOM = """
[[counter]]
key = "room"
label = { de = "Raum 1.17" }
services = ["status"]
"""


@pytest.fixture
def run(machine):
    path = machine.folder / "config.toml"
    path.write_text(OFFICE, encoding="utf-8")

    def ask(*words, office=OFFICE):
        path.write_text(office, encoding="utf-8")
        places = ["--config", str(path), "--data", str(machine.data)]
        return CliRunner().invoke(cli, ["voice", *words, *places], obj={})

    return ask


def test_an_installer_renders_and_the_check_is_content(machine, run):
    machine.install("espeak-ng")
    done = run("render")
    assert done.exit_code == 0
    assert done.output.startswith("de: espeak-ng (14 clips in de-")
    checked = run("check")
    assert (checked.exit_code, checked.output) == (0, done.output)


def test_without_an_engine_the_answer_is_2_and_a_reason(run):
    done = run("render")
    assert done.exit_code == 2
    assert done.stdout == "de: gong only\n"
    assert "espeak-ng is not installed" in done.stderr
    assert run("check").exit_code == 2


def test_the_check_tells_what_is_not_rendered_yet(machine, run):
    machine.install("espeak-ng")
    done = run("check")
    assert done.exit_code == 2
    assert "queue-server voice render" in done.stderr


def test_the_check_tells_of_signs_that_cannot_be_spoken(machine, run):
    """S-1"""
    machine.install("espeak-ng")
    run("render", office=OFFICE + ROOM)
    done = run("check", office=OFFICE + ROOM)
    assert done.exit_code == 2
    assert done.stderr.startswith('counter[room].say: calls leave "Raum 1.17" out')


def test_whoever_records_gets_a_list_and_every_missing_file_by_name(machine, run):
    machine.install("espeak-ng")
    office = f'{OFFICE}\n[sound]\nrecordings = "voice"\n'
    listed = [line.split("\t") for line in run("prompts", office=office).output.splitlines()]
    assert ["de/n-7.wav", "sieben"] in listed
    texts = {name.removeprefix("de/").removesuffix(".wav"): text for name, text in listed}
    record(machine.folder / "voice" / "de", texts)
    (machine.folder / "voice/de/n-7.wav").unlink()
    assert "n-7.wav: is missing" in run("render", office=office).stderr
    checked = run("check", office=office)
    assert checked.exit_code == 2
    assert checked.stderr.count("\n") == 1 and 'it should say "sieben"' in checked.stderr


def test_complete_recordings_are_all_that_is_needed(machine, run):
    office = f'{OFFICE}\n[sound]\nrecordings = "voice"\n'
    listed = [line.split("\t") for line in run("prompts", office=office).output.splitlines()]
    texts = {name.removeprefix("de/").removesuffix(".wav"): text for name, text in listed}
    record(machine.folder / "voice" / "de", texts)
    assert run("render", office=office).exit_code == 0
    checked = run("check", office=office)
    assert checked.exit_code == 0
    assert checked.output.startswith("de: recordings")


def test_prompts_are_listed_for_one_language(run):
    office = f'{OFFICE}\n[sound]\nlanguages = ["de", "en"]\n'
    both = run("prompts", office=office).output.splitlines()
    english = run("prompts", "--language", "en", office=office).output.splitlines()
    assert english and english == [line for line in both if line.startswith("en/")]
    assert len(english) < len(both)
    refused = run("prompts", "--language", "en")
    assert refused.exit_code == 2
    assert 'calls are not spoken in "en", only in de' in refused.stderr


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(machine, run):
    machine.nothing_can_be_written()
    done = run("render")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1 and "sounds cannot be written" in done.stderr
