"""The paper a slip is drawn for: its width in dots and how many of them make an inch."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

WHITE = 255
USUAL_DPI = 203
MM_PER_INCH = 25.4
WIDE_MM = 60  # 80 mm paper; 58 mm paper has 48 mm to print on
MARGIN, NARROW_MARGIN = 20, 10


@dataclass(frozen=True)
class Paper:
    """Lengths in the code are dots of the usual 203 dpi; `dots` makes them this paper's."""

    width: int
    dpi: int = USUAL_DPI

    def dots(self, at_usual_dpi: int) -> int:
        """The same length on this paper."""
        return round(at_usual_dpi * self.dpi / USUAL_DPI)

    def mm(self, length: float) -> float:
        """Millimetres in dots."""
        return length * self.dpi / MM_PER_INCH

    @property
    def is_wide(self) -> bool:
        return self.width >= self.mm(WIDE_MM)

    @property
    def margin(self) -> int:
        return self.dots(MARGIN if self.is_wide else NARROW_MARGIN)

    @property
    def room(self) -> int:
        """What is left between the margins."""
        return self.width - 2 * self.margin

    def strip(self, height: int) -> Image.Image:
        """White paper over the whole width."""
        return Image.new("1", (self.width, height), WHITE)

    def centred(self, picture: Image.Image) -> Image.Image:
        """A strip with the picture in the middle."""
        strip = self.strip(picture.height)
        strip.paste(picture, ((self.width - picture.width) // 2, 0))
        return strip


def stacked(strips: list[Image.Image], paper: Paper, gap: int = 0) -> Image.Image:
    """Strips below each other, with a gap in dots between them."""
    height = sum(strip.height for strip in strips) + gap * (len(strips) - 1)
    whole, y = paper.strip(height), 0
    for strip in strips:
        whole.paste(strip, ((paper.width - strip.width) // 2, y))
        y += strip.height + gap
    return whole
