"""A connection to a printer: write and listen at the same time, with time limits."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType

from .answers import Answer, AnswerSplitter, is_other_talk, trouble_in_report

PIECE = 4096
FIRST_WORDS = 80


class PrinterTrouble(Exception):
    """The printer said by itself, in the middle of a job, that it can't go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotOpened(OSError):
    """There is no connection, so not one byte was sent. `reason` is for the server."""

    def __init__(self, reason: str, cause: object) -> None:
        super().__init__(f"{reason}: {cause}")
        self.reason, self.cause = reason, cause


class NotAPrinter(Exception):
    """What answers speaks like a web or mail server."""


@dataclass(frozen=True)
class Pace:
    """A rest of `pause_s` after every `bytes`, for printers that lose what comes too fast."""

    bytes: int
    pause_s: float


class Line(ABC):
    """A connection for one slip. Raises OSError when it breaks, TimeoutError when nothing moves.

    A transport provides `_move` and `close`. Everything that listens may raise NotAPrinter.
    """

    hears = True  # False: this transport can only write

    def __init__(self) -> None:
        self._splitter = AnswerSplitter()
        self._answers: deque[Answer] = deque()
        self._first_words = b""

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Explicitly and at once: a printer serves one host at a time.
        self.close()

    @abstractmethod
    def _move(self, piece: memoryview, timeout: float) -> tuple[int, bytes]:
        """Wait until something moves: how many bytes went, and what came; (0, b"") in vain."""

    @abstractmethod
    def close(self) -> None:
        """Give the printer back."""

    def say_goodbye(self, timeout: float) -> None:
        """Wait until everything has gone, where the transport can tell. Raises TimeoutError."""
        return

    def throw_away_unsent(self) -> None:
        """Make the coming close drop what our side still holds, where that is possible."""
        return

    def write(self, content: bytes, timeout: float) -> None:
        """Send everything; the limit counts from the last byte that the printer took."""
        for _ in self._written_pieces(content, timeout):
            pass

    def write_job(self, content: bytes, timeout: float, pace: Pace | None = None) -> None:
        """Like `write`, but stops when the printer complains. Raises PrinterTrouble.

        What it says until then is about older jobs and is dropped.
        """
        part = pace.bytes if pace else max(1, len(content))
        for start in range(0, len(content), part):
            for _ in self._written_pieces(content[start : start + part], timeout):
                self._look_for_trouble()
            if pace:
                self.wait_for_proof(_nothing, pace.pause_s)

    def _written_pieces(self, content: bytes, timeout: float) -> Iterator[None]:
        rest = memoryview(content)
        while rest:
            taken, heard = self._move(rest[:PIECE], timeout)
            if not taken and not heard:
                raise TimeoutError("the printer takes no more bytes")
            self._hear(heard)
            rest = rest[taken:]
            yield

    def _look_for_trouble(self) -> None:
        while self._answers:
            _raise_trouble(self._answers.popleft())

    def wait_for(self, wanted: Callable[[Answer], bool], timeout: float) -> Answer | None:
        """The first answer that is wanted, dropping others; None when none came in time."""
        return self._wait(wanted, timeout, stop_at_trouble=False)

    def wait_for_proof(self, wanted: Callable[[Answer], bool], timeout: float) -> Answer | None:
        """Like `wait_for`, but stops when the printer complains. Raises PrinterTrouble."""
        return self._wait(wanted, timeout, stop_at_trouble=True)

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
            _, heard = self._move(memoryview(b""), max(0.0, end - time.monotonic()))
            if not heard:
                return None
            self._hear(heard)

    def _hear(self, heard: bytes) -> None:
        if len(self._first_words) < FIRST_WORDS:
            self._first_words += heard
            if is_other_talk(self._first_words):
                raise NotAPrinter(repr(self._first_words[:FIRST_WORDS]))
        self._answers.extend(self._splitter.feed(heard))


def _nothing(_answer: Answer) -> bool:
    return False


def _raise_trouble(answer: Answer) -> None:
    reason = trouble_in_report(answer.content) if answer.kind == "report" else None
    if reason is not None:
        raise PrinterTrouble(reason)
