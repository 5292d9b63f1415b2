"""Draws the QR code of a slip. What it leads to is a random token, nothing about the person."""

from __future__ import annotations

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

SMALLEST_BOX = 5  # dots per module; phones fail on smaller ones from worn print heads
QUIET_ZONE = 4  # modules of white around the code, as its standard asks
USUAL_WIDTH = 280
WHITE = 255


def draw_qr_code(text: str, width: int) -> Image.Image:
    """The code with its quiet zone. Raises ValueError when the paper is too narrow for it."""
    modules = _modules(text)
    box = max(SMALLEST_BOX, USUAL_WIDTH // len(modules))
    if box * len(modules) > width:
        raise ValueError("the link is too long for a QR code on this paper")
    small = Image.new("L", (len(modules), len(modules)), WHITE)
    small.putdata([0 if black else WHITE for row in modules for black in row])
    return small.resize((small.width * box, small.height * box), Image.Resampling.NEAREST)


def _modules(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    try:
        code.add_data(text)
        code.make(fit=True)
    except ValueError as error:
        raise ValueError("the link is too long for a QR code") from error
    return [[bool(module) for module in row] for row in code.get_matrix()]
