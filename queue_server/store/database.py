"""The file and its one connection: how it is opened, and the only way into a transaction."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from ..migrations import migrations

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
OWNER_ONLY = 0o600
BUSY_SECONDS = 5.0
LARGEST_ID = 2**63 - 1  # SQLite has no larger number; asking for one is an error there

Row = dict[str, Any]


class DatabaseProblem(Exception):
    """The file cannot be used; the text is one sentence for the administrator."""


class NestedTransaction(RuntimeError):
    """A transaction was opened inside another one of the same greenlet or thread.

    Joining in silently would lose the inner change when the outer one fails.
    """


class Database:
    """One connection, one writer. Everything that touches it holds the lock."""

    def __init__(self, path: Path) -> None:
        """Open or create the file, check it and bring it up to date. Raises DatabaseProblem."""
        self._lock = threading.RLock()
        self._inside = False
        self._path = path
        try:
            self._connection = _connect(path)
            self._db = sqlite_utils.Database(self._connection)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise DatabaseProblem(f"{path}: the database cannot be used ({error})") from error

    def close(self) -> None:
        """Write everything home and let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Read, decide and write as one; commits at the end, rolls back on any exception.

        Nothing inside may sleep, emit, print or log: under eventlet a yield lets another
        greenlet in. Raises NestedTransaction instead of joining in.
        """
        with self._lock:
            if self._inside:
                raise NestedTransaction("a transaction is open already")
            self._inside = True
            try:
                yield from self._begin_and_end()
            finally:
                self._inside = False

    def _begin_and_end(self) -> Generator[None, None, None]:
        # IMMEDIATE takes the write lock before the first read, so the read that decides
        # cannot be stale; a deferred BEGIN fails later with "database is locked".
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """The rows of a SELECT, or of a write with RETURNING."""
        with self._lock:
            cursor = self._db.execute(sql, parameters)  # type: ignore[arg-type]
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, parameters)), None)

    def value(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        """The first column of the first row, or None."""
        with self._lock:
            found = self._db.execute(sql, parameters).fetchone()  # type: ignore[arg-type]
            return found[0] if found else None

    def change(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Run a write and say how many rows it changed; that count is to be believed."""
        with self._lock:
            return int(self._db.execute(sql, parameters).rowcount)  # type: ignore[arg-type]

    def insert(self, table: str, row: Row) -> int:
        """Add one row and return its id."""
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        with self._lock:
            cursor = self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)
            return int(cursor.lastrowid or 0)

    def backup(self, target: Path) -> None:
        """A consistent copy into a new file while the server runs. Raises DatabaseProblem."""
        try:
            descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
            os.close(descriptor)
            with sqlite3.connect(target) as copy:
                self._connection.backup(copy)
            copy.close()
        except (OSError, sqlite3.Error) as error:
            raise DatabaseProblem(f"{target}: the copy cannot be written ({error})") from error

    def _prepare(self) -> None:
        verdict = self.value("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"damaged: {verdict}; restore a backup")
        # A command and the server may start at once on a new file: SQLite's own lock
        # cannot span several migrations, a lock beside the file can.
        with open(self._path.with_suffix(".lock"), "w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            migrations.apply(self._db)


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    os.close(descriptor)
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    # FULL: an acknowledged ticket survives a power cut, not only a crash of the process.
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def to_stored(instant: datetime | None) -> int | None:
    """UTC instant → whole microseconds since 1970, exactly."""
    return None if instant is None else (instant - EPOCH) // MICROSECOND


def from_stored(microseconds: int | None) -> datetime | None:
    """Whole microseconds since 1970 → UTC instant, exactly."""
    return None if microseconds is None else EPOCH + microseconds * MICROSECOND
