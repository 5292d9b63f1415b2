"""Gathers from the store what each audience's board needs, with the revision it is true for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from . import boards, wall_board
from .boards import Board
from .config import Config, CounterSection, KioskSection, ServiceSection
from .domain import order
from .domain.explanation import CalledBefore
from .domain.ticket import OPEN_STATES, Ticket
from .loudspeakers import Loudspeakers
from .print_office import PrintOffice
from .printer_room import PrinterRoom
from .printer_views import PrinterViews
from .refusals import Unknown
from .waiting_area import By, WaitingArea
from .wall_board import Room

RECENT_CALLS = 40  # of all counters; each wall picks its own from them
LIST_LENGTH = 8
SLIPS_REMEMBERED = 20
SHEETS_SHOWN = 20
ABSENT_SHOWN = 100
RULES_SHOWN = ("when_busy", "answer_seconds", "long_service_minutes", "calls", "return_minutes")

Sheets = Callable[[str], list[str]]


class Viewpoints:
    """Snapshots by audience: `wall:hall`, `counter:1`, `kiosk:entrance`, `printer:entrance`,
    `reception`, `ticket:TOKEN`."""

    def __init__(
        self,
        area: WaitingArea,
        office: PrintOffice,
        room: PrinterRoom,
        speakers: Loudspeakers,
        release: str,
        sheets: Sheets,
    ) -> None:
        self.area = area
        self.release = release
        self._office = office
        self._speakers = speakers
        self.printers = PrinterViews(area, office, room)
        self._sheets = sheets
        self._tickets = area.store.tickets

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self.area.config

    def snapshot(self, audience: str) -> Board:
        """The whole state for one audience. Raises Unknown for one that is not configured."""
        # The revision is read first: a change that slips in between makes the picture newer
        # than it says, and the next snapshot repeats it. The other way round would hide it.
        revision = self.area.store.events.revision()
        now = self.area.now()
        kind, _, key = audience.partition(":")
        if kind not in KINDS:
            raise Unknown("audience", audience)
        return {
            "audience": audience,
            "revision": revision,
            "as_of": boards.iso(now),
            "release": self.release,
            **KINDS[kind](self, key, now),
        }

    def wall(self, key: str, now: datetime) -> Board:
        display = self._known("display", key, self.config.display)
        day = self.area.hours.business_day(now)
        sign = display.counters[0] if display.layout == "sign" else None
        room = Room(
            now=now,
            hours=self.area.hours,
            at_counters=self._tickets.at_counters(),
            recent=self._tickets.recently_called(day, RECENT_CALLS) if display.recent else [],
            waiting=sum(self._tickets.count_waiting(day).values()),
            counter_state=self.area.store.counters.state(sign) if sign else None,
        )
        return {
            **wall_board.wall(self.config, display, room),
            "audio_leader": bool(self._speakers.leaders_on(key)),
            "sound": self._speakers.state_of(display.area),
        }

    def counter(self, key: str, now: datetime) -> Board:
        counter = self._known("counter", key, self.config.counter)
        day = self.area.hours.business_day(now)
        services = self.area.desk(counter, day).services
        return {
            **self._counter_state(counter),
            "waiting": self.area.count_for(counter, now),
            "waiting_total": sum(self._tickets.count_waiting(day).values()),
            "next": self._tickets_of(self.area.upcoming(counter, LIST_LENGTH), in_queue=True),
            "parked": self._tickets_of(self._tickets.parked(day, ABSENT_SHOWN, key)),
            "missed": self._tickets_of(self._missed(day, now)),
            "undo": self._undo(By("counter", key)),
            "rules": {name: getattr(self.config.calls, name) for name in RULES_SHOWN},
            "services": [
                {"key": s.key, "name": s.name, "mine": s.key in services}
                for s in self.config.services
                if s.is_on(day)
            ],
            "trouble": self._trouble(key),
        }

    def reception(self, key: str, now: datetime) -> Board:
        if key:
            raise Unknown("audience", f"reception:{key}")
        day = self.area.hours.business_day(now)
        absent = [
            *self._tickets.parked(day, ABSENT_SHOWN),
            *self._missed(day, now),
        ]
        waiting = sorted(self._tickets.waiting(day), key=partial(order.call_order, now=now))
        queue = boards.queue(self.config, waiting, absent, self._counters(), day)
        return {**queue, "undo": self._undo(By("reception")), "printers": self.printers.lines()}

    def kiosk(self, key: str, now: datetime) -> Board:
        kiosk = self._known("kiosk", key, self.config.kiosk)
        day = self.area.hours.business_day(now)
        why = self.area.hours.why_no_tickets(now)
        recent = [t for t in self._tickets.recently_issued(day, SLIPS_REMEMBERED) if t.kiosk == key]
        slips = {str(t.id): t.print_state for t in recent}
        return {
            "open": why is None,
            "reason": why,
            "opens_at": boards.iso(self.area.hours.next_opening(now)) if why else None,
            "services": self._kiosk_services(kiosk, now),
            "slips": slips,
            "paper": self._paper_at(kiosk, now),
        }

    def printer(self, key: str, now: datetime) -> Board:
        self._known("printer", key, self.config.printer)
        jobs = self._office.newest(key, LIST_LENGTH)
        shown = ("id", "state", "reason", "number", "kind")
        return {
            "printer": key,
            **self.printers.line(key),
            "sheets": self._sheets(key)[:SHEETS_SHOWN],
            "jobs": [{name: job[name] for name in shown} for job in jobs],
        }

    def holder(self, token: str, now: datetime) -> Board:
        ticket = self._tickets.find_by_token(self.area.hours.business_day(now), token)
        if ticket is None:
            raise Unknown("ticket_token", "")
        overtaken = self.area.overtaken_by(ticket.id) if ticket.state in OPEN_STATES else {}
        ahead = self.area.ahead(ticket)
        return {"ticket": boards.public_ticket(ticket, self.config, ahead, overtaken)}

    def explanation(self, ticket_id: int) -> Board:
        """Who was called while this client waited, and why: for staff, so with numbers."""
        ticket = self.area.find(ticket_id)
        before = [self._called_before(call) for call in self.area.explain(ticket_id)]
        return {"ticket": self.ticket(ticket), "reason": ticket.reason, "called_before": before}

    def _called_before(self, call: CalledBefore) -> Board:
        other = self._tickets.find(call.ticket_id)
        return {
            "number": other.number if other else None,
            "counter": call.counter,
            "counter_label": boards.counter_label(self.config, call.counter),
            "at": boards.iso(call.at),
            "reason": call.reason,
            "came_later": call.came_later,
            "revision": call.revision,
        }

    def _trouble(self, counter: str) -> list[Board]:
        """What this clerk should know, the worst first (P-7)."""
        reach = self._speakers.reach_of(counter)
        unseen = [{"reason": "calls_unseen"}] if reach == "nobody" else []
        unheard = [{"reason": "calls_unheard"}] if reach == "seen" else []
        return [*unseen, *self.printers.trouble(), *unheard]

    def _missed(self, day: date, now: datetime) -> list[Ticket]:
        """Those who can still be taken back."""
        since = now - timedelta(minutes=self.config.calls.return_minutes)
        return self._tickets.missed(day, since, ABSENT_SHOWN)

    def _counter_state(self, counter: CounterSection) -> Board:
        own = self._tickets.at_counter(counter.key)
        store = self.area.store.counters
        label = boards.counter_label(self.config, counter.key)
        state, window = store.state(counter.key), store.window(counter.key)
        return {
            "counter": {"key": counter.key, "label": label, "state": state, "window": window},
            "ticket": boards.ticket(own, self.config, 0) if own else None,
            "others": [line for line in self._counters() if line["key"] != counter.key],
        }

    def _counters(self) -> list[Board]:
        """All counters, also those that are gone from the file but still have a client."""
        busy = {t.counter or "": t for t in self._tickets.at_counters()}
        states, unattended = self.area.store.counters.states(), self.area.unattended()
        keys = dict.fromkeys([*(counter.key for counter in self.config.counters), *busy])
        return [
            boards.counter_line(self.config, key, busy.get(key), states, unattended) for key in keys
        ]

    def _tickets_of(self, found: list[Ticket], *, in_queue: bool = False) -> list[Board]:
        ahead = self.area.ahead if in_queue else lambda _: 0
        return [boards.ticket(ticket, self.config, ahead(ticket)) for ticket in found]

    def _undo(self, by: By) -> Board | None:
        found = self.area.undoable(by)
        if found is None:
            return None
        last, until = found
        number, until_iso = last.before.number, boards.iso(until)
        return {
            "ticket_id": last.ticket_id, "number": number, "verb": last.verb, "until": until_iso,
        }  # fmt: skip

    def _paper_at(self, kiosk: KioskSection, now: datetime) -> str:
        """Whether this kiosk prints: "yes", "no" (its office has no printer here), or "broken"."""
        printer, state = self.area.paper_for(kiosk, now)
        return "yes" if printer else {"none": "no"}.get(state, "broken")

    def _kiosk_services(self, kiosk: KioskSection, now: datetime) -> list[Board]:
        day = self.area.hours.business_day(now)
        waiting = self._tickets.count_waiting(day)
        offered = kiosk.services or [service.key for service in self.config.services]
        return [
            {
                "key": service.key,
                "name": service.name,
                "icon": service.icon,
                "offered": service.is_on(day),
                "waiting": waiting.get(service.key, 0),
                **self._availability(service, now),
            }
            for service in self.config.services
            if service.key in offered
        ]

    def _availability(self, service: ServiceSection, now: datetime) -> Board:
        refused = self.area.why_no_tickets(service, now)
        # Outside the hours the whole kiosk says so; single concerns stay as they are.
        off = refused is not None and self.area.hours.why_no_tickets(now) is None
        return {"available": not off, "reason": refused.code if refused and off else None}

    def _known(self, what: str, key: str, find: Callable[[str], Any]) -> Any:
        found = find(key)
        if found is None:
            raise Unknown(what, key)
        return found

    def ticket(self, found: Ticket) -> Board:
        """A ticket of the HTTP interface."""
        return boards.ticket(found, self.config, self.area.ahead(found))

    def kiosk_ticket(self, found: Ticket) -> Board:
        """The same for a kiosk: without what clerks note and know."""
        return {**self.ticket(found), **boards.NOT_FOR_KIOSKS}


KINDS: dict[str, Callable[[Viewpoints, str, datetime], Board]] = {
    "wall": Viewpoints.wall,
    "counter": Viewpoints.counter,
    "reception": Viewpoints.reception,
    "kiosk": Viewpoints.kiosk,
    "printer": Viewpoints.printer,
    "ticket": Viewpoints.holder,
}
