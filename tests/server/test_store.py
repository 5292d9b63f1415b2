"""The traps of SQLite under a server, each with its test (measured before in other projects)."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlite_utils

from queue_server.domain.events import Kind
from queue_server.migrations import migrations
from queue_server.store import Database, DatabaseProblem, NestedTransaction, Store
from queue_server.store.tickets import SomebodyWasFaster
from tests.conftest import TUESDAY_MORNING


@pytest.fixture
def store(tmp_path):
    database = Database(tmp_path / "queue.db")
    yield Store(database)
    database.close()


def test_a_transaction_inside_a_transaction_is_refused_not_joined(store):
    with store.transaction(), pytest.raises(NestedTransaction), store.transaction():
        pass


def test_after_a_refused_nesting_the_next_transaction_works(store):
    test_a_transaction_inside_a_transaction_is_refused_not_joined(store)
    with store.transaction():
        store.events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
    assert store.events.revision() == 1


def test_what_fails_halfway_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
        raise ZeroDivisionError
    assert store.events.after(0, 10) == []


def test_the_write_lock_is_taken_before_the_first_read(store, tmp_path):
    other = sqlite3.connect(tmp_path / "queue.db", timeout=0, isolation_level=None)
    with store.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_every_commit_reaches_the_disk(store):
    assert store.database.value("PRAGMA journal_mode") == "wal"
    assert store.database.value("PRAGMA synchronous") == 2  # FULL


def test_two_who_decided_on_the_same_picture_do_not_both_win(parts, kiosk):
    kiosk.take()
    before = parts.store.tickets.waiting(parts.area.today())[0]
    now = parts.area.now()
    parts.store.tickets.save(before, before.call("1", now, "longest_waiting"))
    with pytest.raises(SomebodyWasFaster):
        parts.store.tickets.save(before, before.call("2", now, "longest_waiting"))
    assert parts.area.find(before.id).counter == "1"


def test_events_are_never_changed(store):
    store.events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        store.database.change("UPDATE event SET counter = '2'")


def test_the_revision_never_goes_back_even_when_old_events_are_deleted(store, tmp_path):
    for _ in range(3):
        store.events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
    store.database.change("DELETE FROM event")
    assert store.events.revision() == 3
    again = Database(tmp_path / "queue.db")
    assert Store(again).events.revision() == 3
    again.close()


def test_a_number_does_not_come_from_a_row_that_was_deleted(parts, kiosk):
    kiosk.take()
    parts.store.database.change("DELETE FROM ticket")
    assert kiosk.take()["number"] == "A002"


def test_only_the_owner_may_read_the_file(store, tmp_path):
    assert stat.S_IMODE((tmp_path / "queue.db").stat().st_mode) == 0o600


def test_the_session_key_is_made_once_and_for_the_owner_alone(app, parts):
    key = parts.paper.parent / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    assert app.secret_key == key.read_bytes()


def test_a_damaged_file_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "queue.db"
    path.write_bytes(b"this is no database at all, only text" * 100)
    with pytest.raises(DatabaseProblem, match="cannot be used"):
        Database(path)


def test_a_page_of_rubbish_inside_the_file_is_noticed_at_start(tmp_path):
    path = tmp_path / "queue.db"
    store = Store(Database(path))
    for _ in range(2000):
        store.events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
    store.database.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(DatabaseProblem, match="cannot be used"):
        Database(path)


def test_a_file_of_yesterday_is_opened_again_with_everything_in_it(tmp_path):
    first = Database(tmp_path / "queue.db")
    Store(first).events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
    first.close()
    second = Database(tmp_path / "queue.db")
    assert Store(second).events.after(0, 10)[0].at == TUESDAY_MORNING
    second.close()


def test_a_copy_can_be_made_while_the_server_writes(store, tmp_path):
    store.events.add(Kind.COUNTER_OPENED, TUESDAY_MORNING, counter="1")
    store.database.backup(tmp_path / "copy.db")
    copy = Database(tmp_path / "copy.db")
    assert Store(copy).events.revision() == 1
    copy.close()


def test_a_copy_never_overwrites_a_file(store, tmp_path):
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(DatabaseProblem):
        store.database.backup(tmp_path / "copy.db")
    assert Path(tmp_path / "copy.db").read_text() == "precious"


def test_a_listener_that_fails_is_named_and_skipped(parts, kiosk, caplog):
    heard = []

    def broken(_events):
        raise RuntimeError("loudspeaker on fire")

    parts.area.subscribe(broken)
    parts.area.subscribe(heard.append)
    assert kiosk.take()["number"] == "A001"
    assert "broken" in caplog.text
    assert len(heard) == 1


def test_listeners_hear_after_the_commit_and_outside_of_the_transaction(parts, kiosk):
    seen = []
    parts.area.subscribe(lambda _: seen.append(parts.store.database._connection.in_transaction))
    kiosk.take()
    assert seen == [False]


def test_many_threads_reading_and_writing_never_see_half_a_step(parts):
    def issue():
        for _ in range(25):
            parts.area.issue("documents")

    threads = [threading.Thread(target=issue) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waiting = parts.store.tickets.waiting(parts.area.today())
    assert len({ticket.number for ticket in waiting}) == 200
    assert parts.store.events.revision() == 201  # and the beginning of the day


def test_a_file_of_the_first_release_is_brought_up_to_date_with_everything_in_it(tmp_path):
    old = sqlite_utils.Database(tmp_path / "queue.db")
    migrations.apply(old, stop_before="m005_all_that_can_happen_to_a_ticket")
    ticket = {
        "day": "2026-11-24", "number": "A007", "service": "documents", "state": "waiting",
        "issued_at": 1_000_000, "order_at": 1_000_000, "language": "de", "token": "secret",
    }  # fmt: skip
    for number, state in (("A007", "waiting"), ("A008", "missed"), ("A009", "waiting")):
        row = {**ticket, "number": number, "state": state, "token": number}
        marks = ", ".join(f":{name}" for name in row)
        old.execute(f"INSERT INTO ticket ({', '.join(row)}) VALUES ({marks})", row)
    old.execute("INSERT INTO series VALUES ('main', '2026-11-24', 9)")
    old.conn.commit()
    old.close()
    new = Database(tmp_path / "queue.db")
    store, day = Store(new), date(2026, 11, 24)
    assert [t.number for t in store.tickets.waiting(day)] == ["A007", "A009"]
    assert store.tickets.count_waiting(day) == {"documents": 2}
    assert store.tickets.last_given(day, "main") == 9
    assert store.tickets.waiting(day)[0].served_before == timedelta(0)
    new.close()


def test_the_count_of_those_who_wait_follows_every_change(parts):
    area, tickets = parts.area, parts.store.tickets
    first, second = (area.issue("documents")[0] for _ in range(2))

    def counted():
        return tickets.count_waiting(area.today())

    assert counted() == {"documents": 2}
    area.transfer(first.id, "status")
    assert counted() == {"documents": 1, "status": 1}
    area.call_next("3")
    assert counted() == {"documents": 1}
    area.park(second.id)
    assert counted() == {}
    area.undo(second.id)
    assert counted() == {"documents": 1}
