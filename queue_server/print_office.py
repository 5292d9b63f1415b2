"""Between tickets and paper: hands jobs to print agents and writes down what became of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from .domain.events import Event, Kind
from .domain.ticket import LIVING_STATES, Ticket
from .refusals import Refused, Unknown
from .store import Store
from .store.printers import PrinterRecord
from .waiting_area import WaitingArea

NEWS = frozenset(
    {Kind.TICKET_ISSUED, Kind.SLIP_QUEUED, Kind.PRINTER_CHANGED, Kind.CONFIGURATION_LOADED}
)
# An agent took it and never spoke of it again: longer than any printer takes (printing.md 5.5).
FORGOTTEN = timedelta(seconds=90)
# So long after its last sign of life an agent's printer may be served by another one.
AGENT_LEASE = timedelta(seconds=20)
KIOSK_REPRINTS = 1
KIOSK_REPRINT_TIME = timedelta(minutes=2)

Job = dict[str, Any]


class PrintOffice:
    """The desk where agents ask for jobs. A job is handed out once and its first outcome stands."""

    def __init__(self, area: WaitingArea) -> None:
        self._area = area
        self._store: Store = area.store
        self._news = threading.Condition()
        area.subscribe(self._wake)

    def open_jobs(
        self, printer: str, wait_seconds: float = 0, agent: str | None = None
    ) -> list[Job]:
        """Queued jobs, oldest first; waits up to `wait_seconds` for one, or for other news.

        Raises Unknown, or Refused: other_agent while another agent serves this printer.
        """
        self.check_agent(printer, agent)
        known = self.record(printer)
        # What changed since the agent's last answer must not wait for the end of this one.
        version = known.version if agent is None else known.told
        with self._news:
            self._news.wait_for(
                lambda: self._queued(printer) or self.record(printer).version != version,
                timeout=wait_seconds,
            )
        return self._queued(printer)

    def tell_agent(self, printer: str) -> PrinterRecord:
        """What is known of a printer, noted as told to its agent."""
        with self._store.transaction():
            known = self.record(printer)
            if known.told != known.version:
                self._store.printers.note_told(printer, known.version)
        return known

    def unfinished(self, printer: str) -> list[int]:
        """Jobs that an agent took and never reported: after a crash nobody knows what came out."""
        return [job["id"] for job in self._store.print_jobs.in_state(printer, "sending")]

    def record(self, printer: str) -> PrinterRecord:
        """What is known of a printer."""
        return self._store.printers.find(printer)

    def claim(self, job_id: int) -> Job:
        """Hand the job to the one agent that asks first. Raises Unknown, Refused: taken.

        A job whose client has gone by now is not handed out: nobody wants it to come out late.
        """
        job = self._job(job_id)
        if job["state"] == "queued" and self._is_too_old(job):
            self._close(job, "not_printed", "expired")
        events: list[Event] = []
        with self._store.transaction():
            job = self._job(job_id)
            if not self._store.print_jobs.claim(job_id, self._area.now()):
                raise Refused("taken", state=job["state"])
            events.append(self._note(Kind.SLIP_SENDING, job, "sending"))
        self._area.tell(events)
        return {**job, "state": "sending"}

    def close(
        self, job_id: int, state: str, reason: str | None, millimetres: float | None = None
    ) -> Job:
        """Write down the outcome; repeating the same outcome changes nothing.

        What certainly was not printed goes to the printer that stands in, if there is one.
        Raises Unknown, or Refused: taken when another outcome is known already.
        """
        return self._close(self._job(job_id), state, reason, millimetres)

    def expire(self) -> None:
        """Close what no agent took in time, and what one took and never spoke of again."""
        now = self._area.now()
        for job in self._store.print_jobs.overdue("queued", now):
            if self._is_too_old(job):
                self._close(job, "not_printed", "expired")
        for job in self._store.print_jobs.overdue("sending", now - FORGOTTEN):
            self._close(job, "unknown", "crash")

    def reprint(self, ticket_id: int, kiosk: str | None = None, printer: str | None = None) -> Job:
        """Print a living ticket's paper again, marked as a reprint; never a second ticket.

        A kiosk may do so once, and only for its own client of a moment ago. Raises Unknown, or
        Refused: reprint_not_possible, on_its_way (the paper is being printed already).
        """
        ticket = self._area.find(ticket_id)
        events: list[Event] = []
        with self._store.transaction():
            self._check_reprint(ticket, kiosk)
            target = printer or self._printer_of(ticket)
            self._know(target)
            slip = self._area.slip_of(ticket, reprint=True)
            job_id = self._store.print_jobs.add(
                ticket_id, ticket.number, target, slip, self._area.now(),
                kind="reprint", ordered_by="kiosk" if kiosk else "staff",
            )  # fmt: skip
            events.append(self._note(Kind.SLIP_QUEUED, self._job(job_id), "queued"))
        self._area.tell(events)
        return self._job(job_id)

    def printer_of(self, job_id: int) -> str:
        """The printer a job belongs to. Raises Unknown."""
        printer: str = self._job(job_id)["printer"]
        return printer

    def newest(self, printer: str, limit: int) -> list[Job]:
        """The latest jobs of a printer, newest first."""
        return self._store.print_jobs.newest(printer, limit)

    def check_agent(self, printer: str, agent: str | None) -> None:
        """A sign of life of this agent. Raises Unknown, or Refused: other_agent while another one
        serves this printer."""
        self._know(printer)
        if agent is None:
            return
        now = self._area.now()
        with self._store.transaction():
            known = self._store.printers.find(printer)
            is_fresh = known.agent_seen_at and now - known.agent_seen_at < AGENT_LEASE
            if known.agent not in (None, agent) and is_fresh:
                raise Refused("other_agent", printer=printer)
            self._store.printers.see_agent(printer, agent, now)

    def release_agent(self, printer: str) -> None:
        """Our own agent has ended; the next one need not wait for its lease to run out."""
        self._store.printers.see_agent(printer, None, None)

    def _close(
        self, job: Job, state: str, reason: str | None, millimetres: float | None = None
    ) -> Job:
        events: list[Event] = []
        with self._store.transaction():
            now, jobs = self._area.now(), self._store.print_jobs
            if jobs.close(job["id"], state, reason, now, millimetres):
                kind = Kind.SLIP_PRINTED if state == "printed" else Kind.SLIP_FAILED
                events.append(self._note(kind, job, state, reason=reason))
                if millimetres:
                    self._store.printers.use_paper(job["printer"], millimetres)
                events += self._stand_in(job, state)
            elif (known := self._job(job["id"])["state"]) != state:
                raise Refused("taken", state=known)
        self._area.tell(events)
        return self._job(job["id"])

    def _stand_in(self, job: Job, state: str) -> list[Event]:
        """Another printer takes over what this one certainly did not print; once."""
        section = self._area.config.printer(job["printer"])
        other = section.fallback if section else None
        if state != "not_printed" or other is None or job["instead_of"] or self._is_too_old(job):
            return []
        # The client has waited since the first job was made, whichever printer it was for.
        new = self._store.print_jobs.add(
            job["ticket_id"], job["number"], other, job["slip"], job["created_at"],
            kind=job["kind"], ordered_by=job["ordered_by"], instead_of=job["id"],
        )  # fmt: skip
        return [self._note(Kind.SLIP_QUEUED, self._job(new), "queued", instead_of=job["printer"])]

    def _is_too_old(self, job: Job) -> bool:
        section = self._area.config.printer(job["printer"])
        lifetime = timedelta(seconds=section.job_ttl_s if section else 0)
        age: timedelta = self._area.now() - job["created_at"]
        return age > lifetime

    def _check_reprint(self, ticket: Ticket, kiosk: str | None) -> None:
        jobs = self._store.print_jobs.of_ticket(ticket.id)
        if any(job["state"] in {"queued", "sending"} for job in jobs):
            raise Refused("on_its_way", number=ticket.number)
        is_alive = ticket.state in LIVING_STATES and ticket.day == str(self._area.today())
        if not is_alive or (kiosk and not self._kiosk_may(ticket, kiosk, jobs)):
            raise Refused("reprint_not_possible", number=ticket.number)

    def _kiosk_may(self, ticket: Ticket, kiosk: str, jobs: list[Job]) -> bool:
        by_kiosk = sum(job["ordered_by"] == "kiosk" for job in jobs)
        is_fresh = self._area.now() - ticket.issued_at <= KIOSK_REPRINT_TIME
        return ticket.kiosk == kiosk and by_kiosk < KIOSK_REPRINTS and is_fresh

    def _printer_of(self, ticket: Ticket) -> str:
        kiosk = self._area.config.kiosk(ticket.kiosk) if ticket.kiosk else None
        if kiosk and kiosk.printer:
            return kiosk.printer
        if self._area.config.printers:
            return self._area.config.printers[0].key
        raise Refused("reprint_not_possible", number=ticket.number)

    def _know(self, printer: str) -> None:
        if self._area.config.printer(printer) is None:
            raise Unknown("printer", printer)

    def _job(self, job_id: int) -> Job:
        job = self._store.print_jobs.find(job_id)
        if job is None:
            raise Unknown("print_job", str(job_id))
        return job

    def _note(self, kind: Kind, job: Job, state: str, **data: Any) -> Event:
        ticket_id = job["ticket_id"]
        self._store.tickets.set_print_state(ticket_id, state)
        told = {name: value for name, value in data.items() if value is not None}
        if job["kind"] == "reprint":
            told["reprint"] = True
        at, printer = self._area.now(), job["printer"]
        add: Callable[..., Event] = self._store.events.add
        return add(kind, at, ticket_id=ticket_id, printer=printer, state=state, **told)

    def _queued(self, printer: str) -> list[Job]:
        return self._store.print_jobs.in_state(printer, "queued")

    def _wake(self, events: list[Event]) -> None:
        if any(event.kind in NEWS for event in events):
            with self._news:
                self._news.notify_all()
