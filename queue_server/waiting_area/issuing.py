"""Giving tickets: at the kiosk, at the Info-Theke, at the counter without one, with appointment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ..config import KioskSection, ServiceSection
from ..domain import opening, order
from ..domain.events import Kind
from ..domain.numbering import SeriesFull, next_value
from ..domain.ticket import State, Ticket
from ..refusals import Refused, Unknown
from .frame import PROGRAM, By, Frame, Step

TOKEN_BYTES = 16
# Older word of a printer's trouble is not trusted: the job may as well be tried.
TROUBLE_IS_FRESH = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks a ticket for. `anyway`: staff give it although we are closed or full."""

    service: str
    request_id: str | None = None
    language: str | None = None
    priority: str | None = None
    kiosk: str | None = None
    appointment_at: datetime | None = None
    note: str | None = None
    anyway: bool = False
    at_counter: bool = False


class Issuing(Frame):
    """Everything is checked at the moment of issue, in its transaction."""

    def issue(
        self, service: str, *, by: By = PROGRAM, request_id: str | None = None, **more: object
    ) -> tuple[Ticket, bool]:
        """Give a client a place in the queue; True beside it when the ticket is new.

        `more` are the other fields of Wish. The same `request_id` gets the same ticket for as long
        as the day lasts, and nothing is printed twice. Raises Unknown, or Refused: closed,
        service_off, limit_reached, area_full, request_used.
        """
        wish = Wish(service, request_id, **more)  # type: ignore[arg-type]
        wanted, place = self._service(service), self._kiosk(wish.kiosk)
        with self._step() as step:
            if given := self._given_before(step, wish):
                return given, False
            if not wish.anyway:
                self._check_issue(wanted, place, step)
            printer, print_state = self.paper_for(place, step.now)
            ticket = self._add(step, wanted, place, wish, print_state)
            self._log_issue(step, ticket, by, wish)
            if printer is not None:
                self._queue_slip(ticket, printer, step.now)
        return ticket, True

    def check_in(
        self, service: str, slot: datetime, *, by: By = PROGRAM, **more: object
    ) -> tuple[Ticket, bool]:
        """A client with an appointment at `slot` (UTC) is in the building and joins the queue.

        Early and late arrivals follow [appointments]. Raises as `issue` does, and Refused:
        wrong_day.
        """
        return self.issue(service, by=by, appointment_at=slot, **more)  # type: ignore[arg-type]

    def serve(
        self, counter: str, service: str, *, by: By = PROGRAM, request_id: str | None = None
    ) -> tuple[Ticket, bool]:
        """Serve a client who came straight to the counter; True beside it when that is new.

        The ticket gets a number, in case the client has to be sent on, but no paper and no call.
        Raises Unknown, or Refused: busy, counter_off, limit_reached (no number left).
        """
        wanted, wish = self._service(service), Wish(service, request_id, at_counter=True)
        self._counter(counter)
        with self._step() as step:
            if given := self._given_before(step, wish):
                return given, False
            self._working_counter(counter, step)
            if not wanted.is_on(step.day):
                raise Refused("service_off", service=service)
            self._check_window(by)
            self._check_free(counter)
            self._open_by_working(step, counter)
            ticket = self._add(step, wanted, None, wish, "none")
            self._log_issue(step, ticket, by, wish)
            served = replace(
                ticket, state=State.SERVING, counter=counter, started_at=step.now, attempt=0
            )
            self.store.tickets.save(ticket, served)
            event = self._log(step, Kind.SERVICE_STARTED, served, by=by.name)
            # Undone, it was a mistake: nobody is waiting whom anybody has seen.
            self._remember(step, by, "serve", event, ticket.withdraw(step.now))
        return served, True

    def ahead(self, ticket: Ticket) -> int:
        """Waiting clients with an earlier place who compete for the same counters."""
        if ticket.state is not State.WAITING:
            return 0
        day = date.fromisoformat(ticket.day)
        return self.store.tickets.count_ahead(day, ticket, self.config.rivals(ticket.service))

    def why_no_tickets(self, service: ServiceSection, now: datetime) -> Refused | None:
        """What stands against one more ticket for this concern now; None when nothing does."""
        if why := self.hours.why_no_tickets(now):
            return Refused("closed", reason=why, opens_at=self.hours.next_opening(now))
        if not service.issue or not service.is_on(self.hours.business_day(now)):
            return Refused("service_off", service=service.key)
        return self._why_too_many(service, now)

    def _why_too_many(self, service: ServiceSection, now: datetime) -> Refused | None:
        tickets, day = self.store.tickets, self.hours.business_day(now)
        limit, room = service.daily_limit, self.config.area.capacity
        if limit and tickets.count_valid(day, service.key) >= limit:
            return Refused("limit_reached", service=service.key, limit=limit)
        if room and sum(tickets.count_waiting(day).values()) >= room:
            return Refused("area_full", capacity=room)
        if self.config.hours.last_ticket_by_load and self._is_too_late(service, now):
            opens_at = self.hours.next_opening(now)
            return Refused("closed", reason="last_ticket_passed", opens_at=opens_at)
        return None

    def _is_too_late(self, service: ServiceSection, now: datetime) -> bool:
        left = self.hours.left_before_closing(now)
        if left is None:
            return False
        counts = self.store.tickets.count_waiting(self.hours.business_day(now))
        people = sum(counts.get(rival, 0) for rival in self.config.rivals(service.key))
        states = self.store.counters.states()
        serving = [c for c in self.config.counters if service.key in c.services]
        is_open = sum(states.get(counter.key) == "open" for counter in serving)
        return opening.is_too_much(people, service.typical_minutes, is_open, left)

    def _check_issue(self, service: ServiceSection, kiosk: KioskSection | None, step: Step) -> None:
        if refused := self.why_no_tickets(service, step.now):
            raise refused
        if kiosk and kiosk.services and service.key not in kiosk.services:
            raise Refused("service_off", service=service.key)

    def _given_before(self, step: Step, wish: Wish) -> Ticket | None:
        if not wish.request_id:
            return None
        given = self.store.tickets.find_by_request(step.day, wish.request_id)
        # Somebody else's id must neither show that ticket nor swallow this client's.
        wished = (wish.service, wish.at_counter, wish.kiosk)
        if given and (*self._asked_for(given), given.kiosk) != wished:
            raise Refused("request_used")
        return given

    def _asked_for(self, ticket: Ticket) -> tuple[object, bool]:
        # Not the present service: the client may have been sent on meanwhile.
        asked = self.store.events.first_of(ticket.id).data
        return asked["service"], bool(asked.get("at_counter"))

    def _add(
        self,
        step: Step,
        service: ServiceSection,
        kiosk: KioskSection | None,
        wish: Wish,
        print_state: str,
    ) -> Ticket:
        ticket = Ticket(
            id=0,
            number=self._next_number(service, step, wish),
            service=service.key,
            state=State.WAITING,
            issued_at=step.now,
            order_at=step.now,
            day=str(step.day),
            language=wish.language or self.config.office.languages[0],
            priority=wish.priority,
            note=wish.note,
            token=secrets.token_urlsafe(TOKEN_BYTES),
            kiosk=kiosk.key if kiosk else None,
            print_state=print_state,
        )
        placed = self._placed(ticket, step, wish)
        return replace(placed, id=self.store.tickets.add(placed, wish.request_id))

    def _placed(self, ticket: Ticket, step: Step, wish: Wish) -> Ticket:
        head_start, slot = self._head_start(wish.priority), wish.appointment_at
        if slot is None:
            return replace(ticket, order_at=order.order_at(step.now, head_start))
        if self.hours.business_day(slot) != step.day:
            raise Refused("wrong_day", slot=slot)
        rules = self.config.appointment_rules()
        return replace(
            ticket,
            appointment_at=slot,
            order_at=rules.order_at(slot, step.now, head_start),
            due_at=rules.due_at(slot, step.now),
        )

    def _log_issue(self, step: Step, ticket: Ticket, by: By, wish: Wish) -> None:
        told: dict[str, object] = {"number": ticket.number, "service": ticket.service}
        told |= {"by": by.name, "at_counter": wish.at_counter or None}
        told["priority"] = ticket.priority
        told["appointment"] = ticket.appointment_at is not None or None
        told["anyway"] = wish.anyway or None
        self._log(step, Kind.TICKET_ISSUED, ticket, **told)

    def _next_number(self, service: ServiceSection, step: Step, wish: Wish) -> str:
        key = service.series
        if wish.appointment_at and self.config.appointments.series:
            key = self.config.appointments.series
        series, tickets = self.config.number_series(key), self.store.tickets
        given = tickets.last_given(step.day, series.key)
        try:
            value = next_value(series, given, lambda number: tickets.is_alive(step.day, number))
        except SeriesFull as full:
            raise Refused("limit_reached", series=series.key) from full
        tickets.remember_given(step.day, series.key, value)
        return series.label(value)

    def paper_for(self, kiosk: KioskSection | None, now: datetime) -> tuple[str | None, str]:
        """Which printer prints a ticket taken here, and what its paper's state is at first.

        A printer that is known to be in trouble is spared the job, and the client the waiting:
        the kiosk shows number and code at once.
        """
        if kiosk is None or kiosk.printer is None:
            return None, "none"
        section = self.config.printer(kiosk.printer)
        for key in (kiosk.printer, section.fallback if section else None):
            if key is not None and not self._is_known_broken(key, now):
                return key, "queued"
        return None, "not_printed"

    def _is_known_broken(self, printer: str, now: datetime) -> bool:
        known = self.store.printers.find(printer)
        seen = known.agent_seen_at
        return known.state == "trouble" and seen is not None and now - seen < TROUBLE_IS_FRESH

    def _queue_slip(self, ticket: Ticket, printer: str, now: datetime) -> None:
        # In the same transaction: a crash leaves no ticket whose paper was forgotten.
        self.store.print_jobs.add(ticket.id, ticket.number, printer, self.slip_of(ticket), now)

    def slip_of(self, ticket: Ticket, *, reprint: bool = False) -> dict[str, Any]:
        """What stands on the ticket's paper now."""
        return self._write_slip(self.config, ticket, self.ahead(ticket), reprint)

    def _head_start(self, priority: str | None) -> timedelta:
        if priority is None:
            return timedelta(0)
        found = self.config.priority(priority)
        if found is None:
            raise Unknown("priority", priority)
        return timedelta(minutes=found.head_start_minutes)

    def _service(self, key: str) -> ServiceSection:
        found = self.config.service(key)
        if found is None:
            raise Unknown("service", key)
        return found

    def _kiosk(self, key: str | None) -> KioskSection | None:
        found = self.config.kiosk(key) if key is not None else None
        if key is not None and found is None:
            raise Unknown("kiosk", key)
        return found
