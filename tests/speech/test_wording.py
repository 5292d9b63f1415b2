"""What a client hears is what stands on the paper and on the sign (S-1)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.speech.languages import TONGUES
from queue_server.speech.wording import (
    PHRASE_PAUSE,
    Spoken,
    kind_clip,
    pieces,
    slug,
    spoken,
    spoken_remarks,
)
from tests.speech.speech_scenes import office

SIGNS = """
[[counter]]
key = "info"
label = { de = "Info-Theke", en = "Information desk" }
say = { de = "zur Info-Theke" }
services = ["status"]
[[counter]]
key = "desk"
label = { de = "Empfang" }
services = ["status"]
[[counter]]
key = "room"
label = { de = "Raum 017" }
services = ["status"]
[[counter]]
key = "floor"
label = { de = "Raum 1.17" }
services = ["status"]
[[counter]]
key = "wing"
label = { de = "Zimmer A-3" }
services = ["status"]
[[counter]]
key = "far"
label = { de = "Büro 112" }
services = ["status"]
"""
OFFICE = office(counters=SIGNS)


def heard(number, counter, language="de", **how):
    """The clips in one line, without the "n-" of numbers."""
    call = spoken(OFFICE, number, counter, language)
    clips = [piece.clip for piece in pieces(call, language, **how)]
    return " ".join(re.sub("^n-", "", clip) for clip in clips)


@pytest.mark.parametrize(
    ("number", "counter", "how", "expected"),
    [
        # Digits as soon as there are leading zeros or three of them.
        ("A017", "3", {}, "number letter-a 0 1 7 please-to kind-platz 3"),
        ("A117", "3", {}, "number letter-a 1 1 7 please-to kind-platz 3"),
        ("A000", "3", {}, "number letter-a 0 0 0 please-to kind-platz 3"),
        ("A17", "3", {}, "number letter-a 17 please-to kind-platz 3"),
        ("A07", "3", {}, "number letter-a 0 7 please-to kind-platz 3"),
        ("A7", "3", {}, "number letter-a 7 please-to kind-platz 3"),
        ("A0", "3", {}, "number letter-a 0 please-to kind-platz 3"),
        ("017", "3", {}, "number 0 1 7 please-to kind-platz 3"),
        ("AB017", "3", {}, "number letter-a letter-b 0 1 7 please-to kind-platz 3"),
        ("A1204", "3", {}, "number letter-a 1 2 0 4 please-to kind-platz 3"),
        # As numbers.
        ("A017", "1", {"numbers": "number"}, "number letter-a 17 please-to kind-platz 1"),
        ("A117", "1", {"numbers": "number"}, "number letter-a 100 17 please-to kind-platz 1"),
        ("A100", "1", {"numbers": "number"}, "number letter-a 100 please-to kind-platz 1"),
        ("A1000", "1", {"numbers": "number"}, "number letter-a 1000 please-to kind-platz 1"),
        ("A1001", "1", {"numbers": "number"}, "number letter-a 1000 1 please-to kind-platz 1"),
        ("A9999", "1", {"numbers": "number"},
         "number letter-a 9000 900 99 please-to kind-platz 1"),
        ("A000", "1", {"numbers": "number"}, "number letter-a 0 please-to kind-platz 1"),
        # As digits.
        ("A17", "1", {"numbers": "digits"}, "number letter-a 1 7 please-to kind-platz 1"),
        ("A17", "far", {"numbers": "digits"}, "number letter-a 1 7 please-to kind-buero 1 1 2"),
        # "zwo", wherever "zwei" is heard.
        ("A022", "2", {"two": "zwo"}, "number letter-a 0 2-zwo 2-zwo please-to kind-platz 2-zwo"),
        ("A22", "1", {"two": "zwo"}, "number letter-a 22-zwo please-to kind-platz 1"),
        ("A12", "1", {"two": "zwo"}, "number letter-a 12 please-to kind-platz 1"),
        ("A20", "1", {"two": "zwo"}, "number letter-a 20 please-to kind-platz 1"),
        ("A2202", "1", {"two": "zwo", "numbers": "number"},
         "number letter-a 2000-zwo 200-zwo 2-zwo please-to kind-platz 1"),
        # The short form.
        ("A017", "3", {"short": True}, "letter-a 0 1 7 kind-platz 3"),
        ("A017", "info", {"short": True}, "letter-a 0 1 7 counter-info"),
        # Signs of all kinds.
        ("A017", "info", {}, "number letter-a 0 1 7 please counter-info"),
        ("A017", "desk", {}, "number letter-a 0 1 7 please counter-desk"),
        ("A017", "room", {}, "number letter-a 0 1 7 please-to kind-raum 0 1 7"),
        ("A017", "far", {}, "number letter-a 0 1 7 please-to kind-buero 1 1 2"),
        ("A017", "far", {"numbers": "number"},
         "number letter-a 17 please-to kind-buero 100 12"),
        # Nobody said how these are spoken; the wall shows them.
        ("A017", "floor", {}, "number letter-a 0 1 7"),
        ("A017", "wing", {}, "number letter-a 0 1 7"),
        ("A017", "gone", {}, "number letter-a 0 1 7"),
    ],
)  # fmt: skip
def test_a_german_client_hears_number_then_counter(number, counter, how, expected):
    """S-1"""
    assert heard(number, counter, **how) == expected


@pytest.mark.parametrize(
    ("number", "counter", "how", "expected"),
    [
        ("A017", "1", {}, "number letter-a 0 1 7 please-to kind-counter 1"),
        ("A117", "1", {"numbers": "number"},
         "number letter-a 100 and 17 please-to kind-counter 1"),
        ("A100", "1", {"numbers": "number"}, "number letter-a 100 please-to kind-counter 1"),
        ("A1002", "1", {"numbers": "number"},
         "number letter-a 1000 and 2 please-to kind-counter 1"),
        ("A022", "1", {"two": "zwo"}, "number letter-a 0 2 2 please-to kind-counter 1"),
        ("A017", "info", {}, "number letter-a 0 1 7 please-to counter-info"),
        ("A017", "2", {}, "number letter-a 0 1 7 please-to kind-platz 2"),
    ],
)  # fmt: skip
def test_an_english_call_has_the_same_order(number, counter, how, expected):
    """S-1; a sign that stands there in German only is spoken as it stands there."""
    assert heard(number, counter, "en", **how) == expected


def read_back(clips):
    """A client who writes down what she hears: letters, then one number or digits."""
    letters = "".join(c.removeprefix("letter-") for c in clips if c.startswith("letter-"))
    values = [int(c.split("-")[1]) for c in clips if c.startswith("n-")]
    return letters.upper(), values


@pytest.mark.parametrize("counter", ["floor", "wing"])
def test_a_sign_that_engines_misread_is_never_spoken_as_it_stands(counter):
    """S-1"""
    call = spoken(OFFICE, "A017", counter, "de")
    assert not call.whole and call.kind is None


@given(
    prefix=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=2),
    value=st.integers(1, 9999),
    width=st.integers(1, 4),
    numbers=st.sampled_from(["auto", "number", "digits"]),
    two=st.sampled_from(["zwei", "zwo"]),
    language=st.sampled_from(sorted(TONGUES)),
    short=st.booleans(),
)
def test_whoever_writes_down_what_she_hears_has_the_printed_number(
    prefix, value, width, numbers, two, language, short
):
    """S-1, for every number that can stand on a ticket."""
    call = Spoken(prefix, value, max(width, len(str(value))))
    clips = [p.clip for p in pieces(call, language, numbers=numbers, two=two, short=short)]
    printed = f"{value:0{call.width}d}"
    letters, values = read_back(clips)
    assert letters == prefix
    if numbers == "digits" or (numbers == "auto" and (len(printed) >= 3 or printed[0] == "0")):
        assert "".join(map(str, values)) == printed
    else:
        assert sum(values) == value
        assert values == sorted(values, reverse=True)


def test_the_counter_comes_after_a_pause_and_nothing_waits_at_the_start():
    found = pieces(spoken(OFFICE, "A017", "3", "de"), "de")
    assert found[0].after == 0
    assert [p.clip for p in found if p.after == PHRASE_PAUSE] == ["please-to"]
    short = pieces(spoken(OFFICE, "A017", "3", "de"), "de", short=True)
    assert short[0].after == 0
    assert [p.clip for p in short if p.after == PHRASE_PAUSE] == ["kind-platz"]


def test_an_administrator_is_told_which_signs_nobody_can_pronounce():
    """S-1"""
    assert spoken_remarks(OFFICE) == [
        'counter[floor].say: calls leave "Raum 1.17" out; write how it is spoken, { de = "…" }',
        'counter[wing].say: calls leave "Zimmer A-3" out; write how it is spoken, { de = "…" }',
    ]


def test_an_administrator_who_writes_digits_into_say_is_told():
    """S-1"""
    told = office(counters=SIGNS.replace('"zur Info-Theke"', '"zu Raum 1.17"'))
    assert any("write them as words" in remark for remark in spoken_remarks(told))


def test_say_goes_before_the_sign_even_if_that_can_be_taken_apart():
    sign = '{ de = "Raum 017" }'
    told = office(counters=SIGNS.replace(sign, f'{sign}\nsay = {{ de = "Raum siebzehn" }}'))
    assert spoken(told, "A017", "room", "de").whole


def test_calls_are_spoken_in_the_offices_first_language_only_unless_it_wants_more():
    """S-9: a second language is an option, off as shipped, and nothing of a ticket chooses it."""
    assert office().spoken_languages() == ["de"]
    several = office('languages = ["de", "en", "de"]')
    assert several.spoken_languages() == ["de", "en"]


@pytest.mark.parametrize(
    ("word", "name"),
    [("Platz", "platz"), ("Büro", "buero"), ("Straße", "strasse"), ("Café", "cafe")],
)
def test_names_of_clips_are_ascii(word, name):
    assert slug(word) == name


def test_words_in_other_scripts_get_a_name_of_their_own():
    assert re.fullmatch("kind-[0-9a-f]{10}", kind_clip("مكتب"))
    assert slug("مكتب") != slug("غرفة")
