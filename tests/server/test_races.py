"""Two people press at once: with real threads in one process, and over HTTP at the real eventlet
process. Whatever they press, it ends as if one of them had been first.

RACE_ROUNDS=10 plays more rounds.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import pytest

from queue_server.domain.ticket import LIVING_STATES, State
from tests.conftest import new_request
from tests.crash.office import FIVE_COUNTERS, far_from_midnight
from tests.crash.one_by_one import (
    ANY,
    CREWS,
    ONE,
    STORIES,
    TWO,
    VERBS,
    Answer,
    Clerk,
    Situation,
    situations,
)
from tests.crash.story import Story, Told
from tests.crash.ways import Office, OverHttp, in_threads, over_http

ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))
LIMIT = 5
ROOM = 6
# A room where "next" finishes the client before, with few chairs and few tickets for one concern.
TIGHT = (
    FIVE_COUNTERS.replace('key = "status"\n', f'key = "status"\ndaily_limit = {LIMIT}\n', 1)
    + f'[calls]\nwhen_busy = "finish"\n[area]\ncapacity = {ROOM}\n'
)


WAYS = [
    pytest.param(in_threads, id="threads"),
    pytest.param(over_http, id="eventlet process", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=WAYS)
def office(request, tmp_path_factory) -> Iterator[Office]:
    with request.param(tmp_path_factory.mktemp("office"), far_from_midnight(FIVE_COUNTERS)) as way:
        yield way


@pytest.fixture(scope="module", params=WAYS)
def tight_office(request, tmp_path_factory) -> Iterator[Office]:
    with request.param(tmp_path_factory.mktemp("tight"), far_from_midnight(TIGHT)) as way:
        yield way


@pytest.fixture(scope="module")
def people() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def at_once(people: ThreadPoolExecutor, acts: list[Callable[[], Any]]) -> list[Any]:
    """Everybody waits until all are there."""
    gate = threading.Barrier(len(acts), timeout=20)

    def press(act: Callable[[], Any]) -> Any:
        gate.wait()
        return act()

    return [pressed.result(60) for pressed in [people.submit(press, act) for act in acts]]


# --- Two steps at once ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Race:
    """How it went: what each was told, and the ticket as everybody sees it afterwards."""

    situation: Situation
    ticket: dict[str, Any]
    answers: tuple[Answer, Answer]

    def __str__(self) -> str:
        there = f"{self.ticket['state']} at {self.ticket['counter']}"
        return f"{self.situation} → {self.answers[0]}, {self.answers[1]}, then {there}"

    @property
    def winners(self) -> int:
        return sum(answer[0] == "done" for answer in self.answers)


def run(office: Office, people: ThreadPoolExecutor, situation: Situation, turned: bool) -> Race:
    """Everything of the story, then both at once; `turned` lets the other one come first."""
    ticket = prepare(office, situation)
    acts = [
        partial(office.attempt, verb, ticket, who)
        for verb, who in (situation.first, situation.second)
    ]
    one, two = at_once(people, acts[::-1])[::-1] if turned else at_once(people, acts)
    seen = office.look(ticket)
    send_home(office, ticket, seen["state"])
    return Race(situation, seen, (one, two))


def prepare(office: Office, situation: Situation) -> int:
    ticket = office.issue()
    assert ticket is not None
    for verb, who in STORIES[situation.story]:
        assert office.attempt(verb, ticket, who)[0] == "done", situation
    return ticket


def send_home(office: Office, ticket: int, state: str) -> None:
    """So that the next two have the room for themselves."""
    if verb := GOOD_BYES[state]:
        assert office.attempt(verb, ticket, ANY)[0] == "done"


GOOD_BYES = {str(state): "withdraw" for state in LIVING_STATES - {State.SERVING}} | {
    "serving": "finish", "finished": "", "withdrawn": "",
}  # fmt: skip


def complaints(race: Race) -> Iterator[str]:
    """What no order of the two steps explains."""
    one, two = race.answers
    orders = [(a, b, str(c.state), c.counter) for a, b, c in race.situation.outcomes()]
    if (one, two, race.ticket["state"], race.ticket["counter"]) not in orders:
        yield f"{race}: neither of {orders}"
    if race.situation.only_one_can_win():
        winner, loser = (one, two) if one[0] == "done" else (two, one)
        if race.winners != 1 or loser[1] not in (winner[1], None):
            yield f"{race}: there is one winner, and the other is told what the winner made"


def complaints_of_the_log(race: Race, events: list[dict[str, Any]]) -> Iterator[str]:
    """The ticket's own events: as many as steps that succeeded, and they explain its state."""
    good_byes = 1 if GOOD_BYES[race.ticket["state"]] else 0
    story = len(STORIES[race.situation.story])
    if len(events) != 1 + story + race.winners + good_byes:
        yield f"{race}: {[event['kind'] for event in events]}"
    told = Story().tell(events[: len(events) - good_byes])
    ended = told.tickets[race.ticket["id"]]
    if (str(ended.state), ended.counter) != (race.ticket["state"], race.ticket["counter"]):
        yield f"{race}: the log says {ended}"
    yield from told.complaints


