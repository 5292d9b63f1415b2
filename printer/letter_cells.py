"""The letters a printer has built in: cells of 12 by 24 dots, ESC/POS font A."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from .fonts import BOLD, MONO, MONO_BOLD, REGULAR, has_font, load_font

CELL_WIDTH, CELL_HEIGHT = 12, 24
BASE_LINE = 19
FONT_SIZE = 20  # a letter of DejaVu Sans Mono is then 12 dots wide
WHITE = 255

# ESC t: the slots of Epson's printers. Those of others differ.
CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    13: "cp857",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    40: "iso8859_15",
    45: "cp1250",
    46: "cp1251",
    48: "cp1254",
    51: "cp1257",
}


@dataclass(frozen=True)
class Look:
    """How the next letters are printed."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    underline: int = 0
    inverse: bool = False
    smooth: bool = False


@lru_cache(maxsize=2048)
def draw_letter(letter: str, look: Look) -> Image.Image:
    """One letter in its cell, which must not be changed: it is kept and shared."""
    if look.smooth and look.wide == look.high:
        cell = _cell(letter, look.bold, look.wide)
    else:
        cell = _cell(letter, look.bold, 1)
        size = cell.width * look.wide, cell.height * look.high
        cell = cell.resize(size, Image.Resampling.NEAREST)
    if look.underline:
        edge = (0, cell.height - look.underline, cell.width, cell.height)
        ImageDraw.Draw(cell).rectangle(edge, fill=0)
    return ImageChops.invert(cell) if look.inverse else cell


def _cell(letter: str, bold: bool, times: int) -> Image.Image:
    cell = Image.new("1", (CELL_WIDTH * times, CELL_HEIGHT * times), WHITE)
    names = (MONO_BOLD, BOLD) if bold else (MONO, REGULAR)
    font = load_font(FONT_SIZE * times, names[0] if has_font(names[0]) else names[1])
    place = (cell.width / 2, BASE_LINE * times)
    ImageDraw.Draw(cell).text(place, letter, 0, font, "ms")
    return cell
