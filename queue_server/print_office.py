"""Between tickets and paper: hands jobs to print agents and writes down what became of them."""

from __future__ import annotations

import threading
from typing import Any

from .domain.events import Event, Kind
from .refusals import Refused, Unknown
from .store import Store
from .waiting_area import WaitingArea

OUTCOMES = frozenset({"printed", "not_printed", "unknown"})


class PrintOffice:
    """The desk where agents ask for jobs. A job is handed out once and its first outcome stands."""

    def __init__(self, area: WaitingArea) -> None:
        self._area = area
        self._store: Store = area.store
        self._news = threading.Condition()
        area.subscribe(self._wake)

    def open_jobs(self, printer: str, wait_seconds: float = 0) -> list[dict[str, Any]]:
        """Queued jobs, oldest first; waits up to `wait_seconds` for one. Raises Unknown."""
        if self._area.config.printer(printer) is None:
            raise Unknown("printer", printer)
        with self._news:
            self._news.wait_for(lambda: self._queued(printer), timeout=wait_seconds)
        return self._queued(printer)

    def unfinished(self, printer: str) -> list[int]:
        """Jobs that an agent took and never reported: after a crash nobody knows what came out."""
        return [job["id"] for job in self._store.print_jobs.in_state(printer, "sending")]

    def claim(self, job_id: int) -> dict[str, Any]:
        """Hand the job to the one agent that asks first. Raises Unknown, Refused: taken."""
        events: list[Event] = []
        with self._store.transaction():
            now = self._area.now()
            job = self._job(job_id)
            if not self._store.print_jobs.claim(job_id, now):
                raise Refused("taken", state=job["state"])
            events.append(self._note(Kind.SLIP_SENDING, job, "sending"))
        self._area.tell(events)
        return {**job, "state": "sending"}

    def close(self, job_id: int, state: str, reason: str | None) -> dict[str, Any]:
        """Write down the outcome; repeating the same outcome changes nothing.

        Raises Unknown, or Refused: taken when another outcome is known already.
        """
        events: list[Event] = []
        with self._store.transaction():
            job = self._job(job_id)
            if self._store.print_jobs.close(job_id, state, reason, self._area.now()):
                kind = Kind.SLIP_PRINTED if state == "printed" else Kind.SLIP_FAILED
                events.append(self._note(kind, job, state, reason=reason))
            elif job["state"] != state:
                raise Refused("taken", state=job["state"])
        self._area.tell(events)
        return self._job(job_id)

    def printer_of(self, job_id: int) -> str:
        """The printer a job belongs to. Raises Unknown."""
        printer: str = self._job(job_id)["printer"]
        return printer

    def newest(self, printer: str, limit: int) -> list[dict[str, Any]]:
        """The latest jobs of a printer, newest first."""
        return self._store.print_jobs.newest(printer, limit)

    def _job(self, job_id: int) -> dict[str, Any]:
        job = self._store.print_jobs.find(job_id)
        if job is None:
            raise Unknown("print_job", str(job_id))
        return job

    def _note(self, kind: Kind, job: dict[str, Any], state: str, **data: Any) -> Event:
        ticket_id = job["ticket_id"]
        self._store.tickets.set_print_state(ticket_id, state)
        at = self._area.now()
        return self._store.events.add(
            kind, at, ticket_id=ticket_id, printer=job["printer"], state=state, **data
        )

    def _queued(self, printer: str) -> list[dict[str, Any]]:
        return self._store.print_jobs.in_state(printer, "queued")

    def _wake(self, events: list[Event]) -> None:
        if any(event.kind is Kind.TICKET_ISSUED for event in events):
            with self._news:
                self._news.notify_all()
