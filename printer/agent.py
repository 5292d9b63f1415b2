"""The loop between server and printer: wait, claim, print, report.

A job is printed at most once. What is repeated until it succeeds is only the report.
"""

from __future__ import annotations

import logging
import threading
import time

from .escpos_job import compose_job
from .outage import PAUSES_SECONDS, Outage
from .outcome import Outcome, not_printed, unknown
from .server_link import Job, Refused, ServerAway, ServerLink
from .settings import PrinterSettings, read_settings
from .slip_layout import draw_slip
from .transports import NotPossible, Transports
from .wire import NetworkPrinter

log = logging.getLogger(__name__)

WAIT_SECONDS = 20.0
RETRY_PAUSES_SECONDS = (1.0, 2.0)  # two more attempts, and only when nothing was printed
RETRY_WITHIN_SECONDS = 6.0  # by then the kiosk shows the number large and the client walks on
QUICK_ANSWER_SECONDS = 0.5


class Agent:
    """Serves one printer in the thread that calls `run`; `stop` may come from any other."""

    def __init__(
        self,
        link: ServerLink,
        transports: Transports,
        pauses: tuple[float, ...] = PAUSES_SECONDS,
        retry_pauses: tuple[float, ...] = RETRY_PAUSES_SECONDS,
    ) -> None:
        self._link = link
        self._transports = transports
        self._outage = Outage(pauses)
        self._retry_pauses = retry_pauses
        self._stopping = threading.Event()
        self._claims_in_doubt: set[int] = set()

    def stop(self) -> None:
        """End soon: a slip on its way is finished, no new one is begun."""
        self._stopping.set()
        self._link.hang_up()

    def run(self) -> None:
        """Work until `stop`. Raises NotPossible, Refused when the server wants nothing of us."""
        while not self._stopping.is_set():
            try:
                self._serve(self._fetch_settings())
            except ServerAway as error:
                self._outage.wait(error, self._stopping)

    def _fetch_settings(self) -> PrinterSettings:
        try:
            settings = read_settings(self._link.settings())
        except ValueError as error:
            raise NotPossible(str(error)) from error
        return self._transports.reach(settings)

    def _serve(self, settings: PrinterSettings) -> None:
        printer = NetworkPrinter(settings)
        self._settle_left_over(self._link.wait_for_jobs(0).sending, printer)
        while not self._stopping.is_set():
            self._outage.end()
            asked_at = time.monotonic()
            jobs = self._link.wait_for_jobs(WAIT_SECONDS).jobs
            if not jobs and time.monotonic() - asked_at < QUICK_ANSWER_SECONDS:
                self._stopping.wait(1)  # a server that does not wait must not be flooded
            for job in jobs:
                self._handle(job, printer, settings)

    def _settle_left_over(self, sending: list[int], printer: NetworkPrinter) -> None:
        """Jobs the server thinks we are at. We are at none, so somebody must say what became."""
        for job_id in sending:
            if job_id in self._claims_in_doubt:
                # We never heard that the claim succeeded, so not one byte was sent.
                self._report(job_id, not_printed("error"))
            else:
                printer.may_hold_a_rest = True
                self._report(job_id, unknown("crash"))
        self._claims_in_doubt.clear()

    def _handle(self, job: Job, printer: NetworkPrinter, settings: PrinterSettings) -> None:
        good_until = time.monotonic() + settings.job_ttl_s - job.age_s
        if self._stopping.is_set() or not self._claim(job):
            return
        outcome = self._draw_and_print(job, printer, settings, good_until)
        log.info("slip %s: %s %s", job.number, outcome.state, outcome.reason or "")
        self._report(job.id, outcome)

    def _claim(self, job: Job) -> bool:
        self._claims_in_doubt.add(job.id)
        try:
            self._link.claim(job.id)
        except Refused as refusal:
            log.info("slip %s is not ours: %s", job.number, refusal)
            self._stopping.wait(QUICK_ANSWER_SECONDS)  # it may stay in the list for a moment
            self._claims_in_doubt.discard(job.id)
            return False
        self._claims_in_doubt.discard(job.id)
        return True

    def _draw_and_print(
        self, job: Job, printer: NetworkPrinter, settings: PrinterSettings, good_until: float
    ) -> Outcome:
        try:
            picture = draw_slip(job.slip, settings.width_px)
            content = compose_job(picture, settings.fragment_rows)
        except Exception:
            # Whatever is wrong with this slip, the next client's may be good.
            log.exception("slip %s can't be drawn", job.number)
            return not_printed("error")
        return self._try(content, job, printer, good_until)

    def _try(self, content: bytes, job: Job, printer: NetworkPrinter, good_until: float) -> Outcome:
        if time.monotonic() >= good_until:
            return not_printed("expired")
        last_try = min(good_until, time.monotonic() + RETRY_WITHIN_SECONDS)
        outcome = self._print(content, job, printer)
        for pause in self._retry_pauses:
            if outcome.state != "not_printed" or time.monotonic() + pause >= last_try:
                break
            if self._stopping.wait(pause):
                break
            outcome = self._print(content, job, printer)
        return outcome

    def _print(self, content: bytes, job: Job, printer: NetworkPrinter) -> Outcome:
        try:
            return printer.print_job(content, job.id)
        except Exception:
            # A mistake of ours in the middle of a job: nobody knows what came out.
            log.exception("slip %s", job.number)
            printer.may_hold_a_rest = True
            return unknown("error", late_slip_possible=True)

    def _report(self, job_id: int, outcome: Outcome) -> None:
        while True:
            try:
                self._link.report(job_id, outcome)
            except Refused as refusal:
                log.warning("the server does not take the result of job %s: %s", job_id, refusal)
            except ServerAway as error:
                if not self._stopping.is_set():
                    self._outage.wait(error, self._stopping)
                    continue
                # The server keeps the job in "sending"; the next agent settles it.
                log.warning("stopping without having reported job %s", job_id)
            else:
                self._outage.end()
            return
