"""Whether each part works, as /health says it to whoever asks: one word a part, no detail."""

from __future__ import annotations

import logging
import sqlite3

from .config import DisplaySection
from .loudspeakers import NOBODY_HEARS, Loudspeakers
from .waiting_area import WaitingArea

log = logging.getLogger(__name__)

OK, WARNING, TROUBLE = "ok", "warning", "trouble"


class Health:
    """ "trouble": clients can't be served properly; "warning": somebody should look (A-D1, P-4)."""

    def __init__(self, area: WaitingArea, speakers: Loudspeakers) -> None:
        self._area = area
        self._speakers = speakers

    def parts(self) -> dict[str, str]:
        """Part → "ok", "warning" or "trouble"."""
        try:
            self._area.store.events.revision()
        except sqlite3.Error:
            log.exception("the database does not answer")
            return {"database": TROUBLE, "server": OK}
        day = OK if self._area.is_day_begun() else TROUBLE
        return {"database": OK, "server": OK, "day": day, "sound": self._sound()}

    def _sound(self) -> str:
        """A warning when an area with a display in use hears nothing while the office is open."""
        if self._area.hours.why_no_tickets(self._area.now()) == "closed":
            return OK
        states = self._speakers.states()
        used = {display.area for display in self._displays_in_use()}
        return WARNING if any(states[area] in NOBODY_HEARS for area in used) else OK

    def _displays_in_use(self) -> list[DisplaySection]:
        tokens = self._area.store.access.tokens()
        paired = {row["station"] for row in tokens if row["role"] == "display"}
        return [d for d in self._area.config.displays if d.key in paired and d.sound]
