"""Draws QR codes. What a slip's code leads to is a random token, nothing about the person."""

from __future__ import annotations

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

SMALLEST_BOX = 5  # dots per module; phones fail on smaller ones from worn print heads
QUIET_ZONE = 4  # modules of white around the code, as its standard asks
USUAL_WIDTH = 280
WHITE = 255

LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
# Any of the eight masks can be read. Trying all of them for the prettiest costs eight times as
# much; the token behind the address is random, so no mask is worse than another.
MASK = 3


def draw_qr_code(text: str, width: int, usual_width: int = USUAL_WIDTH) -> Image.Image:
    """The code with its quiet zone. Raises ValueError when the paper is too narrow for it."""
    small = draw_modules(text, quiet_zone=QUIET_ZONE)
    box = max(SMALLEST_BOX, min(usual_width, width) // small.width)
    if box * small.width > width:
        raise ValueError("the link is too long for a QR code on this paper")
    return small.resize((small.width * box, small.height * box), Image.Resampling.NEAREST)


def draw_modules(content: str | bytes, level: str = "M", quiet_zone: int = 0) -> Image.Image:
    """One dot for each module. Raises ValueError when the content is too long."""
    code = qrcode.QRCode(error_correction=LEVELS[level], border=quiet_zone, mask_pattern=MASK)
    try:
        code.add_data(content)
        code.make(fit=True)
    except ValueError as error:
        raise ValueError("the link is too long for a QR code") from error
    rows = code.get_matrix()
    picture = Image.new("1", (len(rows), len(rows)), WHITE)
    picture.putdata([0 if module else WHITE for row in rows for module in row])
    return picture
