"""Splits what a printer says into answers. Status bytes, reports and blocks share one stream."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["status", "report", "block", "position", "noise"]

BLOCK_STARTS = b"\x35\x37\x3b\x3d\x5f"
REPORT_LENGTH = 4
LONGEST_BLOCK = 80

# A run of letters and no block of a printer's, or the alarm with which TLS refuses a stranger.
OTHER_TALK = re.compile(
    rb"(?![57;=_])[\x20-\x7e]{8}|[\x20-\x7e]{8,}[\r\n]|\x15\x03[\x00-\x04]\x00\x02"
)


@dataclass(frozen=True)
class Answer:
    """`status` answers DLE EOT, `report` is ASB, `position` answers GS r."""

    kind: Kind
    content: bytes


class AnswerSplitter:
    """Collects received bytes and hands out whole answers."""

    def __init__(self) -> None:
        self._received = b""

    def feed(self, received: bytes) -> list[Answer]:
        """The answers that are complete now."""
        self._received += received
        answers = []
        while length := _length(self._received):
            content, self._received = self._received[:length], self._received[length:]
            answers.append(Answer(_kind(content[0]), content))
        return answers


def is_other_talk(first_words: bytes) -> bool:
    """Whether a conversation that begins so is with a web or mail server, and no printer."""
    return OTHER_TALK.match(first_words) is not None


def _length(received: bytes) -> int:
    """How many bytes the first answer has; 0 while it is not complete."""
    if not received:
        return 0
    kind = _kind(received[0])
    if kind == "report":
        return REPORT_LENGTH if len(received) >= REPORT_LENGTH else 0
    if kind == "block":
        end = received.find(0)
        # A block that never ends must not swallow every later answer.
        return end + 1 if end >= 0 else len(received) // LONGEST_BLOCK
    return 1


def _kind(first: int) -> Kind:
    # The fixed bits of the manuals (TM-T88III specification, appendix G).
    if first & 0x93 == 0x12:
        return "status"
    if first & 0x93 == 0x10:
        return "report"
    if first in BLOCK_STARTS:
        return "block"
    return "position" if first & 0x90 == 0 else "noise"


def trouble_in_report(report: bytes) -> str | None:
    """What an ASB report complains of, as a reason; None when the printer works."""
    if report[0] & 0x20:
        return "cover_open"
    if report[2] & 0x0C:
        return "paper_end"
    return "error" if report[0] & 0x08 or report[1] & 0x2C else None


def trouble_in_offline_status(status: int) -> str | None:
    """What the answer to DLE EOT 2 complains of, as a reason; None when the printer works."""
    if status & 0x04:
        return "cover_open"
    if status & 0x20:
        return "paper_end"
    return "error" if status & 0x40 else None
