"""Splits a stream of ESC/POS bytes into commands, as a printer's own processor reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

REAL_TIME = re.compile(
    rb"\x10(?:\x04[\x01-\x04]|\x05[\x00-\x02]|\x14\x08\x01\x03\x14\x01\x06\x02\x08)", re.DOTALL
)
LONGEST_REAL_TIME = 10
RASTER_HEADER = 8

TEXT = b"text"  # the name of a run of letters, which has no command of its own
LETTERS = re.compile(rb"[\x20-\xff]+")
SINGLE = b"\x00\x07\t\n\x0c\r\x18"
BEGINS_COMMAND = b"\x10\x1b\x1c\x1d"

# How many bytes follow the name; after the last letter of each name.
PARAMETERS = {
    b"\x1b": {0: b"@2", 1: b" !-3=EGJMRVadtr{", 2: b"$\\Bc", 3: b"p"},
    b"\x1c": {0: b"&.", 1: b"!-C", 2: b"S"},
    b"\x1d": {1: b"!BHIabfhrw", 2: b"LW"},
}
FIXED = {
    prefix + bytes([letter]): 2 + count
    for prefix, counts in PARAMETERS.items()
    for count, letters in counts.items()
    for letter in letters
}
REAL_TIME_LENGTHS = {b"\x10\x04": 3, b"\x10\x05": 3, b"\x10\x14": 5}
BLOCKS = {b"\x1d(": 2, b"\x1b(": 2, b"\x1c(": 2, b"\x1d8": 4}  # bytes of the length behind a letter
FEEDING_CUTS = b"ABabgh"


@dataclass(frozen=True)
class Command:
    """`name` is the first one or two bytes, `content` what follows them."""

    name: bytes
    content: bytes
    known: bool = True


def first_command(stream: bytes) -> tuple[Command, int] | None:
    """The first command and its length; None while it is not complete."""
    if not stream:
        return None
    letters = LETTERS.match(stream)
    if letters is not None:
        return Command(TEXT, letters.group()), letters.end()
    if stream[0] not in BEGINS_COMMAND:
        return Command(stream[:1], b"", known=stream[0] in SINGLE), 1
    if len(stream) < 2:
        return None
    length = _length(stream)
    if length is None:
        return Command(stream[:2], b"", known=False), 2
    if len(stream) < length or length == 0:
        return None
    return Command(stream[:2], stream[2:length]), length


def _length(stream: bytes) -> int | None:
    """The whole length; 0 when more bytes are needed to tell; None for an unknown command."""
    name = stream[:2]
    if name in FIXED:
        return FIXED[name]
    if name in REAL_TIME_LENGTHS:
        return _real_time_length(stream)
    if name == b"\x1dv":
        return _raster_length(stream)
    if name == b"\x1dV":
        return _cut_length(stream)
    if name in BLOCKS:
        return _block_length(stream, start=3 + BLOCKS[name])
    return None


def _real_time_length(stream: bytes) -> int:
    if stream[:2] == b"\x10\x14" and stream[2:3] == b"\x08":
        return LONGEST_REAL_TIME
    return REAL_TIME_LENGTHS[stream[:2]]


def _block_length(stream: bytes, start: int) -> int:
    return start + int.from_bytes(stream[3:start], "little") if len(stream) >= start else 0


def _raster_length(stream: bytes) -> int:
    if len(stream) < RASTER_HEADER:
        return 0
    width_bytes, rows = raster_size(stream[2:])
    return RASTER_HEADER + width_bytes * rows


def raster_size(content: bytes) -> tuple[int, int]:
    """Bytes per row and rows, from what follows GS v."""
    return int.from_bytes(content[2:4], "little"), int.from_bytes(content[4:6], "little")


def _cut_length(stream: bytes) -> int:
    if len(stream) < 3:
        return 0
    return 4 if stream[2] in FEEDING_CUTS else 3
