"""Which business day has begun. It only changes together with the closing of the one before."""

from __future__ import annotations

from datetime import date

from .database import Database


class BusinessDay:
    """The one row of `business_day`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def current(self) -> date | None:
        """The day that has begun; None in a new file."""
        found = self._db.value("SELECT day FROM business_day")
        return date.fromisoformat(found) if found else None

    def begin(self, day: date) -> None:
        """From now on it is this day."""
        self._db.change("INSERT OR REPLACE INTO business_day (id, day) VALUES (1, ?)", (str(day),))
