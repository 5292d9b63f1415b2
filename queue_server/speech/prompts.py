"""Which clips an office's calls are made of in a language, and the text of each."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from ..config import Config
from .languages import TONGUES
from .wording import (
    Piece,
    counter_clip,
    has_two,
    kind_clip,
    pieces,
    sign,
    spoken,
    whole_text,
)

# Clips that something always follows: a comma keeps the voice of an engine up.
NEVER_LAST = ("number", "please", "please-to", "and", "letter-", "kind-")
SPEAKABLE = tuple(range(100)) + tuple(range(100, 1000, 100)) + tuple(range(1000, 10000, 1000))


def prompts(config: Config, language: str) -> dict[str, str]:
    """Clip → text to be spoken or recorded, for every call that this office can make.

    Found by going through all its numbers and counters, so no call can lack a clip.
    """
    texts = all_texts(language) | dict(_sign_texts(config, language))
    needed = {piece.clip for piece in _all_pieces(config, language)}
    return {clip: text for clip, text in texts.items() if clip in needed}


def all_texts(language: str) -> dict[str, str]:
    """Clip → text of all that does not depend on an office: phrases, letters, numbers."""
    tongue = TONGUES[language]
    letters = {f"letter-{letter}": letter.upper() for letter in ascii_lowercase}
    numbers = {f"n-{value}": tongue.word(value) for value in SPEAKABLE}
    zwo = {
        f"n-{value}-zwo": _zwo(tongue.word(value))
        for value in SPEAKABLE
        if tongue.has_zwo and has_two(value)
    }
    return {**tongue.phrases, **letters, **numbers, **zwo}


def engine_text(clip: str, text: str) -> str:
    """The text as an engine gets it."""
    # Alone or in a small word the capital sharp s is spelled: "es-zet".
    words = (word.capitalize() if "ẞ" in word else word for word in text.split(" "))
    said = " ".join(words)
    return f"{said}," if clip.startswith(NEVER_LAST) else said


def _zwo(text: str) -> str:
    # In one word an engine reads "zwound", as in wound.
    return text.replace("zweiund", "zwo-und-").replace("zwei", "zwo")


def _sign_texts(config: Config, language: str) -> Iterator[tuple[str, str]]:
    for counter in config.counters:
        split = sign(config, counter, language)
        if split is not None:
            yield kind_clip(split[0]), split[0]
        else:
            yield counter_clip(counter.key), whole_text(config, counter, language)


def _all_pieces(config: Config, language: str) -> Iterator[Piece]:
    any_number = config.number_series(config.series[0].key).label(config.series[0].first)
    for counter in config.counters:
        yield from _pieces(config, any_number, counter.key, language)
    for section in config.series:
        series = config.number_series(section.key)
        for value in range(series.first, series.last + 1):
            yield from _pieces(config, series.label(value), "", language)


def _pieces(config: Config, number: str, counter: str, language: str) -> list[Piece]:
    call = spoken(config, number, counter, language)
    return pieces(call, language, numbers=config.sound.numbers, two=config.sound.two)
