"""Printers as staff see them: what is wrong, what became of the last paper, how long it lasts."""

from __future__ import annotations

from datetime import timedelta

from . import boards
from .boards import Board
from .config import PrinterSection
from .print_office import PrintOffice
from .printer_room import PrinterRoom
from .refusals import Unknown
from .waiting_area import WaitingArea

DOUBT_LASTS = timedelta(minutes=5)


class PrinterViews:
    """One line for each printer of the configuration."""

    def __init__(self, area: WaitingArea, office: PrintOffice, room: PrinterRoom) -> None:
        self._area = area
        self._office = office
        self._room = room

    def lines(self) -> list[Board]:
        """All printers as staff see them."""
        return [self.line(printer.key) for printer in self._area.config.printers]

    def line(self, key: str) -> Board:
        """One printer: what is wrong, since when, and how long its paper lasts."""
        known, (roll, until) = self._room.record(key), self._room.roll(self._section(key))
        return {
            "key": key,
            "state": known.state,
            "reason": known.reason,
            "since": boards.iso(known.changed_at),
            "shaping": known.shaping,
            "near_end": roll.is_low,
            "paper_left_m": round(roll.left_mm / 1000, 1),
            "lasts_until": boards.iso(until),
            "roll_changed_at": boards.iso(known.roll_changed_at),
            "faults": list(known.faults),
        }

    def trouble(self) -> list[Board]:
        """Printers that need somebody: those that do not print, tickets in doubt, paper that runs
        out."""
        found = []
        for line in self.lines():
            if reason := self._trouble_of(line):
                found.append({"printer": line["key"], "reason": reason})
        return sorted(found, key=lambda trouble: trouble["reason"] == "paper_low")

    def _trouble_of(self, line: Board) -> str | None:
        if line["state"] == "trouble":
            return line["reason"] or "error"
        doubt = self._doubt(line["key"])
        return doubt or ("paper_low" if line["near_end"] else None)

    def _doubt(self, printer: str) -> str | None:
        """What became of the newest ticket, if it did not surely come out a moment ago."""
        newest = self._office.newest(printer, 1)
        if not newest or newest[0]["state"] not in {"not_printed", "unknown"}:
            return None
        job, reason = newest[0], newest[0]["reason"]
        is_old = self._area.now() - job["finished_at"] > DOUBT_LASTS
        if is_old or reason == "sent":
            return None
        return reason if job["state"] == "not_printed" else "perhaps_not_printed"

    def _section(self, key: str) -> PrinterSection:
        found = self._area.config.printer(key)
        if found is None:
            raise Unknown("printer", key)
        return found
