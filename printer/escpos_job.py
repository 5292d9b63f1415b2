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

from PIL import Image, ImageChops

ASB_ON = b"\x1da\xff"  # the printer then tells by itself when paper, cover or cutter fail

# Printers obey these in the middle of a picture too: status, recovery, drawer, power off, clear.
REAL_TIME_COMMAND = re.compile(rb"\x10(?:\x04[\x01-\x08]|\x05[\x00-\x02]|\x14)", re.DOTALL)
HARMLESS_BIT = 0x80


class WrongLibrary(Exception):
    """Another package took the import name `escpos`; the message says what to do."""


def compose_job(picture: Image.Image, fragment_rows: int) -> bytes:
    """Reset, picture, cut. The same picture gives the same bytes. Raises ValueError."""
    if picture.mode != "1" or picture.width % 8:
        raise ValueError("a slip is printed from a 1-bit picture whose width is a multiple of 8")
    # A new composer for each job: 3.1 keeps a stale code page after a reset.
    composer = _new_composer(picture.width)
    composer.hw("INIT")
    composer._raw(ASB_ON)  # after the reset, which switches it off
    composer.image(
        without_real_time_commands(picture), impl="bitImageRaster", fragment_height=fragment_rows
    )
    composer.cut(feed=False)  # with feed=True each slip would waste 25 mm of paper
    job: bytes = composer.output
    return job


def without_real_time_commands(picture: Image.Image) -> Image.Image:
    """The same picture; where its dots spell a command, one dot is changed."""
    dots = bytearray(ImageChops.invert(picture).tobytes())
    found = [match.start() for match in REAL_TIME_COMMAND.finditer(dots)]
    if not found:
        return picture
    for start in found:
        # The second byte gets its high bit, so it can neither end nor begin another command.
        dots[start + 1] |= HARMLESS_BIT
    return ImageChops.invert(Image.frombytes("1", picture.size, bytes(dots)))


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


def _new_composer(width: int) -> Any:
    printers, capabilities = load_library()
    profile = capabilities.Profile(columns=48)
    # Without a width the library prints a complaint to stdout for each picture.
    media = {"width": {"pixels": width}}
    profile.profile_data = {**profile.profile_data, "media": media}
    return printers.Dummy(profile=profile)


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
