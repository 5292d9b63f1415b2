"""One TCP connection to a printer: write and listen at the same time, with time limits."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType

from .answers import Answer, AnswerSplitter, trouble_in_report

PIECE = 4096
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class PrinterTrouble(Exception):
    """The printer said by itself, in the middle of a job, that it can't go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Line:
    """A connection for one slip. Raises OSError when it breaks, TimeoutError when nothing moves."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._socket = socket.create_connection((host, port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._splitter = AnswerSplitter()
        self._answers: deque[Answer] = deque()

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Explicitly and at once: a printer serves one host at a time.
        self._socket.close()

    def write(self, content: bytes, timeout: float) -> None:
        """Send everything; the limit counts from the last byte that the printer took."""
        for _ in self._written_pieces(content, timeout):
            pass

    def write_job(self, content: bytes, timeout: float) -> None:
        """Like `write`, but stops when the printer complains. Raises PrinterTrouble."""
        for _ in self._written_pieces(content, timeout):
            while self._answers:
                _raise_trouble(self._answers.popleft())

    def _written_pieces(self, content: bytes, timeout: float) -> Iterator[None]:
        rest = memoryview(content)
        while rest:
            readable, writable, _ = select.select([self._socket], [self._socket], [], timeout)
            if readable:
                self._listen()
            if writable:
                rest = rest[self._socket.send(rest[:PIECE]) :]
            if not readable and not writable:
                raise TimeoutError("the printer takes no more bytes")
            yield

    def wait_for(self, wanted: Callable[[Answer], bool], timeout: float) -> Answer | None:
        """The first answer that is wanted, dropping others; None when none came in time."""
        return self._wait(wanted, timeout, stop_at_trouble=False)

    def wait_for_proof(self, wanted: Callable[[Answer], bool], timeout: float) -> Answer | None:
        """Like `wait_for`, but stops when the printer complains. Raises PrinterTrouble."""
        return self._wait(wanted, timeout, stop_at_trouble=True)

    def say_goodbye(self, timeout: float) -> None:
        """Close our side and wait for theirs: some interfaces drop what they have not read yet."""
        self._socket.shutdown(socket.SHUT_WR)
        end = time.monotonic() + timeout
        while select.select([self._socket], [], [], max(0, end - time.monotonic()))[0]:
            if not self._socket.recv(256):
                return

    def throw_away_unsent(self) -> None:
        """Make the coming close drop what our kernel still holds."""
        # An orderly close would deliver it when the printer recovers: a slip for somebody else.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    def _wait(
        self, wanted: Callable[[Answer], bool], timeout: float, stop_at_trouble: bool
    ) -> Answer | None:
        end = time.monotonic() + timeout
        while True:
            while self._answers:
                answer = self._answers.popleft()
                if wanted(answer):
                    return answer
                if stop_at_trouble:
                    _raise_trouble(answer)
            if not select.select([self._socket], [], [], max(0, end - time.monotonic()))[0]:
                return None
            self._listen()

    def _listen(self) -> None:
        received = self._socket.recv(256)
        if not received:
            raise ConnectionError("the printer closed the connection")
        self._answers.extend(self._splitter.feed(received))


def _raise_trouble(answer: Answer) -> None:
    reason = trouble_in_report(answer.content) if answer.kind == "report" else None
    if reason is not None:
        raise PrinterTrouble(reason)
