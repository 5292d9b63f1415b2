"""Gathers from the store what each audience's board needs, with the revision it is true for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from . import boards
from .boards import Board
from .config import CounterSection, KioskSection
from .domain.ticket import Ticket
from .print_office import PrintOffice
from .refusals import Unknown
from .waiting_area import WaitingArea

RECENT_CALLS = 6
LIST_LENGTH = 8
SLIPS_REMEMBERED = 20
SHEETS_SHOWN = 20

Sheets = Callable[[str], list[str]]


class Viewpoints:
    """Snapshots by audience: `wall:hall`, `counter:1`, `kiosk:entrance`, `printer:entrance`,
    `reception`, `ticket:TOKEN`."""

    def __init__(
        self, area: WaitingArea, office: PrintOffice, release: str, sheets: Sheets
    ) -> None:
        self.area = area
        self.config = area.config
        self.release = release
        self._office = office
        self._sheets = sheets
        self._tickets = area.store.tickets

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
        return boards.wall(
            self.config,
            display,
            self._tickets.at_counters(),
            self._tickets.recently_called(day, RECENT_CALLS),
            waiting=sum(self._tickets.count_waiting(day).values()),
            is_open=self.area.hours.why_no_tickets(now) is None,
        )

    def counter(self, key: str, now: datetime) -> Board:
        counter = self._known("counter", key, self.config.counter)
        day = self.area.hours.business_day(now)
        placed = boards.with_places(self._tickets.waiting(day), self.config)
        mine = [(t, ahead) for t, ahead in placed if t.service in counter.services]
        missed = self._tickets.missed(day, LIST_LENGTH)
        return {
            **self._counter_state(counter),
            "waiting": len(mine),
            "waiting_total": len(placed),
            "next": [boards.ticket(t, self.config, n) for t, n in mine[:LIST_LENGTH]],
            "missed": [boards.ticket(t, self.config, 0) for t in missed],
            "trouble": self._trouble(),
        }

    def reception(self, key: str, now: datetime) -> Board:
        if key:
            raise Unknown("audience", f"reception:{key}")
        day, states = self.area.hours.business_day(now), self.area.store.counters.states()
        waiting, busy = self._tickets.waiting(day), self._tickets.at_counters()
        return boards.queue(self.config, waiting, busy, states)

    def kiosk(self, key: str, now: datetime) -> Board:
        kiosk = self._known("kiosk", key, self.config.kiosk)
        day = self.area.hours.business_day(now)
        why = self.area.hours.why_no_tickets(now)
        slips = {
            str(t.id): t.print_state
            for t in self._tickets.recently_issued(day, SLIPS_REMEMBERED)
            if t.kiosk == key
        }
        return {
            "open": why is None,
            "reason": why,
            "opens_at": boards.iso(self.area.hours.next_opening(now)) if why else None,
            "services": self._kiosk_services(kiosk, self._tickets.count_waiting(day)),
            "slips": slips,
        }

    def printer(self, key: str, now: datetime) -> Board:
        self._known("printer", key, self.config.printer)
        jobs = self._office.newest(key, LIST_LENGTH)
        shown = ("id", "state", "reason", "number")
        return {
            "printer": key,
            "sheets": self._sheets(key)[:SHEETS_SHOWN],
            "jobs": [{name: job[name] for name in shown} for job in jobs],
        }

    def holder(self, token: str, now: datetime) -> Board:
        ticket = self._tickets.find_by_token(self.area.hours.business_day(now), token)
        if ticket is None:
            raise Unknown("ticket_token", "")
        return {"ticket": boards.public_ticket(ticket, self.config, self.area.ahead(ticket))}

    def _counter_state(self, counter: CounterSection) -> Board:
        states = self.area.store.counters.states()
        busy = {t.counter: t for t in self._tickets.at_counters()}
        own = busy.get(counter.key)
        others = [c.key for c in self.config.counters if c.key != counter.key]
        label = boards.counter_label(self.config, counter.key)
        return {
            "counter": {
                "key": counter.key,
                "label": label,
                "state": states.get(counter.key, "closed"),
            },
            "ticket": boards.ticket(own, self.config, 0) if own else None,
            "others": [
                boards.counter_line(self.config, key, busy.get(key), states) for key in others
            ],
        }

    def _trouble(self) -> list[Board]:
        newest = ((p.key, self._office.newest(p.key, 1)) for p in self.config.printers)
        return [
            {"printer": key, "reason": jobs[0]["reason"]}
            for key, jobs in newest
            if jobs and jobs[0]["state"] in {"not_printed", "unknown"}
        ]

    def _kiosk_services(self, kiosk: KioskSection, waiting: dict[str, int]) -> list[Board]:
        offered = kiosk.services or [service.key for service in self.config.services]
        return [
            {
                "key": service.key,
                "name": service.name,
                "icon": service.icon,
                "available": service.issue,
                "waiting": waiting.get(service.key, 0),
            }
            for service in self.config.services
            if service.key in offered
        ]

    def _known(self, what: str, key: str, find: Callable[[str], Any]) -> Any:
        found = find(key)
        if found is None:
            raise Unknown(what, key)
        return found

    def ticket(self, found: Ticket) -> Board:
        """A ticket of the HTTP interface."""
        return boards.ticket(found, self.config, self.area.ahead(found))


KINDS: dict[str, Callable[[Viewpoints, str, datetime], Board]] = {
    "wall": Viewpoints.wall,
    "counter": Viewpoints.counter,
    "reception": Viewpoints.reception,
    "kiosk": Viewpoints.kiosk,
    "printer": Viewpoints.printer,
    "ticket": Viewpoints.holder,
}
