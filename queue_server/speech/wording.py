"""From a number and a counter to the clips of a call (S-1). Pure; no files, no engine.

Signs are for eyes: an engine reads "A 017" as "A null siebzehn" and "Raum 1.17" as "eins punkt
siebzehn". So nothing with a digit in it ever reaches an engine; it is taken apart here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from ..config import Config, CounterSection
from .languages import TONGUES, Tongue

Numbers = Literal["auto", "number", "digits"]
Two = Literal["zwei", "zwo"]

# Seconds of silence: enough to tell digits apart, short enough for a call of 5.5 s (S-4).
WORD_PAUSE = 0.02
DIGIT_PAUSE = 0.03
PHRASE_PAUSE = 0.2

WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"
WORD_AND_NUMBER = re.compile(rf"({WORD}) (\d{{1,4}})")
ONLY_WORDS = re.compile(rf"{WORD}(?: {WORD})*")
GERMAN_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS"}
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call as structure.

    `width` and `place_width` are digits as printed, e.g. 3 for "017". A sign of a word and a
    number has `kind` and `place_number`; any other is `whole`, or silent when nobody said how.
    """

    prefix: str
    value: int
    width: int
    counter: str = ""
    kind: str | None = None
    place_number: int | None = None
    place_width: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip, and the seconds of silence before it."""

    clip: str
    after: float


def spoken(config: Config, number: str, counter: str, language: str) -> Spoken:
    """The structure of a call, e.g. of "A017" to counter "3".

    Raises ValueError when `number` does not end in digits.
    """
    prefix, value, width = _parts(number)
    section = config.counter(counter)
    split = sign(config, section, language) if section else None
    if split is not None:
        place = split[1]
        return Spoken(prefix, value, width, counter, split[0], int(place), len(place))
    whole = section is not None and bool(whole_text(config, section, language))
    return Spoken(prefix, value, width, counter, whole=whole)


def _parts(number: str) -> tuple[str, int, int]:
    prefix = number.rstrip("0123456789")
    digits = number[len(prefix) :]
    return prefix, int(digits), len(digits)


def sign(config: Config, counter: CounterSection, language: str) -> tuple[str, str] | None:
    """("Platz", "3") of the sign "Platz 3"; None when it is spoken whole."""
    if language in counter.say:
        return None
    found = WORD_AND_NUMBER.fullmatch(config.words(counter.label, language))
    return (found[1], found[2]) if found else None


def whole_text(config: Config, counter: CounterSection, language: str) -> str:
    """What is said for a sign that is spoken whole; empty when nobody said how."""
    label = config.words(counter.label, language)
    return counter.say.get(language) or (label if ONLY_WORDS.fullmatch(label) else "")


def pieces(
    call: Spoken,
    language: str,
    *,
    numbers: Numbers = "auto",
    two: Two = "zwei",
    short: bool = False,
) -> list[Piece]:
    """The clips of a call in order; `short` leaves "Nummer" and "bitte zu" out (S-4)."""
    speaker = _Speaker(TONGUES[language], numbers, two)
    lead = [] if short else [Piece("number", 0.0)]
    ticket = [*lead, *_letters(call.prefix), *speaker.number(call.value, call.width)]
    place = list(speaker.place(call, short))
    return [*_begun_after(ticket, 0.0), *_begun_after(place, PHRASE_PAUSE)]


def _begun_after(clips: list[Piece], pause: float) -> list[Piece]:
    return [Piece(clips[0].clip, pause), *clips[1:]] if clips else []


def _letters(prefix: str) -> Iterator[Piece]:
    for letter in prefix:
        yield Piece(f"letter-{letter.lower()}", WORD_PAUSE)


@dataclass(frozen=True, slots=True)
class _Speaker:
    tongue: Tongue
    numbers: Numbers
    two: Two

    def number(self, value: int, width: int) -> Iterator[Piece]:
        printed = f"{value:0{width}d}"
        if self.says_digits(printed):
            yield from (Piece(self.clip(int(digit)), DIGIT_PAUSE) for digit in printed)
        else:
            yield from (Piece(clip, WORD_PAUSE) for clip in self.parts(value))

    def says_digits(self, printed: str) -> bool:
        if self.numbers == "auto":
            return len(printed) >= 3 or (printed.startswith("0") and printed != "0")
        return self.numbers == "digits"

    def parts(self, value: int) -> Iterator[str]:
        """1117 → eintausend, einhundert, siebzehn; English puts "and" before the last."""
        large = [value // 1000 * 1000, value % 1000 // 100 * 100]
        rest = value % 100
        yield from (self.clip(part) for part in large if part)
        if rest and any(large) and self.tongue.link:
            yield self.tongue.link
        if rest or not any(large):
            yield self.clip(rest)

    def clip(self, value: int) -> str:
        zwo = self.two == "zwo" and self.tongue.has_zwo and has_two(value)
        return f"n-{value}-zwo" if zwo else f"n-{value}"

    def place(self, call: Spoken, short: bool) -> Iterator[Piece]:
        if call.kind is not None and call.place_number is not None:
            if not short:
                yield Piece("please-to", 0.0)
            yield Piece(kind_clip(call.kind), WORD_PAUSE)
            yield from self.number(call.place_number, call.place_width)
        elif call.whole:
            if not short:
                yield Piece(self.tongue.lead, 0.0)
            yield Piece(counter_clip(call.counter), WORD_PAUSE)


def has_two(value: int) -> bool:
    """Whether the word for this number has a "zwei" in it: 2, 22, 200, 2000, but not 12 and 20."""
    return value in (2, 200, 2000) or (20 < value < 100 and value % 10 == 2)


def kind_clip(word: str) -> str:
    """ "kind-platz" for "Platz"."""
    return f"kind-{slug(word)}"


def counter_clip(key: str) -> str:
    """ "counter-info" for the counter "info"."""
    return f"counter-{key}"


def slug(word: str) -> str:
    """The word as a file name in ASCII; words in other scripts get a name that is only unique."""
    plain = unicodedata.normalize("NFKD", word.translate(GERMAN_LETTERS))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return letters if letters.isascii() else sha256(word.encode()).hexdigest()[:10]


def spoken_remarks(config: Config) -> list[str]:
    """Counters whose sign cannot be spoken as it stands: one sentence each."""
    return [
        remark
        for language in config.spoken_languages()
        for counter in config.counters
        for remark in _counter_remarks(config, counter, language)
    ]


def _counter_remarks(config: Config, counter: CounterSection, language: str) -> Iterator[str]:
    where = f"counter[{counter.key}].say"
    if any(letter.isdigit() for letter in counter.say.get(language, "")):
        yield f'{where}: "{counter.say[language]}" has digits; write them as words'
    elif not sign(config, counter, language) and not whole_text(config, counter, language):
        label = config.words(counter.label, language)
        yield f'{where}: calls leave "{label}" out; write how it is spoken, {{ {language} = "…" }}'
