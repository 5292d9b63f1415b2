"""A printer without paper: an ESC/POS device at a TCP port, for demonstrations and tests."""

from __future__ import annotations

import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType

from PIL import Image

from .escpos_device import ConnectionCut, EscposDevice

log = logging.getLogger(__name__)

PIECE = 4096
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
SHEETS_REMEMBERED = 40


class VirtualPrinter:
    """Listens from `start` to `stop`; port 0 takes a free one. One caller at a time, like any."""

    def __init__(
        self,
        port: int = 0,
        on_sheet: Callable[[Image.Image], None] | None = None,
        faults: Iterable[str] = (),
    ) -> None:
        self._show = on_sheet
        self._port = port
        self._news = threading.Condition()
        self._sheets: list[Image.Image] = []
        self._device = EscposDevice(self._keep, self._answer)
        self._listener: socket.socket | None = None
        self._line: socket.socket | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="virtual printer", daemon=True)
        for name in faults:
            self._device.set_fault(name)

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
        if "refuse" not in self._device.faults:
            self._listen()
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and end the thread."""
        with self._news:
            self._stopping = True
            self._close_listener()
            if self._line is not None:
                _shut(self._line)
            self._news.notify_all()
        self._thread.join()

    def set_fault(self, name: str) -> None:
        """Something breaks. Raises ValueError for an unknown name."""
        self._device.set_fault(name)
        with self._news:
            if name == "refuse":
                self._close_listener()

    def clear_fault(self, name: str) -> None:
        """It is mended; what the printer still holds is printed."""
        self._device.clear_fault(name)
        with self._news:
            if name == "refuse" and self._listener is None:
                self._listen()
            self._news.notify_all()

    def _listen(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._listener = listener

    def _close_listener(self) -> None:
        if self._listener is not None:
            _shut(self._listener)  # wakes the thread that waits for a caller
            self._listener.close()
            self._listener = None

    def _serve(self) -> None:
        while listener := self._wait_for_listener():
            try:
                line, _ = listener.accept()
            except OSError:
                continue
            with line:
                self._serve_line(line)

    def _wait_for_listener(self) -> socket.socket | None:
        with self._news:
            self._news.wait_for(lambda: self._stopping or self._listener is not None)
            return None if self._stopping else self._listener

    def _serve_line(self, line: socket.socket) -> None:
        with self._news:
            self._line = None if self._stopping else line
        try:
            while received := self._read(line):
                self._device.receive(received)
        except ConnectionCut as cut:
            log.info("virtual printer: %s", cut)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        except OSError:
            log.info("virtual printer: the caller is gone")
        finally:
            with self._news:
                self._line = None

    def _read(self, line: socket.socket) -> bytes:
        self._wait_while_stalled()
        if self._stopping:
            return b""
        received = line.recv(PIECE)
        self._wait_while_stalled()
        return received

    def _wait_while_stalled(self) -> None:
        with self._news:
            self._news.wait_for(lambda: self._stopping or "stalled" not in self._device.faults)

    def _keep(self, sheet: Image.Image) -> None:
        if self._show is not None:
            self._show(sheet)
        with self._news:
            self._sheets = [*self._sheets, sheet][-SHEETS_REMEMBERED:]
            self._news.notify_all()

    def _answer(self, answer: bytes) -> None:
        line = self._line
        if line is None:
            return
        try:
            line.sendall(answer)
        except OSError:
            log.info("virtual printer: nobody hears the answer")


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # not connected any more
