"""Draws a slip: blocks in the given order become one black-and-white picture of the paper's width.

Knows how things look and nothing about queues: words, order and languages come with the slip.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PIL import Image

from .big_number import draw_number
from .lettering import Lettering, set_text
from .paper import USUAL_DPI, Paper
from .scripts import NotWritable
from .slip_parts import draw_list, draw_logo, draw_mark, draw_notice, draw_qr, draw_rule

log = logging.getLogger(__name__)

Block = Mapping[str, Any]

TOP, BOTTOM = 8, 24

LOOKS = {
    "office": Lettering(32, 26, bold=True),
    "caption": Lettering(28, 26),
    "concern": Lettering(42, 30, bold=True),
    "wait": Lettering(34, 28, bold=True),
    "line": Lettering(30, 26),
    "small": Lettering(26, 26),
}

# White above and below each kind; of two neighbours the larger one counts.
SPACE = {
    "logo": (0, 20),
    "mark": (0, 24),
    "office": (0, 26),
    "caption": (20, 22),
    "number": (22, 34),
    "concern": (8, 8),
    "rule": (24, 22),
    "wait": (8, 8),
    "line": (6, 6),
    "bring": (18, 18),
    "notice": (18, 18),
    "small": (10, 10),
    "qr": (10, 0),
}
WITHOUT_TEXT = frozenset({"rule", "logo"})


def draw_slip(slip: Mapping[str, object], width_px: int, dpi: int = USUAL_DPI) -> Image.Image:
    """The slip as a 1-bit picture. Raises ValueError for a block that is unknown or broken."""
    paper = Paper(width_px, dpi)
    language = str(slip.get("language") or "")
    strips: list[tuple[str, Image.Image]] = []
    for block in blocks_of(slip):
        own_language = str(block.get("language") or language)
        try:
            strips.append((block["kind"], _draw(block, paper, own_language)))
        except NotWritable as reason:
            log.warning("a %s in %s is left out: %s", block["kind"], own_language or "?", reason)
    return _stack(strips, paper)


def blocks_of(slip: Mapping[str, object]) -> Sequence[Block]:
    """The blocks, each of a known kind and with its words. Raises ValueError."""
    blocks = slip.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        raise ValueError("a slip needs a list of blocks")
    for block in blocks:
        if not isinstance(block, dict) or str(block.get("kind")) not in SPACE:
            raise ValueError(f"the slip has a block that can't be drawn: {block!r:.80}")
        _check_words(block)
    return blocks


def _check_words(block: Block) -> None:
    kind, text, items = block["kind"], block.get("text"), block.get("items", [])
    if kind not in WITHOUT_TEXT and not (isinstance(text, str) and text.strip()):
        raise ValueError(f'a "{kind}" block needs a text')
    if kind == "logo" and not isinstance(block.get("picture"), str):
        raise ValueError('a "logo" block needs a picture')
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f'the items of a "{kind}" block must be texts')


def _draw(block: Block, paper: Paper, language: str) -> Image.Image:
    special = SPECIAL.get(block["kind"])
    if special is not None:
        return special(block, paper, language)
    look = LOOKS[block["kind"]].at(paper.dpi)
    return paper.centred(set_text(block["text"], look, paper.room, language))


def _items(block: Block) -> list[str]:
    return [item for item in block.get("items", []) if item.strip()]


SPECIAL: dict[str, Callable[[Block, Paper, str], Image.Image]] = {
    "logo": lambda block, paper, _: draw_logo(block["picture"], paper),
    "mark": lambda block, paper, language: draw_mark(block["text"], paper, language),
    "number": lambda block, paper, _: paper.centred(draw_number(block["text"].strip(), paper)),
    "rule": lambda _, paper, __: draw_rule(paper),
    "bring": lambda block, paper, language: draw_list(
        block["text"], _items(block), paper, language
    ),
    "notice": lambda block, paper, language: draw_notice(block["text"], paper, language),
    "qr": lambda block, paper, language: draw_qr(
        block["text"], str(block.get("caption") or "").strip(), paper, language
    ),
}


def _stack(strips: Sequence[tuple[str, Image.Image]], paper: Paper) -> Image.Image:
    placed: list[tuple[int, Image.Image]] = []
    y, owed = paper.dots(TOP), 0
    for kind, strip in strips:
        above, below = (paper.dots(space) for space in SPACE[kind])
        y += max(owed, above) if placed else 0
        placed.append((y, strip))
        y, owed = y + strip.height, below
    whole = paper.strip(y + paper.dots(BOTTOM))
    for place, strip in placed:
        whole.paste(strip, (0, place))
    return whole
