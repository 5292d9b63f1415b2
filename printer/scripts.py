"""Decides how a text is written: which font has its letters, and in which direction they run."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from PIL import features

from .fonts import (
    BOLD,
    ETHIOPIC,
    ETHIOPIC_BOLD,
    REGULAR,
    FontMissing,
    find_font,
    has_font,
    has_letter,
)

RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "fa", "prs", "ps", "ur", "he", "ckb"})
RIGHT_TO_LEFT_LETTERS = frozenset({"R", "AL"})
NO_LETTERS = frozenset({"Cc", "Cf", "Mn"})  # steering marks and accents have no width of their own
MOST_LOST = 0.2  # a line that loses more than a fifth of its letters says something else
SHAPING_CURE = "install libfribidi0 (apt install libfribidi0)"


class NotWritable(Exception):
    """This machine can't put the text on paper; the message says why."""


@dataclass(frozen=True)
class Script:
    """`language` is the hint for the shapes of letters; None where nothing is shaped."""

    right_to_left: bool = False
    language: str | None = None


def self_test() -> list[str]:
    """What this machine can't print, as sentences with the cure; empty when all is well."""
    sentences = [_font_trouble(name) for name in (REGULAR, BOLD)]
    if not may_shape():
        sentences.append(
            "Arabic, Farsi and other languages written from right to left are left out on paper, "
            f"because libraqm or FriBiDi is missing: {SHAPING_CURE}"
        )
    return [sentence for sentence in sentences if sentence]


def may_shape() -> bool:
    """Whether letters can be joined and ordered on this machine."""
    # Pillow loads FriBiDi at run time; without it Arabic comes out unjoined and backwards.
    return bool(features.check_feature("raqm")) and bool(features.check_feature("fribidi"))


def script_of(text: str, language: str) -> Script:
    """How this text runs. Raises NotWritable when it needs shaping and there is none."""
    if not runs_right_to_left(text, language):
        return Script()
    if not may_shape():
        # Unjoined letters in the wrong order are worse than the German line alone.
        raise NotWritable(f"libraqm or FriBiDi is missing: {SHAPING_CURE}")
    return Script(right_to_left=True, language=_main_part(language) or None)


def runs_right_to_left(text: str, language: str) -> bool:
    """Looks at the letters too: a German line on an Arabic client's slip runs left to right."""
    directions = [unicodedata.bidirectional(letter) for letter in text]
    strong = [direction for direction in directions if direction in {"L", "R", "AL"}]
    if not RIGHT_TO_LEFT_LETTERS.intersection(strong):
        return False
    return strong[0] != "L" or _main_part(language) in RIGHT_TO_LEFT_LANGUAGES


def writable_part(text: str, bold: bool) -> str:
    """The text without letters that no font has. Raises NotWritable when too little is left."""
    counted = [letter for letter in text if _counts(letter)]
    missing = {letter for letter in counted if font_of(letter, bold) is None}
    lost = sum(letter in missing for letter in counted)
    if lost > MOST_LOST * len(counted) or lost == len(counted):
        names = sorted(unicodedata.name(letter, "?") for letter in missing)
        raise NotWritable(f"no font has its letters: {', '.join(names):.80}")
    return "".join(letter for letter in text if letter not in missing)


@lru_cache(maxsize=4096)
def runs(text: str, bold: bool) -> tuple[tuple[str, str], ...]:
    """The text in pieces of one font each: (font, piece)."""
    usual = fonts(bold)[0]
    pieces = groupby(text, lambda letter: font_of(letter, bold) or usual)
    return tuple((font, "".join(letters)) for font, letters in pieces)


@lru_cache(maxsize=8192)
def font_of(letter: str, bold: bool) -> str | None:
    """The first font that has the letter."""
    return next((name for name in fonts(bold) if has_letter(name, letter)), None)


@lru_cache
def fonts(bold: bool) -> tuple[str, ...]:
    """The fonts of this machine in the order they are tried. Raises FontMissing."""
    usual, ethiopic = (BOLD, ETHIOPIC_BOLD) if bold else (REGULAR, ETHIOPIC)
    find_font(usual)
    return (usual, ethiopic) if has_font(ethiopic) else (usual,)


def _font_trouble(name: str) -> str | None:
    try:
        find_font(name)
    except FontMissing as missing:
        return f"nothing can be printed: {missing}"
    return None


def _counts(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) not in NO_LETTERS


def _main_part(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
