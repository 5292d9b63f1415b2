"""The append-only log. A row is written in the same transaction as the change it tells of."""

from __future__ import annotations

import json
from datetime import datetime

from ..domain.events import Event, Kind
from .database import LARGEST_ID, Database, Row, from_stored, to_stored


class Events:
    """Rows of `event` as Event objects."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        kind: Kind,
        at: datetime,
        *,
        ticket_id: int | None = None,
        counter: str | None = None,
        **data: object,
    ) -> Event:
        """Append one event; its revision is the newest of all."""
        row: Row = {"kind": kind, "at": to_stored(at), "ticket_id": ticket_id, "counter": counter}
        revision = self._db.insert("event", {**row, "data": json.dumps(data)})
        return Event(revision, kind, at, ticket_id, counter, data)

    def revision(self) -> int:
        """The id of the newest event ever, also when it was deleted since; 0 before the first."""
        sql = "SELECT seq FROM sqlite_sequence WHERE name = 'event'"
        return int(self._db.value(sql) or 0)

    def newest_at(self) -> datetime | None:
        """When the newest event happened."""
        return from_stored(self._db.value("SELECT at FROM event ORDER BY revision DESC LIMIT 1"))

    def first_of(self, ticket_id: int) -> Event:
        """How it began with this ticket."""
        sql = "SELECT * FROM event WHERE ticket_id = ? ORDER BY revision LIMIT 1"
        return _event(self._db.rows(sql, (ticket_id,))[0])

    def that_explain(self, ticket_id: int) -> list[Event]:
        """This ticket's own events, and all calls and undone steps from its issue to its end."""
        sql = (
            "SELECT * FROM event"
            " WHERE revision >= (SELECT min(revision) FROM event WHERE ticket_id = :id)"
            " AND revision <= (SELECT iif(state IN ('finished', 'missed', 'withdrawn'),"
            " (SELECT max(revision) FROM event WHERE ticket_id = :id), :newest)"
            " FROM ticket WHERE id = :id)"
            " AND (ticket_id = :id OR kind IN ('TicketCalled', 'StepUndone')) ORDER BY revision"
        )
        return [_event(row) for row in self._db.rows(sql, {"id": ticket_id, "newest": LARGEST_ID})]

    def that_overtake(self, ticket_id: int) -> list[Event]:
        """This ticket's own events, and the calls and undone steps of those who came later."""
        sql = (
            "SELECT * FROM event WHERE revision IN (SELECT revision FROM event"
            " WHERE ticket_id = :id UNION ALL SELECT revision FROM event WHERE ticket_id > :id"
            " AND kind IN ('TicketCalled', 'StepUndone')) ORDER BY revision"
        )
        return [_event(row) for row in self._db.rows(sql, {"id": ticket_id})]

    def after(self, revision: int, limit: int) -> list[Event]:
        """The events that followed `revision`, oldest first."""
        sql = "SELECT * FROM event WHERE revision > ? ORDER BY revision LIMIT ?"
        return [_event(row) for row in self._db.rows(sql, (revision, limit))]


def _event(row: Row) -> Event:
    at = from_stored(row["at"])
    assert at is not None  # the column is NOT NULL
    kind, data = Kind(row["kind"]), json.loads(row["data"])
    return Event(row["revision"], kind, at, row["ticket_id"], row["counter"], data)
