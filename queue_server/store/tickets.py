"""Tickets and number series. Every change is guarded by the state that it starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.order import Desk
from ..domain.ticket import LIVING_STATES, State, Ticket
from .database import LARGEST_ID, MICROSECOND, Database, Row, from_stored, to_stored

INSTANTS = (
    "issued_at", "order_at", "called_at", "started_at", "ended_at", "parked_at",
    "appointment_at", "due_at", "rests_until", "held_until",
)  # fmt: skip
PROBE = 200
NAMES = [field.name for field in fields(Ticket)]
COLUMNS = ", ".join(NAMES)
LIVING = ", ".join(f"'{state}'" for state in sorted(LIVING_STATES))


class SomebodyWasFaster(Exception):
    """The ticket is no longer as it was when this step was decided; nothing was written."""


class Tickets:
    """Rows of `ticket` as Ticket objects."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, ticket: Ticket, request_id: str | None) -> int:
        """Store a new ticket and return its id (the one in `ticket` is ignored)."""
        row = to_row(ticket)
        del row["id"]
        return self._db.insert("ticket", {**row, "request_id": request_id})

    def save(self, before: Ticket, after: Ticket) -> None:
        """Write what changed, if the ticket still is as it was. Raises SomebodyWasFaster."""
        old, new = to_row(before), to_row(after)
        changed = {name: value for name, value in new.items() if value != old[name]}
        # A step may change nothing, e.g. a transfer to where the client waits already.
        settings = ", ".join(f"{name} = :{name}" for name in changed) or "id = id"
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

    def candidates(
        self, day: date, desk: Desk, now: datetime, limit: int = 1, *, early: bool = False
    ) -> list[Ticket]:
        """The first `limit` waiting tickets of each of the desk's services that it may call now:
        all that the next call has to compare. `early`: appointments before their time instead."""
        values = {"day": str(day), "now": to_stored(now), "desk": desk.key, "limit": limit}
        # "held_for IS" would keep SQLite from using the partial index.
        held = "held_for = :desk AND"
        found = self._first(f"{held} (due_at > :now) IS {_sql(early)}", values)
        free = (
            "service = :service AND (held_until IS NULL OR held_until <= :now OR held_for = :desk)"
            f" AND (due_at > :now) IS {_sql(early)} AND issued_at <= :latest"
        )
        for service in desk.services | desk.overflow.keys():
            patience = timedelta(0) if service in desk.services else desk.overflow[service]
            latest = to_stored(now - patience) if patience else LARGEST_ID
            found += self._first(free, {**values, "service": service, "latest": latest})
        return list({ticket.id: ticket for ticket in found}.values())

    def _first(self, condition: str, values: dict[str, Any]) -> list[Ticket]:
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = :day AND state = 'waiting' AND {condition}"
            " AND (rests_until IS NULL OR rests_until <= :now) ORDER BY order_at, id LIMIT :limit"
        )
        return [from_row(row) for row in self._db.rows(sql, values)]

    def resting(self, day: date, now: datetime, limit: int) -> list[Ticket]:
        """Clients who did not come a moment ago and are called again later, soonest first."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'waiting'"
            " AND rests_until > ? ORDER BY rests_until, id LIMIT ?"
        )
        return [from_row(row) for row in self._db.rows(sql, (str(day), to_stored(now), limit))]

    def waiting(self, day: date) -> list[Ticket]:
        """Everybody who waits, in the order of their places."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'waiting'"
            " ORDER BY order_at, id"
        )
        return [from_row(row) for row in self._db.rows(sql, (str(day),))]

    def count_ahead(self, day: date, ticket: Ticket, services: Iterable[str]) -> int:
        """How many waiting clients of `services` have a place before this one."""
        wanted = sorted(services)
        before = self._count(day, wanted, "<", ticket, PROBE)
        if before < PROBE:
            return before
        # Far back in a long queue the few behind are counted quicker than the many before.
        counts = self.count_waiting(day)
        return sum(counts.get(s, 0) for s in wanted) - self._count(day, wanted, ">=", ticket, -1)

    def _count(self, day: date, services: list[str], side: str, ticket: Ticket, limit: int) -> int:
        # One short look into each service's own part of the index.
        one = (
            "SELECT 1 FROM ticket WHERE day = ? AND state = 'waiting' AND service = ?"
            f" AND (order_at, id) {side} (?, ?)"
        )
        place = (to_stored(ticket.order_at), ticket.id)
        values = [value for service in services for value in (str(day), service, *place)]
        every = " UNION ALL ".join([one] * len(services))
        return int(self._db.value(f"SELECT count(*) FROM ({every} LIMIT ?)", [*values, limit]))

    def count_waiting(self, day: date) -> dict[str, int]:
        """Waiting clients by service."""
        sql = "SELECT service, waiting FROM tally WHERE day = ? AND waiting > 0"
        return {row["service"]: row["waiting"] for row in self._db.rows(sql, (str(day),))}

    def count_valid(self, day: date, service: str) -> int:
        """Today's tickets for a service that were not withdrawn."""
        sql = (
            "SELECT count(*) FROM ticket WHERE day = ? AND service = ? AND state IN"
            " ('waiting', 'called', 'serving', 'parked', 'finished', 'missed')"
        )
        return int(self._db.value(sql, (str(day), service)))

    def services_in_use(self, day: date) -> set[str]:
        """The services of all living tickets of the day."""
        sql = f"SELECT DISTINCT service FROM ticket WHERE day = ? AND state IN ({LIVING})"
        return {row["service"] for row in self._db.rows(sql, (str(day),))}

    def longest_since(self, day: date, service: str) -> datetime | None:
        """When the first of those who wait for a service took the ticket, by place."""
        sql = (
            "SELECT issued_at FROM ticket WHERE day = ? AND state = 'waiting' AND service = ?"
            " ORDER BY order_at, id LIMIT 1"
        )
        return from_stored(self._db.value(sql, (str(day), service)))

    def still_open(self, before: date) -> list[Ticket]:
        """Tickets of earlier days that nobody ended. Later days exist when a clock was set back;
        theirs stay as they are until it is right again."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day < ?"
            " AND state IN ('waiting', 'called', 'serving', 'parked') ORDER BY order_at, id"
        )
        return [from_row(row) for row in self._db.rows(sql, (str(before),))]

    def forget_notes(self, day: date) -> None:
        """Notes are for the day; afterwards nobody needs what was written."""
        sql = "UPDATE ticket SET note = NULL WHERE note IS NOT NULL AND day < ?"
        self._db.change(sql, (str(day),))

    def at_counters(self) -> list[Ticket]:
        """Called or being served, newest call first, whatever the day."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE counter IS NOT NULL"
            " AND state IN ('called', 'serving') ORDER BY called_at DESC, id DESC"
        )
        return [from_row(row) for row in self._db.rows(sql)]

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
        return [from_row(row) for row in self._db.rows(sql, (str(day), limit))]

    def missed(self, day: date, limit: int) -> list[Ticket]:
        """Clients who did not come today, latest first."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'missed'"
            " ORDER BY called_at DESC, id DESC LIMIT ?"
        )
        return [from_row(row) for row in self._db.rows(sql, (str(day), limit))]

    def parked(self, day: date, limit: int) -> list[Ticket]:
        """Clients who are away for a while, longest first."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'parked'"
            " ORDER BY parked_at, id LIMIT ?"
        )
        return [from_row(row) for row in self._db.rows(sql, (str(day), limit))]

    def recently_issued(self, day: date, limit: int) -> list[Ticket]:
        """Today's newest tickets."""
        sql = f"SELECT {COLUMNS} FROM ticket WHERE day = ? ORDER BY id DESC LIMIT ?"
        return [from_row(row) for row in self._db.rows(sql, (str(day), limit))]

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


def to_row(ticket: Ticket) -> Row:
    """The ticket as the database keeps it."""
    row = {name: getattr(ticket, name) for name in NAMES}
    for name in INSTANTS:
        row[name] = to_stored(row[name])
    row["served_before"] = ticket.served_before // MICROSECOND
    row["at_day_end"] = int(ticket.at_day_end)
    return row


def from_row(row: Row) -> Ticket:
    """The ticket of a row."""
    values: dict[str, Any] = {**row, "state": State(row["state"])}
    for name in INSTANTS:
        values[name] = from_stored(values[name])
    values["served_before"] = row["served_before"] * MICROSECOND
    values["at_day_end"] = bool(row["at_day_end"])
    return Ticket(**values)


def _sql(truth: bool) -> str:
    # NULL (no appointment) counts as "not early".
    return "TRUE" if truth else "NOT TRUE"


def _one(row: Row | None) -> Ticket | None:
    return from_row(row) if row else None
