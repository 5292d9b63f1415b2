"""The newest step of each ticket, as long as it can be taken back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ..domain.ticket import Ticket
from .database import Database, Row, from_stored, to_stored
from .tickets import from_row, to_row


@dataclass(frozen=True, slots=True)
class LastStep:
    """What was done to `before`, by whom, when, and the revision of its event."""

    ticket_id: int
    revision: int
    by: str
    verb: str
    at: datetime
    before: Ticket


class LastSteps:
    """Rows of `last_step`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def remember(self, step: LastStep) -> None:
        """Replace the ticket's earlier step: only the newest can be taken back."""
        row = {
            "ticket_id": step.ticket_id,
            "revision": step.revision,
            "by": step.by,
            "verb": step.verb,
            "at": to_stored(step.at),
            "before": json.dumps(to_row(step.before)),
        }
        self._db.change(
            "INSERT OR REPLACE INTO last_step (ticket_id, revision, by, verb, at, before)"
            " VALUES (:ticket_id, :revision, :by, :verb, :at, :before)",
            row,
        )

    def of_ticket(self, ticket_id: int) -> LastStep | None:
        """The newest step of a ticket."""
        return _one(self._db.row("SELECT * FROM last_step WHERE ticket_id = ?", (ticket_id,)))

    def newest(self, by: str, since: datetime) -> LastStep | None:
        """The newest step that `by` did at or after `since`."""
        sql = "SELECT * FROM last_step WHERE by = ? AND at >= ? ORDER BY revision DESC LIMIT 1"
        return _one(self._db.row(sql, (by, to_stored(since))))

    def forget(self, ticket_id: int) -> None:
        """It was taken back."""
        self._db.change("DELETE FROM last_step WHERE ticket_id = ?", (ticket_id,))

    def forget_all(self) -> None:
        """The day is over."""
        self._db.change("DELETE FROM last_step")


def _one(row: Row | None) -> LastStep | None:
    if row is None:
        return None
    at = from_stored(row["at"])
    assert at is not None  # the column is NOT NULL
    before = from_row(json.loads(row["before"]))
    return LastStep(row["ticket_id"], row["revision"], row["by"], row["verb"], at, before)
