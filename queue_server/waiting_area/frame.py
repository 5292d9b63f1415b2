"""What all verbs share: one transaction with one look at the clock, its events, the listeners."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ..config import Config, CounterSection
from ..domain.events import Event, Kind
from ..domain.order import Desk
from ..domain.steady_time import SteadyTime
from ..domain.ticket import NotAllowed, Ticket
from ..refusals import Refused, Unknown
from ..store import Store
from ..store.last_steps import LastStep

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Listener = Callable[[list[Event]], None]
SlipWriter = Callable[[Config, Ticket, int, bool], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class By:
    """Who does something: a role, the counter it works at, and the browser window."""

    role: str = "program"
    counter: str | None = None
    window: str | None = None

    @property
    def name(self) -> str:
        """As the log has it; never a person."""
        return f"counter:{self.counter}" if self.counter else self.role

    @property
    def is_clerk(self) -> bool:
        """Bound to one counter, so that other counters' clients are none of its business."""
        return self.role == "counter" and self.counter is not None

    def did(self, name: str) -> bool:
        """Whether the step that was logged under this name is one's own to take back."""
        is_any_counter = self.role == "counter" and self.counter is None
        return name == self.name or (is_any_counter and name.startswith("counter"))


PROGRAM = By()


@dataclass(slots=True)
class Step:
    """One transaction: its instant, its business day, and what happened in it."""

    now: datetime
    day: date
    events: list[Event] = field(default_factory=list)


class Frame:
    """The store, the rules' settings and the clock of one office. The facets add the verbs.

    Safe to use from several threads or greenlets.
    """

    def __init__(
        self, store: Store, config: Config, write_slip: SlipWriter, clock: Clock | None = None
    ) -> None:
        self.store = store
        self._write_slip = write_slip
        self._clock = clock or utc_now
        self._steady = SteadyTime()
        self._listeners: list[Listener] = []
        with store.transaction():
            self._adopt(config)

    def _adopt(self, config: Config) -> None:
        """Work by this configuration from now on."""
        self.store.service_names.remember({s.key: s.name for s in config.services})
        self.config = config.knowing(self.store.service_names.all())
        self.hours = config.opening_hours()
        self.calls = config.calls

    def subscribe(self, listener: Listener) -> None:
        """`listener` gets the events of each step after its commit. One that raises is skipped."""
        self._listeners.append(listener)

    def now(self) -> datetime:
        """The present instant (UTC); a small step back of the machine's clock is sat out."""
        return self._steady(self._clock(), self.store.events.newest_at())

    def today(self) -> date:
        """The business day: the office's local date."""
        return self.hours.business_day(self.now())

    def tell(self, events: list[Event]) -> None:
        """Tell every listener; the step has happened, whatever becomes of the telling."""
        for listener in self._listeners if events else ():
            try:
                listener(events)
            except Exception:
                log.exception("listener %s failed", getattr(listener, "__qualname__", listener))

    @contextmanager
    def _step(self) -> Generator[Step, None, None]:
        """One transaction with one look at the clock; the listeners hear of it after the commit."""
        machine_time = self._clock()
        with self.store.transaction():
            now = self._steady(machine_time, self.store.events.newest_at())
            step = Step(now, self.hours.business_day(now))
            self._begin_day(step)
            yield step
        self.tell(step.events)

    def _begin_day(self, step: Step) -> None:
        raise NotImplementedError

    def _find(self, ticket_id: int) -> Ticket:
        ticket = self.store.tickets.find(ticket_id)
        if ticket is None:
            raise Unknown("ticket", str(ticket_id))
        return ticket

    def _check_today(self, verb: str, ticket: Ticket, step: Step) -> None:
        # A page that was left open overnight acts on yesterday's client. A later day is possible
        # while the machine's clock is behind; its clients are at the counters all the same.
        if ticket.day < str(step.day):
            raise NotAllowed(verb, ticket, "day_over")

    def _check_window(self, by: By) -> None:
        # Programs have no window (None); a page that does not name its own has an empty one.
        if by.window is None or by.counter is None:
            return
        if self.store.counters.window(by.counter) not in (None, by.window):
            raise Refused("taken_over")

    def _keep(
        self,
        step: Step,
        by: By,
        verb: str,
        kind: Kind,
        before: Ticket,
        after: Ticket,
        **data: object,
    ) -> None:
        """Write the change, its event, and how to take it back."""
        self.store.tickets.save(before, after)
        event = self._log(step, kind, after, by=by.name, **data)
        self._remember(step, by, verb, event, before)

    def _remember(self, step: Step, by: By, verb: str, event: Event, before: Ticket) -> None:
        last = LastStep(before.id, event.revision, by.name, verb, step.now, before)
        self.store.last_steps.remember(last)

    def _log(self, step: Step, kind: Kind, ticket: Ticket, **data: object) -> Event:
        told = {name: value for name, value in data.items() if value is not None}
        event = self.store.events.add(
            kind, step.now, ticket_id=ticket.id, counter=ticket.counter, **told
        )
        step.events.append(event)
        return event

    def _counter(self, key: str) -> CounterSection:
        found = self.config.counter(key)
        if found is None:
            raise Unknown("counter", key)
        return found

    def _working_counter(self, key: str, step: Step) -> CounterSection:
        found = self._counter(key)
        if not found.is_on(step.day):
            raise Refused("counter_off", counter=key)
        return found

    def _check_free(self, counter: str) -> None:
        if ticket := self.store.tickets.at_counter(counter):
            raise Refused("busy", ticket=ticket)

    def _open_by_working(self, step: Step, counter: str) -> None:
        if self.store.counters.set_state(counter, "open"):
            event = self.store.events.add(Kind.COUNTER_OPENED, step.now, counter=counter)
            step.events.append(event)

    def desk(self, counter: CounterSection, day: date) -> Desk:
        """What this counter may call, as the rules see it.

        Also clients whom no counter of today serves, as their service vanished from the file or its
        counters did: any counter may call them, so that nobody waits in vain.
        """
        served = {key for c in self.config.counters if c.is_on(day) for key in c.services}
        return self.config.desk(counter, self.store.tickets.count_waiting(day).keys() - served)


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)
