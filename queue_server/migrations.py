"""The shape of the database, step by step. A released step is never edited; add the next one."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("queue")

# Times are whole microseconds since 1970 UTC: they sort as numbers and never meet a time zone.
TICKETS = """
CREATE TABLE ticket (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    order_at INTEGER NOT NULL,
    language TEXT NOT NULL,
    priority TEXT,
    counter TEXT,
    called_at INTEGER,
    started_at INTEGER,
    ended_at INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    token TEXT NOT NULL UNIQUE,
    kiosk TEXT,
    print_state TEXT NOT NULL DEFAULT 'none',
    request_id TEXT
) STRICT;
-- A repeated request finds its ticket for as long as the day lasts.
CREATE UNIQUE INDEX ticket_request ON ticket (day, request_id) WHERE request_id IS NOT NULL;
-- The last line of defence behind the guarded updates: one client at a counter, one number alive.
CREATE UNIQUE INDEX ticket_at_counter ON ticket (counter) WHERE state IN ('called', 'serving');
CREATE UNIQUE INDEX ticket_number_alive ON ticket (day, number)
    WHERE state IN ('waiting', 'called', 'serving', 'parked', 'missed');
-- Only the living are indexed, so that years of old tickets cost nothing.
CREATE INDEX ticket_waiting ON ticket (day, service, order_at, id) WHERE state = 'waiting';
CREATE INDEX ticket_called ON ticket (day, called_at) WHERE called_at IS NOT NULL;
CREATE INDEX ticket_missed ON ticket (day, called_at) WHERE state = 'missed';
CREATE INDEX ticket_issued ON ticket (day, id);
"""

EVENTS = """
CREATE TABLE event (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    ticket_id INTEGER,
    counter TEXT,
    data TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
"""

STANDING = """
CREATE TABLE series (
    key TEXT PRIMARY KEY, day TEXT NOT NULL, last_given INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counter (
    key TEXT PRIMARY KEY, state TEXT NOT NULL, request_id TEXT, request_ticket INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE print_job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id INTEGER NOT NULL,
    printer TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    slip TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    claimed_at INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX print_job_open ON print_job (printer, id) WHERE state IN ('queued', 'sending');
CREATE INDEX print_job_of_printer ON print_job (printer, id);
"""

ACCESS = """
CREATE TABLE token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    station TEXT,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE TABLE link (
    code_hash TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    station TEXT,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE staff (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
    id_hash TEXT PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@migrations()
def m001_tickets(db: Database) -> None:
    """Tickets and the guards that the database keeps by itself."""
    _create(db, TICKETS)


@migrations()
def m002_events(db: Database) -> None:
    """The append-only log."""
    _create(db, EVENTS)


@migrations()
def m003_numbers_counters_paper(db: Database) -> None:
    """Number series, counters, print jobs."""
    _create(db, STANDING)


@migrations()
def m004_who_may_what(db: Database) -> None:
    """Tokens, one-time links, staff and their sessions."""
    _create(db, ACCESS)


def _create(db: Database, script: str) -> None:
    # Statement by statement: executescript() would commit the migration's own transaction.
    statement = ""
    for line in script.splitlines():
        if line.strip().startswith("--"):
            continue
        statement += line + "\n"
        # The trigger's inner statement ends with a semicolon too; its "END;" ends it all.
        if line.endswith(";") and not line.startswith("BEGIN") or line.endswith("END;"):
            db.execute(statement)
            statement = ""
