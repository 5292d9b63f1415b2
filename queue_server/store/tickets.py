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
QUARTER = 15 * 60 * 1_000_000  # of an hour, in microseconds: what the tally counts by
NAMES = [field.name for field in fields(Ticket)]
COLUMNS = ", ".join(NAMES)
# In the order of the index: SQLite uses a partial index only for the very same list.
LIVING = ", ".join(f"'{state}'" for state in State if state in LIVING_STATES)


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

    def forget_request(self, ticket_id: int) -> None:
        """Its request was another day's; a new one may have the same name."""
        self._db.change("UPDATE ticket SET request_id = NULL WHERE id = ?", (ticket_id,))

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
        """The first `limit` waiting tickets that the desk may call now, in the order of their
        places. `early`: appointments before their time instead."""
        values = {"day": str(day), "now": to_stored(now), "desk": desk.key, "limit": limit}
        # "held_for IS" would keep SQLite from using the partial index.
        grounds = ["held_for = :desk"]
        for n, service in enumerate(desk.services | desk.overflow.keys()):
            patience = timedelta(0) if service in desk.services else desk.overflow[service]
            latest = to_stored(now - patience) if patience else LARGEST_ID
            values |= {f"service_{n}": service, f"latest_{n}": latest}
            grounds.append(
                f"service = :service_{n} AND issued_at <= :latest_{n}"
                " AND (held_until IS NULL OR held_until <= :now OR held_for = :desk)"
            )
        # The first few on each ground, so that the length of the queue does not matter.
        first = (
            "SELECT id FROM (SELECT id FROM ticket WHERE day = :day AND state = 'waiting' AND {}"
            f" AND (due_at > :now) IS {_sql(early)}"
            " AND (rests_until IS NULL OR rests_until <= :now) ORDER BY order_at, id LIMIT :limit)"
        )
        found = " UNION ALL ".join(first.format(ground) for ground in grounds)
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE id IN ({found}) ORDER BY order_at, id LIMIT :limit"
        )
        return [from_row(row) for row in self._db.rows(sql, values)]

    def resting(
        self, day: date, services: Iterable[str], now: datetime, limit: int
    ) -> list[Ticket]:
        """Clients who did not come a moment ago and are called again later, soonest first."""
        wanted = sorted(services)
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'waiting'"
            f" AND rests_until > ? AND service IN ({', '.join('?' * len(wanted))})"
            " ORDER BY rests_until, id LIMIT ?"
        )
        values = (str(day), to_stored(now), *wanted, limit)
        return [from_row(row) for row in self._db.rows(sql, values)]

    def held(self, day: date, now: datetime) -> list[tuple[str, str]]:
        """Service and counter of everybody who is kept for one counter now."""
        sql = (
            "SELECT service, held_for FROM ticket WHERE day = ? AND state = 'waiting'"
            " AND held_for IS NOT NULL AND held_until > ?"
        )
        rows = self._db.rows(sql, (str(day), to_stored(now)))
        return [(row["service"], row["held_for"]) for row in rows]

    def waiting(self, day: date) -> list[Ticket]:
        """Everybody who waits, in the order of their places."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'waiting'"
            " ORDER BY order_at, id"
        )
        return [from_row(row) for row in self._db.rows(sql, (str(day),))]

    def count_ahead(self, day: date, ticket: Ticket, services: Iterable[str]) -> int:
        """How many waiting clients of `services` have a place before this one."""
        place = to_stored(ticket.order_at) or 0
        quarter = place // QUARTER
        values = {"day": str(day), "place": place, "id": ticket.id, "quarter": quarter}
        values |= {"begin": quarter * QUARTER}
        # Whole quarters of an hour from the tally, then one by one in the client's own quarter.
        one = (
            "SELECT sum(waiting) AS ahead FROM tally"
            " WHERE day = :day AND service = :{0} AND quarter < :quarter"
            " UNION ALL SELECT count(*) FROM ticket"
            " WHERE day = :day AND state = 'waiting' AND service = :{0}"
            " AND order_at BETWEEN :begin AND :place AND (order_at < :place OR id < :id)"
        )
        named = {f"service_{n}": service for n, service in enumerate(services)}
        every = " UNION ALL ".join(one.format(name) for name in named)
        return int(self._db.value(f"SELECT sum(ahead) FROM ({every})", {**values, **named}))

    def count_waiting(self, day: date) -> dict[str, int]:
        """Waiting clients by service."""
        sql = "SELECT service, sum(waiting) AS people FROM tally WHERE day = ? GROUP BY service"
        return {row["service"]: row["people"] for row in self._db.rows(sql, (str(day),))}

    def count_valid(self, day: date, service: str) -> int:
        """Today's tickets for a service that were not withdrawn."""
        sql = (
            "SELECT (SELECT count(*) FROM ticket WHERE day = :day AND service = :service)"
            " - (SELECT count(*) FROM ticket"
            " WHERE day = :day AND service = :service AND state = 'withdrawn')"
        )
        return int(self._db.value(sql, {"day": str(day), "service": service}))

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

    def missed(self, day: date, since: datetime, limit: int) -> list[Ticket]:
        """Clients who did not come today and have been away only since then, latest first."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'missed' AND ended_at >= ?"
            " ORDER BY called_at DESC, id DESC LIMIT ?"
        )
        values = (str(day), to_stored(since), limit)
        return [from_row(row) for row in self._db.rows(sql, values)]

    def parked(self, day: date, limit: int, counter: str = "") -> list[Ticket]:
        """Clients who are away for a while: those of `counter` first, then the longest."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE day = ? AND state = 'parked'"
            " ORDER BY counter IS NOT ?, parked_at, id LIMIT ?"
        )
        values = (str(day), counter, limit)
        return [from_row(row) for row in self._db.rows(sql, values)]

    def recently_issued(self, day: date, limit: int) -> list[Ticket]:
        """Today's among the newest tickets."""
        sql = (
            f"SELECT {COLUMNS} FROM ticket WHERE id > (SELECT max(id) FROM ticket) - ?"
            " AND day = ? ORDER BY id DESC"
        )
        return [from_row(row) for row in self._db.rows(sql, (limit, str(day)))]

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
