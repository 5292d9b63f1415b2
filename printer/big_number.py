"""Draws the ticket's number, the one thing that must be read at arm's length without glasses."""

from __future__ import annotations

import math
from functools import lru_cache

from PIL import Image, ImageDraw

from .fonts import BOLD, load_font
from .lettering import WHITE, without_grey
from .paper import Paper

CAP_MM = 21.2
CAP_SHARE = 0.729  # capital height of DejaVu Sans as a share of its size
NARROWEST = 0.72  # the number is set narrower down to this before it is set lower


def draw_number(text: str, paper: Paper) -> Image.Image:
    """At least 21 mm high where the paper is wide enough for it, else as high as fits."""
    size = math.ceil(paper.mm(CAP_MM) / CAP_SHARE)
    letters = [_letter(letter, size, 1, 1) for letter in text]
    natural = sum(width for _, width in letters)
    narrow = max(min(1.0, paper.room / natural), NARROWEST)
    lower = min(1.0, paper.room / (natural * narrow))
    return without_grey(_row(text, size, narrow * lower, lower, paper.room))


def _row(text: str, size: int, across: float, down: float, room: int) -> Image.Image:
    pictures = [_letter(letter, size, across, down) for letter in text]
    height = max(picture.height for picture, _ in pictures)
    row, x = Image.new("L", (room, height), WHITE), 0.0
    x = (room - sum(width for _, width in pictures)) / 2
    for picture, width in pictures:
        row.paste(picture, (round(x), 0))
        x += width
    return _without_white_rows(row)


@lru_cache(maxsize=512)
def _letter(letter: str, size: int, across: float, down: float) -> tuple[Image.Image, float]:
    """The letter and how far the next one stands from it. Kept: every number has the same ten."""
    font = load_font(size, BOLD)
    width, height = font.getlength(letter), sum(font.getmetrics())
    picture = Image.new("L", (math.ceil(width), height), WHITE)
    ImageDraw.Draw(picture).text((0, 0), letter, fill=0, font=font)
    if across == down == 1:
        return picture, width
    scaled = max(1, round(width * across)), max(1, round(height * down))
    return picture.resize(scaled, Image.Resampling.LANCZOS), width * across


def _without_white_rows(row: Image.Image) -> Image.Image:
    box = row.point(lambda grey: WHITE - grey).getbbox()
    return row.crop((0, box[1], row.width, box[3])) if box else row
