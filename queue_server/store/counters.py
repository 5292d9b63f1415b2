"""Whether a counter is open, and which call it asked for last."""

from __future__ import annotations

from .database import Database


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
