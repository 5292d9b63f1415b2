"""Questions and orders to an ESC/POS printer on one connection."""

from __future__ import annotations

from dataclasses import dataclass

from .answers import Answer, trouble_in_offline_status
from .line import Line, NotAPrinter

ASK_OFFLINE_CAUSE = b"\x10\x04\x02"
ASK_PAPER_SENSOR = b"\x10\x04\x04"
CLEAR_MEMORY = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
MEMORY_CLEARED = b"\x37\x25\x00"

# A printer that waits for the rest of a picture takes these for the rest; any other ignores them.
FLUSH = bytes(8192)
# A web server says nothing before its first line has ended. Here the line's end is the height of
# bar codes, which a printer sets without moving its paper.
LINE_END_IN_DISGUISE = b"\x1dh\x0a"

PAPER_END_BITS = 0x60
NEAR_END_BITS = 0x0C


@dataclass(frozen=True)
class Sight:
    """What a look at the printer shows: why nothing may be sent, or None."""

    answered: bool
    trouble: str | None = None
    near_end: bool = False


class Talk:
    """One caller's words with the printer. Raises what the line raises."""

    def __init__(self, line: Line, status_timeout: float, write_timeout: float) -> None:
        self._line = line
        self._status_timeout = status_timeout
        self._write_timeout = write_timeout

    def look(self, flush: bool) -> Sight:
        """Ask how it is, twice when it is silent; `flush` fills up a picture that was cut off."""
        cause = self._ask(ASK_OFFLINE_CAUSE)
        if cause is None:
            rest = FLUSH if flush else b""
            cause = self._ask(rest + LINE_END_IN_DISGUISE + ASK_OFFLINE_CAUSE)
        if cause is None:
            return Sight(answered=False)
        trouble = trouble_in_offline_status(cause)
        return Sight(answered=True, trouble=trouble) if trouble else self._look_at_paper()

    def clear_memory(self) -> bool:
        """Whether the printer confirms that it has forgotten everything it was sent."""
        try:
            self._line.write(CLEAR_MEMORY, self._write_timeout)
            return self._line.wait_for(_says_cleared, self._status_timeout) is not None
        except (OSError, NotAPrinter):
            return False

    def _look_at_paper(self) -> Sight:
        sensor = self._ask(ASK_PAPER_SENSOR) or 0
        if sensor & PAPER_END_BITS:
            return Sight(answered=True, trouble="paper_end", near_end=True)
        return Sight(answered=True, near_end=bool(sensor & NEAR_END_BITS))

    def _ask(self, question: bytes) -> int | None:
        try:
            self._line.write(question, self._write_timeout)
        except TimeoutError:
            return None
        answer = self._line.wait_for(_is_status, self._status_timeout)
        return answer.content[0] if answer else None


def _is_status(answer: Answer) -> bool:
    return answer.kind == "status"


def _says_cleared(answer: Answer) -> bool:
    return answer.content == MEMORY_CLEARED
