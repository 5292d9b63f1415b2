"""Every clip a call can need is on the list, and engines read each text as people would."""

from __future__ import annotations

import subprocess

import pytest

from queue_server.speech.languages import TONGUES
from queue_server.speech.prompts import all_texts, engine_text, prompts
from queue_server.speech.wording import pieces, spoken
from tests.conftest import OFFICE
from tests.speech.speech_scenes import needs_espeak, office

INFO = """
[[counter]]
key = "info"
label = { de = "Info-Theke" }
services = ["status"]
"""


def test_a_small_office_has_little_to_record():
    """Three digits are spoken one by one: ten of them, a letter, the signs."""
    assert prompts(office(counters=INFO), "de") == {
        "number": "Nummer", "please-to": "bitte zu", "please": "bitte",
        "letter-a": "A", "kind-platz": "Platz", "counter-info": "Info-Theke",
        "n-0": "null", "n-1": "eins", "n-2": "zwei", "n-3": "drei", "n-4": "vier",
        "n-5": "fünf", "n-6": "sechs", "n-7": "sieben", "n-8": "acht", "n-9": "neun",
    }  # fmt: skip


@pytest.mark.parametrize("language", sorted(TONGUES))
@pytest.mark.parametrize("numbers", ["auto", "number", "digits"])
@pytest.mark.parametrize("two", ["zwei", "zwo"])
def test_no_call_of_the_office_lacks_a_clip(language, numbers, two):
    wide = OFFICE.replace("last = 999", "first = 995\nlast = 2345")
    config = office(f'numbers = "{numbers}"\ntwo = "{two}"', INFO, wide)
    listed = prompts(config, language)
    for value in (995, 999, 1000, 1222, 2022, 2345):
        for counter in config.counters:
            call = spoken(config, f"A{value:04d}", counter.key, language)
            needed = {p.clip for p in pieces(call, language, numbers=numbers, two=two)}
            assert needed <= set(listed)
    assert all(listed.values())


def test_the_german_numbers_are_written_as_german_numbers():
    texts = all_texts("de")
    assert [texts[f"n-{n}"] for n in (0, 1, 11, 16, 17, 20, 21, 30, 67, 100, 700, 1000, 3000)] == [
        "null", "eins", "elf", "sechzehn", "siebzehn", "zwanzig", "einundzwanzig", "dreißig",
        "siebenundsechzig", "einhundert", "siebenhundert", "eintausend", "dreitausend",
    ]  # fmt: skip
    assert [texts[f"n-{n}-zwo"] for n in (2, 22, 200, 2000)] == [
        "zwo", "zwo-und-zwanzig", "zwohundert", "zwotausend",
    ]  # fmt: skip


def test_the_english_numbers_are_written_as_english_numbers():
    texts = all_texts("en")
    assert [texts[f"n-{n}"] for n in (0, 13, 21, 40, 99, 100, 9000)] == [
        "zero", "thirteen", "twenty-one", "forty", "ninety-nine", "one hundred", "nine thousand",
    ]  # fmt: skip
    assert not [clip for clip in texts if "zwo" in clip]


@pytest.mark.parametrize("language", sorted(TONGUES))
def test_an_engine_never_gets_a_digit(language):
    """S-1: engines misread "017", "1.17" and "A-3"."""
    for clip, text in all_texts(language).items():
        assert not any(letter.isdigit() for letter in engine_text(clip, text))


def phonemes(text, voice="de"):
    command = ["espeak-ng", "-v", voice, "-q", "--ipa", "-b", "1", "--stdin"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip().replace("ˈ", "").replace("ˌ", "")


@needs_espeak
@pytest.mark.parametrize(
    ("clip", "text", "sound"),
    [
        ("letter-a", "A", "ɑː"), ("letter-b", "B", "beː"), ("letter-c", "C", "tseː"),
        ("letter-h", "H", "hɑː"), ("letter-j", "J", "jɔt"), ("letter-q", "Q", "kuː"),
        ("letter-v", "V", "faʊ"), ("letter-w", "W", "veː"), ("letter-x", "X", "ɪks"),
        ("letter-y", "Y", "ypsɪlɔn"), ("letter-z", "Z", "tsɛt"),
        ("n-0", "null", "nʊl"), ("n-2", "zwei", "tsvaɪ"), ("n-2-zwo", "zwo", "tsvoː"),
        ("n-22-zwo", "zwo-und-zwanzig", "tsvoːʊnttsvantsɪç"), ("n-17", "siebzehn", "ziːptseːn"),
        ("n-100", "einhundert", "aɪnhʊndɜt"), ("number", "Nummer", "nʊmɜ"),
        ("please-to", "bitte zu", "bɪtə tsuː"), ("kind-platz", "Platz", "plats"),
        ("kind-schalter", "Schalter", "ʃaltɜ"), ("kind-raum", "Raum", "ʁaʊm"),
        ("counter-hall", "GROẞER Saal", "ɡʁoːsɜ zɑːl"),
    ],
)  # fmt: skip
def test_espeak_pronounces_each_german_piece_as_people_do(clip, text, sound):
    """S-1: nothing is spelled ("es-zet"), no letter gets an English name."""
    # Versions differ in how they write the r.
    assert phonemes(engine_text(clip, text)).replace("ɾ", "ʁ").replace("r", "ʁ") == sound


@needs_espeak
@pytest.mark.parametrize(
    ("clip", "text", "sound"),
    [("letter-a", "A", "eɪ"), ("letter-z", "Z", "zɛd"), ("number", "number", "nʌmbə")],
)
def test_espeak_pronounces_english_pieces_in_english(clip, text, sound):
    """S-1: "A" is the letter, not the article."""
    assert phonemes(engine_text(clip, text), TONGUES["en"].espeak) == sound


@needs_espeak
def test_every_text_has_a_sound_of_its_own():
    """S-1: no two numbers, letters or phrases of German can be mistaken for the same."""
    texts = all_texts("de")
    spoken_by = phonemes("\n".join(f"{text}." for text in texts.values())).splitlines()
    assert len(spoken_by) == len(texts) == len({line.strip() for line in spoken_by})
