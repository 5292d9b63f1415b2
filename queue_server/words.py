"""The words on screen and paper: one set of gettext catalogues, also outside of requests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "shared" / "words"
ENDONYMS = {"de": "Deutsch", "en": "English"}


@cache
def catalogue(language: str) -> NullTranslations:
    """The catalogue of a language; English sentences stand in the code itself."""
    return Translations.load(CATALOGUES, [language])


def say(language: str, sentence: str, /, **values: object) -> str:
    """The sentence in that language, with its %(name)s filled in."""
    text = catalogue(language).gettext(sentence)
    return text % values if values else text


def say_number(language: str, one: str, many: str, count: int) -> str:
    """The right plural form, with %(count)s filled in."""
    return catalogue(language).ngettext(one, many, count) % {"count": count}
