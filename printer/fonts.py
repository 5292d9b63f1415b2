"""Finds the lettering of the paper. DejaVu comes with the package or from the operating system."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from PIL import ImageFont

REGULAR = "DejaVuSans.ttf"
BOLD = "DejaVuSans-Bold.ttf"
FOLDERS = (Path(__file__).parent / "fonts", Path("/usr/share/fonts/truetype/dejavu"))


class FontMissing(Exception):
    """Nothing can be drawn; the message is a sentence for the person who installs."""


def find_font(name: str, folders: Iterable[Path] = FOLDERS) -> Path:
    """The first file of that name. Raises FontMissing."""
    places = [folder / name for folder in folders]
    for place in places:
        if place.is_file():
            return place
    looked = ", ".join(str(place.parent) for place in places)
    raise FontMissing(
        f"the font {name} is neither in {looked}: "
        "build the package again or install fonts-dejavu-core"
    )


@cache
def load_font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font in a size in dots. Kept, because opening it costs more than drawing a line."""
    return ImageFont.truetype(str(find_font(BOLD if bold else REGULAR)), size)
