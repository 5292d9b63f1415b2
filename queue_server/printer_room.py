"""The printers themselves: what is wrong with them, how much paper is left, which faults are on."""

from __future__ import annotations

from datetime import datetime, timedelta

from .config import PrinterSection
from .domain.events import Kind
from .domain.paper import WINDOW, Roll, lasts_until
from .refusals import Refused, Unknown
from .store.printers import PrinterRecord
from .waiting_area import WaitingArea

# Without a sign of life from its agent nothing is known of a printer any more.
AGENT_AWAY = timedelta(seconds=30)


class PrinterRoom:
    """One shelf for all printers of the configuration. All raise Unknown for one that is not."""

    def __init__(self, area: WaitingArea) -> None:
        self._area = area
        self._printers = area.store.printers

    def report(
        self,
        key: str,
        state: str,
        reason: str | None,
        *,
        near_end: bool = False,
        shaping: bool = True,
        agent: str | None = None,
    ) -> None:
        """What the printer's agent has just seen; only a change becomes an event."""
        self._section(key)
        now = self._area.now()
        with self._area.store.transaction():
            known = self._printers.find(key)
            self._printers.see_agent(key, agent or known.agent, now)
            told = (state, reason, near_end, shaping)
            is_news = (known.state, known.reason, known.near_end, known.shaping) != told
            if is_news:
                self._printers.set_state(key, state, reason, near_end, shaping, now)
                event = self._area.store.events.add(
                    Kind.PRINTER_CHANGED,
                    now,
                    printer=key,
                    state=state,
                    reason=reason,
                    near_end=near_end,
                )
        if is_news:
            self._area.tell([event])

    def set_faults(self, key: str, faults: list[str]) -> None:
        """Break or mend the virtual printer. Raises Refused: not_virtual for a real one."""
        if self._section(key).transport != "virtual":
            raise Refused("not_virtual", printer=key)
        now = self._area.now()
        with self._area.store.transaction():
            self._printers.set_faults(key, sorted(set(faults)))
            event = self._area.store.events.add(
                Kind.PRINTER_CHANGED, now, printer=key, faults=sorted(set(faults))
            )
        self._area.tell([event])

    def change_roll(self, key: str) -> None:
        """Somebody has put in a new roll: counting begins anew."""
        self._section(key)
        now = self._area.now()
        with self._area.store.transaction():
            self._printers.change_roll(key, now)
            event = self._area.store.events.add(Kind.ROLL_CHANGED, now, printer=key)
        self._area.tell([event])

    def record(self, key: str) -> PrinterRecord:
        """What is known, with a silent agent taken into account."""
        known, now = self._printers.find(key), self._area.now()
        return known if not is_agent_away(known, now) else _without_agent(known)

    def roll(self, section: PrinterSection) -> tuple[Roll, datetime | None]:
        """The paper that is left, and until when it lasts at the day's pace."""
        known, now = self._printers.find(section.key), self._area.now()
        low = section.warn_below_m * 1000
        roll = Roll(section.roll_length_m * 1000, known.used_mm, low, known.near_end)
        printed = self._area.store.print_jobs.lengths(section.key, now - WINDOW)
        return roll, lasts_until(roll, printed, now)

    def _section(self, key: str) -> PrinterSection:
        found = self._area.config.printer(key)
        if found is None:
            raise Unknown("printer", key)
        return found


def is_agent_away(known: PrinterRecord, now: datetime) -> bool:
    """Whether an agent that was there has been silent for too long."""
    return known.agent_seen_at is not None and now - known.agent_seen_at > AGENT_AWAY


def _without_agent(known: PrinterRecord) -> PrinterRecord:
    since = known.agent_seen_at
    return PrinterRecord(
        known.key, "trouble", "agent_away", changed_at=since, agent_seen_at=since,
        faults=known.faults, version=known.version, used_mm=known.used_mm,
    )  # fmt: skip
