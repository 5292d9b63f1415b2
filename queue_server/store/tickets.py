"""Tickets and number series. Every change is guarded by the state that it starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from ..domain.ticket import LIVING_STATES, State, Ticket
from .database import LARGEST_ID, Database, Row, from_stored, to_stored

INSTANTS = ("issued_at", "order_at", "called_at", "started_at", "ended_at")
COLUMNS = ", ".join(field.name for field in fields(Ticket))
LIVING = ", ".join(f"'{state}'" for state in sorted(LIVING_STATES))


class SomebodyWasFaster(Exception):
    """The ticket is no longer as it was when this step was decided; nothing was written."""


class Tickets:
    """Rows of `ticket` as Ticket objects."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, day: date, ticket: Ticket, request_id: str | None) -> int:
        """Store a new ticket and return its id (the one in `ticket` is ignored)."""
        row = _to_row(ticket)
        del row["id"]
        return self._db.insert("ticket", {**row, "day": str(day), "request_id": request_id})

    def save(self, before: Ticket, after: Ticket) -> None:
        """Write what changed, if the ticket still is as it was. Raises SomebodyWasFaster."""
        old, new = _to_row(before), _to_row(after)
        changed = {name: value for name, value in new.items() if value != old[name]}
        settings = ", ".join(f"{name} = :{name}" for name in changed)
        guarded = self._db.change(
            f"UPDATE ticket SET {settings} WHERE id = :id"
            " AND state = :old_state AND attempt = :old_attempt",
            {**changed, "id": before.id, "old_state": before.state, "old_attempt": before.attempt},
        )
        if guarded != 1:
            raise SomebodyWasFaster(before.number)

    def set_print_state(self, ticket_id: int, print_state: str) -> None:
        """Note what is known of the paper."""
        self._db.change("UPDATE ticket SET print_state = ? WHERE id = ?", (print_state, ticket_id))

    def find(self, ticket_id: int) -> Ticket | None:
        """One ticket of any day."""
        if ticket_id > LARGEST_ID:
            return None
        return _one(self._db.row(f"SELECT {COLUMNS} FROM ticket WHERE id = ?", (ticket_id,)))

    def find_by_request(self, day: date, request_id: str) -> Ticket | None:
        """The ticket that this request got already."""
        sql = f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND request_id = ?"
        return _one(self._db.row(sql, (str(day), request_id)))

    def find_by_token(self, day: date, token: str) -> Ticket | None:
        """The ticket of the phone page; yesterday's token finds nothing."""
        sql = f"SELECT {COLUMNS} FROM ticket WHERE token = ? AND day = ?"
        return _one(self._db.row(sql, (token, str(day))))

    def heads(self, day: date, services: Iterable[str]) -> list[Ticket]:
        """The first waiting ticket of each service: all that the next call has to compare."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND service = ? AND state = 'waiting'"
            " ORDER BY order_at, id LIMIT 1"
        )
        rows = (self._db.row(sql, (str(day), service)) for service in services)
        return [_ticket(row) for row in rows if row]

    def waiting(self, day: date) -> list[Ticket]:
        """Everybody who waits, in the order of their places."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'waiting'"
            " ORDER BY order_at, id"
        )
        return [_ticket(row) for row in self._db.rows(sql, (str(day),))]

    def count_ahead(self, day: date, ticket: Ticket, services: Iterable[str]) -> int:
        """How many waiting clients of `services` have a place before this one."""
        wanted = list(services)
        marks = ", ".join("?" * len(wanted))
        sql = (
            "SELECT count(*) FROM ticket WHERE day = ? AND state = 'waiting'"
            f" AND service IN ({marks}) AND (order_at, id) < (?, ?)"
        )
        place = (to_stored(ticket.order_at), ticket.id)
        return int(self._db.value(sql, (str(day), *wanted, *place)))

    def count_waiting(self, day: date) -> dict[str, int]:
        """Waiting clients by service."""
        sql = (
            "SELECT service, count(*) AS people FROM ticket"
            " WHERE day = ? AND state = 'waiting' GROUP BY service"
        )
        return {row["service"]: row["people"] for row in self._db.rows(sql, (str(day),))}

    def at_counters(self) -> list[Ticket]:
        """Called or being served, newest call first, whatever the day."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE counter IS NOT NULL"
            " AND state IN ('called', 'serving') ORDER BY called_at DESC, id DESC"
        )
        return [_ticket(row) for row in self._db.rows(sql)]

    def at_counter(self, counter: str) -> Ticket | None:
        """The client of one counter."""
        sql = f"SELECT {COLUMNS} FROM ticket WHERE counter = ? AND state IN ('called', 'serving')"
        return _one(self._db.row(sql, (counter,)))

    def recently_called(self, day: date, limit: int) -> list[Ticket]:
        """Clients who followed their call today, newest call first."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND called_at IS NOT NULL"
            " AND state IN ('serving', 'finished') ORDER BY called_at DESC, id DESC LIMIT ?"
        )
        return [_ticket(row) for row in self._db.rows(sql, (str(day), limit))]

    def missed(self, day: date, limit: int) -> list[Ticket]:
        """Clients who did not come today, latest first."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'missed'"
            " ORDER BY called_at DESC, id DESC LIMIT ?"
        )
        return [_ticket(row) for row in self._db.rows(sql, (str(day), limit))]

    def recently_issued(self, day: date, limit: int) -> list[Ticket]:
        """Today's newest tickets."""
        sql = f"SELECT {COLUMNS} FROM ticket WHERE day = ? ORDER BY id DESC LIMIT ?"
        return [_ticket(row) for row in self._db.rows(sql, (str(day), limit))]

    def is_alive(self, day: date, number: str) -> bool:
        """Whether a client with this number is still here."""
        sql = f"SELECT 1 FROM ticket WHERE day = ? AND number = ? AND state IN ({LIVING})"
        return self._db.value(sql, (str(day), number)) is not None

    def last_given(self, day: date, series: str) -> int | None:
        """The value this series gave last on this business day."""
        sql = "SELECT last_given FROM series WHERE key = ? AND day = ?"
        found: int | None = self._db.value(sql, (series, str(day)))
        return found

    def remember_given(self, day: date, series: str, value: int) -> None:
        """Move the series on; a new day replaces the old one."""
        sql = "INSERT OR REPLACE INTO series (key, day, last_given) VALUES (?, ?, ?)"
        self._db.change(sql, (series, str(day), value))


def _to_row(ticket: Ticket) -> Row:
    row = asdict(ticket)
    for name in INSTANTS:
        row[name] = to_stored(row[name])
    return row


def _ticket(row: Row) -> Ticket:
    values: dict[str, Any] = {**row, "state": State(row["state"])}
    for name in INSTANTS:
        values[name] = from_stored(values[name])
    return Ticket(**values)


def _one(row: Row | None) -> Ticket | None:
    return _ticket(row) if row else None
