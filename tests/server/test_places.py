"""Places are counted by quarters of an hour and overtaking is looked up by an index; both must be
what a plain look at everybody would say."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from queue_server.domain.explanation import called_before, overtaken_by
from queue_server.domain.ticket import State

SERVICES = ("documents", "status")


@pytest.fixture
def busy_day(parts, clock):
    """Two hours in which clients come, are called, sent on, parked, taken back, and leave."""
    chance, area = random.Random(7), parts.area

    def go_on(ticket):
        verbs = {
            "transfer": lambda: area.transfer(ticket.id, chance.choice(SERVICES)),
            "park": lambda: area.park(ticket.id),
            "finish": lambda: (area.start(ticket.id), area.finish(ticket.id)),
            "resume": lambda: (area.miss(ticket.id), area.resume(ticket.id)),
            "undo": lambda: area.undo(ticket.id),
        }
        verbs[chance.choice(list(verbs))]()

    for _ in range(240):
        clock.forward(seconds=chance.randrange(60))
        priority = chance.choice((None, None, "extra-time"))
        issued, _ = area.issue(chance.choice(SERVICES), priority=priority)
        if chance.random() < 0.1:
            area.withdraw(issued.id)
        if chance.random() < 0.6 and (called := area.call_next("1")):
            go_on(called)
    return area


def test_the_people_ahead_are_those_with_an_earlier_place_also_over_many_quarters(busy_day):
    waiting = busy_day.store.tickets.waiting(busy_day.today())
    assert len(waiting) > 60
    assert waiting[-1].order_at - waiting[0].order_at > timedelta(hours=1)
    for place, ticket in enumerate(waiting):
        assert busy_day.ahead(ticket) == place  # both concerns compete for the same counters


def test_the_counts_by_concern_are_those_of_the_people_in_the_room(busy_day):
    tickets, today = busy_day.store.tickets, busy_day.today()
    assert tickets.count_waiting(today) == Counter(t.service for t in tickets.waiting(today))


def test_nobody_is_counted_any_more_when_all_have_left(busy_day):
    tickets, today = busy_day.store.tickets, busy_day.today()
    for ticket in [*tickets.waiting(today), *tickets.parked(today, 999)]:
        busy_day.withdraw(ticket.id)
    assert busy_day.store.database.rows("SELECT * FROM tally") == []


def test_withdrawn_tickets_do_not_count_for_the_daily_limit(busy_day):
    rows = busy_day.store.database.rows("SELECT service, state FROM ticket")
    for service in SERVICES:
        valid = sum(r["service"] == service and r["state"] != State.WITHDRAWN for r in rows)
        assert busy_day.store.tickets.count_valid(busy_day.today(), service) == valid


def test_the_short_way_to_who_overtook_says_the_same_as_all_events(busy_day):
    events, ids = busy_day.store.events, range(1, 241)
    everything = events.after(0, 10**6)
    told = {n: busy_day.overtaken_by(n) for n in ids}
    assert told == {n: overtaken_by(called_before(n, everything)) for n in ids}
    assert any(told.values())


def test_what_explains_an_ended_ticket_does_not_go_on_after_its_end(busy_day):
    events, everything = busy_day.store.events, busy_day.store.events.after(0, 10**6)
    ended = [t for t in map(busy_day.find, range(1, 241)) if t.state is State.FINISHED]
    assert len(ended) > 20
    for ticket in ended:
        explained = events.that_explain(ticket.id)
        assert explained[-1].ticket_id == ticket.id
        assert called_before(ticket.id, explained) == called_before(ticket.id, everything)
