"""The address of the phone page as a picture for screens."""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg


def qr_svg(text: str) -> bytes:
    """An SVG QR code of `text`."""
    image = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    picture = io.BytesIO()
    image.save(picture)
    return picture.getvalue()
