"""Random clients, clerks and clock, step by step beside the simple office. What is tested is told
by the driver: the rules alone, or the whole server over HTTP."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.domain.simple_office import ALIVE, AT_COUNTER, COUNTERS, SERVICES, SimpleOffice

counters = st.sampled_from(sorted(COUNTERS))
services = st.sampled_from(SERVICES)
positions = st.integers(0, 99)
STEPS = ("recall", "start", "finish", "miss", "park", "resume", "withdraw")


class RandomDay(RuleBasedStateMachine):
    """`driver` has the verbs of the simple office, and `seen(ticket)` with the same facts."""

    def make_driver(self):
        raise NotImplementedError

    @initialize()
    def open_doors(self):
        self.simple = SimpleOffice()
        self.driver = self.make_driver()
        self.ids = []

    @rule(service=services, priority=st.sampled_from([None, None, "extra-time"]))
    def a_client_takes_a_ticket(self, service, priority):
        self._issue(service, priority, None)

    @rule(service=services, minutes=st.integers(-20, 40))
    def a_client_with_an_appointment_arrives(self, service, minutes):
        self._issue(service, None, self.simple.now + minutes)

    @rule(minutes=st.sampled_from([1, 1, 3, 6, 16, 31]))
    def time_passes(self, minutes):
        self.simple.now += minutes
        self.driver.forward(minutes)

    @rule(counter=counters)
    def a_clerk_calls_next(self, counter):
        busy = self.simple.client_of(counter) is not None
        expected = None if busy else self.simple.next_for(counter)
        assert self.driver.call_next(counter) == ("busy" if busy else expected)
        if expected is not None:
            self._nobody_with_an_earlier_place_was_passed_over(expected, counter)
            assert self.simple.call(expected, counter)

    @precondition(lambda self: self.ids)
    @rule(verb=st.sampled_from(STEPS), position=positions)
    def somebody_takes_a_step(self, verb, position):
        number = self._pick(position)
        expected = getattr(self.simple, verb)(number)
        assert self.driver.step(verb, number) == expected

    @precondition(lambda self: self.ids)
    @rule(position=positions, counter=counters)
    def a_clerk_picks_somebody(self, position, counter):
        number = self._pick(position)
        expected = self.simple.call(number, counter, picked=True)
        assert self.driver.call(number, counter) == expected

    @precondition(lambda self: self.ids)
    @rule(position=positions, service=services)
    def a_client_is_sent_on(self, position, service):
        number = self._pick(position)
        expected = self.simple.transfer(number, service)
        assert self.driver.transfer(number, service=service) == expected

    @precondition(lambda self: self.ids)
    @rule(position=positions, counter=counters)
    def a_client_is_sent_to_one_counter(self, position, counter):
        number = self._pick(position)
        expected = self.simple.transfer(number, counter=counter)
        assert self.driver.transfer(number, counter=counter) == expected

    @invariant()
    def everybody_is_where_the_simple_office_says(self):
        for number, ticket in getattr(self, "simple", SimpleOffice()).tickets.items():
            seen = self.driver.seen(number)
            assert seen == {key: ticket[key] for key in seen}, number

    @invariant()
    def no_counter_has_two_clients_and_none_has_half_of_one(self):
        tickets = getattr(self, "simple", SimpleOffice()).tickets
        there = [t["counter"] for t in tickets.values() if t["state"] in AT_COUNTER]
        assert None not in there
        assert len(there) == len(set(there))

    def _issue(self, service, priority, slot):
        number = self.driver.issue(service, priority, slot)
        assert number not in self.ids
        self.ids.append(number)
        self.simple.issue(number, service, priority, slot)

    def _pick(self, position):
        # Those who are alive first: a client who is gone can do nothing interesting.
        alive = [n for n in self.ids if self.simple.tickets[n]["state"] in ALIVE]
        return (alive or self.ids)[position % len(alive or self.ids)]

    def _nobody_with_an_earlier_place_was_passed_over(self, called, counter):
        tickets, now = self.simple.tickets, self.simple.now
        mine = (tickets[called]["place"], called)
        for number, other in tickets.items():
            if self.simple.may_serve(counter, other) and other["due"] <= now:
                assert mine <= (other["place"], number)
