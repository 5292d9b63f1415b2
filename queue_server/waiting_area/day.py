"""The business day: begun by the first step of a new date, whenever that comes."""

from __future__ import annotations

from dataclasses import replace

from ..domain.events import Kind
from ..domain.ticket import State, Ticket
from .frame import Frame, Step


class Days(Frame):
    """Midnight, a start after a long weekend, a wrong clock: all the same step, done once."""

    def begin_day(self) -> None:
        """Close the day before and begin today, if nobody did so yet.

        Every other step does it too, so nothing depends on when this is called.
        """
        with self._step():
            pass

    def is_day_begun(self) -> bool:
        """False while the end of an earlier day is overdue."""
        return self.store.business_day.current() == self.today()

    def _begin_day(self, step: Step) -> None:
        if self.store.business_day.current() == step.day:
            return
        self.store.business_day.begin(step.day)
        begun = self.store.events.add(Kind.DAY_BEGUN, step.now, day=str(step.day))
        step.events.append(begun)
        for ticket in self.store.tickets.still_open(step.day):
            self._end_or_carry(step, ticket)
        self._close_counters(step)
        self.store.last_steps.forget_all()
        self.store.tickets.forget_notes(step.day)
        # Numbers need no reset: each series counts by day, whatever day a wrong clock shows.

    def _end_or_carry(self, step: Step, ticket: Ticket) -> None:
        stays = ticket.state in {State.WAITING, State.PARKED}
        if self.config.day.carry_over and stays and self._has_room(step, ticket):
            self._carry(step, ticket)
        else:
            ended = ticket.close_with_day(step.now)
            self.store.tickets.save(ticket, ended)
            self._log(step, Kind.CLOSED_AT_DAY_END, ended, was=str(ticket.state))

    def _has_room(self, step: Step, ticket: Ticket) -> bool:
        # Today may have begun before, if the clock showed another day meanwhile: one number must
        # not walk about twice, and no single ticket may keep the day from beginning.
        return not self.store.tickets.is_alive(step.day, ticket.number)

    def _carry(self, step: Step, ticket: Ticket) -> None:
        self.store.tickets.forget_request(ticket.id)
        carried = replace(ticket, day=str(step.day), counter=None, held_for=None, held_until=None)
        self.store.tickets.save(ticket, carried)
        self._log(step, Kind.CARRIED_OVER, carried, service=ticket.service)

    def _close_counters(self, step: Step) -> None:
        for key in self.store.counters.close_all():
            step.events.append(
                self.store.events.add(Kind.COUNTER_CLOSED, step.now, counter=key, at_day_end=True)
            )
