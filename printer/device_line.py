"""A printer behind a device file: /dev/usb/lp0 of the kernel's usblp, or anything to write to."""

from __future__ import annotations

import errno
import os
import select
import time

from .line import Line, NotOpened

HEARD_AT_ONCE = 256
STALE_READS = 64
NOTHING_YET_SECONDS = 0.01
GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL

# Kept by usblp: one program at a time. Everything else, EBUSY too, may be better in a moment.
REASONS = {
    errno.ENOENT: "device_missing",
    errno.ENODEV: "device_missing",
    errno.ENXIO: "device_missing",
    errno.ENOTDIR: "device_missing",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EISDIR: "no_printer",
}


class DeviceLine(Line):
    """One opening of a device file, in both directions unless `hears` is False. Raises NotOpened.

    The file is never made: without its printer a name in /dev would only collect bytes.
    """

    def __init__(self, device: str, hears: bool = True) -> None:
        super().__init__()
        self.hears = hears
        way = os.O_RDWR if hears else os.O_WRONLY | os.O_APPEND
        try:
            self._file = os.open(device, way | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except (OSError, ValueError) as error:
            raise NotOpened(reason_of(error), error) from error
        self._is_closed = False
        self._prepare()

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            os.close(self._file)

    def say_goodbye(self, timeout: float) -> None:
        """Wait for the last bytes: usblp calls back what is on its way when the file is closed."""
        if not self._select(True, timeout, listen=False)[1]:
            raise TimeoutError("the printer does not take the last bytes")

    def _prepare(self) -> None:
        # What it said before was meant for an earlier caller.
        for _ in range(STALE_READS if self.hears else 0):
            if not self._move(memoryview(b""), 0)[1]:
                break

    def _move(self, piece: memoryview, timeout: float) -> tuple[int, bytes]:
        end = time.monotonic() + timeout
        while True:
            readable, writable = self._select(bool(piece), max(0.0, end - time.monotonic()))
            heard = self._read() if readable else b""
            taken = self._write(piece) if writable and not heard else 0
            if heard or taken or time.monotonic() >= end:
                return taken, heard
            if readable or writable:
                # usblp calls an empty packet something to read, and a printer without paper ready
                # to take bytes; neither must keep us busy.
                time.sleep(NOTHING_YET_SECONDS)

    def _select(self, to_write: bool, timeout: float, listen: bool = True) -> tuple[bool, bool]:
        wanted = (select.POLLIN if self.hears and listen else 0) | (to_write and select.POLLOUT)
        poll = select.poll()
        poll.register(self._file, wanted)
        events = dict(poll.poll(timeout * 1000)).get(self._file, 0)
        if events & GONE:
            raise ConnectionError("the device is gone")
        return bool(events & select.POLLIN), bool(events & select.POLLOUT)

    def _read(self) -> bytes:
        try:
            return os.read(self._file, HEARD_AT_ONCE)
        except BlockingIOError:
            return b""

    def _write(self, piece: memoryview) -> int:
        try:
            return os.write(self._file, piece)
        except BlockingIOError:
            return 0


def reason_of(error: Exception) -> str:
    """The word for an error at opening: whether somebody must do something, and what."""
    number = error.errno if isinstance(error, OSError) else None
    return REASONS.get(number or 0, "unreachable")
