"""The words on screen and paper: one set of gettext catalogues, also outside of requests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "shared" / "words"
ENDONYMS = {"de": "Deutsch", "en": "English"}


@cache
def catalogue(language: str) -> NullTranslations:
    """The catalogue of a language; English sentences stand in the code itself."""
    return Translations.load(CATALOGUES, [language])


@cache
def text_direction(language: str) -> str:
    """The `dir` of a text in that language: "ltr", or "rtl" for Arabic, Farsi …"""
    try:
        return Locale.parse(language, sep="-").text_direction
    except (ValueError, UnknownLocaleError):
        return "ltr"


def say(language: str, sentence: str, /, **values: object) -> str:
    """The sentence in that language, with its %(name)s filled in."""
    text = catalogue(language).gettext(sentence)
    return text % values if values else text


def say_number(language: str, one: str, many: str, count: int) -> str:
    """The right plural form, with %(count)s filled in."""
    return catalogue(language).ngettext(one, many, count) % {"count": count}
