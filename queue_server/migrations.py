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

RULES = """
ALTER TABLE ticket ADD COLUMN parked_at INTEGER;
ALTER TABLE ticket ADD COLUMN note TEXT;
ALTER TABLE ticket ADD COLUMN appointment_at INTEGER;
ALTER TABLE ticket ADD COLUMN due_at INTEGER;
ALTER TABLE ticket ADD COLUMN rests_until INTEGER;
ALTER TABLE ticket ADD COLUMN held_for TEXT;
ALTER TABLE ticket ADD COLUMN held_until INTEGER;
ALTER TABLE ticket ADD COLUMN served_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN at_day_end INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ticket_held ON ticket (day, held_for, order_at, id)
    WHERE state = 'waiting' AND held_for IS NOT NULL;
CREATE INDEX ticket_resting ON ticket (day, rests_until)
    WHERE state = 'waiting' AND rests_until IS NOT NULL;
CREATE INDEX ticket_parked ON ticket (day, parked_at) WHERE state = 'parked';
CREATE INDEX ticket_open ON ticket (day) WHERE state IN ('waiting', 'called', 'serving', 'parked');
CREATE INDEX ticket_noted ON ticket (day) WHERE note IS NOT NULL;
CREATE INDEX ticket_withdrawn ON ticket (day, service) WHERE state = 'withdrawn';
-- The service first, so that no look at one day mistakes it for the shortest way.
DROP INDEX ticket_issued;
CREATE INDEX ticket_issued ON ticket (service, day);
-- With the state in it those ahead are counted without a look at their tickets.
DROP INDEX ticket_waiting;
CREATE INDEX ticket_waiting ON ticket (day, service, state, order_at, id) WHERE state = 'waiting';
-- The newest step of a ticket, as long as it can be taken back.
CREATE TABLE last_step (
    ticket_id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    by TEXT NOT NULL,
    verb TEXT NOT NULL,
    at INTEGER NOT NULL,
    before TEXT NOT NULL
) STRICT;
CREATE INDEX last_step_by ON last_step (by, at);
-- Which browser window works at a counter, and since when it has been away.
ALTER TABLE counter ADD COLUMN window TEXT;
ALTER TABLE counter ADD COLUMN window_left_at INTEGER;
-- What services were called: one that vanished from the file may still have clients.
CREATE TABLE service_name (key TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- The business day that has begun; there is one row.
CREATE TABLE business_day (id INTEGER PRIMARY KEY CHECK (id = 1), day TEXT NOT NULL) STRICT;
-- One row for each day: a clock that is set back finds its numbers where they were.
ALTER TABLE series RENAME TO series_old;
CREATE TABLE series (
    key TEXT NOT NULL, day TEXT NOT NULL, last_given INTEGER NOT NULL, PRIMARY KEY (key, day)
) STRICT, WITHOUT ROWID;
INSERT INTO series SELECT key, day, last_given FROM series_old;
DROP TABLE series_old;
"""

