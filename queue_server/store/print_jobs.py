"""Print jobs: queued → sending → printed | not_printed | unknown. A job is claimed at most once."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from .database import LARGEST_ID, Database, Row, from_stored, to_stored


class PrintJobs:
    """Rows of `print_job` as plain dicts with the slip decoded."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        ticket_id: int,
        number: str,
        printer: str,
        slip: dict[str, Any],
        now: datetime,
        *,
        kind: str = "original",
        ordered_by: str = "issue",
        instead_of: int | None = None,
    ) -> int:
        """Queue paper for a ticket: the `original`, or a `reprint` that is marked as one.

        `instead_of` is the job that another printer could not print.
        """
        row = {
            "ticket_id": ticket_id,
            "printer": printer,
            "kind": kind,
            "number": number,
            "slip": json.dumps(slip, ensure_ascii=False),
            "state": "queued",
            "created_at": to_stored(now),
            "ordered_by": ordered_by,
            "instead_of": instead_of,
        }
        return self._db.insert("print_job", row)

    def of_ticket(self, ticket_id: int) -> list[Row]:
        """Every paper of a ticket, oldest first."""
        sql = "SELECT * FROM print_job WHERE ticket_id = ? ORDER BY id"
        return [job for row in self._db.rows(sql, (ticket_id,)) if (job := _job(row))]

    def overdue(self, state: str, before: datetime) -> list[Row]:
        """Jobs in this open state that were queued (or claimed) before that instant."""
        column = "created_at" if state == "queued" else "claimed_at"
        sql = (
            "SELECT * FROM print_job WHERE state IN ('queued', 'sending')"
            f" AND state = ? AND {column} < ? ORDER BY id"
        )
        found = self._db.rows(sql, (state, to_stored(before)))
        return [job for row in found if (job := _job(row))]

    def lengths(self, printer: str, since: datetime) -> list[tuple[datetime, float]]:
        """When slips came out since then, and how many millimetres each took."""
        sql = (
            "SELECT finished_at, millimetres FROM print_job WHERE printer = ?"
            " AND finished_at >= ? AND millimetres IS NOT NULL"
        )
        rows = self._db.rows(sql, (printer, to_stored(since)))
        found = ((from_stored(row["finished_at"]), row["millimetres"]) for row in rows)
        return [(at, length) for at, length in found if at is not None]

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

    def close(
        self, job_id: int, state: str, reason: str | None, now: datetime, millimetres: float | None
    ) -> bool:
        """Note the outcome; False when it was known before: the first word stands."""
        sql = (
            "UPDATE print_job SET state = ?, reason = ?, finished_at = ?, millimetres = ?"
            " WHERE id = ? AND (state = 'sending' OR (state = 'queued' AND ? = 'not_printed'))"
        )
        # Nobody can have printed, or half printed, a job that nobody took.
        values = (state, reason, to_stored(now), millimetres, job_id, state)
        return self._db.change(sql, values) == 1


def _job(row: Row | None) -> Row | None:
    if row is None:
        return None
    instants = {
        name: from_stored(row[name]) for name in ("created_at", "claimed_at", "finished_at")
    }
    return {**row, **instants, "slip": json.loads(row["slip"])}
