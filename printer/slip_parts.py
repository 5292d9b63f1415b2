"""Draws the parts of a slip that are more than a line of text: frame, list, logo, code, rule."""

from __future__ import annotations

import base64
import binascii
import io
import logging
from functools import lru_cache

from PIL import Image, ImageDraw

from .lettering import Lettering, set_text, without_grey
from .paper import WHITE, Paper, stacked
from .qr_code import USUAL_WIDTH, draw_qr_code
from .scripts import NotWritable, runs_right_to_left

log = logging.getLogger(__name__)

MARK = Lettering(44, 30, bold=True)
MARK_FRAME, MARK_PADDING = 4, 14
NOTICE = Lettering(26, 26)
NOTICE_FRAME, NOTICE_PADDING = 2, 14
BRING_HEADING = Lettering(28, 26, bold=True, side="start")
BRING_ITEM = Lettering(26, 26, side="start")
BULLET_ROOM, BULLET = 30, 9
ITEM_GAP = 6
QR_CAPTION = Lettering(26, 26, side="start")
QR_CAPTION_BELOW = Lettering(26, 26)
QR_CAPTION_GAP = 6
NARROWEST_CAPTION = 180
LOGO_HEIGHT_MM, LOGO_WIDTH_SHARE = 30, 0.7
LARGEST_LOGO = 16_000_000  # dots; a small file can unpack to a picture that fills the memory


def draw_rule(paper: Paper) -> Image.Image:
    strip = paper.strip(2)
    ImageDraw.Draw(strip).rectangle((paper.margin, 0, paper.width - paper.margin - 1, 1), fill=0)
    return strip


def draw_mark(text: str, paper: Paper, language: str) -> Image.Image:
    """A word nobody can overlook. Framed, because large black areas slow the print head down."""
    return _framed(text, paper, language, MARK, paper.dots(MARK_FRAME), paper.dots(MARK_PADDING))


def draw_notice(text: str, paper: Paper, language: str) -> Image.Image:
    """A rule of the house, set apart from what concerns this ticket alone."""
    frame, padding = paper.dots(NOTICE_FRAME), paper.dots(NOTICE_PADDING)
    return _framed(text, paper, language, NOTICE, frame, padding)


def draw_list(heading: str, items: list[str], paper: Paper, language: str) -> Image.Image:
    """A heading and lines with bullets, which stand at the right for languages from there."""
    parts = [set_text(heading, BRING_HEADING.at(paper.dpi), paper.room, language)]
    parts += [_item(item, paper, language) for item in items]
    return stacked(parts, paper, gap=paper.dots(ITEM_GAP))


def draw_logo(picture: str, paper: Paper) -> Image.Image:
    """A PNG in base64, as large as fits. Raises ValueError when it can't be read."""
    return paper.centred(_logo(picture, paper))


def draw_qr(text: str, caption: str, paper: Paper, language: str) -> Image.Image:
    """The code with its caption: beside it on wide paper, else below."""
    code = draw_qr_code(text, paper.room, paper.dots(USUAL_WIDTH))
    if not caption:
        return paper.centred(code)
    try:
        return _with_caption(caption, code, paper, language)
    except NotWritable as reason:
        # The code says the same in every language.
        log.warning("the caption of the code in %s is left out: %s", language or "?", reason)
        return paper.centred(code)


def _with_caption(caption: str, code: Image.Image, paper: Paper, language: str) -> Image.Image:
    room_beside = paper.width - paper.margin - code.width
    if not paper.is_wide or room_beside < paper.dots(NARROWEST_CAPTION):
        words = set_text(caption, QR_CAPTION_BELOW.at(paper.dpi), paper.room, language)
        return stacked([code, words], paper, gap=paper.dots(QR_CAPTION_GAP))
    return _code_beside(caption, code, paper, language, room_beside)


def _framed(
    text: str, paper: Paper, language: str, look: Lettering, frame: int, padding: int
) -> Image.Image:
    words = set_text(text, look.at(paper.dpi), paper.room - 2 * (frame + padding), language)
    strip = paper.strip(words.height + 2 * (frame + padding))
    edges = (paper.margin, 0, paper.width - paper.margin - 1, strip.height - 1)
    ImageDraw.Draw(strip).rectangle(edges, outline=0, width=frame)
    strip.paste(words, (paper.margin + frame + padding, frame + padding))
    return strip


def _item(text: str, paper: Paper, language: str) -> Image.Image:
    indent, dot = paper.dots(BULLET_ROOM), paper.dots(BULLET)
    words = set_text(text, BRING_ITEM.at(paper.dpi), paper.room - indent, language)
    strip = Image.new("1", (paper.room, words.height), WHITE)
    mirrored = runs_right_to_left(text, language)
    strip.paste(words, (0 if mirrored else indent, 0))
    x = paper.room - dot if mirrored else 0
    middle = _middle_of_first_line(paper)
    box = (x, middle - dot // 2, x + dot - 1, middle - dot // 2 + dot - 1)
    ImageDraw.Draw(strip).rectangle(box, fill=0)
    return strip


def _middle_of_first_line(paper: Paper) -> int:
    # Half way up a small letter: DejaVu's are a good half of the size above a base line at 0.93.
    return round(BRING_ITEM.at(paper.dpi).largest * 0.66)


@lru_cache(maxsize=4)
def _logo(picture: str, paper: Paper) -> Image.Image:
    grey = _read_logo(picture)
    room = round(paper.room * LOGO_WIDTH_SHARE), int(paper.mm(LOGO_HEIGHT_MM))
    share = min(room[0] / grey.width, room[1] / grey.height)
    size = max(1, int(grey.width * share)), max(1, int(grey.height * share))
    return without_grey(grey.resize(size, Image.Resampling.LANCZOS))


def _read_logo(picture: str) -> Image.Image:
    try:
        with Image.open(
            io.BytesIO(base64.b64decode(picture, validate=True)), formats=["PNG"]
        ) as png:
            if png.width * png.height > LARGEST_LOGO:
                raise ValueError("it has too many dots")
            colours = png.convert("RGBA")
    except (binascii.Error, OSError, ValueError, SyntaxError) as error:
        raise ValueError(f"the logo can't be drawn: {error}") from error
    white = Image.new("RGBA", colours.size, "white")
    return Image.alpha_composite(white, colours).convert("L")


def _code_beside(
    caption: str, code: Image.Image, paper: Paper, language: str, room: int
) -> Image.Image:
    # The code brings white of its own: on one side it is the margin, on the other the gap.
    words = set_text(caption, QR_CAPTION.at(paper.dpi), room, language)
    strip = paper.strip(max(code.height, words.height))
    mirrored = runs_right_to_left(caption, language)
    code_x, words_x = (paper.margin + room, paper.margin) if mirrored else (0, code.width)
    strip.paste(code, (code_x, (strip.height - code.height) // 2))
    strip.paste(words, (words_x, (strip.height - words.height) // 2))
    return strip
