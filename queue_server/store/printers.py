"""What is known of each printer: its state, its paper, its agent, its switched-on faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .database import Database, Row, from_stored, to_stored


@dataclass(frozen=True, slots=True)
class PrinterRecord:
    """`state` is ready, trouble or unknown; `reason` says what is wrong, as the agent names it.

    `version` grows with everything an agent has to be told; `told` is the one it knows.
    """

    key: str
    state: str = "unknown"
    reason: str | None = None
    near_end: bool = False
    shaping: bool = True
    changed_at: datetime | None = None
    agent: str | None = None
    agent_seen_at: datetime | None = None
    faults: tuple[str, ...] = ()
    version: int = 0
    told: int = 0
    used_mm: float = 0.0
    roll_changed_at: datetime | None = None


class Printers:
    """Rows of `printer`; one that nobody has spoken of yet is unknown."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, key: str) -> PrinterRecord:
        """What is known of one printer."""
        row = self._db.row("SELECT * FROM printer WHERE key = ?", (key,))
        return _record(row) if row else PrinterRecord(key)

    def set_state(
        self, key: str, state: str, reason: str | None, near_end: bool, shaping: bool, now: datetime
    ) -> None:
        """Write down what the agent saw."""
        values = {"state": state, "reason": reason, "near_end": int(near_end)}
        self._put(key, {**values, "shaping": int(shaping), "changed_at": to_stored(now)})

    def see_agent(self, key: str, agent: str | None, now: datetime | None) -> None:
        """This agent serves the printer; None when it is gone."""
        self._put(key, {"agent": agent, "agent_seen_at": to_stored(now)})

    def set_faults(self, key: str, faults: Sequence[str]) -> None:
        """Which faults the virtual printer shall have."""
        self._put(key, {"faults": json.dumps(list(faults))})
        self.count_up(key)

    def count_up(self, key: str) -> None:
        """Something has changed that the agent must hear of."""
        self._put(key, {})
        self._db.change("UPDATE printer SET version = version + 1 WHERE key = ?", (key,))

    def note_told(self, key: str, version: int) -> None:
        """The agent has been told everything up to this version."""
        self._put(key, {"told": version})

    def use_paper(self, key: str, millimetres: float) -> None:
        """So much of the roll is gone."""
        self._put(key, {})
        sql = "UPDATE printer SET used_mm = used_mm + ? WHERE key = ?"
        self._db.change(sql, (millimetres, key))

    def change_roll(self, key: str, now: datetime) -> None:
        """A new roll is in."""
        self._put(key, {"used_mm": 0.0, "roll_changed_at": to_stored(now)})

    def _put(self, key: str, values: Row) -> None:
        names = ["key", *values]
        sets = ", ".join(f"{name} = :{name}" for name in names)
        marks = ", ".join(f":{name}" for name in names)
        sql = (
            f"INSERT INTO printer ({', '.join(names)}) VALUES ({marks})"
            f" ON CONFLICT (key) DO UPDATE SET {sets}"
        )
        self._db.change(sql, {"key": key, **values})


def _record(row: Row) -> PrinterRecord:
    instants = {
        name: from_stored(row[name]) for name in ("changed_at", "agent_seen_at", "roll_changed_at")
    }
    truths = {name: bool(row[name]) for name in ("near_end", "shaping")}
    return PrinterRecord(
        **{**row, **instants, **truths, "faults": tuple(json.loads(row["faults"]))}
    )
