"""Sets words on paper: shrink, wrap, centre. Never clips: what does not fit goes on a new line."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from PIL import Image, ImageDraw, ImageFont

from .fonts import load_font
from .line_breaks import (
    HARD_SPACES,
    JOINTS,
    balance,
    pieces_anywhere,
    pieces_at_seams,
    words_of,
    wrap,
)
from .scripts import Script, runs, script_of, writable_part

WHITE = 255
GREY_BECOMES_BLACK_BELOW = 150
SIZE_STEP = 2
OVERHANG = 2  # dots that a letter's ink may stand out of its own width, on each side
CUT_COSTS = 4  # in dots, too
LINE_COSTS = 8  # a second line is accepted before letters shrink by more dots than this
RIGHT_TO_LEFT_GROWS = 1.15  # Arabic letters are smaller than Latin ones of the same size
SOFTENED = str.maketrans(HARD_SPACES, " " * len(HARD_SPACES))
THRESHOLD = [0 if grey < GREY_BECOMES_BLACK_BELOW else WHITE for grey in range(256)]

Side = Literal["start", "middle"]


@dataclass(frozen=True)
class Lettering:
    """How one kind of text looks: it starts `largest` and shrinks to `smallest` dots."""

    largest: int
    smallest: int
    bold: bool = False
    side: Side = "middle"

    def at(self, dpi: int) -> Lettering:
        """The same size on paper, for another number of dots per inch. The numbers are for 203."""
        return self.times(dpi / 203)

    def times(self, factor: float) -> Lettering:
        """The same lettering, larger or smaller."""
        largest, smallest = (round(size * factor) for size in (self.largest, self.smallest))
        return replace(self, largest=largest, smallest=smallest)


@dataclass(frozen=True)
class Setting:
    """The lines of a text and the size they are set in."""

    lines: tuple[str, ...]
    size: int
    bold: bool
    script: Script

    def width_of(self, text: str) -> float:
        """How far the pen moves for this text."""
        return _width(text, self.size, self.bold, self.script)

    @property
    def hyphen(self) -> str:
        # Arabic letters join their neighbours, and a hyphen between them says nothing.
        return "" if self.script.right_to_left else "-"

    def parts_of(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """The text in pieces of one font each."""
        text = text.translate(SOFTENED)
        if self.script.right_to_left:  # shaped as a whole: letters change with their neighbours
            return [(load_font(self.size, runs(text, self.bold)[0][0], shaping=True), text)]
        return [(load_font(self.size, name), part) for name, part in runs(text, self.bold)]


@lru_cache(maxsize=512)
def set_text(text: str, look: Lettering, width: int, language: str) -> Image.Image:
    """A black-and-white strip of `width` dots with the text on as many lines as it needs.

    Raises NotWritable. Kept and shared, because most of a slip's words are on every slip: the strip
    must not be changed.
    """
    setting = choose_lines(text, look, width, language)
    above, below = _room_for_lines(setting)
    gap = setting.size // 8
    strip = Image.new("L", (width, (above + below + gap) * len(setting.lines)), WHITE)
    pen = ImageDraw.Draw(strip)
    for row, line in enumerate(setting.lines):
        base_line = row * (above + below + gap) + above
        write(pen, (_start(line, setting, look.side, width), base_line), line, setting)
    return without_grey(strip)


def choose_lines(text: str, look: Lettering, width: int, language: str) -> Setting:
    """The lines and their size: few lines, large letters, none wider than `width`.

    Raises NotWritable.
    """
    text = writable_part(unicodedata.normalize("NFC", _without_controls(text)), look.bold)
    script = script_of(text, language)
    look = look.times(RIGHT_TO_LEFT_GROWS) if script.right_to_left else look
    words, room = words_of(text), width - 2 * OVERHANG
    settings = list(_possible(words, look, script, room))
    best = min(settings or [_cut_to_fit(words, look, script, room)], key=_cost)
    return replace(best, lines=balance(best.lines, best.width_of, room))


def without_grey(strip: Image.Image) -> Image.Image:
    """Black and white by our own threshold: the library would dither, which makes ragged stems."""
    return strip.point(THRESHOLD, "1")


def write(
    pen: ImageDraw.ImageDraw, place: tuple[float, float], line: str, setting: Setting
) -> None:
    """One line with the left end of its base line at `place`."""
    x, y = place
    for font, part in setting.parts_of(line):
        pen.text((x, y), part, 0, font, "ls", **_shaping(setting.script))
        x += font.getlength(part, **_shaping(setting.script))


def _possible(words: list[str], look: Lettering, script: Script, room: float) -> Iterator[Setting]:
    """The sizes in which the words fit, from the largest down."""
    for size in range(look.largest, look.smallest - 1, -SIZE_STEP):
        setting = _try(words, Setting((), size, look.bold, script), room)
        if setting.lines:
            yield setting
        if len(setting.lines) == 1:
            return  # nothing smaller is better


def _try(words: list[str], setting: Setting, room: float) -> Setting:
    """The words in this size; without lines when one of them is too wide."""
    pieces = [
        piece
        for word in words
        for piece in pieces_at_seams(word, setting.width_of, room, setting.hyphen)
    ]
    return replace(setting, lines=wrap(pieces, setting.width_of, room))


def _cut_to_fit(words: list[str], look: Lettering, script: Script, room: float) -> Setting:
    setting = Setting((), look.smallest, look.bold, script)
    pieces = [
        piece
        for word in words
        for part in pieces_at_seams(word, setting.width_of, room, setting.hyphen)
        for piece in pieces_anywhere(part, setting.width_of, room, setting.hyphen)
    ]
    return replace(setting, lines=wrap(pieces, setting.width_of, room))


def _cost(setting: Setting) -> tuple[int, int]:
    lines = len(setting.lines)
    cuts = sum(line[-1] in JOINTS for line in setting.lines)
    return lines * LINE_COSTS + cuts * CUT_COSTS - setting.size, lines


def _without_controls(text: str) -> str:
    """A concern's name may come from a web form: a control character must not become a box."""
    return "".join(
        " " if letter.isspace() and letter not in HARD_SPACES else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) != "Cc"
    )


@lru_cache(maxsize=8192)
def _width(text: str, size: int, bold: bool, script: Script) -> float:
    parts = Setting((), size, bold, script).parts_of(text)
    return sum(font.getlength(part, **_shaping(script)) for font, part in parts)


def _room_for_lines(setting: Setting) -> tuple[int, int]:
    """Dots above and below the base line. A font's own figures are for its usual letters only."""
    above, below = load_font(setting.size).getmetrics()
    for line in setting.lines:
        for font, part in setting.parts_of(line):
            box = font.getbbox(part, anchor="ls", **_shaping(setting.script))
            above, below = max(above, math.ceil(-box[1])), max(below, math.ceil(box[3]))
    return above, below


def _start(line: str, setting: Setting, side: Side, width: int) -> int:
    spare = width - setting.width_of(line)
    if side == "middle":
        return round(spare / 2)
    return int(spare) - OVERHANG if setting.script.right_to_left else OVERHANG


def _shaping(script: Script) -> dict[str, Any]:
    # Asked for only where it is needed: without libraqm these options are an error.
    return {"direction": "rtl", "language": script.language} if script.right_to_left else {}
