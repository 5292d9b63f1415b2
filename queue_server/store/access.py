"""Who may come in: device tokens, one-time links, staff, sessions. Secrets as hashes only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from .database import LARGEST_ID, Database, Row, to_stored

# A page that stays open is written down once in this time, not with each look.
SEEN_EVERY = timedelta(minutes=1)


class Access:
    """Rows of `token`, `link`, `staff` and `session`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add_token(
        self, secret_hash: str, role: str, name: str, station: str | None, now: datetime
    ) -> int:
        """Remember a device or program."""
        row = {"secret_hash": secret_hash, "role": role, "name": name, "station": station}
        return self._db.insert("token", {**row, "created_at": to_stored(now)})

    def token(self, secret_hash: str) -> Row | None:
        """The token with this hash, if it was not revoked."""
        sql = "SELECT * FROM token WHERE secret_hash = ? AND revoked_at IS NULL"
        return self._db.row(sql, (secret_hash,))

    def tokens(self) -> list[Row]:
        """All tokens that were not revoked."""
        return self._db.rows("SELECT * FROM token WHERE revoked_at IS NULL ORDER BY id")

    def token_in_force(self, token_id: int) -> Row | None:
        """The token with this id, if it was not revoked."""
        sql = "SELECT * FROM token WHERE id = ? AND revoked_at IS NULL"
        return self._db.row(sql, (token_id,)) if token_id <= LARGEST_ID else None

    def see_tokens(self, token_ids: Iterable[int], now: datetime) -> None:
        """Their devices are here; written at most once in SEEN_EVERY for each."""
        sql = (
            "UPDATE token SET last_seen_at = :now WHERE id IN (SELECT value FROM json_each(:ids))"
            " AND (last_seen_at IS NULL OR last_seen_at NOT BETWEEN :recent AND :now)"
        )
        values = {"now": to_stored(now), "recent": to_stored(now - SEEN_EVERY)}
        self._db.change(sql, {**values, "ids": json.dumps(list(token_ids))})

    def revoke_token(self, token_id: int, now: datetime) -> bool:
        """From now on the token opens nothing; False when there is none such."""
        sql = "UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
        return self._db.change(sql, (to_stored(now), token_id)) == 1

    def add_link(self, code_hash: str, role: str, station: str | None, expires: datetime) -> None:
        """Remember a one-time link; earlier unused ones for the same place end here."""
        sql = "DELETE FROM link WHERE role = ? AND station IS ? AND used_at IS NULL"
        self._db.change(sql, (role, station))
        row = {"code_hash": code_hash, "role": role, "station": station}
        self._db.insert("link", {**row, "expires_at": to_stored(expires)})

    def use_link(self, code_hash: str, now: datetime, *, for_setup: bool) -> Row | None:
        """Use the link up and return it; None when unknown, used or expired.

        A code that names the first administrator is good for nothing else, and no other is good
        for that: a wall's link must never make an administrator.
        """
        sql = (
            "UPDATE link SET used_at = :now WHERE code_hash = :code_hash"
            " AND used_at IS NULL AND expires_at > :now AND (role = 'setup') = :for_setup"
            " RETURNING role, station"
        )
        values = {"now": to_stored(now), "code_hash": code_hash, "for_setup": for_setup}
        return self._db.row(sql, values)

    def add_staff(self, name: str, role: str, password_hash: str, now: datetime) -> int:
        """A new person. Raises sqlite3.IntegrityError when the name is taken."""
        row = {"name": name, "role": role, "password_hash": password_hash}
        return self._db.insert("staff", {**row, "created_at": to_stored(now)})

    def staff_named(self, name: str) -> Row | None:
        """The person with this name, whatever its capitals."""
        return self._db.row("SELECT * FROM staff WHERE name = ?", (name,))

    def has_administrator(self) -> bool:
        """Whether somebody can log in as administrator."""
        return self._db.value("SELECT 1 FROM staff WHERE role = 'admin'") is not None

    def add_session(self, id_hash: str, staff_id: int, expires: datetime) -> None:
        """Remember that this person is logged in."""
        row = {"id_hash": id_hash, "staff_id": staff_id, "expires_at": to_stored(expires)}
        self._db.insert("session", row)

    def person_of_session(self, id_hash: str, now: datetime) -> Row | None:
        """Who is logged in with this session."""
        sql = (
            "SELECT staff.* FROM session JOIN staff ON staff.id = staff_id"
            " WHERE id_hash = ? AND expires_at > ?"
        )
        return self._db.row(sql, (id_hash, to_stored(now)))

    def has_session(self, id_hash: str, now: datetime) -> bool:
        """Whether this session goes on."""
        sql = "SELECT 1 FROM session WHERE id_hash = ? AND expires_at > ?"
        return self._db.value(sql, (id_hash, to_stored(now))) is not None

    def end_session(self, id_hash: str) -> None:
        """Log out."""
        self._db.change("DELETE FROM session WHERE id_hash = ?", (id_hash,))

    def forget_expired(self, now: datetime) -> None:
        """Drop sessions and links that are over."""
        self._db.change("DELETE FROM session WHERE expires_at <= ?", (to_stored(now),))
        self._db.change("DELETE FROM link WHERE expires_at <= ?", (to_stored(now),))
