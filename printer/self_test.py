"""What this machine can do, found out at the start and not at the first client's slip."""

from __future__ import annotations

import logging

from PIL import features

from .escpos_job import WrongLibrary, load_library
from .fonts import BOLD, REGULAR, FontMissing, find_font
from .printers import NotPossible

log = logging.getLogger(__name__)


def check_tools() -> None:
    """Fonts and python-escpos are there. Raises NotPossible."""
    try:
        find_font(REGULAR)
        find_font(BOLD)
    except FontMissing as error:
        raise NotPossible("font_missing", str(error)) from error
    try:
        load_library()
    except WrongLibrary as error:
        raise NotPossible("wrong_library", str(error)) from error
    except ImportError as error:
        raise NotPossible("library_missing", f"python-escpos can't be used: {error}") from error


def can_shape() -> bool:
    """Whether Arabic can be set; says so in the log."""
    works = all(features.check(feature) for feature in ("raqm", "fribidi"))
    if works:
        log.info("slips can be set in every language: libraqm and FriBiDi are there")
    else:
        log.warning(
            "slips in Arabic script are printed in German only: FriBiDi is missing "
            "(apt install libfribidi0)"
        )
    return works
