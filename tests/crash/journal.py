"""Everything that was asked of the server, written down before it was sent, with what it said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

SUCCESS = (200, 201, 204)


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `sent` and `answered` count the journal's moments, so that what was before what
    can be told without a clock."""

    number: int
    round: int
    by: str
    """As the event log names it."""
    verb: str
    sent: int
    ticket: int | None = None
    request: str | None = None
    service: str | None = None
    fate: str = "open"
    """"answered", "lost" (it was done, or it was not), "not sent" (nobody listened)."""
    answered: int | None = None
    status: int | None = None
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """The server said that it has happened."""
        return self.status in SUCCESS

    @property
    def is_lost(self) -> bool:
        """Nobody knows."""
        return self.fate in {"open", "lost"}

    @property
    def ticket_told(self) -> int | None:
        """The ticket of the answer, else the one that was asked about."""
        told: int | None = self.said.get("id") if self.is_done else None
        return told or self.ticket

    @property
    def asked(self) -> str:
        """The same for all repetitions of one request."""
        return f"{self.by} {self.verb} {self.request or self.number}"


class Journal:
    """Kept by the test, which is not killed. For several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._moments = 0
        self.round = 0

    def write(self, by: str, verb: str, **what: Any) -> Entry:
        """Before the request is sent."""
        with self._lock:
            number = len(self._entries)
            entry = Entry(number, self.round, by, verb, sent=self._moment(), **what)
            self._entries.append(entry)
            return entry

    def close(self, entry: Entry, fate: str, status: int | None = None, said: Any = None) -> Entry:
        """When the answer came, or it was clear that none would."""
        with self._lock:
            closed = replace(
                entry, fate=fate, status=status, said=said or {}, answered=self._moment()
            )
            self._entries[entry.number] = closed
            return closed

    def entries(self) -> list[Entry]:
        """All of them until now."""
        with self._lock:
            return list(self._entries)

    def dump(self, path: Path) -> Path:
        """For whoever looks for the mistake."""
        path.write_text("".join(f"{line}\n" for line in self._lines()), encoding="utf-8")
        return path

    def _lines(self) -> Iterator[str]:
        for entry in self.entries():
            yield json.dumps(asdict(entry))

    def _moment(self) -> int:
        self._moments += 1
        return self._moments
