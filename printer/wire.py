"""Sends one job to an ESC/POS printer and finds out what became of it, whatever the transport.

Look first, send, ask for proof that stands behind the job in the printer's queue, and empty the
printer's memory when there is no proof: otherwise the slip may come out later, for somebody else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from .line import Line, NotAPrinter, NotOpened, Pace, PrinterTrouble
from .outcome import Condition, Outcome, not_printed, printed, trouble, unknown
from .proof import Proofs
from .settings import PrinterSettings
from .talk import FLUSH, Sight, Talk

log = logging.getLogger(__name__)

CUT = b"\x1dVB\x00"

GLANCE_SECONDS = 0.8  # longer is not worth it: a client may come
CLEARING_TRIES = 2
LEFT_BY_OTHERS = 15  # proofs that an earlier process of ours may have asked for


class WiredPrinter:
    """One printer. Each slip has its own connection, which is always closed again.

    May be used from several threads: `look` gives way to a job. Printers that are the same device
    share one `lock`.
    """

    def __init__(
        self,
        settings: PrinterSettings,
        open_line: Callable[[PrinterSettings], Line],
        lock: threading.Lock | None = None,
    ) -> None:
        self._settings = settings
        self._hurried = _hurried(settings)
        self._open = open_line
        self._lock = lock or threading.Lock()
        self._has_answered = False
        self._clearing_tries = 0
        self._may_hold_a_rest = False
        self._proofs = Proofs(settings.ack)

    def print_job(self, job: bytes, job_id: int, picture: Image.Image | None = None) -> Outcome:
        """Print once, or say why not. Never raises for trouble with the printer."""
        with self._lock:
            try:
                line = self._open(self._settings)
            except NotOpened as no:
                log.info("printer %s can't be opened: %s", self._settings.key, no)
                return not_printed(no.reason)
            with line:
                return self._print(line, job, job_id)

    def expect_rest(self) -> None:
        """A job may have been cut off: the rest of its picture would swallow the next one.

        Its proof may come as well, and be taken for the next one's.
        """
        self._may_hold_a_rest = True
        self._proofs.expect_older(LEFT_BY_OTHERS)
        self._clearing_tries = 0

    def look(self) -> Condition | None:
        """How the printer is between two jobs; None while one is on its way."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            with self._open(self._hurried) as line:
                return self._glance(line)
        except NotOpened as no:
            return trouble(no.reason)
        except NotAPrinter:
            return trouble("no_printer")
        except OSError:
            return trouble("unreachable")
        finally:
            self._lock.release()

    def _glance(self, line: Line) -> Condition:
        talk = self._talk(line, self._hurried)
        sight = self._see(line, talk, flush=False)
        if sight.trouble is None and not sight.answered:
            return Condition("unknown", "no_status" if self._asks(line) else None)
        if sight.answered and self._may_hold_a_rest and self._clearing_tries < CLEARING_TRIES:
            # At once, and not with the next job: the paper may be back before that.
            self._clearing_tries += 1
            self._clear(line, talk)
        state = Condition("ready", near_end=sight.near_end)
        return replace(state, state="trouble", reason=sight.trouble) if sight.trouble else state

    def _print(self, line: Line, job: bytes, job_id: int) -> Outcome:
        try:
            sight = self._see(line, self._talk(line, self._settings), flush=True)
        except NotAPrinter as stranger:
            log.warning("printer %s is none: it says %s", self._settings.key, stranger)
            return not_printed("no_printer")
        except OSError:
            return not_printed("unreachable")
        if sight.trouble is not None:
            return not_printed(sight.trouble)
        return self._send(line, job, job_id, sight.near_end)

    def _see(self, line: Line, talk: Talk, flush: bool) -> Sight:
        if not self._asks(line):
            return Sight(answered=False)
        sight = talk.look(flush)
        if not sight.answered:
            # Silent printers are common; silence is not "paper out". But one that has answered
            # before and is silent now would only store the slip and print it when it wakes up.
            silence_counts = self._settings.status == "required" or self._has_answered
            return replace(sight, trouble="no_status") if silence_counts else sight
        self._has_answered = True
        return sight

    def _asks(self, line: Line) -> bool:
        return line.hears and self._settings.status != "none"

    def _talk(self, line: Line, limits: PrinterSettings) -> Talk:
        return Talk(line, limits.status_timeout_s, limits.write_timeout_s)

    def _send(self, line: Line, job: bytes, job_id: int, near_end: bool) -> Outcome:
        # From the first byte on nothing is certain any more without proof.
        try:
            self._remove_rest(line)
            line.write_job(job, self._settings.write_timeout_s, self._pace())
            outcome = self._find_out(line, job_id, near_end)
        except NotAPrinter:
            return not_printed("no_printer")
        except PrinterTrouble as problem:
            return self._give_up(line, problem.reason)
        except TimeoutError:
            return self._give_up(line, "timeout")
        except OSError:
            self._may_hold_a_rest, self._clearing_tries = True, 0
            return unknown("lost_during", late_slip_possible=True)
        return outcome or self._give_up(line, "timeout")

    def _find_out(self, line: Line, job_id: int, near_end: bool) -> Outcome | None:
        """What the printer proves; None when it proves nothing in time."""
        limits = self._settings
        if not line.hears:
            line.say_goodbye(limits.write_timeout_s)
            return unknown("sent")
        if limits.ack == "none":
            line.say_goodbye(limits.status_timeout_s)
            return printed(near_end)  # the office's own decision: its printer can't tell
        proof = self._proofs.next_for(job_id)
        try:
            line.write(proof.request, limits.write_timeout_s)
            answer = line.wait_for_proof(proof.is_complete, limits.ack_timeout_s)
        finally:
            self._proofs.note(proof)
        return printed(near_end) if answer else None

    def _remove_rest(self, line: Line) -> None:
        if not self._may_hold_a_rest:
            return
        if not self._clear(line, self._talk(line, self._settings)):
            # Zeros fill up the picture that was cut off. It gets its own piece of paper: two
            # numbers on one slip would be worse than a scrap.
            picture = self._settings.fragment_rows * self._settings.width_px // 8
            zeros = bytes(max(len(FLUSH), picture))
            line.write_job(zeros + CUT, self._settings.write_timeout_s)
        self._may_hold_a_rest = False

    def _pace(self) -> Pace | None:
        fragment = self._settings.fragment_rows * self._settings.width_px // 8
        pause = self._settings.fragment_pause_ms / 1000
        return Pace(fragment, pause) if pause else None

    def _give_up(self, line: Line, reason: str) -> Outcome:
        self._may_hold_a_rest, self._clearing_tries = True, 0
        cleared = self._clear(line, self._talk(line, self._settings))
        if not cleared:
            line.throw_away_unsent()
            log.warning(
                "printer %s may print a slip late: its memory was not cleared", self._settings.key
            )
        return unknown(reason, late_slip_possible=not cleared)

    def _clear(self, line: Line, talk: Talk) -> bool:
        if not (self._settings.clear_on_unknown and line.hears and talk.clear_memory()):
            return False
        self._may_hold_a_rest = False
        self._proofs.forget_older()
        return True


def _hurried(settings: PrinterSettings) -> PrinterSettings:
    return replace(
        settings,
        connect_timeout_s=min(settings.connect_timeout_s, GLANCE_SECONDS),
        status_timeout_s=min(settings.status_timeout_s, GLANCE_SECONDS),
        write_timeout_s=min(settings.write_timeout_s, GLANCE_SECONDS),
    )
