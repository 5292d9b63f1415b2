"""Turns a slip into a job of letters instead of dots: for serial lines and very slow printers.

The printer's own letters know one code page. What that can't write, Arabic or Cyrillic on a Western
page, is left out; the German lines say the same.
"""

from __future__ import annotations

import logging
import textwrap
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .escpos_job import begin, finish, new_composer
from .letter_cells import CELL_WIDTH
from .qr_code import draw_modules
from .slip_layout import blocks_of

log = logging.getLogger(__name__)

LARGEST_NUMBER = 8  # times the usual size in each direction
QR_BOX = 6
QR_QUIET_ZONE = 8  # modules, both sides together
QR_LEVEL_M = 1
BULLET = "- "
MARK_SIGNS = "*** {} ***"
# What Unicode does not take apart into a letter and its accent.
PLAIN = str.maketrans(
    "łŁıđĐøØіІґҐ’‘‚“”„–—•\u00a0\u202f",
    "lLidDoOiIгГ'''\"\"\"---  ",
)


@dataclass(frozen=True)
class Type:
    """How one kind of text is printed."""

    size: int = 1
    bold: bool = False
    blank_above: bool = False


TYPES = {
    "mark": Type(2, bold=True),
    "office": Type(bold=True),
    "caption": Type(blank_above=True),
    "concern": Type(2, bold=True),  # the large number above brings white of its own
    "wait": Type(bold=True),
    "line": Type(),
    "notice": Type(blank_above=True),
    "small": Type(blank_above=True),
}


def compose_text(
    slip: Mapping[str, object],
    codepage: str = "CP1252",
    columns: int = 48,
    cut: str = "partial",
    buzzer: bytes = b"",
    profile: str = "default",
) -> bytes:
    """Reset, lines, code, cut. Raises ValueError for a broken slip or an unknown code page.

    `profile` is python-escpos' name for the printer: it says under which number this model keeps
    the code page.
    """
    composer = new_composer(columns * CELL_WIDTH, profile)
    begin(composer)
    _choose_codepage(composer, codepage)
    composer.set(align="center")
    writer = _Writer(composer, columns, str(slip.get("language") or ""))
    for block in blocks_of(slip):
        PRINTED.get(block["kind"], _Writer.text)(writer, block)
    return finish(composer, cut, buzzer)


def _choose_codepage(composer: Any, codepage: str) -> None:
    try:
        # One page for all: left alone, the library takes the Greek one for a euro sign.
        composer.magic.force_encoding(codepage)
    except (KeyError, ValueError, LookupError) as error:
        raise ValueError(f'this printer profile has no code page "{codepage}"') from error


class _Writer:
    """Writes blocks; `columns` letters of the usual size fill a line."""

    def __init__(self, composer: Any, columns: int, language: str) -> None:
        self._composer = composer
        self._columns = columns
        self._language = language

    def text(self, block: Mapping[str, Any]) -> None:
        """Lines in the type of their kind."""
        words = self._words(block, block["text"])
        if words:
            self._print(words, TYPES[block["kind"]])

    def mark(self, block: Mapping[str, Any]) -> None:
        words = self._words(block, block["text"])
        if words:
            self._print(MARK_SIGNS.format(words), TYPES["mark"])
            self._composer.ln()

    def number(self, block: Mapping[str, Any]) -> None:
        """As large as the paper allows, on one line. Raises ValueError when it has no letters."""
        words = self._words(block, block["text"])
        if not words:
            raise ValueError(f"the number {block['text']!r} has letters this code page can't write")
        size = max(1, min(LARGEST_NUMBER, self._columns // len(words)))
        self._print(words, Type(size, bold=True))

    def rule(self, _block: Mapping[str, Any]) -> None:
        self._print("-" * self._columns, Type())

    def bring(self, block: Mapping[str, Any]) -> None:
        """A heading and its list, at the left so that the eye finds the next one."""
        items = [self._words(block, item) for item in block.get("items", [])]
        heading = self._words(block, block["text"])
        if not heading:
            return
        self._composer.set(align="left")
        self._print(heading, Type(bold=True, blank_above=True))
        for item in items:
            self._print(item, Type(), BULLET) if item else None
        self._composer.set(align="center")

    def qr(self, block: Mapping[str, Any]) -> None:
        """The printer draws the code itself: 80 bytes instead of thousands."""
        modules = draw_modules(block["text"]).width + QR_QUIET_ZONE
        size = min(QR_BOX, self._columns * CELL_WIDTH // modules)
        if not size:
            raise ValueError("the link is too long for a QR code on this paper")
        self._composer.ln()
        self._composer.qr(block["text"], native=True, size=size, ec=QR_LEVEL_M)
        caption = str(block.get("caption") or "")
        words = self._words(block, caption) if caption.strip() else ""
        if words:
            self._print(words, Type(blank_above=True))
        self._composer.ln()

    def nothing(self, block: Mapping[str, Any]) -> None:
        """Letters can't show a picture."""

    def _print(self, words: str, look: Type, bullet: str = "") -> None:
        composer, size = self._composer, look.size
        if look.blank_above:
            composer.ln()
        composer.set(custom_size=True, width=size, height=size, bold=look.bold)
        for line in wrapped(words, self._columns // size, bullet):
            composer.textln(line)
        composer.set(custom_size=True, width=1, height=1, bold=False)

    def _words(self, block: Mapping[str, Any], text: str) -> str:
        """The text as this code page can write it; empty when it can't."""
        clean = " ".join(_without_controls(text).split())
        nearest = [(letter, self._nearest(letter)) for letter in clean]
        if any(letter.isalpha() and near is None for letter, near in nearest):
            language = block.get("language") or self._language or "?"
            log.info("a %s in %s is left out: no letters for it", block["kind"], language)
            return ""
        return "".join(near or "" for _, near in nearest).strip()

    def _nearest(self, letter: str) -> str | None:
        magic = self._composer.magic
        plain = unicodedata.normalize("NFKD", letter.translate(PLAIN))
        base = "".join(part for part in plain if not unicodedata.combining(part))
        for candidate in (letter, base):
            if all(magic.encoder.can_encode(magic.encoding, part) for part in candidate):
                return candidate
        return None


Printed = Callable[[_Writer, Mapping[str, Any]], None]

PRINTED: dict[str, Printed] = {
    "logo": _Writer.nothing,
    "mark": _Writer.mark,
    "number": _Writer.number,
    "rule": _Writer.rule,
    "bring": _Writer.bring,
    "qr": _Writer.qr,
}


def wrapped(words: str, columns: int, bullet: str = "") -> list[str]:
    """Lines of at most so many letters: what is longer the printer would break anywhere."""
    lines = narrower = _wrap(words, columns, bullet)
    longest = max(map(len, words.split()))
    # A single word on the last line looks like a mistake.
    while len(narrower) == len(lines) and columns > longest and not bullet:
        lines, columns = narrower, columns - 1
        narrower = _wrap(words, columns, bullet)
    return lines


def _wrap(words: str, columns: int, bullet: str) -> list[str]:
    indent = " " * len(bullet)
    width = max(columns, len(bullet) + 1)
    return textwrap.wrap(words, width, initial_indent=bullet, subsequent_indent=indent)


def _without_controls(text: str) -> str:
    # A control character in a concern's name would be a command for the printer.
    kept = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in kept)
