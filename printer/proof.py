"""The requests that stand behind a job in the printer's queue, and the answers that prove it."""

from __future__ import annotations

from .answers import Answer
from .settings import Proof

ASK_POSITION = b"\x1dr\x01"
ASK_PROCESS_ID = b"\x1d(H\x06\x0000"
PROCESS_ID = b"\x37\x22"
MOST_QUESTIONS = 128


class Proofs:
    """What is known of one printer's proofs, from job to job. Makes one for each job.

    An answer about the position has no name on it: it may be about an older job that nobody could
    remove from the printer's memory. So we count how many of those may still come.
    """

    def __init__(self, ack: Proof) -> None:
        self._ack = ack
        self._older = 0
        self._gives_names = False

    def next_for(self, job_id: int) -> ProofOfPrinting:
        wants_positions = self._ack != "process_id"
        # Asked once more often than older jobs were, one of so many answers must be ours.
        count = 1 if self._gives_names else min(self._older + 1, MOST_QUESTIONS)
        return ProofOfPrinting(
            process_id(job_id),
            count if wants_positions else 0,
            asks_for_name=self._ack != "gs_r",
            needs_name=self._gives_names,
        )

    def note(self, proof: ProofOfPrinting) -> None:
        """Its requests were sent, and nothing more is heard of them on this connection."""
        self._older = max(0, self._older + proof.asked - proof.heard)
        # Another model may stand there one day; silence is no sign of that.
        self._gives_names = proof.heard_name or (self._gives_names and not proof.heard)

    def expect_older(self, count: int) -> None:
        """So many answers to jobs of an earlier process may come."""
        self._older = max(self._older, count)

    def forget_older(self) -> None:
        """The printer has forgotten everything it was sent."""
        self._older = 0


class ProofOfPrinting:
    """For one job: what to ask, and whether the answers are enough."""

    def __init__(self, name: bytes, asked: int, asks_for_name: bool, needs_name: bool) -> None:
        self._name = name
        self._asks_for_name = asks_for_name
        self._needs_name = needs_name
        self.asked = asked
        self.heard = 0
        self.heard_name = False

    @property
    def request(self) -> bytes:
        by_name = ASK_PROCESS_ID + self._name if self._asks_for_name else b""
        return by_name + ASK_POSITION * self.asked

    def is_complete(self, answer: Answer) -> bool:
        """Whether the job is proven now. Each answer is shown once, in the printer's order."""
        if answer.content == PROCESS_ID + self._name + b"\x00":
            self.heard_name = True
            return True
        if answer.content.startswith(PROCESS_ID):
            self.heard_name = True  # an older job's: this printer can do better than positions
        elif answer.kind == "position":
            self.heard += 1
            takes_positions = self.asked and not (self.heard_name or self._needs_name)
            return bool(takes_positions) and self.heard >= self.asked
        return False


def process_id(job_id: int) -> bytes:
    """Four printable characters that tell this job's proof from an older one's."""
    return b"%04X" % (job_id % 0x10000)
