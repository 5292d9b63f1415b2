"""The steps of a client who was called: recalled, served, parked, sent on, gone, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..domain import order
from ..domain.events import Kind
from ..domain.ticket import AT_COUNTER, LIVING_STATES, NotAllowed, State, Ticket
from ..refusals import Refused, Unknown
from ..store.last_steps import LastStep
from .frame import PROGRAM, By, Frame, Step


class Serving(Frame):
    """One guarded update each. All raise Unknown, NotAllowed (with the ticket as it is now), and
    Refused: other_counter, taken_over."""

    def recall(self, ticket_id: int, note: str | None = None, *, by: By = PROGRAM) -> Ticket:
        """Ask the same client once more."""
        with self._step() as step:
            before = self._own("recall", ticket_id, step, by)
            after = _noted(before.recall(step.now), note)
            facts = {"attempt": after.attempt, "reason": after.reason, "again": True}
            self._keep(step, by, "recall", Kind.TICKET_CALLED, before, after, **facts)
        return after

    def start(self, ticket_id: int, note: str | None = None, *, by: By = PROGRAM) -> Ticket:
        """The client has come."""
        with self._step() as step:
            before = self._own("start", ticket_id, step, by)
            after = _noted(before.start(step.now), note)
            self._keep(step, by, "start", Kind.SERVICE_STARTED, before, after)
        return after

    def finish(
        self,
        ticket_id: int,
        note: str | None = None,
        outcome: str | None = None,
        *,
        by: By = PROGRAM,
    ) -> Ticket:
        """The concern is settled, with whatever outcome the office counts."""
        with self._step() as step:
            before = self._own("finish", ticket_id, step, by)
            after = _noted(before.finish(step.now), note)
            facts = {"service_seconds": _seconds(before, step), "outcome": outcome}
            self._keep(step, by, "finish", Kind.SERVICE_FINISHED, before, after, **facts)
        return after

    def miss(self, ticket_id: int, note: str | None = None, *, by: By = PROGRAM) -> Ticket:
        """The client did not come: called again after a rest, or missed when [calls] is used up."""
        with self._step() as step:
            before = self._own("miss", ticket_id, step, by)
            rest = timedelta(minutes=self.calls.rest_minutes)
            hold = timedelta(minutes=self.calls.hold_minutes)
            after = _noted(before.miss(step.now, self.calls.calls, rest, hold), note)
            is_missed = after.state is State.MISSED
            kind = Kind.CLIENT_MISSED if is_missed else Kind.CALL_UNANSWERED
            facts = {"attempt": before.attempt, **_kept_back(after)}
            self._keep(step, by, "miss", kind, before, after, **facts)
        return after

    def park(self, ticket_id: int, note: str | None = None, *, by: By = PROGRAM) -> Ticket:
        """Out of the queue for a while; counter, place and service time so far are kept."""
        with self._step() as step:
            before = self._own("park", ticket_id, step, by)
            if before.state is State.WAITING and by.is_clerk:
                raise NotAllowed("park", before, "reception_only")
            after = _noted(before.park(step.now), note)
            facts = {"was": str(before.state), "service_seconds": _seconds(before, step)}
            self._keep(step, by, "park", Kind.TICKET_PARKED, before, after, **facts)
        return after

    def resume(self, ticket_id: int, note: str | None = None, *, by: By = PROGRAM) -> Ticket:
        """Somebody parked or missed is here again and waits.

        A parked client keeps the place and is held for the counter; a missed one gets the place
        that [calls] says, if the tolerance is not over (NotAllowed "too_late").
        """
        with self._step() as step:
            # Any clerk may: the client stands before whoever is free.
            before = self._find_today("resume", ticket_id, step, by)
            place = self._place_again(before, step)
            after = _noted(before.resume(place, self._held_until(step, before.counter)), note)
            facts = {"was": str(before.state), **_kept_back(after)}
            self._keep(step, by, "resume", Kind.TICKET_RESUMED, before, after, **facts)
        return after

    def transfer(
        self,
        ticket_id: int,
        service: str | None = None,
        counter: str | None = None,
        note: str | None = None,
        *,
        by: By = PROGRAM,
    ) -> Ticket:
        """Sent on to another service, or to one counter; number and place are kept.

        Also raises Unknown for a service or counter that is not there, and Refused: service_off or
        counter_off for one that is not there today.
        """
        self._check_target(service, counter)
        with self._step() as step:
            before = self._own("transfer", ticket_id, step, by)
            self._check_service_is_on(service, step)
            after = _noted(before.transfer(service or before.service, step.now), note)
            if counter is not None:
                self._working_counter(counter, step)
                after = after.hold(counter, step.now + timedelta(minutes=self.calls.hold_minutes))
            facts = {"service": after.service, "to_counter": counter, "was": str(before.state)}
            facts |= _kept_back(after)
            self._keep(
                step, by, "transfer", Kind.TICKET_TRANSFERRED, before, after,
                service_seconds=_seconds(before, step), **facts,
            )  # fmt: skip
        return after

    def withdraw(self, ticket_id: int, note: str | None = None, *, by: By = PROGRAM) -> Ticket:
        """The client leaves, or the ticket is cancelled."""
        with self._step() as step:
            before = self._own("withdraw", ticket_id, step, by)
            after, was = _noted(before.withdraw(step.now), note), str(before.state)
            self._keep(step, by, "withdraw", Kind.TICKET_WITHDRAWN, before, after, was=was)
        return after

    def undo(self, ticket_id: int, *, by: By = PROGRAM) -> Ticket:
        """Take back one's own newest step with this ticket, for some seconds.

        Raises NotAllowed "nothing_to_undo" when there is none, it is too long ago, or somebody
        else's; Refused: busy when the counter has another client by now.
        """
        with self._step() as step:
            now = self._find_today("undo", ticket_id, step, by)
            last = self._undoable(now, step, by)
            before = replace(last.before, print_state=now.print_state)
            self._check_room(now, before, step)
            self.store.tickets.save(now, before)
            self.store.last_steps.forget(ticket_id)
            facts = {"revision": last.revision, "verb": last.verb, "state": str(before.state)}
            self._log(step, Kind.STEP_UNDONE, before, service=before.service, by=by.name, **facts)
        return before

    def undoable(self, by: By) -> tuple[LastStep, datetime] | None:
        """The newest step that `by` can still take back, and until when."""
        seconds = timedelta(seconds=self.calls.undo_seconds)
        last = self.store.last_steps.newest(by.name, self.now() - seconds)
        return (last, last.at + seconds) if last else None

    def _undoable(self, ticket: Ticket, step: Step, by: By) -> LastStep:
        last = self.store.last_steps.of_ticket(ticket.id)
        limit = timedelta(seconds=self.calls.undo_seconds)
        if last is None or not by.did(last.by) or step.now - last.at > limit:
            raise NotAllowed("undo", ticket, "nothing_to_undo")
        return last

    def _check_room(self, now: Ticket, before: Ticket, step: Step) -> None:
        if before.state in AT_COUNTER and before.counter is not None:
            there = self.store.tickets.at_counter(before.counter)
            if there is not None and there.id != now.id:
                raise Refused("busy", ticket=there)
        came_to_life = before.state in LIVING_STATES and now.state not in LIVING_STATES
        if came_to_life and self.store.tickets.is_alive(step.day, before.number):
            raise NotAllowed("undo", now, "nothing_to_undo")  # the number went to somebody else

    def _own(self, verb: str, ticket_id: int, step: Step, by: By) -> Ticket:
        """The ticket, if it is today's and not somebody else's client."""
        ticket = self._find_today(verb, ticket_id, step, by)
        is_elsewhere = ticket.counter not in (None, by.counter)
        if by.is_clerk and is_elsewhere and ticket.state in AT_COUNTER | {State.PARKED}:
            raise Refused("other_counter", state=str(ticket.state), number=ticket.number)
        return ticket

    def _find_today(self, verb: str, ticket_id: int, step: Step, by: By) -> Ticket:
        self._check_window(by)
        ticket = self._find(ticket_id)
        self._check_today(verb, ticket, step)
        return ticket

    def _place_again(self, ticket: Ticket, step: Step) -> datetime:
        if ticket.state is not State.MISSED or ticket.ended_at is None:
            return ticket.order_at
        if step.now - ticket.ended_at > timedelta(minutes=self.calls.return_minutes):
            raise NotAllowed("resume", ticket, "too_late")
        credit = timedelta(minutes=self.calls.return_credit_minutes)
        keeps = self.calls.return_place == "keep"
        return order.order_after_missing(ticket, step.now, None if keeps else credit)

    def _held_until(self, step: Step, counter: str | None) -> datetime | None:
        section = self.config.counter(counter) if counter is not None else None
        is_there = section is not None and section.is_on(step.day)
        return step.now + timedelta(minutes=self.calls.hold_minutes) if is_there else None

    def _check_target(self, service: str | None, counter: str | None) -> None:
        if service is None and counter is None:
            raise Refused("invalid", fields={"service": "service or counter must be named"})
        if service is not None and self.config.service(service) is None:
            raise Unknown("service", service)
        if counter is not None:
            self._counter(counter)

    def _check_service_is_on(self, service: str | None, step: Step) -> None:
        found = self.config.service(service) if service is not None else None
        if found is not None and not found.is_on(step.day):
            raise Refused("service_off", service=service)


def _noted(ticket: Ticket, note: str | None) -> Ticket:
    # Free text never goes into the log, which is kept for years: only onto the ticket, for a day.
    # An empty note takes away what should not stand there.
    return ticket if note is None else replace(ticket, note=note or None)


def _kept_back(ticket: Ticket) -> dict[str, str]:
    """Until when a waiting ticket can't be called, or by one counter only; for the explanation."""
    facts = {"held_for": ticket.held_for, "held_until": _written(ticket.held_until)}
    facts["rests_until"] = _written(ticket.rests_until)
    return {name: value for name, value in facts.items() if value is not None}


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _seconds(ticket: Ticket, step: Step) -> int:
    return round(ticket.service_time(step.now).total_seconds())
