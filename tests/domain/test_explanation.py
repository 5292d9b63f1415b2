"""Who was called before me, and why: from events alone."""

from __future__ import annotations

from queue_server.domain.events import Event, Kind
from queue_server.domain.explanation import called_before, overtaken_by
from tests.domain.rooms import at


class Log:
    """Writes events the way the office does."""

    def __init__(self):
        self.events = []

    def add(self, kind, ticket_id=None, counter=None, **data):
        revision = len(self.events) + 1
        self.events.append(Event(revision, kind, at(revision), ticket_id, counter, data))
        return revision

    def issue(self, ticket_id, service="documents"):
        return self.add(Kind.TICKET_ISSUED, ticket_id, service=service)

    def call(self, ticket_id, reason="longest_waiting", serves=("documents",), **more):
        return self.add(Kind.TICKET_CALLED, ticket_id, "1", reason=reason, serves=serves, **more)

    def before(self, ticket_id):
        return [call.ticket_id for call in called_before(ticket_id, self.events)]


def test_everybody_who_was_called_while_i_waited_is_named_with_the_reason():
    log = Log()
    log.issue(1)
    log.issue(2)
    log.issue(3)
    log.call(1)
    log.call(3, "appointment:09:20")
    log.call(2)
    first, second = called_before(2, log.events)
    assert (first.ticket_id, first.reason, first.came_later) == (1, "longest_waiting", False)
    assert (second.ticket_id, second.reason, second.came_later) == (3, "appointment:09:20", True)
    assert overtaken_by([first, second]) == {"appointment": 1}


def test_calls_at_counters_that_do_not_serve_me_are_none_of_my_business():
    log = Log()
    log.issue(1)
    log.issue(2, "status")
    log.call(2, serves=("status",))
    assert log.before(1) == []


def test_a_repeated_call_counts_once():
    log = Log()
    log.issue(1)
    log.issue(2)
    log.call(2)
    log.call(2, again=True)
    assert log.before(1) == [2]


def test_a_call_that_was_taken_back_did_not_overtake_anybody():
    log = Log()
    log.issue(1)
    log.issue(2)
    revision = log.call(2)
    log.add(Kind.STEP_UNDONE, 2, revision=revision, state="waiting", service="documents")
    assert log.before(1) == []


def test_while_i_was_away_nobody_overtook_me():
    log = Log()
    log.issue(1)
    log.issue(2)
    log.issue(3)
    log.add(Kind.TICKET_PARKED, 1)
    log.call(2)
    log.add(Kind.TICKET_RESUMED, 1)
    log.call(3)
    assert log.before(1) == [3]


def test_after_a_transfer_it_is_the_new_concern_that_counts():
    log = Log()
    log.issue(1)
    log.issue(2, "status")
    log.add(Kind.TICKET_TRANSFERRED, 1, service="status")
    log.call(2, serves=("status",))
    assert log.before(1) == [2]


def test_one_person_who_was_called_twice_is_one_person():
    log = Log()
    log.issue(1)
    log.issue(2)
    log.call(2)
    log.add(Kind.CALL_UNANSWERED, 2)
    log.call(2)
    assert overtaken_by(called_before(1, log.events)) == {"longest_waiting": 1}
