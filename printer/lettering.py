"""Sets words on paper: shrink, wrap, centre. Never clips: what does not fit goes on a new line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw, features

from .fonts import load_font

WHITE = 255
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
SIZE_STEP = 2
MOST_LINES_BEFORE_BREAKING = 4
BALANCE_STEP = 12

Side = Literal["left", "middle"]
Measure = Callable[[str], float]


@dataclass(frozen=True)
class Lettering:
    """How one kind of text looks: it starts `largest` and shrinks to `smallest` dots."""

    largest: int
    smallest: int
    bold: bool = False
    side: Side = "middle"


def may_shape(language: str) -> bool:
    """Whether letters of that language can be joined and ordered on this machine."""
    # Pillow loads FriBiDi at run time; without it Arabic comes out unjoined and backwards.
    return language not in RIGHT_TO_LEFT or features.check_feature("raqm") is True


def set_text(text: str, look: Lettering, width: int, language: str) -> Image.Image:
    """A strip of `width` dots with the text on as many lines as it needs."""
    size, lines = _fit(text, look, width)
    font = load_font(size, look.bold)
    ascent, descent = font.getmetrics()
    line_height = ascent + descent + size // 8
    strip = Image.new("L", (width, line_height * len(lines)), WHITE)
    pen = ImageDraw.Draw(strip)
    direction, shaped_as = ("rtl", language) if language in RIGHT_TO_LEFT else (None, None)
    for row, line in enumerate(lines):
        baseline = row * line_height + ascent
        x, anchor = (width / 2, "ms") if look.side == "middle" else (0, "ls")
        place = (x, baseline)
        pen.text(place, line, 0, font, anchor, direction=direction, language=shaped_as)
    return strip


def _fit(text: str, look: Lettering, width: int) -> tuple[int, list[str]]:
    """The size and lines with the fewest lines first, then the largest letters."""
    words = text.split()
    for most_lines in range(1, MOST_LINES_BEFORE_BREAKING + 1):
        for size in range(look.largest, look.smallest - 1, -SIZE_STEP):
            measure = load_font(size, look.bold).getlength
            whole = all(measure(word) <= width for word in words)
            if whole and len(_wrap(words, measure, width)) <= most_lines:
                return size, _balance(words, measure, width)
    measure = load_font(look.smallest, look.bold).getlength
    pieces = [piece for word in words for piece in _break(word, measure, width)]
    return look.smallest, _balance(pieces, measure, width)


def _balance(words: list[str], measure: Measure, width: int) -> list[str]:
    """Lines of about the same length: a single word on the last line looks like a mistake."""
    lines = _wrap(words, measure, width)
    while width > BALANCE_STEP:
        width -= BALANCE_STEP
        narrower = _wrap(words, measure, width)
        if len(narrower) > len(lines) or any(measure(line) > width for line in narrower):
            break
        lines = narrower
    return lines


def _wrap(words: list[str], measure: Measure, width: int) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _break(word: str, measure: Measure, width: int) -> Iterator[str]:
    """Cut a word that is wider than the paper, with hyphens."""
    while measure(word) > width and len(word) > 1:
        fitting = (end for end in range(len(word) - 1, 1, -1) if measure(word[:end] + "-") <= width)
        end = next(fitting, 1)
        yield word[:end] + "-"
        word = word[end:]
    yield word
