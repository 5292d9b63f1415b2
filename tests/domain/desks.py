"""Simulated desks that call one client after the other into one area (standards 4.2)."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from statistics import mean, quantiles

from queue_server.domain.announcements import Announcements, Call, Kind, Utterance

TURN_AROUND_SECONDS = 20.0
RUN_SECONDS = 4 * 3600.0
RUNS = 5

# Seconds, as measured for standards 4.1: gong, full sentence, short form, an extra without gong.
GONG, FULL, SHORT, EXTRA = 1.8, 3.7, 2.7, 4.0


@dataclass(frozen=True)
class Heard:
    """What the waiting area heard in all runs."""

    delays: list[float]
    calls: int
    shorts: int
    extras: int
    unheard: int

    @property
    def mean(self) -> float:
        return mean(self.delays)

    @property
    def p95(self) -> float:
        return quantiles(self.delays, n=20)[-1]

    @property
    def short_share(self) -> float:
        return self.shorts / self.calls

    @property
    def extra_share(self) -> float:
        return self.extras / self.calls


def listen(desks: int, minutes: float, seed: int = 2026) -> Heard:
    """All clients are called from an endless queue; each call has one extra (a repetition)."""
    runs = [_run(desks, minutes, random.Random(seed + n)) for n in range(RUNS)]
    return Heard(
        [delay for run in runs for delay in run.delays],
        calls=sum(run.calls for run in runs),
        shorts=sum(run.shorts for run in runs),
        extras=sum(run.extras for run in runs),
        unheard=sum(run.unheard for run in runs),
    )


def _run(desks: int, minutes: float, chance: random.Random) -> Heard:
    queue = Announcements(("de",), repeat=True)
    calls = _calls(desks, minutes, chance)
    said: list[tuple[float, Utterance]] = []
    now, coming = 0.0, 0
    while coming < len(calls) or queue.waiting():
        while coming < len(calls) and calls[coming].at <= now:
            queue.add(calls[coming])
            coming += 1
        utterance = queue.next(now)
        if utterance is None:
            now = calls[coming].at
            continue
        said.append((now, utterance))
        end = now + seconds(utterance)
        while coming < len(calls) and calls[coming].at <= end:
            queue.add(calls[coming])
            coming += 1
        queue.finish(now := end)
    firsts = [(at, u) for at, u in said if u.kind is Kind.FIRST]
    extras = len(said) - len(firsts)
    delays = [at - u.call.at for at, u in firsts]
    shorts = sum(u.short for _, u in firsts)
    return Heard(delays, len(calls), shorts, extras, len(calls) - len(firsts))


def seconds(utterance: Utterance) -> float:
    words = EXTRA if utterance.kind is not Kind.FIRST else SHORT if utterance.short else FULL
    return words + (GONG if utterance.gong else 0)


def _calls(desks: int, minutes: float, chance: random.Random) -> list[Call]:
    ready = [chance.uniform(0, minutes * 60) for _ in range(desks)]
    heapq.heapify(ready)
    calls = []
    while (at := heapq.heappop(ready)) < RUN_SECONDS:
        calls.append(Call(len(calls), f"A{len(calls):03}", "1", 1, at))
        heapq.heappush(ready, at + TURN_AROUND_SECONDS + chance.expovariate(1 / (minutes * 60)))
    return calls
