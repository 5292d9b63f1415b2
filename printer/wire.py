"""Sends one job to a network printer and finds out what became of it.

Look first, send, ask for proof that stands behind the job in the printer's queue, and empty the
printer's memory when there is no proof: otherwise the slip may come out later, for somebody else.
"""

from __future__ import annotations

import logging

from .answers import Answer, trouble_in_offline_status
from .line import Line, PrinterTrouble
from .outcome import Outcome, not_printed, printed, unknown
from .settings import PrinterSettings

log = logging.getLogger(__name__)

ASK_OFFLINE_CAUSE = b"\x10\x04\x02"
ASK_PAPER_SENSOR = b"\x10\x04\x04"
ASK_POSITION = b"\x1dr\x01"
ASK_PROCESS_ID = b"\x1d(H\x06\x0000"
CLEAR_MEMORY = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
MEMORY_CLEARED = b"\x37\x25\x00"
CUT = b"\x1dVB\x00"
FLUSH_BYTES = 8192

PAPER_END_BITS = 0x60
NEAR_END_BITS = 0x0C


class NetworkPrinter:
    """One printer, one caller. Each slip has its own connection, which is always closed again."""

    def __init__(self, settings: PrinterSettings) -> None:
        self._settings = settings
        self._has_answered = False
        # Set when an earlier job may have been cut off: the rest of its picture would swallow
        # the next job.
        self.may_hold_a_rest = False

    def print_job(self, job: bytes, job_id: int) -> Outcome:
        """Print once, or say why not. Never raises for trouble with the printer."""
        wire = self._settings
        try:
            line = Line(wire.host, wire.port, wire.connect_timeout_s)
        except OSError as error:
            log.info("printer %s can't be reached: %s", wire.key, error)
            return not_printed("unreachable")
        with line:
            try:
                refusal, near_end = self._look(line)
            except OSError:
                return not_printed("unreachable")
            if refusal is not None:
                return not_printed(refusal)
            return self._send(line, job, job_id, near_end)

    def _look(self, line: Line) -> tuple[str | None, bool]:
        """Why nothing may be sent, or None; and whether the paper is nearly at its end."""
        if self._settings.status == "none":
            return None, False
        cause = self._ask_twice(line)
        if cause is None:
            # Silent printers are common; silence is not "paper out". But one that has answered
            # before and is silent now would only store the slip and print it when it wakes up.
            silence_counts = self._settings.status == "required" or self._has_answered
            return ("no_status" if silence_counts else None), False
        self._has_answered = True
        trouble = trouble_in_offline_status(cause)
        return (trouble, False) if trouble else self._look_at_paper(line)

    def _look_at_paper(self, line: Line) -> tuple[str | None, bool]:
        sensor = self._ask(line, ASK_PAPER_SENSOR) or 0
        if sensor & PAPER_END_BITS:
            return "paper_end", True
        return None, bool(sensor & NEAR_END_BITS)

    def _ask_twice(self, line: Line) -> int | None:
        cause = self._ask(line, ASK_OFFLINE_CAUSE)
        if cause is None:
            # It may still wait for the rest of a picture; zeros are nothing to any other printer.
            cause = self._ask(line, bytes(FLUSH_BYTES) + ASK_OFFLINE_CAUSE)
        return cause

    def _ask(self, line: Line, question: bytes) -> int | None:
        try:
            line.write(question, self._settings.write_timeout_s)
        except TimeoutError:
            return None
        answer = line.wait_for(
            lambda answer: answer.kind == "status", self._settings.status_timeout_s
        )
        return answer.content[0] if answer else None

    def _send(self, line: Line, job: bytes, job_id: int, near_end: bool) -> Outcome:
        # From the first byte on nothing is certain any more without proof.
        try:
            self._remove_rest(line)
            line.write_job(job + self._proof_request(job_id), self._settings.write_timeout_s)
            if self._wait_for_proof(line, job_id):
                return printed(near_end)
            reason = "timeout"
        except PrinterTrouble as trouble:
            reason = trouble.reason
        except TimeoutError:
            reason = "timeout"
        except OSError:
            self.may_hold_a_rest = True
            return unknown("lost_during", late_slip_possible=True)
        return self._give_up(line, reason)

    def _remove_rest(self, line: Line) -> None:
        if not self.may_hold_a_rest:
            return
        if not self._clear(line):
            # Zeros fill up the picture that was cut off. It gets its own piece of paper: two
            # numbers on one slip would be worse than a scrap.
            picture = self._settings.fragment_rows * self._settings.width_px // 8
            zeros = bytes(max(FLUSH_BYTES, picture))
            line.write_job(zeros + CUT, self._settings.write_timeout_s)
        self.may_hold_a_rest = False

    def _proof_request(self, job_id: int) -> bytes:
        process = ASK_PROCESS_ID + process_id(job_id)
        requests = {"process_id": process, "gs_r": ASK_POSITION, "none": b""}
        return requests.get(self._settings.ack, process + ASK_POSITION)

    def _wait_for_proof(self, line: Line, job_id: int) -> bool:
        if self._settings.ack == "none":
            line.say_goodbye(self._settings.status_timeout_s)
            return True  # the office's own decision: its printer can't tell
        confirmed = b"\x37\x22" + process_id(job_id) + b"\x00"

        def is_proof(answer: Answer) -> bool:
            by_position = answer.kind == "position" and self._settings.ack != "process_id"
            return by_position or answer.content == confirmed

        return line.wait_for_proof(is_proof, self._settings.ack_timeout_s) is not None

    def _give_up(self, line: Line, reason: str) -> Outcome:
        cleared = self._settings.clear_on_unknown and self._clear(line)
        self.may_hold_a_rest = not cleared
        if not cleared:
            line.throw_away_unsent()
            log.warning(
                "printer %s may print a slip late: its memory was not cleared", self._settings.key
            )
        return unknown(reason, late_slip_possible=not cleared)

    def _clear(self, line: Line) -> bool:
        timeout = self._settings.status_timeout_s
        try:
            line.write(CLEAR_MEMORY, timeout)
            cleared = line.wait_for(lambda answer: answer.content == MEMORY_CLEARED, timeout)
        except OSError:
            return False
        return cleared is not None


def process_id(job_id: int) -> bytes:
    """Four printable characters that tell this job's proof from an older one's."""
    return b"%04X" % (job_id % 0x10000)
