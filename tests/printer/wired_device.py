"""The virtual printer's inside at the end of something that is no network: a pty, for example."""

from __future__ import annotations

import os
import select
import threading
import tty
from types import TracebackType

from PIL import Image

from printer.escpos_device import EscposDevice


class PtyPrinter:
    """A printer behind `path`, which looks like /dev/usb/lp0 or /dev/ttyS0 to whoever opens it."""

    def __init__(self) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self.sheets: list[Image.Image] = []
        self.device = EscposDevice(self.sheets.append, self.say)
        self._bell, self._rope = os.pipe()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> PtyPrinter:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.write(self._rope, b"\x00")
        self._thread.join()
        for end in (self._ours, self._theirs, self._bell, self._rope):
            os.close(end)

    def say(self, answer: bytes) -> None:
        os.write(self._ours, answer)

    def _serve(self) -> None:
        # While it is stalled it reads nothing, and the kernel's small memory fills up.
        while True:
            sources = [self._bell] if self._is_stalled() else [self._bell, self._ours]
            ready = select.select(sources, [], [], 0.02)[0]
            if self._bell in ready:
                return
            if ready and not self._is_stalled():
                self.device.receive(os.read(self._ours, 4096))

    def _is_stalled(self) -> bool:
        return "stalled" in self.device.faults
