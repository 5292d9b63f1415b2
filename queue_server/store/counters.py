"""Whether a counter is open, which call it asked for last, and which window works there."""

from __future__ import annotations

from datetime import datetime

from .database import Database, Row, from_stored, to_stored


class Counters:
    """Rows of `counter`; one without a row is closed."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def states(self) -> dict[str, str]:
        """State by counter key."""
        return {row["key"]: row["state"] for row in self._db.rows("SELECT key, state FROM counter")}

    def state(self, key: str) -> str:
        """ "open", "paused" or "closed"."""
        return self._db.value("SELECT state FROM counter WHERE key = ?", (key,)) or "closed"

    def set_state(self, key: str, state: str) -> bool:
        """Change the state; False when it was so already."""
        sql = (
            "INSERT INTO counter (key, state) VALUES (:key, :state)"
            " ON CONFLICT (key) DO UPDATE SET state = :state WHERE state <> :state"
        )
        return self._db.change(sql, {"key": key, "state": state}) == 1

    def remember_call(self, key: str, request_id: str | None, ticket_id: int) -> None:
        """Note which ticket this request got, so that its repetition gets the same one."""
        sql = "UPDATE counter SET request_id = ?, request_ticket = ? WHERE key = ?"
        self._db.change(sql, (request_id, ticket_id, key))

    def called_by(self, key: str, request_id: str) -> int | None:
        """The id of the ticket this very request called."""
        sql = "SELECT request_ticket FROM counter WHERE key = ? AND request_id = ?"
        found: int | None = self._db.value(sql, (key, request_id))
        return found

    def window(self, key: str) -> str | None:
        """The browser window that works at this counter; None when nobody has come yet."""
        found: str | None = self._db.value("SELECT window FROM counter WHERE key = ?", (key,))
        return found

    def set_window(self, key: str, window: str) -> None:
        """From now on this window works here."""
        sql = (
            "INSERT INTO counter (key, state, window) VALUES (:key, 'closed', :window)"
            " ON CONFLICT (key) DO UPDATE SET window = :window, window_left_at = NULL"
        )
        self._db.change(sql, {"key": key, "window": window})

    def claim_window(self, key: str, window: str, left_before: datetime) -> bool:
        """Work here if nobody does, if it is us who come back, or if the other window has been away
        since `left_before`; whether it is ours now."""
        sql = (
            "INSERT INTO counter (key, state, window) VALUES (:key, 'closed', :window)"
            " ON CONFLICT (key) DO UPDATE SET window = :window, window_left_at = NULL"
            " WHERE window IS NULL OR window = :window OR window_left_at <= :before"
        )
        values = {"key": key, "window": window, "before": to_stored(left_before)}
        return self._db.change(sql, values) == 1

    def leave_window(self, key: str, window: str, now: datetime) -> bool:
        """The window is gone; False when another one works here by now."""
        sql = (
            "UPDATE counter SET window_left_at = ? WHERE key = ? AND window = ?"
            " AND window_left_at IS NULL"
        )
        return self._db.change(sql, (to_stored(now), key, window)) == 1

    def leave_all_windows(self, now: datetime) -> None:
        """The server has just started: whoever comes back says so."""
        sql = (
            "UPDATE counter SET window_left_at = ? WHERE window NOTNULL AND window_left_at IS NULL"
        )
        self._db.change(sql, (to_stored(now),))

    def left_since(self) -> dict[str, datetime]:
        """Counters whose window is away, with the instant it left."""
        sql = "SELECT key, window_left_at FROM counter WHERE window_left_at IS NOT NULL"
        found: list[Row] = self._db.rows(sql)
        instants = ((row["key"], from_stored(row["window_left_at"])) for row in found)
        return {key: instant for key, instant in instants if instant is not None}

    def close_all(self) -> list[str]:
        """Close whatever is open or paused, at the end of the day; the keys of those."""
        sql = "UPDATE counter SET state = 'closed' WHERE state <> 'closed' RETURNING key"
        return sorted(row["key"] for row in self._db.rows(sql))
