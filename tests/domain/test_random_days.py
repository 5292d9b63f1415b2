"""Thousands of random steps by the rules alone: no app, no database."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from hypothesis import settings

from queue_server.domain.order import Desk, next_for, order_after_missing, reason_for
from queue_server.domain.ticket import AT_COUNTER, NotAllowed, State
from tests.domain import simple_office
from tests.domain.random_days import STEPS, RandomDay
from tests.domain.rooms import at, walk_in, with_appointment

DESKS = {
    key: Desk(
        key,
        frozenset(services),
        {s: timedelta(minutes=m) for s, m in simple_office.OVERFLOW.get(key, {}).items()},
    )
    for key, services in simple_office.COUNTERS.items()
}
TOLERANCE = timedelta(minutes=simple_office.TOLERANCE)
CREDIT = timedelta(minutes=simple_office.CREDIT)


def minutes(instant):
    return (instant - at(0)) / timedelta(minutes=1)


class Rules:
    """Tickets in a dict, moved by the rules: the smallest office that works."""

    def __init__(self):
        self.minute = 0
        self.tickets = {}

    @property
    def now(self):
        return at(self.minute)

    def forward(self, span):
        self.minute += span

    def issue(self, service, priority, slot):
        number = len(self.tickets) + 1
        if slot is None:
            ticket = walk_in(number, self.minute, service, priority=priority)
        else:
            ticket = with_appointment(number, self.minute, slot, service)
        self.tickets[number] = ticket
        return number

    def call_next(self, counter):
        if self.is_busy(counter):
            return "busy"
        chosen = next_for(DESKS[counter], self.tickets.values(), self.now)
        if chosen is None:
            return None
        reason = reason_for(DESKS[counter], chosen, self.now)
        self.tickets[chosen.id] = chosen.call(counter, self.now, reason)
        return chosen.id

    def is_busy(self, counter):
        return any(t.counter == counter and t.state in AT_COUNTER for t in self.tickets.values())

    def call(self, number, counter):
        return not self.is_busy(counter) and self.move(
            number, lambda t: t.call(counter, self.now, "picked:x")
        )

    def transfer(self, number, service=None, counter=None):
        def sent_on(ticket):
            moved = ticket.transfer(service or ticket.service, self.now)
            return moved.hold(counter, self.held_until()) if counter else moved

        return self.move(number, sent_on)

    def step(self, verb, number):
        if verb == "miss":
            rest = timedelta(minutes=simple_office.REST)
            calls, hold = simple_office.CALLS, timedelta(minutes=simple_office.HOLD)
            return self.move(number, lambda t: t.miss(self.now, calls, rest, hold))
        if verb == "resume":
            return self.move(number, self.resumed)
        return self.move(number, lambda t: getattr(t, verb)(self.now))

    def resumed(self, ticket):
        if ticket.state is not State.MISSED:
            return ticket.resume(ticket.order_at, self.held_until())
        if self.now - ticket.ended_at > TOLERANCE:
            raise NotAllowed("resume", ticket, "too_late")
        place = order_after_missing(ticket, self.now, CREDIT)
        return ticket.resume(place, self.held_until())

    def held_until(self):
        return self.now + timedelta(minutes=simple_office.HOLD)

    def move(self, number, change):
        try:
            self.tickets[number] = change(self.tickets[number])
        except NotAllowed:
            return False
        return True

    def seen(self, number):
        ticket = self.tickets[number]
        return {
            "state": ticket.state,
            "service": ticket.service,
            "place": minutes(ticket.order_at),
            "counter": ticket.counter,
            "held": ticket.held_for,
            "attempt": ticket.attempt,
        }


class DayByTheRules(RandomDay):
    def make_driver(self):
        return Rules()


TestDayByTheRules = DayByTheRules.TestCase
TestDayByTheRules.settings = settings(max_examples=40, stateful_step_count=60, deadline=None)


def test_a_year_of_random_steps_keeps_every_promise():
    """The same without hypothesis between the steps: some ten thousand in a second or two."""
    chance, steps, began = random.Random(2026), 0, time.perf_counter()
    for _ in range(60):
        day = DayByTheRules()
        day.open_doors()
        for _ in range(120):
            a_random_step(day, chance)
            day.everybody_is_where_the_simple_office_says()
            day.no_counter_has_two_clients_and_none_has_half_of_one()
            steps += 1
    assert steps == 7200
    assert steps / (time.perf_counter() - began) > 1000


def a_random_step(day, chance):
    service, counter = chance.choice(simple_office.SERVICES), chance.choice("123")
    position = chance.randrange(100)
    wishes = [
        lambda: day.a_client_takes_a_ticket(service, chance.choice([None, "extra-time"])),
        lambda: day.a_client_with_an_appointment_arrives(service, chance.randint(-20, 40)),
        lambda: day.time_passes(chance.choice([1, 3, 6, 16, 31])),
        lambda: day.a_clerk_calls_next(counter),
        lambda: day.ids and day.somebody_takes_a_step(chance.choice(STEPS), position),
        lambda: day.ids and day.a_clerk_picks_somebody(position, counter),
        lambda: day.ids and day.a_client_is_sent_on(position, service),
        lambda: day.ids and day.a_client_is_sent_to_one_counter(position, counter),
    ]
    chance.choices(wishes, weights=[3, 1, 2, 4, 8, 1, 1, 1])[0]()
