"""What calls are made of in each language, as data: a further language is one more entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

WORDS_PER_MINUTE = 150  # a call with its gong keeps to 5.5 s (S-4)


@dataclass(frozen=True, slots=True)
class Tongue:
    """One spoken language.

    `phrases`: clip → text. `word`: the text of 0 … 99, of whole hundreds up to 900 and of whole
    thousands up to 9000; larger numbers are put together from these. `link`: the clip between
    hundreds and the rest ("one hundred *and* seventeen"), empty where there is none.
    `lead`: the clip before a sign that is spoken whole. `espeak`: the engine's name of the voice.
    `has_zwo`: whether "two" may be said in the way that nobody mistakes for "three".
    """

    phrases: Mapping[str, str]
    word: Callable[[int], str]
    link: str
    lead: str
    espeak: str
    has_zwo: bool = False


GERMAN_UNITS = (
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
    "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn",
    "neunzehn",
)  # fmt: skip
GERMAN_TENS = (
    "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
)  # fmt: skip
ENGLISH_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
ENGLISH_TENS = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip


def german(value: int) -> str:
    """ "siebzehn", "einundzwanzig", "einhundert", "eintausend"."""
    if value >= 1000:
        return f"{_german_before(value // 1000)}tausend"
    if value >= 100:
        return f"{_german_before(value // 100)}hundert"
    if value < 20:
        return GERMAN_UNITS[value]
    tens, unit = divmod(value, 10)
    return f"{_german_before(unit)}und{GERMAN_TENS[tens]}" if unit else GERMAN_TENS[tens]


def _german_before(unit: int) -> str:
    return "ein" if unit == 1 else GERMAN_UNITS[unit]


def english(value: int) -> str:
    """ "seventeen", "twenty-one", "one hundred", "one thousand"."""
    if value >= 1000:
        return f"{ENGLISH_UNITS[value // 1000]} thousand"
    if value >= 100:
        return f"{ENGLISH_UNITS[value // 100]} hundred"
    if value < 20:
        return ENGLISH_UNITS[value]
    tens, unit = divmod(value, 10)
    return f"{ENGLISH_TENS[tens]}-{ENGLISH_UNITS[unit]}" if unit else ENGLISH_TENS[tens]


TONGUES: Mapping[str, Tongue] = {
    "de": Tongue(
        phrases={"number": "Nummer", "please-to": "bitte zu", "please": "bitte"},
        word=german,
        link="",
        # Not "bitte zu": "bitte zu Info-Theke" is wrong, "bitte zur Info-Theke" can't be guessed.
        lead="please",
        espeak="de",
        has_zwo=True,
    ),
    "en": Tongue(
        phrases={"number": "number", "please-to": "please go to", "and": "and"},
        word=english,
        link="and",
        lead="please-to",
        espeak="en-gb",
    ),
}