@pytest.mark.parametrize("crew", CREWS)
def test_two_steps_at_once_end_as_if_one_had_been_first(office, people, crew):
    races = [
        run(office, people, situation, turned=bool((number + again) % 2))
        for again in range(ROUNDS)
        for number, situation in enumerate(chosen(office, crew))
    ]
    log: dict[int, list[dict[str, Any]]] = {}
    for event in office.events():
        log.setdefault(event["ticket_id"], []).append(event)
    found = [wrong for race in races for wrong in complaints(race)]
    found += [w for race in races for w in complaints_of_the_log(race, log[race.ticket["id"]])]
    assert not found, "\n" + "\n".join(found)


def chosen(office: Office, crew: str) -> list[Situation]:
    """All there is; in the short run over HTTP the crews share it out among themselves."""
    is_short = isinstance(office, OverHttp) and ROUNDS == 1
    return share(crew) if is_short else list(situations(*CREWS[crew]))


def share(crew: str) -> list[Situation]:
    return [s for s in situations(*CREWS[crew]) if lot(s) == list(CREWS).index(crew)]


def lot(situation: Situation) -> int:
    verbs = VERBS.index(situation.first[0]) + VERBS.index(situation.second[0])
    return (verbs + list(STORIES).index(situation.story)) % len(CREWS)


def test_those_who_share_it_out_leave_out_no_pair_of_verbs():
    pairs = {(s.first[0], s.second[0]) for crew in CREWS for s in share(crew)}
    assert pairs == set(product(VERBS, repeat=2))


@pytest.mark.parametrize("crew", CREWS)
def test_no_verb_and_no_state_is_left_out(crew):
    found = list(situations(*CREWS[crew]))
    assert {s.first[0] for s in found} == {s.second[0] for s in found} == set(VERBS)
    assert {s.client().state for s in found} >= set(State) - {State.FINISHED, State.WITHDRAWN}
    assert sum(s.only_one_can_win() for s in found) >= 30


# --- Many at once --------------------------------------------------------------------------------


@pytest.fixture
def quiet(office) -> Iterator[Office]:
    since = office.revision()
    yield office
    close(office, since)


@pytest.fixture
def tight(tight_office) -> Iterator[Office]:
    since = tight_office.revision()
    yield tight_office
    close(tight_office, since)


def close(office: Office, since: int) -> None:
    """Nobody who came since then stays for the next test."""
    for told in Story().tell(office.events(since)).tickets.values():
        send_home(office, told.id, str(told.state))


def take(office: Office, people: int, service: str = "documents") -> list[int]:
    taken = [office.issue(service) for _ in range(people)]
    assert None not in taken
    return [ticket for ticket in taken if ticket is not None]


def states(office: Office, tickets: list[int]) -> list[str]:
    return [office.look(ticket)["state"] for ticket in tickets]


def serve(office: Office, ticket: int, who: Clerk) -> None:
    for verb in ("call", "start"):
        assert office.attempt(verb, ticket, who)[0] == "done"


