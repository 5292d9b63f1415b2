"""A printer of the operating system: gets the picture through its driver and can't prove anything.

For printers that do not speak ESC/POS. CUPS takes a job long before there is paper.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
import threading

from PIL import Image

from .outcome import Condition, Outcome, not_printed, trouble, unknown
from .settings import PrinterSettings

log = logging.getLogger(__name__)

COMMAND = "lp"


class CupsPrinter:
    """One queue of the print system."""

    def __init__(self, settings: PrinterSettings, lock: threading.Lock | None = None) -> None:
        self._settings = settings
        self._lock = lock or threading.Lock()

    def print_job(self, job: bytes, job_id: int, picture: Image.Image | None = None) -> Outcome:
        """Hand the picture over; the bytes are for printers that understand them."""
        if picture is None:
            raise ValueError("a print queue needs a picture")
        dots = self._settings.dpi
        with self._lock, tempfile.NamedTemporaryFile(suffix=".png") as file:
            picture.save(file, format="PNG", dpi=(dots, dots))
            file.flush()
            return self._hand_over(file.name)

    def look(self) -> Condition:
        return Condition("unknown") if shutil.which(COMMAND) else trouble("unreachable")

    def expect_rest(self) -> None:
        return  # each job is whole or nothing: the print system has its own memory

    def _hand_over(self, path: str) -> Outcome:
        queue, patience = self._settings.cups_queue, self._settings.ack_timeout_s
        command = [COMMAND, "-d", queue, "--", path]
        try:
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=patience,
                text=True,
                errors="replace",
            )
        except subprocess.TimeoutExpired:
            return unknown("timeout", late_slip_possible=True)
        except OSError as error:
            log.warning('the program "%s" can\'t be started: %s', COMMAND, error)
            return not_printed("unreachable")
        if ended.returncode:
            log.warning("the queue %s takes nothing: %s", queue, ended.stderr.strip())
            return not_printed("unreachable")
        return unknown("sent", late_slip_possible=True)
