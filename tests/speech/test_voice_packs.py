"""A folder of clips is a voice only when nothing is wrong with it."""

from __future__ import annotations

import wave

import pytest

from queue_server.speech.loudness import normalise
from queue_server.speech.packs import Description, NotAPack, Pack, problems, recording_problems
from queue_server.speech.waves import write_wave
from tests.speech.speech_scenes import tone

TEXTS = {"number": "Nummer", "n-1": "eins"}
GOOD = normalise(tone(), 22050)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "de"
    made.mkdir()
    for clip in TEXTS:
        write_wave(made / f"{clip}.wav", GOOD, 22050)
    return made


def found(folder, check=problems):
    return [p.removeprefix(f"{folder}/") for p in check(Pack.load(folder), TEXTS)]


def test_a_good_pack_has_no_problems(folder):
    assert found(folder) == found(folder, recording_problems) == []


def test_a_missing_clip_is_named_with_the_text_to_record(folder):
    (folder / "n-1.wav").unlink()
    assert found(folder) == ['n-1.wav: is missing; it should say "eins"']


@pytest.mark.parametrize(
    ("samples", "rate", "sentence"),
    [
        (normalise(tone(7), 22050), 22050, "is 7.0 s long; at most 6 s are allowed"),
        (tone(1, rate=8000), 8000, "has 8000 samples a second; it must be 16000 to 48000"),
        ([0.0] * 22050, 22050, "is silent or nearly so"),
        ([], 22050, "is silent or nearly so"),
        (tone(1, 0.001), 22050, "is silent or nearly so"),
        (tone(1, 1.5), 22050, "is distorted, it was recorded too loud"),
    ],
    ids=["long", "low rate", "silent", "empty", "faint", "clipped"],
)
def test_what_only_a_new_recording_mends_is_found_in_both_checks(folder, samples, rate, sentence):
    write_wave(folder / "n-1.wav", samples, rate)
    assert found(folder) == found(folder, recording_problems) == [f"n-1.wav: {sentence}"]


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        (tone(1, 0.05), "has -29.0 LUFS; it must be -16 ± 1"),
        (tone(1, 0.9), "has -3.9 LUFS; it must be -16 ± 1"),
        ([*GOOD, *[0.0] * 11025], "has 0.5 s of silence at an end; at most 0.3 s"),
        ([*[0.0] * 11025, *GOOD], "has 0.5 s of silence at an end; at most 0.3 s"),
    ],
    ids=["quiet", "loud", "late end", "late begin"],
)
def test_what_we_mend_ourselves_does_not_refuse_a_recording(folder, samples, sentence):
    """S-7: but a finished pack must not have it."""
    write_wave(folder / "n-1.wav", samples, 22050)
    assert f"n-1.wav: {sentence}" in found(folder)
    assert found(folder, recording_problems) == []


def test_stereo_and_8_bit_are_refused(folder):
    for clip, channels, width in (("number", 2, 2), ("n-1", 1, 1)):
        with wave.open(str(folder / f"{clip}.wav"), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(width)
            file.setframerate(22050)
            file.writeframes(bytes(1000))
    assert found(folder) == [
        "number.wav: must be mono with 16 bit, not 2 channels of 16 bit",
        "n-1.wav: must be mono with 16 bit, not 1 channels of 8 bit",
    ]


@pytest.mark.parametrize("content", [b"", b"MP3", b"RIFF\x00\x00\x00\x00WAVE", b"\xff" * 5000])
def test_what_is_no_wave_file_is_said_to_be_unreadable(folder, content):
    (folder / "n-1.wav").write_bytes(content)
    assert len(found(folder)) == 1
    assert found(folder)[0].startswith("n-1.wav: cannot be read (")


def test_a_pack_describes_itself(folder):
    about = Description('Frau "M"', "de", "piper", "/opt/pïper", 1)
    about.write(folder)
    assert Pack.load(folder).description == about


def test_a_folder_of_recordings_needs_no_description(folder):
    assert Pack.load(folder).description == Description("de", "de", "recordings")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name = ", "cannot be used"),
        ('name = "x"', "cannot be used"),
        ('name = "x"\nlanguage = "de"\nsource = "piper"\nvoice = 1', "cannot be used"),
        ('name = "x"\nlanguage = "de"\nsource = "piper"\nformat = 2', "format 2 is unknown"),
    ],
)
def test_a_description_from_elsewhere_is_refused_with_a_reason(folder, content, reason):
    (folder / "pack.toml").write_text(content)
    with pytest.raises(NotAPack, match=reason):
        Pack.load(folder)


def test_a_folder_that_is_not_there_is_no_pack(tmp_path):
    with pytest.raises(NotAPack, match="there is no such folder"):
        Pack.load(tmp_path / "nowhere")
