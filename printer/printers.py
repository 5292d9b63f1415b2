"""What every printer can do, and the one that can do nothing."""

from __future__ import annotations

from typing import Protocol

from PIL import Image

from .outcome import Condition, Outcome, not_printed, trouble


class Printer(Protocol):
    """Used by two threads: one prints, the other looks between the jobs."""

    def print_job(self, job: bytes, job_id: int, picture: Image.Image | None = None) -> Outcome:
        """Print once, or say why not. Never raises for trouble with the printer."""
        ...

    def look(self) -> Condition | None:
        """How the printer is between two jobs; None while one is on its way."""
        ...

    def expect_rest(self) -> None:
        """An earlier job may have been cut off in the middle."""
        ...


class NotPossible(Exception):
    """This printer can't be served: a word for the server, and a sentence for a person."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class BrokenPrinter:
    """Stands in for a printer that can't be served, so that the office goes on without paper."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def print_job(self, job: bytes, job_id: int, picture: Image.Image | None = None) -> Outcome:
        return not_printed(self._reason)

    def look(self) -> Condition:
        return trouble(self._reason)

    def expect_rest(self) -> None:
        return
