"""The loop between server and printer: wait, claim, print, report.

A job is printed at most once. What is repeated until it succeeds is only the report. A printer
that can't be served is no reason to end: the server must know, and the office goes on without it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .composing import Composed, compose
from .outage import PAUSES_SECONDS, Outage
from .outcome import Outcome, not_printed, unknown
from .printers import BrokenPrinter, NotPossible, Printer
from .self_test import can_shape, check_tools
from .server_link import Job, OtherAgent, Refused, ServerAway, ServerLink, Waiting
from .settings import PrinterSettings, read_settings
from .transports import Transports
from .watch import Watch

log = logging.getLogger(__name__)

WAIT_SECONDS = 20.0
TRY_AGAIN_SECONDS = 10.0  # a printer that can't be served; another agent that has it
RETRY_PAUSES_SECONDS = (1.0, 2.0)  # the last one again, where the office wants more retries
QUICK_ANSWER_SECONDS = 0.5

# Why nothing was printed, where a moment may change it.
MAY_PASS = frozenset(
    {"unreachable", "device_missing", "no_status", "paper_end", "cover_open", "error"}
)


@dataclass(frozen=True)
class Desk:
    """The printer as the server's settings have it."""

    printer: Printer
    settings: PrinterSettings
    version: object  # of the settings; None when the server does not say
    is_served: bool = True


class Agent:
    """Serves one printer in the thread that calls `run`; `stop` may come from any other."""

    def __init__(
        self,
        link: ServerLink,
        transports: Transports,
        pauses: tuple[float, ...] = PAUSES_SECONDS,
        retry_pauses: tuple[float, ...] = RETRY_PAUSES_SECONDS,
        try_again: float = TRY_AGAIN_SECONDS,
    ) -> None:
        self._link = link
        self._transports = transports
        self._outage = Outage(pauses)
        self._retry_pauses = retry_pauses
        self._try_again = try_again
        self._watch = Watch(link, can_shape())
        self._stopping = threading.Event()
        self._claims_in_doubt: set[int] = set()
        self._complaints: set[str] = set()

    def stop(self) -> None:
        """End soon: a slip on its way is finished, no new one is begun."""
        self._stopping.set()
        self._link.hang_up()

    def run(self) -> None:
        """Work until `stop`. Raises Refused when the server wants nothing of us."""
        self._watch.start()
        try:
            while not self._stopping.is_set():
                self._work()
        finally:
            self._watch.stop()

    def _work(self) -> None:
        try:
            self._serve(self._set_up())
        except ServerAway as error:
            self._outage.wait(error, self._stopping)
        except OtherAgent:
            self._watch.follow(None)  # it looks at the printer itself, and only one caller may
            self._complain(f"another print agent serves printer {self._link.printer}; only one may")
            self._stopping.wait(self._try_again)

    def _complain(self, sentence: str) -> None:
        """Once, and not every ten seconds."""
        if sentence not in self._complaints:
            self._complaints.add(sentence)
            log.warning("%s", sentence)

    def _set_up(self) -> Desk:
        answer = self._link.settings()
        version = answer.get("settings_version")
        settings = PrinterSettings(self._link.printer)
        try:
            settings = _read(answer)
            check_tools()
            return Desk(self._transports.printer(settings), settings, version)
        except NotPossible as error:
            self._complain(f"nothing is printed: {error}")
            return Desk(BrokenPrinter(error.reason), settings, version, is_served=False)

    def _serve(self, desk: Desk) -> None:
        """Until the settings change, or a printer that can't be served is worth another try."""
        waiting = self._begin(desk)
        version = waiting.settings_version if desk.version is None else desk.version
        good_until = time.monotonic() + (float("inf") if desk.is_served else self._try_again)
        while not self._stopping.is_set() and time.monotonic() < good_until:
            self._outage.end()
            waiting = self._wait(min(WAIT_SECONDS, good_until - time.monotonic()), waiting)
            if waiting.settings_version not in (None, version):
                return
            for job in waiting.jobs:
                self._handle(job, desk)

    def _begin(self, desk: Desk) -> Waiting:
        """Settle what is left over and start the watch."""
        waiting = self._link.wait_for_jobs(0)
        if desk.is_served:
            self._complaints.clear()
        self._transports.set_faults(waiting.faults)
        self._settle_left_over(waiting.sending, desk.printer)
        self._watch.follow(desk.printer, desk.settings.poll_interval_s)
        return waiting

    def _wait(self, seconds: float, known: Waiting) -> Waiting:
        asked_at = time.monotonic()
        waiting = self._link.wait_for_jobs(max(0.0, seconds), known)
        has_news = waiting.settings_version != known.settings_version
        if self._transports.set_faults(waiting.faults):
            has_news = True
            self._watch.look_now()
        is_quick = time.monotonic() - asked_at < min(seconds, QUICK_ANSWER_SECONDS)
        if is_quick and not waiting.jobs and not has_news:
            self._stopping.wait(1)  # a server that does not wait must not be flooded
        return waiting

    def _settle_left_over(self, sending: list[int], printer: Printer) -> None:
        """Jobs the server thinks we are at. We are at none, so somebody must say what became."""
        for job_id in sending:
            if job_id in self._claims_in_doubt:
                # We never heard that the claim succeeded, so not one byte was sent.
                self._report(job_id, not_printed("claim_lost"))
            else:
                printer.expect_rest()
                self._report(job_id, unknown("crash"))
        self._claims_in_doubt.clear()

    def _handle(self, job: Job, desk: Desk) -> None:
        if self._stopping.is_set() or not self._claim(job):
            return
        outcome = self._draw_and_print(job, desk)
        log.info("slip %s: %s %s", job.number, outcome.state, outcome.reason or "")
        self._watch.note(outcome)
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

    def _draw_and_print(self, job: Job, desk: Desk) -> Outcome:
        if not desk.is_served:
            return desk.printer.print_job(b"", job.id)
        try:
            composed = compose(job.slip, desk.settings)
        except Exception:
            # Whatever is wrong with this slip, the next client's may be good.
            log.exception("slip %s can't be drawn", job.number)
            return not_printed("bad_slip")
        outcome = self._try(composed, job, desk)
        used = 0.0 if outcome.state == "not_printed" else composed[2]
        return replace(outcome, millimetres=used)

    def _try(self, composed: Composed, job: Job, desk: Desk) -> Outcome:
        good_until = job.best_before(desk.settings.job_ttl_s)
        if time.monotonic() >= good_until:
            return not_printed("expired")
        outcome = self._print(composed, job, desk.printer)
        for pause in self._pauses(desk.settings.max_auto_retries):
            certain = outcome.state == "not_printed" and outcome.reason in MAY_PASS
            if not certain or time.monotonic() + pause >= good_until:
                break
            if self._stopping.wait(pause):
                break
            outcome = self._print(composed, job, desk.printer)
        return outcome

    def _pauses(self, count: int) -> tuple[float, ...]:
        missing = max(0, count - len(self._retry_pauses))
        return (self._retry_pauses + self._retry_pauses[-1:] * missing)[:count]

    def _print(self, composed: Composed, job: Job, printer: Printer) -> Outcome:
        content, picture, _ = composed
        try:
            return printer.print_job(content, job.id, picture)
        except Exception:
            # A mistake of ours in the middle of a job: nobody knows what came out.
            log.exception("slip %s", job.number)
            printer.expect_rest()
            return unknown("agent_error", late_slip_possible=True)

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


def _read(answer: Mapping[str, object]) -> PrinterSettings:
    try:
        return read_settings(answer)
    except ValueError as error:
        raise NotPossible("misconfigured", str(error)) from error
