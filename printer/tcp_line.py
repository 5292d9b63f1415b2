"""A printer in the network."""

from __future__ import annotations

import select
import socket
import struct
import time

from .line import Line, NotOpened

HEARD_AT_ONCE = 256
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
DELIVER_ON_CLOSE = struct.pack("ii", 0, 0)


class TcpLine(Line):
    """One TCP connection. Raises NotOpened."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        super().__init__()
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except (OSError, UnicodeError) as error:
            raise NotOpened("unreachable", error) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        # Should this process be killed, the kernel must not deliver the rest to a printer that
        # wakes up later: that would be a slip for somebody else.
        self._linger(RESET_ON_CLOSE)
        self._deliver = True

    def close(self) -> None:
        if self._deliver:
            self._linger(DELIVER_ON_CLOSE)
        self._socket.close()

    def throw_away_unsent(self) -> None:
        self._deliver = False

    def say_goodbye(self, timeout: float) -> None:
        """Close our side and wait for theirs: some interfaces drop what they have not read yet."""
        self._socket.shutdown(socket.SHUT_WR)
        end = time.monotonic() + timeout
        while select.select([self._socket], [], [], max(0, end - time.monotonic()))[0]:
            if not self._socket.recv(HEARD_AT_ONCE):
                return

    def _move(self, piece: memoryview, timeout: float) -> tuple[int, bytes]:
        writers = [self._socket] if piece else []
        readable, writable, _ = select.select([self._socket], writers, [], timeout)
        if readable:
            return 0, self._read()  # first: writing may fail, and then its last words were lost
        return (self._socket.send(piece) if writable else 0), b""

    def _read(self) -> bytes:
        heard = self._socket.recv(HEARD_AT_ONCE)
        if not heard:
            raise ConnectionError("the printer closed the connection")
        return heard

    def _linger(self, way: bytes) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, way)
