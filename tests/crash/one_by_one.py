"""What the rules say of any two steps, one after the other: the table of moves, whose client it is,
and nothing of a database. What happens at once must end like one of the two orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from queue_server.domain.ticket import AT_COUNTER, MOVES, State

CALLS = ("call", "call_next")
VERBS = (*MOVES, "undo", "call_next")

Answer = tuple[str, str | None]
"""What somebody is told: "done" or the reason of the no, and the state that goes with it."""


@dataclass(frozen=True)
class Clerk:
    """A page of one counter, or a program that may act for every counter."""

    counter: str
    is_bound: bool = True

    def name(self, verb: str = "") -> str:
        """As the log has it. A call names its counter, whoever asks for it."""
        return f"counter:{self.counter}" if self.is_bound or verb in CALLS else "counter"

    def did(self, name: str) -> bool:
        return name == self.name() or not self.is_bound


@dataclass(frozen=True)
class Client:
    """All of a ticket that decides which step is possible next."""

    state: State = State.WAITING
    counter: str | None = None
    held_for: str | None = None
    last: tuple[str, Client] | None = None  # who did the newest step, and how it was before


def play(client: Client, verb: str, who: Clerk) -> tuple[Answer, Client]:
    """What the rules say when nobody else is there."""
    if refusal := why_not(client, verb, who):
        return (refusal, None if refusal == "nobody" else str(client.state)), client
    after = moved(client, verb, who)
    return ("done", str(after.state)), after


def why_not(client: Client, verb: str, who: Clerk) -> str | None:
    if verb == "call_next":
        return why_not_next(client, who)
    if verb == "undo":
        return None if client.last and who.did(client.last[0]) else "not_allowed"
    if verb not in ("call", "resume") and is_somebody_elses(client, who):
        return "other_counter"
    only_reception = verb == "park" and client.state is State.WAITING and who.is_bound
    return "not_allowed" if client.state not in MOVES[verb][0] or only_reception else None


def why_not_next(client: Client, who: Clerk) -> str | None:
    if client.state in AT_COUNTER and client.counter == who.counter:
        return "busy"
    may_call = client.state is State.WAITING and client.held_for in (None, who.counter)
    return None if may_call else "nobody"


def is_somebody_elses(client: Client, who: Clerk) -> bool:
    is_elsewhere = client.counter not in (None, who.counter)
    return who.is_bound and is_elsewhere and client.state in AT_COUNTER | {State.PARKED}


def moved(client: Client, verb: str, who: Clerk) -> Client:
    if verb == "undo":
        assert client.last
        return client.last[1]
    state = State.CALLED if verb == "call_next" else MOVES[verb][1]
    there = who.counter if verb in CALLS else client.counter
    was_parked = verb == "resume" and client.state is State.PARKED
    return Client(
        state,
        counter=None if state is State.WAITING else there,
        held_for=client.counter if was_parked else None,
        last=(who.name(verb), replace(client, last=None)),
    )


# --- All there is to try -------------------------------------------------------------------------

ANY = Clerk("1", is_bound=False)
ONE, TWO = Clerk("1"), Clerk("2")
CREWS = {
    "two counters": (ONE, TWO),
    "two pages of one counter": (ONE, ONE),
    "two programs for all counters": (ANY, replace(ANY, counter="2")),
}
STORIES: dict[str, tuple[tuple[str, Clerk], ...]] = {
    "waiting": (),
    "called": (("call_next", ONE),),
    "serving": (("call_next", ONE), ("start", ONE)),
    "parked at a counter": (("call_next", ONE), ("park", ONE)),
    "parked by the reception": (("park", ANY),),
    "kept for a counter": (("call_next", ONE), ("park", ONE), ("resume", ONE)),
    "finished": (("call_next", ONE), ("start", ONE), ("finish", ONE)),
    "missed": (("call_next", ONE), ("miss", ONE)),
    "withdrawn": (("withdraw", ONE),),
}
Press = tuple[str, Clerk]
"""A verb and who presses it."""


@dataclass(frozen=True)
class Situation:
    """What had happened to a client before two people pressed at once."""

    story: str
    first: Press
    second: Press

    def __str__(self) -> str:
        presses = " and ".join(f"{v} by {c.name(v)}" for v, c in (self.first, self.second))
        return f"{self.story}: {presses}"

    def client(self) -> Client:
        client = Client()
        for press in STORIES[self.story]:
            (answer, _), client = play(client, *press)
            assert answer == "done", self
        return client

    def outcomes(self) -> list[tuple[Answer, Answer, Client]]:
        """What each sees and how the client ends, with the one or the other being first."""
        one, client = play(self.client(), *self.first)
        two, end = play(client, *self.second)
        late_two, client = play(self.client(), *self.second)
        late_one, late_end = play(client, *self.first)
        return [(one, two, end), (late_one, late_two, late_end)]

    def only_one_can_win(self) -> bool:
        """Each would succeed alone, and neither after the other."""
        (one, two, _), (late_one, late_two, _) = self.outcomes()
        won = [answer[0] == "done" for answer in (one, two, late_one, late_two)]
        return won == [True, False, False, True]


def situations(first: Clerk, second: Clerk) -> Iterator[Situation]:
    """Every pair of verbs from every state in which the first is possible."""
    for story in STORIES:
        for verb in VERBS:
            for other in VERBS:
                found = Situation(story, (verb, first), (other, second))
                if play(found.client(), verb, first)[0][0] == "done":
                    yield found
