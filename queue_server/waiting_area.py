"""The waiting area: one method per verb = one transaction, then tell the listeners."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .config import Config, KioskSection, ServiceSection
from .domain import order
from .domain.events import Event, Kind
from .domain.numbering import SeriesFull, next_value
from .domain.ticket import State, Ticket
from .refusals import Refused, Unknown
from .store import Store

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Listener = Callable[[list[Event]], None]
SlipWriter = Callable[[Ticket, int], dict[str, Any]]

COUNTER_EVENTS = {
    "open": Kind.COUNTER_OPENED,
    "paused": Kind.COUNTER_PAUSED,
    "closed": Kind.COUNTER_CLOSED,
}
TOKEN_BYTES = 16


class WaitingArea:
    """Tickets, calls and counters of one office. Safe to use from several threads or greenlets."""

    def __init__(
        self, store: Store, config: Config, write_slip: SlipWriter, clock: Clock | None = None
    ) -> None:
        self.store = store
        self.config = config
        self.hours = config.opening_hours()
        self._write_slip = write_slip
        self._clock = clock or utc_now
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """`listener` gets the events of each step after its commit. One that raises is skipped."""
        self._listeners.append(listener)

    def now(self) -> datetime:
        """The present instant (UTC)."""
        return self._clock()

    def today(self) -> date:
        """The business day: the office's local date."""
        return self.hours.business_day(self.now())

    def issue(
        self,
        service: str,
        *,
        request_id: str | None = None,
        language: str | None = None,
        priority: str | None = None,
        kiosk: str | None = None,
    ) -> tuple[Ticket, bool]:
        """Give a client a place in the queue; True beside it when the ticket is new.

        The same `request_id` gets the same ticket for as long as the day lasts, and nothing is
        printed twice. Raises Unknown, or Refused: closed, service_off, limit_reached.
        """
        wanted, place = self._service(service), self._kiosk(kiosk)
        with self._step() as (now, events):
            day = self.hours.business_day(now)
            if request_id and (given := self.store.tickets.find_by_request(day, request_id)):
                # Somebody else's id must neither show that ticket nor swallow this client's.
                if (given.service, given.kiosk) != (service, kiosk):
                    raise Refused("request_used")
                return given, False
            self._check_issue(wanted, place, now)
            ticket = self._new_ticket(wanted, place, now, language, priority)
            ticket = self._keep_new(day, ticket, request_id)
            events.append(self._log(Kind.TICKET_ISSUED, now, ticket, service=service))
            self._queue_slip(ticket, place, now)
        return ticket, True

    def call_next(self, counter: str, request_id: str | None = None) -> Ticket | None:
        """Call the client whose turn it is at this counter; None when nobody waits for it.

        The same `request_id` gets the same ticket. Raises Unknown, or Refused: busy.
        """
        services = self._counter_services(counter)
        with self._step() as (now, events):
            if request_id and (called := self._called_by(counter, request_id)):
                return called
            self._check_free(counter)
            heads = self.store.tickets.heads(self.hours.business_day(now), services)
            chosen = order.next_for(services, heads)
            if chosen is None:
                return None
            events += self._change_counter(counter, "open", now)
            called = chosen.call(counter, now, order.reason_for(chosen))
            events.append(self._keep(chosen, called, Kind.TICKET_CALLED, now))
            self.store.counters.remember_call(counter, request_id, called.id)
        return called

    def recall(self, ticket_id: int) -> Ticket:
        """Ask the same client once more."""
        return self._move(ticket_id, lambda t, now: t.recall(now), Kind.TICKET_CALLED)

    def start(self, ticket_id: int) -> Ticket:
        """The client has come."""
        return self._move(ticket_id, lambda t, now: t.start(now), Kind.SERVICE_STARTED)

    def finish(self, ticket_id: int) -> Ticket:
        """The concern is settled."""
        return self._move(ticket_id, lambda t, now: t.finish(now), Kind.SERVICE_FINISHED)

    def miss(self, ticket_id: int) -> Ticket:
        """The client did not come."""
        return self._move(ticket_id, lambda t, now: t.miss(now), Kind.CLIENT_MISSED)

    def set_counter(self, counter: str, state: str) -> None:
        """Open, pause or close a counter; the client who is there stays there."""
        self._counter_services(counter)
        with self._step() as (now, events):
            events += self._change_counter(counter, state, now)

    def find(self, ticket_id: int) -> Ticket:
        """One ticket. Raises Unknown."""
        ticket = self.store.tickets.find(ticket_id)
        if ticket is None:
            raise Unknown("ticket", str(ticket_id))
        return ticket

    @contextmanager
    def _step(self) -> Generator[tuple[datetime, list[Event]], None, None]:
        """One transaction with one look at the clock; the listeners hear of it after the commit."""
        now, events = self._clock(), list[Event]()
        with self.store.transaction():
            yield now, events
        self.tell(events)

    def tell(self, events: list[Event]) -> None:
        """Tell every listener; the step has happened, whatever becomes of the telling."""
        for listener in self._listeners if events else ():
            try:
                listener(events)
            except Exception:
                log.exception("listener %s failed", getattr(listener, "__qualname__", listener))

    def _move(
        self, ticket_id: int, verb: Callable[[Ticket, datetime], Ticket], kind: Kind
    ) -> Ticket:
        with self._step() as (now, events):
            before = self.find(ticket_id)
            after = verb(before, now)
            events.append(self._keep(before, after, kind, now))
        return after

    def _keep(self, before: Ticket, after: Ticket, kind: Kind, now: datetime) -> Event:
        self.store.tickets.save(before, after)
        called = {"attempt": after.attempt, "reason": after.reason}
        return self._log(kind, now, after, **(called if kind is Kind.TICKET_CALLED else {}))

    def _log(self, kind: Kind, now: datetime, ticket: Ticket, **data: object) -> Event:
        counter = ticket.counter
        return self.store.events.add(kind, now, ticket_id=ticket.id, counter=counter, **data)

    def _new_ticket(
        self,
        service: ServiceSection,
        kiosk: KioskSection | None,
        now: datetime,
        language: str | None,
        priority: str | None,
    ) -> Ticket:
        return Ticket(
            id=0,
            number=self._next_number(service, now),
            service=service.key,
            state=State.WAITING,
            issued_at=now,
            order_at=order.order_at(now, self._head_start(priority)),
            language=language or self.config.office.languages[0],
            priority=priority,
            token=secrets.token_urlsafe(TOKEN_BYTES),
            kiosk=kiosk.key if kiosk else None,
            print_state="queued" if kiosk and kiosk.printer else "none",
        )

    def _keep_new(self, day: date, ticket: Ticket, request_id: str | None) -> Ticket:
        return replace(ticket, id=self.store.tickets.add(day, ticket, request_id))

    def _next_number(self, service: ServiceSection, now: datetime) -> str:
        series = self.config.number_series(service.series)
        day, tickets = self.hours.business_day(now), self.store.tickets
        given = tickets.last_given(day, series.key)
        try:
            value = next_value(series, given, lambda number: tickets.is_alive(day, number))
        except SeriesFull as full:
            raise Refused("limit_reached", series=series.key) from full
        tickets.remember_given(day, series.key, value)
        return series.label(value)

    def _queue_slip(self, ticket: Ticket, kiosk: KioskSection | None, now: datetime) -> None:
        # In the same transaction: a crash leaves no ticket whose paper was forgotten.
        if kiosk and kiosk.printer:
            slip = self._write_slip(ticket, self.ahead(ticket))
            self.store.print_jobs.add(ticket.id, ticket.number, kiosk.printer, slip, now)

    def ahead(self, ticket: Ticket) -> int:
        """Waiting clients with an earlier place who compete for the same counters."""
        if ticket.state is not State.WAITING:
            return 0
        day = self.hours.business_day(ticket.issued_at)
        rivals = self.config.rivals(ticket.service)
        return self.store.tickets.count_ahead(day, ticket, rivals)

    def _check_issue(
        self, service: ServiceSection, kiosk: KioskSection | None, now: datetime
    ) -> None:
        if why := self.hours.why_no_tickets(now):
            raise Refused("closed", reason=why, opens_at=self.hours.next_opening(now))
        offered = kiosk is None or not kiosk.services or service.key in kiosk.services
        if not service.issue or not offered:
            raise Refused("service_off", service=service.key)

    def _called_by(self, counter: str, request_id: str) -> Ticket | None:
        ticket_id = self.store.counters.called_by(counter, request_id)
        return self.store.tickets.find(ticket_id) if ticket_id is not None else None

    def _check_free(self, counter: str) -> None:
        if ticket := self.store.tickets.at_counter(counter):
            raise Refused("busy", ticket=ticket)

    def _change_counter(self, counter: str, state: str, now: datetime) -> list[Event]:
        if not self.store.counters.set_state(counter, state):
            return []
        return [self.store.events.add(COUNTER_EVENTS[state], now, counter=counter)]

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

    def _counter_services(self, key: str) -> list[str]:
        found = self.config.counter(key)
        if found is None:
            raise Unknown("counter", key)
        return found.services


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)
