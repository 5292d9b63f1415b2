"""Draws a slip: blocks in the given order become one black-and-white picture of the paper's width.

Knows how things look and nothing about queues: words, order and languages come with the slip.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageDraw

from .fonts import load_font
from .lettering import WHITE, Lettering, may_shape, set_text
from .qr_code import draw_qr_code

log = logging.getLogger(__name__)

Block = Mapping[str, str]

CAP_HEIGHT = 170  # 21.3 mm at 203 dpi: read at arm's length without glasses
CAP_SHARE = 0.729  # capital height of DejaVu Sans as a share of its size
NARROWEST = 0.72  # the number is set narrower down to this before it is set lower
GREY_BECOMES_BLACK_BELOW = 150
TOP, BOTTOM = 8, 24
WIDE_PAPER = 512

LOOKS = {
    "office": Lettering(32, 26, bold=True),
    "caption": Lettering(28, 26),
    "concern": Lettering(42, 30, bold=True),
    "line": Lettering(30, 26),
    "small": Lettering(26, 26),
}
QR_CAPTION = Lettering(26, 26, side="left")
QR_CAPTION_BELOW = Lettering(26, 26)

# White above and below each kind; of two neighbours the larger one counts.
SPACE = {
    "office": (0, 26),
    "caption": (20, 22),
    "number": (22, 34),
    "concern": (8, 8),
    "rule": (24, 22),
    "line": (6, 6),
    "small": (10, 10),
    "qr": (10, 0),
}


def draw_slip(slip: Mapping[str, object], width_px: int) -> Image.Image:
    """The slip as a 1-bit picture. Raises ValueError for a block that is unknown or broken."""
    language = str(slip.get("language") or "")
    strips: list[tuple[str, Image.Image]] = []
    for block in _blocks(slip):
        own_language = block.get("language") or language
        if may_shape(own_language):
            strips.append((block["kind"], _draw(block, width_px, own_language)))
        else:
            # Unjoined letters in the wrong order are worse than the German line alone.
            log.warning(
                "a %s block in %s is left out: libraqm or FriBiDi is missing",
                block["kind"],
                own_language,
            )
    return _without_grey(_stack(strips, width_px))


def _blocks(slip: Mapping[str, object]) -> Sequence[Block]:
    blocks = slip.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        raise ValueError("a slip needs a list of blocks")
    for block in blocks:
        if not isinstance(block, dict) or str(block.get("kind")) not in SPACE:
            raise ValueError(f"the slip has a block that can't be drawn: {block!r:.80}")
        text = block.get("text")
        if block["kind"] != "rule" and not (isinstance(text, str) and text.strip()):
            raise ValueError(f'a "{block["kind"]}" block needs a text')
    return blocks


def _draw(block: Block, width: int, language: str) -> Image.Image:
    special = SPECIAL.get(block["kind"])
    if special is not None:
        return special(block, width, language)
    text_width = width - 2 * _margin(width)
    strip = set_text(block["text"], LOOKS[block["kind"]], text_width, language)
    return _centred(strip, width)


def _draw_rule(_block: Block, width: int, _language: str) -> Image.Image:
    strip = Image.new("L", (width, 2), WHITE)
    margin = _margin(width)
    ImageDraw.Draw(strip).rectangle((margin, 0, width - margin - 1, 1), fill=0)
    return strip


def _draw_number(block: Block, width: int, _language: str) -> Image.Image:
    number = _number_as_large_as_asked(block["text"].strip())
    room = width - 2 * _margin(width)
    narrow = max(min(1.0, room / number.width), NARROWEST)
    lower = min(1.0, room / (number.width * narrow))
    size = int(number.width * narrow * lower), int(number.height * lower)
    return _centred(number.resize(size, Image.Resampling.LANCZOS), width)


def _number_as_large_as_asked(text: str) -> Image.Image:
    font = load_font(round(CAP_HEIGHT / CAP_SHARE), bold=True)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    picture = Image.new("L", (right - left, bottom - top), WHITE)
    ImageDraw.Draw(picture).text((-left, -top), text, fill=0, font=font)
    return picture


def _draw_qr(block: Block, width: int, language: str) -> Image.Image:
    code = draw_qr_code(block["text"], width)
    caption = block.get("caption", "").strip()
    if not caption:
        return _centred(code, width)
    if width < WIDE_PAPER:
        return _code_above(caption, code, width, language)
    return _code_beside(caption, code, width, language)


def _code_above(caption: str, code: Image.Image, width: int, language: str) -> Image.Image:
    words = set_text(caption, QR_CAPTION_BELOW, width - 2 * _margin(width), language)
    return _stack([("qr", code), ("line", words)], width, top=0, bottom=0)


def _code_beside(caption: str, code: Image.Image, width: int, language: str) -> Image.Image:
    room = width - _margin(width) - code.width
    words = set_text(caption, QR_CAPTION, room, language)
    strip = Image.new("L", (width, max(code.height, words.height)), WHITE)
    strip.paste(code, (0, (strip.height - code.height) // 2))
    strip.paste(words, (code.width, (strip.height - words.height) // 2))
    return strip


SPECIAL: dict[str, Callable[[Block, int, str], Image.Image]] = {
    "number": _draw_number,
    "rule": _draw_rule,
    "qr": _draw_qr,
}


def _stack(
    strips: Sequence[tuple[str, Image.Image]], width: int, top: int = TOP, bottom: int = BOTTOM
) -> Image.Image:
    placed: list[tuple[int, Image.Image]] = []
    y, owed = top, 0
    for kind, strip in strips:
        above, below = SPACE[kind]
        y += max(owed, above) if placed else 0
        placed.append((y, strip))
        y, owed = y + strip.height, below
    paper = Image.new("L", (width, y + bottom), WHITE)
    for place, strip in placed:
        paper.paste(strip, ((width - strip.width) // 2, place))
    return paper


def _centred(strip: Image.Image, width: int) -> Image.Image:
    return _stack([("line", strip)], width, top=0, bottom=0)


def _margin(width: int) -> int:
    return 20 if width >= WIDE_PAPER else 10


def _without_grey(paper: Image.Image) -> Image.Image:
    # Our own threshold: the library would dither, which makes ragged stems.
    black_or_white = [0 if grey < GREY_BECOMES_BLACK_BELOW else 255 for grey in range(256)]
    return paper.point(black_or_white, "1")
