"""Screens that ask to be paired. Their secrets and codes as hashes only."""

from __future__ import annotations

from datetime import datetime

from .database import Database, Row, to_stored


class Pairings:
    """Rows of `pairing`: asked, perhaps approved, at last collected."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ask(
        self,
        secret_hash: str,
        code_hash: str,
        role: str,
        station: str | None,
        now: datetime,
        expires: datetime,
    ) -> None:
        """A screen shows a new code; its earlier one ends here.

        Raises sqlite3.IntegrityError when another screen shows the same code.
        """
        self.forget(secret_hash)
        row: Row = {"secret_hash": secret_hash, "code_hash": code_hash, "role": role}
        times = {"asked_at": to_stored(now), "expires_at": to_stored(expires)}
        self._db.insert("pairing", {**row, "station": station, **times})

    def waiting(self, now: datetime) -> list[Row]:
        """The screens whose codes can be entered now, in the order they asked."""
        sql = (
            "SELECT * FROM pairing WHERE expires_at > ? AND approved_station IS NULL"
            " ORDER BY asked_at"
        )
        return self._db.rows(sql, (to_stored(now),))

    def count(self) -> int:
        """How many are remembered, in whatever state."""
        return int(self._db.value("SELECT count(*) FROM pairing"))

    def with_code(self, code_hash: str) -> Row | None:
        """The screen that shows, or showed, this code."""
        return self._db.row("SELECT * FROM pairing WHERE code_hash = ?", (code_hash,))

    def with_secret(self, secret_hash: str) -> Row | None:
        """What became of the screen that holds this secret."""
        return self._db.row("SELECT * FROM pairing WHERE secret_hash = ?", (secret_hash,))

    def approve(self, code_hash: str, station: str, by: str, now: datetime) -> bool:
        """From now on the screen may collect its token; False when somebody was faster."""
        sql = (
            "UPDATE pairing SET approved_station = ?, approved_by = ?"
            " WHERE code_hash = ? AND approved_station IS NULL AND expires_at > ?"
        )
        return self._db.change(sql, (station, by, code_hash, to_stored(now))) == 1

    def collect(self, secret_hash: str, now: datetime) -> Row | None:
        """The approved row, once; None before the approval and ever after."""
        sql = (
            "UPDATE pairing SET collected_at = ? WHERE secret_hash = ?"
            " AND approved_station IS NOT NULL AND collected_at IS NULL RETURNING *"
        )
        return self._db.row(sql, (to_stored(now), secret_hash))

    def forget(self, secret_hash: str) -> None:
        """Whatever this screen had asked for is void."""
        self._db.change("DELETE FROM pairing WHERE secret_hash = ?", (secret_hash,))

    def forget_expired(self, before: datetime) -> None:
        """Drop what was over by then."""
        self._db.change("DELETE FROM pairing WHERE expires_at <= ?", (to_stored(before),))
