"""Who is called to a counter: the next one by the rules, or one that somebody picked."""

from __future__ import annotations

from datetime import datetime

from ..config import CounterSection
from ..domain import order
from ..domain.events import Kind
from ..domain.order import Desk
from ..domain.ticket import State, Ticket
from ..refusals import Refused
from .frame import PROGRAM, By, Frame, Step


class Calling(Frame):
    """One client at a counter at a time; two counters at once get two different clients."""

    def call_next(
        self, counter: str, request_id: str | None = None, *, by: By = PROGRAM
    ) -> Ticket | None:
        """Call the client whose turn it is at this counter; None when nobody waits for it.

        The same `request_id` gets the same ticket. A client who is still being served is finished
        first if [calls] says so. Raises Unknown, or Refused: busy, counter_off, taken_over.
        """
        self._counter(counter)
        with self._step() as step:
            if request_id and (called := self._called_by(counter, request_id)):
                return called
            section = self._working_counter(counter, step)
            self._check_window(by)
            self._make_free(step, by, counter)
            desk = self.desk(section, step.day)
            chosen = self._next_for(step, desk)
            if chosen is None:
                return None
            self._open_by_working(step, counter)
            reason = order.reason_for(desk, chosen, step.now, self._local_time(chosen))
            called = self._call(step, by, chosen, section, reason)
            self.store.counters.remember_call(counter, request_id, called.id)
        return called

    def call(self, ticket_id: int, counter: str, reason: str, *, by: By = PROGRAM) -> Ticket:
        """Call a picked client out of turn; the reason is logged and shown.

        Also those who are parked or missed, or held for a colleague. Raises Unknown, NotAllowed,
        or Refused: busy, counter_off, taken_over.
        """
        self._counter(counter)
        with self._step() as step:
            chosen = self._find(ticket_id)
            self._check_today("call", chosen, step)
            # First the ticket's own state: who was faster is what the slower one must learn.
            chosen.call(counter, step.now, reason)
            section = self._working_counter(counter, step)
            self._check_window(by)
            self._check_free(counter)
            self._open_by_working(step, counter)
            return self._call(step, by, chosen, section, f"picked:{reason}")

    def upcoming(self, counter: CounterSection, limit: int) -> list[Ticket]:
        """Those whom the counter would call one after the other, if nobody came or went; then
        early appointments, then those who rest."""
        now, tickets = self.now(), self.store.tickets
        day = self.hours.business_day(now)
        desk = self.desk(counter, day)
        due = tickets.candidates(day, desk, now, limit)
        early = tickets.candidates(day, desk, now, limit, early=True) if len(due) < limit else []
        missing = max(0, limit - len(due) - len(early))
        resting = tickets.resting(day, desk.services, now, missing) if missing else []
        in_order = [*sorted(due, key=order.place), *sorted(early, key=order.place), *resting]
        return in_order[:limit]

    def count_for(self, counter: CounterSection, now: datetime) -> int:
        """How many wait for this counter: for its services and not kept for a colleague, or kept
        for it."""
        day = self.hours.business_day(now)
        services = self.desk(counter, day).services
        counts = self.store.tickets.count_waiting(day)
        own = sum(counts.get(service, 0) for service in services)
        for service, held_for in self.store.tickets.held(day, now):
            own += (held_for == counter.key) - (service in services)
        return own

    def _next_for(self, step: Step, desk: Desk) -> Ticket | None:
        tickets = self.store.tickets
        found = tickets.candidates(step.day, desk, step.now)
        # Only a counter that would be idle looks at appointments before their time.
        found = found or tickets.candidates(step.day, desk, step.now, early=True)
        return order.next_for(desk, found, step.now)

    def _call(
        self, step: Step, by: By, chosen: Ticket, counter: CounterSection, reason: str
    ) -> Ticket:
        called = chosen.call(counter.key, step.now, reason)
        serves = sorted(self.desk(counter, step.day).services)
        facts = {"attempt": called.attempt, "reason": reason, "serves": serves}
        self._keep(step, by, "call", Kind.TICKET_CALLED, chosen, called, **facts)
        return called

    def _make_free(self, step: Step, by: By, counter: str) -> None:
        there = self.store.tickets.at_counter(counter)
        if there is None:
            return
        # Somebody who was only called: nobody but the clerk knows whether the client has come.
        if self.calls.when_busy == "refuse" or there.state is not State.SERVING:
            raise Refused("busy", ticket=there)
        done = there.finish(step.now)
        seconds = there.service_time(step.now).total_seconds()
        self._keep(
            step, by, "finish", Kind.SERVICE_FINISHED, there, done,
            service_seconds=round(seconds), by_next=True,
        )  # fmt: skip

    def _called_by(self, counter: str, request_id: str) -> Ticket | None:
        ticket_id = self.store.counters.called_by(counter, request_id)
        ticket = self.store.tickets.find(ticket_id) if ticket_id is not None else None
        if ticket is not None and ticket.state is State.WAITING:
            raise Refused("request_used")  # its call was taken back: this is not the same wish
        return ticket

    def _local_time(self, ticket: Ticket) -> str:
        slot = ticket.appointment_at
        return slot.astimezone(self.hours.zone).strftime("%H:%M") if slot else ""
