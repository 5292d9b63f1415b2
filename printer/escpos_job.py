"""Turns the picture of a slip into one print job for an ESC/POS printer.

The only place that knows python-escpos. It composes bytes here and never touches a wire: its own
transports report success for paper that never came out.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from PIL import Image

RASTER = b"\x1dv0\x00"
MOST_ROWS = 960  # the size of a larger picture could itself spell a real-time command
FULL_CUT = b"\x1dVA\x00"
LINES_TO_TEAR_OFF = 6  # from the print head to the edge where paper is torn off by hand
ASB_ON = b"\x1da\xff"  # the printer then tells by itself when paper, cover or cutter fail

# Printers obey these in the middle of a picture too: status, recovery, drawer, power off, clear.
REAL_TIME_COMMAND = re.compile(rb"\x10(?:\x04[\x01-\x08]|\x05[\x00-\x02]|\x14)", re.DOTALL)
HARMLESS_BIT = 0x80
BLACK_IS_ONE = bytes(255 - byte for byte in range(256))  # for a printer; for Pillow white is one


class WrongLibrary(Exception):
    """Another package took the import name `escpos`; the message says what to do."""


def compose_job(
    picture: Image.Image, fragment_rows: int, cut: str = "partial", buzzer: bytes = b""
) -> bytes:
    """Reset, picture, cut, buzzer. The same picture gives the same bytes. Raises ValueError."""
    if picture.mode != "1" or picture.width % 8:
        raise ValueError("a slip is printed from a 1-bit picture whose width is a multiple of 8")
    composer = new_composer(picture.width)
    begin(composer)
    _add_picture(composer, picture, fragment_rows)
    return finish(composer, cut, buzzer)


def new_composer(width: int, profile: str = "default") -> Any:
    """A composer for one job: 3.1 keeps a stale code page after a reset. Raises ValueError."""
    printers, _ = load_library()
    try:
        composer = printers.Dummy(profile=profile)
    except KeyError as error:
        raise ValueError(f'python-escpos knows no printer profile "{profile}"') from error
    # Without a width the library prints a complaint to stdout for each picture.
    media = {"width": {"pixels": width}}
    composer.profile.profile_data = {**composer.profile.profile_data, "media": media}
    return composer


def begin(composer: Any) -> None:
    """What every job starts with."""
    composer.hw("INIT")
    composer._raw(ASB_ON)  # after the reset, which switches it off


def finish(composer: Any, cut: str, buzzer: bytes) -> bytes:
    """Cut, sound the buzzer with the printer's own command, and hand out the whole job.

    The last line must be ended: in the middle of one printers print the cut as letters.
    Raises ValueError for an unknown cut.
    """
    if cut == "partial":
        composer.cut(feed=False)  # with feed=True each slip would waste 25 mm of paper
    elif cut == "full":
        composer._raw(FULL_CUT)  # cut(feed=False) can only do the partial one
    elif cut == "none":
        composer.print_and_feed(LINES_TO_TEAR_OFF)
    else:
        raise ValueError(f'a slip is cut "partial", "full" or "none", not "{cut}"')
    composer._raw(buzzer)
    job: bytes = composer.output
    return job


def _add_picture(composer: Any, picture: Image.Image, fragment_rows: int) -> None:
    # The same bytes as the library's image(impl="bitImageRaster"), which turns each picture into
    # colours and back three times: a quarter of the time in which a client waits for the slip.
    dots = _harmless_dots(picture)
    row = picture.width // 8
    step = min(fragment_rows, MOST_ROWS)
    for top in range(0, picture.height, step):
        rows = min(step, picture.height - top)
        size = composer._int_low_high(row, 2) + composer._int_low_high(rows, 2)
        composer._raw(RASTER + size + dots[top * row : (top + rows) * row])


def _harmless_dots(picture: Image.Image) -> bytes:
    dots = bytearray(picture.tobytes().translate(BLACK_IS_ONE))
    for match in list(REAL_TIME_COMMAND.finditer(dots)):
        # The second byte gets its high bit, so it can neither end nor begin another command.
        dots[match.start() + 1] |= HARMLESS_BIT
    return bytes(dots)


def without_real_time_commands(picture: Image.Image) -> Image.Image:
    """The same picture; where its dots spell a command, one dot is changed."""
    dots = _harmless_dots(picture).translate(BLACK_IS_ONE)
    return Image.frombytes("1", picture.size, dots)


@cache
def load_library() -> Any:
    """Import python-escpos without its side effects. Raises WrongLibrary, ImportError."""
    if _is_installed("escpos"):
        raise WrongLibrary(
            'the package "escpos" hides python-escpos: uninstall it and install python-escpos again'
        )
    with _private_directory(), _root_logger_as_it_was():
        return importlib.import_module("escpos.printer"), importlib.import_module(
            "escpos.capabilities"
        )


def _is_installed(distribution: str) -> bool:
    try:
        importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


@contextmanager
def _private_directory() -> Iterator[None]:
    # The library reads a pickle from this place: where others may write, others may run code.
    # It also leaves an empty directory behind at each import, so that goes in here as well.
    name, usual_place = "ESCPOS_CAPABILITIES_PICKLE_DIR", tempfile.tempdir
    usual_variable = os.environ.get(name)
    with tempfile.TemporaryDirectory(prefix="queue-printer-") as private:
        os.environ[name] = tempfile.tempdir = private
        try:
            yield
        finally:
            tempfile.tempdir = usual_place
            os.environ.pop(name)
            if usual_variable is not None:
                os.environ[name] = usual_variable


@contextmanager
def _root_logger_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        yield
    finally:
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
