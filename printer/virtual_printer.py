"""A printer without paper: an ESC/POS device at a TCP port, for demonstrations and tests."""

from __future__ import annotations

import logging
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType

from PIL import Image

from .escpos_device import EscposDevice
from .paper import USUAL_DPI

log = logging.getLogger(__name__)

PIECE = 4096
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
SHEETS_REMEMBERED = 40


class VirtualPrinter:
    """Listens from `start` to `stop`; port 0 takes a free one. One caller at a time, like any.

    With `speed_mm_s` a sheet and its proof come when that much paper is out; 150 is a real one's
    speed, 0 prints at once. Faults may be set from any thread at any time.
    """

    def __init__(
        self,
        port: int = 0,
        on_sheet: Callable[[Image.Image], None] | None = None,
        faults: Iterable[str] = (),
        speed_mm_s: float = 0,
        width_px: int = 576,
        dpi: int = USUAL_DPI,
    ) -> None:
        self._show = on_sheet
        self._port = port
        self._news = threading.Condition()
        self._sheets: list[Image.Image] = []
        self._device = EscposDevice(self._keep, self._answer, speed_mm_s, width_px, dpi)
        self._listener: socket.socket | None = None
        self._line: socket.socket | None = None
        self._dead_lines: list[socket.socket] = []
        self._stopping = False
        self._bells: tuple[socket.socket, ...] = ()
        self._thread = threading.Thread(target=self._serve, name="virtual printer", daemon=True)
        self._device.set_faults(faults)

    def __enter__(self) -> VirtualPrinter:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._port

    @property
    def faults(self) -> frozenset[str]:
        """What is broken now. A fault that happens once is gone afterwards."""
        return self._device.faults

    @property
    def sheets(self) -> list[Image.Image]:
        """The sheets so far, oldest first."""
        with self._news:
            return list(self._sheets)

    @property
    def unknown_commands(self) -> list[bytes]:
        """Commands it did not understand, in the order they came."""
        return list(self._device.unknown_commands)

    def wait_for_sheets(self, count: int, timeout: float) -> list[Image.Image]:
        """The sheets as soon as there are `count`, or after the time what there is."""
        with self._news:
            self._news.wait_for(lambda: len(self._sheets) >= count, timeout)
            return list(self._sheets)

    def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        with self._news:
            if "refuse" not in self._device.faults:
                self._listen()
            self._bells = socket.socketpair()
            self._thread.start()

    def stop(self) -> None:
        """Close every connection and end the thread."""
        with self._news:
            self._stopping = True
            self._close_listener()
        self._ring()
        if self._thread.ident is not None:
            self._thread.join()
        for bell in self._bells:
            bell.close()

    def set_fault(self, name: str) -> None:
        """Something breaks. Raises ValueError for an unknown name."""
        self._device.set_fault(name)
        self._follow_faults()

    def clear_fault(self, name: str) -> None:
        """It is mended; what the printer still holds is printed."""
        self._device.clear_fault(name)
        self._follow_faults()

    def set_faults(self, names: Iterable[str]) -> None:
        """Exactly these are broken from now on. Raises ValueError for an unknown name."""
        self._device.set_faults(names)
        self._follow_faults()

    def _follow_faults(self) -> None:
        with self._news:
            if "refuse" in self._device.faults:
                self._close_listener()
            elif self._listener is None and self._thread.is_alive() and not self._stopping:
                self._listen()
        self._ring()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._listener.setblocking(False)  # a caller may have gone again before we take the call
        self._port = self._listener.getsockname()[1]

    def _close_listener(self) -> None:
        if self._listener is not None:
            # Closing alone would do nothing while the other thread still looks at it.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _ring(self) -> None:
        """Wake the thread: something has changed that no connection tells it."""
        if self._thread.is_alive():
            self._bells[1].send(b"\x00")

    def _serve(self) -> None:
        try:
            while not self._stopping:
                seconds = self._device.work()
                self._look_after_line()
                self._wait_for_something(seconds)
        finally:
            for line in (*self._dead_lines, *([self._line] if self._line else [])):
                line.close()
            self._line = None

    def _look_after_line(self) -> None:
        cut_by = self._device.take_line_cut()
        if self._line is None:
            return
        if cut_by is not None:
            log.info("virtual printer: %s", cut_by)
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self._hang_up()
        elif "half_open" in self._device.faults:
            # Kept open, so that the caller notices nothing; the next caller is served beside it.
            self._dead_lines.append(self._line)
            self._line = None

    def _wait_for_something(self, seconds: float | None) -> None:
        try:
            ready, _, _ = select.select(self._watched(), [], [], seconds)
        except (OSError, ValueError):
            return  # the listener was closed under our eyes
        for source in ready:
            self._attend(source)

    def _watched(self) -> list[socket.socket]:
        listener, line = self._listener, self._line
        watched = [self._bells[0], *self._dead_lines]
        if line is not None and "stalled" not in self._device.faults:
            watched.append(line)
        if line is None and listener is not None:
            watched.append(listener)
        return watched

    def _attend(self, source: socket.socket) -> None:
        try:
            if source is self._bells[0]:
                source.recv(PIECE)
            elif source is self._line:
                self._read_line(source)
            elif source in self._dead_lines:
                self._read_dead_line(source)
            else:
                self._line, _ = source.accept()
        except OSError:
            log.info("virtual printer: the caller is gone")
            if source is self._line:
                self._hang_up()

    def _read_line(self, line: socket.socket) -> None:
        # Asked again here: the fault may have come since we looked, and then nothing may arrive.
        if self._device.faults & {"stalled", "half_open"}:
            return
        received = line.recv(PIECE)
        if received:
            self._device.receive(received)
        else:
            self._hang_up()

    def _read_dead_line(self, line: socket.socket) -> None:
        try:
            gone = not line.recv(PIECE)
        except OSError:
            gone = True
        if gone:
            self._dead_lines.remove(line)
            line.close()

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _keep(self, sheet: Image.Image) -> None:
        if self._show is not None:
            self._show(sheet)
        with self._news:
            self._sheets = [*self._sheets, sheet][-SHEETS_REMEMBERED:]
            self._news.notify_all()

    def _answer(self, answer: bytes) -> None:
        line = self._line
        if line is None or "half_open" in self._device.faults:
            return
        try:
            line.sendall(answer)
        except OSError:
            log.info("virtual printer: nobody hears the answer")
