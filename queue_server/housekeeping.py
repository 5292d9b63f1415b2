"""What happens by itself while the server runs: the day's change, a new configuration, paper that
nobody may want any more, voices that are being made."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from .print_office import PrintOffice
from .reloading import Reloading
from .waiting_area import WaitingArea

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Housekeeping:
    """One quiet loop. What it does is also done by the next step of a client; it only makes sure
    that midnight is seen in an empty office too."""

    def __init__(
        self,
        area: WaitingArea,
        office: PrintOffice,
        reloading: Reloading,
        look_at_voices: Callable[[], None],
    ) -> None:
        self._area = area
        self._office = office
        self._reloading = reloading
        self._look_at_voices = look_at_voices
        self._reload_wanted = False

    def start(self) -> None:
        """Begin; runs until the process ends."""
        self._area.leave_all()
        threading.Thread(target=self._keep_house, daemon=True).start()

    def ask_reload(self) -> None:
        """Safe in a signal handler, which may run in the middle of anything: sets a flag only."""
        self._reload_wanted = True

    def _keep_house(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                self._look()
            except Exception:
                log.exception("housekeeping failed; it tries again")

    def _look(self) -> None:
        if self._reload_wanted:
            self._reload_wanted = False
            self._reloading.reload_and_log()
        if not self._area.is_day_begun():
            self._area.begin_day()
        self._office.expire()
        self._look_at_voices()
