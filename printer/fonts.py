"""Finds the lettering of the paper. It comes with the package or from the operating system."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

REGULAR = "DejaVuSans.ttf"
BOLD = "DejaVuSans-Bold.ttf"
MONO = "DejaVuSansMono.ttf"
MONO_BOLD = "DejaVuSansMono-Bold.ttf"
ETHIOPIC = "NotoSansEthiopic-Regular.ttf"
ETHIOPIC_BOLD = "NotoSansEthiopic-Bold.ttf"

SYSTEM = Path("/usr/share/fonts/truetype")
FOLDERS = (Path(__file__).parent / "fonts", SYSTEM / "dejavu", SYSTEM / "noto")

NO_SUCH_LETTER = "\U0010fffd"  # no font has a shape for it, so it shows what a font draws instead


class FontMissing(Exception):
    """Nothing can be drawn; the message is a sentence for the person who installs."""


def find_font(name: str, folders: Iterable[Path] = FOLDERS) -> Path:
    """The first file of that name. Raises FontMissing."""
    places = [folder / name for folder in folders]
    for place in places:
        if place.is_file():
            return place
    looked = ", ".join(str(place.parent) for place in places)
    package = "fonts-noto-core" if name.startswith("Noto") else "fonts-dejavu-core"
    raise FontMissing(
        f"the font {name} is neither in {looked}: build the package again or install {package}"
    )


def has_font(name: str) -> bool:
    """Whether that font can be used at all."""
    try:
        find_font(name)
    except FontMissing:
        return False
    return True


@lru_cache(maxsize=256)
def load_font(size: int, name: str = REGULAR, shaping: bool = False) -> ImageFont.FreeTypeFont:
    """The font in a size in dots. Kept, because opening it costs more than drawing a line.

    `shaping` joins and orders letters; it needs libraqm and FriBiDi. Without it the same text looks
    the same on every machine.
    """
    engine = ImageFont.Layout.RAQM if shaping else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(find_font(name)), size, layout_engine=engine)


@lru_cache(maxsize=4096)
def has_letter(name: str, letter: str) -> bool:
    """Whether the font has a shape of its own for this letter. Raises FontMissing."""
    # Pillow does not show a font's table of letters, but a missing letter looks like any other.
    font = load_font(20, name)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(NO_SUCH_LETTER))
