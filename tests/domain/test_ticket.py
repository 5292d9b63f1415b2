"""Every step from every state: allowed exactly as the table of moves says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from queue_server.domain.ticket import LIVING_STATES, MOVES, OPEN_STATES, NotAllowed, State, Ticket

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WAITING = Ticket(1, "A001", "documents", State.WAITING, NOW, NOW, "de")
STEPS = {
    "call": lambda t: t.call("1", NOW, "longest_waiting"),
    "recall": lambda t: t.recall(NOW),
    "start": lambda t: t.start(NOW),
    "finish": lambda t: t.finish(NOW),
    "miss": lambda t: t.miss(NOW),
}


def test_every_step_of_the_table_can_be_taken():
    assert set(STEPS) == set(MOVES)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", MOVES)
def test_a_step_is_possible_exactly_from_the_states_of_the_table(verb, state):
    allowed_from, leads_to = MOVES[verb]
    ticket = replace(WAITING, state=state)
    if state in allowed_from:
        assert STEPS[verb](ticket).state is leads_to
    else:
        with pytest.raises(NotAllowed, match=f"A001 is {state}"):
            STEPS[verb](ticket)


def test_a_recall_counts_up_and_keeps_the_counter():
    recalled = WAITING.call("1", NOW, "longest_waiting").recall(NOW + timedelta(seconds=30))
    assert (recalled.attempt, recalled.counter) == (2, "1")
    assert recalled.called_at == NOW + timedelta(seconds=30)


def test_nothing_moves_a_client_away_from_the_place_in_the_queue():
    served = WAITING.call("1", NOW, "longest_waiting").start(NOW).finish(NOW)
    assert served.order_at == WAITING.order_at


def test_a_missed_client_keeps_the_number_alive():
    assert State.MISSED in LIVING_STATES
    assert State.MISSED not in OPEN_STATES