# Counting ten thousand rows for every board would cost more than the call itself, so the database
# keeps the count of waiting clients with each change: by the quarter of an hour of their places,
# so that those ahead of a client in the middle are counted by quarters too. No row means nobody.
TALLY = """
CREATE TABLE tally (
    day TEXT NOT NULL, service TEXT NOT NULL, quarter INTEGER NOT NULL, waiting INTEGER NOT NULL,
    PRIMARY KEY (day, service, quarter)
) STRICT, WITHOUT ROWID;
INSERT INTO tally SELECT day, service, order_at / 900000000, count(*) FROM ticket
    WHERE state = 'waiting' GROUP BY 1, 2, 3;
CREATE TRIGGER tally_issued AFTER INSERT ON ticket WHEN NEW.state = 'waiting'
BEGIN INSERT INTO tally VALUES (NEW.day, NEW.service, NEW.order_at / 900000000, 1)
    ON CONFLICT DO UPDATE SET waiting = waiting + 1; END;
CREATE TRIGGER tally_left AFTER UPDATE OF state, service, day, order_at ON ticket
    WHEN OLD.state = 'waiting'
BEGIN UPDATE tally SET waiting = waiting - 1 WHERE day = OLD.day AND service = OLD.service
    AND quarter = OLD.order_at / 900000000; END;
CREATE TRIGGER tally_joined AFTER UPDATE OF state, service, day, order_at ON ticket
    WHEN NEW.state = 'waiting'
BEGIN INSERT INTO tally VALUES (NEW.day, NEW.service, NEW.order_at / 900000000, 1)
    ON CONFLICT DO UPDATE SET waiting = waiting + 1; END;
CREATE TRIGGER tally_deleted AFTER DELETE ON ticket WHEN OLD.state = 'waiting'
BEGIN UPDATE tally SET waiting = waiting - 1 WHERE day = OLD.day AND service = OLD.service
    AND quarter = OLD.order_at / 900000000; END;
CREATE TRIGGER tally_nobody AFTER UPDATE ON tally WHEN NEW.waiting = 0
BEGIN DELETE FROM tally WHERE day = NEW.day AND service = NEW.service
    AND quarter = NEW.quarter; END;
-- The state first, so that nobody reads through the printed ones to find the few that are open.
DROP INDEX print_job_open;
CREATE INDEX print_job_open ON print_job (state, printer, id)
    WHERE state IN ('queued', 'sending');
CREATE INDEX event_of_ticket ON event (ticket_id) WHERE ticket_id IS NOT NULL;
-- Who was called out of turn, without a look at anything else that happened meanwhile.
CREATE INDEX event_of_order ON event (ticket_id) WHERE kind IN ('TicketCalled', 'StepUndone');
"""

PRINTERS = """
CREATE TABLE printer (
    key TEXT PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'unknown',
    reason TEXT,
    near_end INTEGER NOT NULL DEFAULT 0,
    shaping INTEGER NOT NULL DEFAULT 1,
    changed_at INTEGER,
    agent TEXT,
    agent_seen_at INTEGER,
    faults TEXT NOT NULL DEFAULT '[]',
    version INTEGER NOT NULL DEFAULT 0,
    told INTEGER NOT NULL DEFAULT 0,
    used_mm REAL NOT NULL DEFAULT 0,
    roll_changed_at INTEGER
) STRICT, WITHOUT ROWID;
ALTER TABLE print_job ADD COLUMN millimetres REAL;
ALTER TABLE print_job ADD COLUMN ordered_by TEXT NOT NULL DEFAULT 'issue';
ALTER TABLE print_job ADD COLUMN instead_of INTEGER;
CREATE INDEX print_job_of_ticket ON print_job (ticket_id);
CREATE INDEX print_job_finished ON print_job (printer, finished_at) WHERE finished_at IS NOT NULL;
"""

# A screen that shows a pairing code, from the first look until some time after its code is over.
DEVICES = """
CREATE TABLE pairing (
    secret_hash TEXT PRIMARY KEY,
    code_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    station TEXT,
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    approved_station TEXT,
    approved_by TEXT,
    collected_at INTEGER
) STRICT, WITHOUT ROWID;
ALTER TABLE token ADD COLUMN last_seen_at INTEGER;
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


@migrations()
def m005_all_that_can_happen_to_a_ticket(db: Database) -> None:
    """Parked, transferred, held, resting, undone; windows at counters; business days."""
    _create(db, RULES)


@migrations()
def m006_counts_that_cost_nothing(db: Database) -> None:
    """How many wait, kept by triggers."""
    _create(db, TALLY)


@migrations()
def m007_printers(db: Database) -> None:
    """What is known of each printer, its paper, and which agent serves it."""
    _create(db, PRINTERS)


@migrations()
def m008_devices(db: Database) -> None:
    """Pairing by code, and when each device was last here."""
    _create(db, DEVICES)


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
