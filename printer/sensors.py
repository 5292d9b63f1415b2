"""The status bytes of an ESC/POS printer for its faults, bit by bit as the manuals have them."""

from __future__ import annotations

from collections.abc import Set

OFFLINE = frozenset({"paper_out", "cover_open", "cutter_error"})


def real_time_status(question: int, faults: Set[str]) -> bytes:
    """The answer to DLE EOT 1 to 4."""
    out = "paper_out" in faults
    cutter = "cutter_error" in faults
    cover = "cover_open" in faults
    status = {
        1: 0x16 | 0x08 * bool(faults & OFFLINE),
        2: 0x12 | 0x04 * cover | 0x20 * out | 0x40 * cutter,
        3: 0x12 | 0x08 * cutter,
        4: 0x12 | 0x0C * (out or "paper_low" in faults) | 0x60 * out,
    }
    return bytes([status[question]])


def asb_report(faults: Set[str]) -> bytes:
    """The four bytes the printer sends by itself."""
    first = 0x14 | 0x08 * bool(faults & OFFLINE) | 0x20 * ("cover_open" in faults)
    second = 0x08 * ("cutter_error" in faults)
    return bytes([first, second, _paper(faults), 0x0F])


def paper_position(faults: Set[str]) -> bytes:
    """The answer to GS r 1; a printer without paper never gets as far as giving it."""
    return bytes([_paper(faults)])


def _paper(faults: Set[str]) -> int:
    if "paper_out" in faults:
        return 0x0F
    return 0x03 if "paper_low" in faults else 0x00
