"""Who was called before me, and why: for any ticket, from the events alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .events import Event, Kind

BACK_IN_THE_QUEUE = frozenset(
    {Kind.TICKET_RESUMED, Kind.TICKET_TRANSFERRED, Kind.CALL_UNANSWERED, Kind.CARRIED_OVER}
)
OUT_OF_THE_QUEUE = frozenset(
    {
        Kind.TICKET_CALLED, Kind.TICKET_PARKED, Kind.TICKET_WITHDRAWN, Kind.CLIENT_MISSED,
        Kind.SERVICE_STARTED, Kind.SERVICE_FINISHED, Kind.CLOSED_AT_DAY_END,
    }
)  # fmt: skip


MOVES_IT = BACK_IN_THE_QUEUE | OUT_OF_THE_QUEUE | {Kind.TICKET_ISSUED, Kind.STEP_UNDONE}


@dataclass(frozen=True, slots=True)
class CalledBefore:
    """Another client who was called while this one waited, at a counter that could have taken it.

    `came_later` is what people mean by being overtaken; `reason` says why it was right.
    """

    revision: int
    at: datetime
    ticket_id: int
    counter: str | None
    reason: str
    came_later: bool


@dataclass
class _Waiting:
    """Where the ticket in question stands while the events go by."""

    ticket_id: int
    service: str = ""
    is_waiting: bool = False
    held_for: str | None = None
    held_until: datetime | None = None
    rests_until: datetime | None = None

    def could_be_called(self, event: Event) -> bool:
        """Whether this call's counter could have taken this client then."""
        rests = self.rests_until is not None and event.at < self.rests_until
        held = self.held_until is not None and event.at < self.held_until
        return self.is_waiting and not rests and (not held or event.counter == self.held_for)

    def follow(self, event: Event) -> None:
        if event.kind not in MOVES_IT:
            return
        data = event.data
        self.held_for = str(data["held_for"]) if "held_for" in data else None
        self.held_until, self.rests_until = (
            _instant(data, "held_until"),
            _instant(data, "rests_until"),
        )
        if event.kind in {Kind.TICKET_ISSUED, Kind.TICKET_TRANSFERRED}:
            self.service = str(event.data.get("service", self.service))
        if event.kind is Kind.TICKET_ISSUED or event.kind in BACK_IN_THE_QUEUE:
            self.is_waiting = True
        elif event.kind in OUT_OF_THE_QUEUE:
            self.is_waiting = False
        elif event.kind is Kind.STEP_UNDONE:
            self.is_waiting = event.data.get("state") == "waiting"
            self.service = str(event.data.get("service", self.service))


def called_before(ticket_id: int, events: Sequence[Event]) -> list[CalledBefore]:
    """The calls this client sat through, oldest first.

    `events` hold at least its own and all calls and undone steps since it was issued, in order.
    Calls that were undone at once do not count, nor do recalls.
    """
    undone = {event.data.get("revision") for event in events if event.kind is Kind.STEP_UNDONE}
    mine = _Waiting(ticket_id)
    found: list[CalledBefore] = []
    for event in events:
        if event.ticket_id == ticket_id:
            mine.follow(event)
        elif (
            mine.could_be_called(event)
            and event.revision not in undone
            and _is_call_for(mine, event)
        ):
            found.append(_before(event, ticket_id))
    return found


def overtaken_by(calls: Iterable[CalledBefore]) -> dict[str, int]:
    """How many people who came later went first, by neutral reason: nothing about who they are."""
    people = {call.ticket_id: call.reason.partition(":")[0] for call in calls if call.came_later}
    return dict(Counter(people.values()))


def _instant(data: Mapping[str, object], name: str) -> datetime | None:
    text = data.get(name)
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _is_call_for(mine: _Waiting, event: Event) -> bool:
    """A first call (or a picked one) at a counter that serves what this client waits for."""
    serves = event.data.get("serves", ())
    is_first = event.kind is Kind.TICKET_CALLED and not event.data.get("again")
    return is_first and isinstance(serves, list | tuple) and mine.service in serves


def _before(event: Event, mine: int) -> CalledBefore:
    other = event.ticket_id or 0
    reason = str(event.data.get("reason") or "")
    # Ids are given in the order of issue and never again.
    return CalledBefore(event.revision, event.at, other, event.counter, reason, other > mine)
