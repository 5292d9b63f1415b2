"""Print jobs: queued → sending → printed | not_printed | unknown. A job is claimed at most once."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from .database import LARGEST_ID, Database, Row, from_stored, to_stored

FINAL = frozenset({"printed", "not_printed", "unknown"})


class PrintJobs:
    """Rows of `print_job` as plain dicts with the slip decoded."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self, ticket_id: int, number: str, printer: str, slip: dict[str, Any], now: datetime
    ) -> int:
        """Queue the first paper of a ticket."""
        row = {
            "ticket_id": ticket_id,
            "printer": printer,
            "kind": "original",
            "number": number,
            "slip": json.dumps(slip, ensure_ascii=False),
            "state": "queued",
            "created_at": to_stored(now),
        }
        return self._db.insert("print_job", row)

    def find(self, job_id: int) -> Row | None:
        """One job."""
        if job_id > LARGEST_ID:
            return None
        return _job(self._db.row("SELECT * FROM print_job WHERE id = ?", (job_id,)))

    def in_state(self, printer: str, state: str) -> list[Row]:
        """The jobs of a printer that are `queued` or `sending`, oldest first."""
        sql = (
            "SELECT * FROM print_job WHERE printer = ? AND state = ?"
            " AND state IN ('queued', 'sending') ORDER BY id"
        )
        return [job for row in self._db.rows(sql, (printer, state)) if (job := _job(row))]

    def newest(self, printer: str, limit: int) -> list[Row]:
        """The latest jobs of a printer, newest first."""
        sql = "SELECT * FROM print_job WHERE printer = ? ORDER BY id DESC LIMIT ?"
        return [job for row in self._db.rows(sql, (printer, limit)) if (job := _job(row))]

    def claim(self, job_id: int, now: datetime) -> bool:
        """Take the job for printing; False when it was taken before."""
        sql = (
            "UPDATE print_job SET state = 'sending', claimed_at = ?"
            " WHERE id = ? AND state = 'queued'"
        )
        return self._db.change(sql, (to_stored(now), job_id)) == 1

    def close(self, job_id: int, state: str, reason: str | None, now: datetime) -> bool:
        """Note the outcome; False when it was known before: the first word stands."""
        sql = (
            "UPDATE print_job SET state = ?, reason = ?, finished_at = ?"
            " WHERE id = ? AND (state = 'sending' OR (state = 'queued' AND ? = 'not_printed'))"
        )
        # Nobody can have printed, or half printed, a job that nobody took.
        return self._db.change(sql, (state, reason, to_stored(now), job_id, state)) == 1


def _job(row: Row | None) -> Row | None:
    if row is None:
        return None
    instants = {
        name: from_stored(row[name]) for name in ("created_at", "claimed_at", "finished_at")
    }
    return {**row, **instants, "slip": json.loads(row["slip"])}