@pytest.mark.parametrize("_", range(ROUNDS))
def test_next_pressed_in_two_windows_finishes_the_client_once_and_calls_one(tight, people, _):
    served, *waiting = take(tight, 3)
    serve(tight, served, ONE)
    before = tight.revision()
    answers = at_once(people, [partial(tight.attempt, "call_next", 0, ONE)] * 2)
    assert sorted(answers) == [("busy", "called"), ("done", "called")]
    assert states(tight, [served, *waiting]) == ["finished", "called", "waiting"]
    kinds = [event["kind"] for event in tight.events(before)]
    assert kinds == ["ServiceFinished", "TicketCalled"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_next_at_two_counters_finishes_each_ones_own_client_and_calls_two(tight, people, _):
    first, second, *waiting = take(tight, 5)
    serve(tight, first, ONE)
    serve(tight, second, TWO)
    acts = [partial(tight.attempt, "call_next", 0, who) for who in (ONE, TWO)]
    assert at_once(people, acts) == [("done", "called")] * 2
    assert states(tight, [first, second, *waiting]) == [
        *["finished"] * 2,
        *["called"] * 2,
        "waiting",
    ]
    assert {tight.look(ticket)["counter"] for ticket in waiting[:2]} == {"1", "2"}


UNDOABLE = {"park": "called", "start": "called", "transfer": "called", "withdraw": "called"}


@pytest.mark.parametrize("verb", UNDOABLE)
def test_many_who_undo_the_same_step_have_one_winner(quiet, people, verb):
    for _ in range(ROUNDS):
        since, (ticket,) = quiet.revision(), take(quiet, 1)
        for step in ("call", verb):
            assert quiet.attempt(step, ticket, ONE)[0] == "done"
        answers = at_once(people, [partial(quiet.attempt, "undo", ticket, ONE)] * 12)
        assert sorted(answers) == [("done", "called"), *[("not_allowed", "called")] * 11]
        assert quiet.look(ticket)["counter"] == "1"
        close(quiet, since)


def test_many_requests_with_one_id_get_one_ticket(quiet, people):
    for _ in range(ROUNDS):
        request, before = new_request(), quiet.revision()
        given = at_once(people, [partial(quiet.issue, "documents", request)] * 12)
        assert len(set(given)) == 1
        assert [event["kind"] for event in quiet.events(before)] == ["TicketIssued"]


def is_valid(told: Told) -> bool:
    return told.service == "status" and told.state is not State.WITHDRAWN


def is_waiting(told: Told) -> bool:
    return told.state is State.WAITING


@pytest.mark.parametrize(
    ("service", "counts", "limit"),
    [
        pytest.param("status", is_valid, LIMIT, id="tickets a day"),
        pytest.param("documents", is_waiting, ROOM, id="people in the room"),
    ],
)
def test_however_many_come_and_go_there_are_never_more_than(tight, people, service, counts, limit):
    before = tight.revision()
    given = at_once(people, [partial(tight.issue, service)] * 12)
    assert sum(ticket is not None for ticket in given) == limit
    close(tight, before)
    at_once(people, [partial(come_and_go, tight, service)] * 12)
    log = tight.events(before)
    assert fullest(log, counts) == limit
    assert len(log) == 2 * (limit + 12 * VISITS)


VISITS = 3 * ROUNDS


def come_and_go(office: Office, service: str) -> None:
    """Somebody who insists on a ticket, and leaves again."""
    for _ in range(VISITS):
        ticket = next(filter(None, (office.issue(service) for _ in range(100_000))))
        assert office.attempt("withdraw", ticket, ANY)[0] == "done"


def fullest(events: list[dict[str, Any]], counts: Callable[[Told], bool]) -> int:
    """The most there ever were, going through the log step by step."""
    story = Story()
    return max(sum(map(counts, story.tell([event]).tickets.values())) for event in events)


@pytest.mark.parametrize("again", range(ROUNDS))
def test_many_windows_that_take_a_counter_over_leave_it_to_one(quiet, people, again):
    take(quiet, 3)
    before = quiet.revision()
    windows = [f"window-{again}-{number:02}" for number in range(12)]
    at_once(people, [partial(quiet.take_over, "1", window) for window in windows])
    kinds = [event["kind"] for event in quiet.events(before)]
    assert kinds == ["CounterTakenOver"] * 12
    presses = [partial(quiet.attempt, "call_next", 0, ONE, window) for window in windows]
    answers = at_once(people, presses)
    assert sorted(answers) == [("done", "called"), *[("taken_over", None)] * 11]


@pytest.mark.parametrize("again", range(20 * ROUNDS))
def test_a_window_that_calls_while_another_takes_over_has_called_before_or_not_at_all(
    quiet, people, again
):
    take(quiet, 1)
    quiet.take_over("1", "window-old")
    before = quiet.revision()
    acts = [
        partial(quiet.attempt, "call_next", 0, ONE, "window-old"),
        partial(quiet.take_over, "1", "window-new"),
    ]
    called, _ = at_once(people, acts) if again % 2 else at_once(people, acts[::-1])[::-1]
    kinds = [event["kind"] for event in quiet.events(before)]
    assert kinds == (["TicketCalled"] if called[0] == "done" else []) + ["CounterTakenOver"]
    assert called in [("done", "called"), ("taken_over", None)]
