"""What a ticket is and which steps it may take. The moves are data; tests walk all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a client is. Stored as the value; the words on screen live in the catalogues."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


AT_COUNTER = frozenset({State.CALLED, State.SERVING})
OPEN_STATES = AT_COUNTER | {State.WAITING, State.PARKED}
# A missed client may still come back, so the number must not walk about a second time.
LIVING_STATES = OPEN_STATES | {State.MISSED}
HELD = "held"  # the reason of a call that only this counter could make
ABSENT = frozenset({State.PARKED, State.MISSED})

# verb -> (states it may start from, state it leads to). `miss` may also lead back to waiting, while
# the configured number of calls is not used up; `undo` goes wherever the last step came from.
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "call": (frozenset({State.WAITING}) | ABSENT, State.CALLED),
    "recall": (frozenset({State.CALLED}), State.CALLED),
    "start": (frozenset({State.CALLED}), State.SERVING),
    "finish": (frozenset({State.SERVING}), State.FINISHED),
    "miss": (frozenset({State.CALLED}), State.MISSED),
    "park": (AT_COUNTER | {State.WAITING}, State.PARKED),
    "resume": (ABSENT, State.WAITING),
    "transfer": (OPEN_STATES, State.WAITING),
    "withdraw": (LIVING_STATES - {State.SERVING}, State.WITHDRAWN),
}


class NotAllowed(Exception):
    """The step is not possible for this ticket now; nothing was changed.

    `why` is "state" (its present state), "day_over", "too_late" (to come back), "reception_only",
    or "nothing_to_undo".
    """

    def __init__(self, verb: str, ticket: Ticket, why: str = "state") -> None:
        super().__init__(f"ticket {ticket.number} is {ticket.state}, so it cannot {verb} ({why})")
        self.verb = verb
        self.ticket = ticket
        self.why = why


@dataclass(frozen=True, slots=True)
class Ticket:
    """One place in the queue. Instants are UTC; `order_at` is given once and decides the order."""

    id: int
    number: str
    service: str
    state: State
    issued_at: datetime
    order_at: datetime
    language: str
    day: str = ""
    """The business day, as ISO date: steps of another day are refused."""
    priority: str | None = None
    counter: str | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    parked_at: datetime | None = None
    attempt: int = 0
    reason: str | None = None
    note: str | None = None
    appointment_at: datetime | None = None
    due_at: datetime | None = None
    """An appointment is called before this instant only when the counter would be idle."""
    rests_until: datetime | None = None
    """Did not come when called; is not offered before this instant."""
    held_for: str | None = None
    held_until: datetime | None = None
    served_before: timedelta = timedelta(0)
    """Service time of earlier stays at a counter, before it was parked or transferred."""
    token: str = ""
    kiosk: str | None = None
    print_state: str = "none"
    at_day_end: bool = False
    """Closed by the end of the day, not by a person."""

    def call(self, counter: str, now: datetime, reason: str) -> Ticket:
        """The client is asked to come to `counter`; after a rest the attempts go on counting."""
        called = replace(self._move("call"), counter=counter, called_at=now, reason=reason)
        return replace(called._free(), attempt=self.attempt + 1, started_at=None, ended_at=None)

    def recall(self, now: datetime) -> Ticket:
        """The same client is asked once more: the gong rings again and the attempt counts up."""
        return replace(self._move("recall"), called_at=now, attempt=self.attempt + 1)

    def start(self, now: datetime) -> Ticket:
        """The client has come to the counter."""
        return replace(self._move("start"), started_at=now)

    def finish(self, now: datetime) -> Ticket:
        """The client's concern is settled."""
        return replace(self._move("finish"), ended_at=now)

    def miss(
        self,
        now: datetime,
        calls: int = 1,
        rest: timedelta = timedelta(0),
        hold: timedelta = timedelta(0),
    ) -> Ticket:
        """The client did not come: back to its place for a later call, or missed after `calls`.

        Until `rest` is over others are served and this client is not offered again. One who was
        meant for this counter is held for it once more, for `hold` after the rest.
        """
        missed = self._move("miss")
        if self.attempt >= calls:
            return replace(missed, ended_at=now)
        back = replace(missed._back(), rests_until=now + rest)
        meant = self.reason == HELD and self.counter is not None
        return back.hold(self.counter, now + rest + hold) if meant else back  # type: ignore[arg-type]

    def park(self, now: datetime) -> Ticket:
        """The client is away for a while, e.g. to fetch a paper; counter and place are kept."""
        served = self.service_time(now)
        parked = replace(self._move("park")._free(), parked_at=now, attempt=0)
        return replace(parked, started_at=None, served_before=served)

    def resume(self, order_at: datetime, held_until: datetime | None) -> Ticket:
        """The client is here again and waits; one who was parked at a counter is held for it,
        unless that counter is gone (`held_until` None)."""
        resumed = replace(self._move("resume")._back(), attempt=0, order_at=order_at)
        if self.state is State.PARKED and self.counter is not None and held_until is not None:
            return resumed.hold(self.counter, held_until)
        return resumed

    def transfer(self, service: str, now: datetime) -> Ticket:
        """The client waits for somebody else; number, place and note stay (no penalty)."""
        served = self.service_time(now)
        moved = replace(self._move("transfer")._back(), service=service, attempt=0)
        return replace(moved, served_before=served)

    def hold(self, counter: str, until: datetime) -> Ticket:
        """Only this counter may call the client until then: nobody waits for an absent colleague
        for ever."""
        return replace(self, held_for=counter, held_until=until)

    def withdraw(self, now: datetime) -> Ticket:
        """The client leaves, or the ticket is cancelled."""
        return replace(self._move("withdraw")._free(), ended_at=now)

    def close_with_day(self, now: datetime) -> Ticket:
        """The day is over: who is being served counts as finished, everybody else as gone."""
        if self.state not in OPEN_STATES:
            raise NotAllowed("close_with_day", self)
        ended = State.FINISHED if self.state is State.SERVING else State.WITHDRAWN
        return replace(self._free(), state=ended, ended_at=now, at_day_end=True)

    def service_time(self, now: datetime) -> timedelta:
        """All the time this client has been served, also before it was parked or transferred."""
        if self.started_at is None or self.state is not State.SERVING:
            return self.served_before
        # Never negative: the clock of the machine may have been set back meanwhile.
        return self.served_before + max(now - self.started_at, timedelta(0))

    def may(self) -> list[str]:
        """The verbs that the present state allows."""
        return [verb for verb, (allowed_from, _) in MOVES.items() if self.state in allowed_from]

    def _back(self) -> Ticket:
        return replace(
            self._free(), state=State.WAITING, counter=None, started_at=None, ended_at=None
        )

    def _free(self) -> Ticket:
        return replace(self, rests_until=None, held_for=None, held_until=None, parked_at=None)

    def _move(self, verb: str) -> Ticket:
        allowed_from, leads_to = MOVES[verb]
        if self.state not in allowed_from:
            raise NotAllowed(verb, self)
        return replace(self, state=leads_to)
