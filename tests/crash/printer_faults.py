"""Random days of a printer: faults at any byte, agents killed at any byte, answers that get lost.

`python -m tests.crash.printer_faults`; PRINTER_ROUNDS says how many days (20), PRINTER_SEED which
(1), PRINTER_DAY that only this one is to be lived again. Ends with 1 when anything was a lie.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from random import Random

from printer.escpos_device import FAULTS
from tests.crash.printer_check import Day, complaints
from tests.crash.printer_nursery import Nursery
from tests.crash.printer_world import World

ROUNDS = 20
LONGEST_JOB = 45_000  # bytes
MOST_CLIENTS, MOST_DISASTERS = 4, 3
PATIENCE_SECONDS = 20.0
LAST_TRIES = ("Z997", "Z998", "Z999")  # a busy machine may be slower than our short limits
NETWORK_TROUBLE = [(call, way) for call in ("/claim", "/result") for way in ("503", "unheard")]

_nursery = Nursery()  # one for each process that lives through days


def open_nursery() -> None:
    _nursery.__enter__()  # it ends with this process


@dataclass
class Tally:
    """What a number of days have seen."""

    days: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    lies: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.days += other.days
        self.counts += other.counts
        self.told += other.told
        self.lies += other.lies


def live_through(number: int, seed: int) -> Tally:
    """One day, the same for the same numbers as far as the machine's own haste allows."""
    chance = Random(seed * 1_000_003 + number)
    tally = Tally(days=1)
    office = {
        "max_auto_retries": chance.choice([0, 0, 0, 1]),
        "poll_interval_s": chance.choice([0.05, 0.3, 3.0]),
        "ack": chance.choice(["auto", "auto", "gs_r", "process_id"]),
        "status": chance.choice(["auto", "auto", "required"]),
    }
    with World(_nursery, **office) as world:
        world.start_agent(own_process=True)
        clients = chance.randint(1, MOST_CLIENTS)
        for client in range(clients):
            for _ in range(chance.randint(0, MOST_DISASTERS)):
                plan_disaster(world, chance, tally)
            world.ask_for(f"A{client + 101}", age_s=chance.choice([0, 0, 0, 0, 0, 31]))
            if chance.random() < 0.5:
                settle(world, client + 1, tally)
        settle(world, clients, tally)
        end_disasters(world)
        for tried, number_of_last in enumerate(LAST_TRIES, start=1):
            world.ask_for(number_of_last)
            settle(world, clients + tried, tally)
            if world.server.results[-1][1] == "printed":
                break
        day = world.day()
    tally.lies += [f"day {number}: {lie}" for lie in complaints(day)]
    if not any(told.state == "printed" for last in LAST_TRIES for told in day.told.get(last, ())):
        tally.lies.append(f"day {number}: all was well again, and nothing could be printed")
    count(tally, day)
    return tally


def plan_disaster(world: World, chance: Random, tally: Tally) -> None:
    """Something at once, at a byte, or when a slip comes out."""
    disaster = choose_disaster(world, chance, tally)
    moment = chance.random()
    if moment < 0.25:
        disaster()
    elif moment < 0.85:
        world.relay.after(chance.randrange(LONGEST_JOB), disaster)
    else:
        world.on_sheet = disaster


def choose_disaster(world: World, chance: Random, tally: Tally) -> Callable[[], None]:
    kind = chance.choices(["break", "mend", "kill", "network"], [5, 2, 3, 1])[0]
    fault = chance.choice(sorted(FAULTS))

    def happen() -> None:
        tally.counts[kind] += 1
        if kind == "break":
            world.break_printer(fault)
        elif kind == "mend":
            world.mend_printer()
        elif kind == "kill":
            world.lose_agent()
        else:
            world.server.spoil(*trouble)

    trouble = chance.choice(NETWORK_TROUBLE)
    return happen


def settle(world: World, count: int, tally: Tally) -> None:
    """Until so many results are known; an agent that was lost is replaced."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not world.wait_for_results(count, end - time.monotonic()):
        if not world.agent_is_lost:
            raise AssertionError(f"{count} results did not come: {world.server.results}")
        tally.counts["new agents"] += 1
        world.start_agent(own_process=True)


def end_disasters(world: World) -> None:
    world.on_sheet = lambda: None
    world.relay.forget_plans()
    world.server.heal()
    world.mend_printer()


def count(tally: Tally, day: Day) -> None:
    tally.counts["slips on paper"] += sum(sheet.number is not None for sheet in day.sheets)
    tally.counts["scraps"] += sum(sheet.number is None for sheet in day.sheets)
    tally.counts["slips after an unknown result"] += sum(bool(s.known_before) for s in day.sheets)
    for results in day.told.values():
        tally.told.update(f"{told.state} {told.reason or ''}".strip() for told in results)


def live_safely(number: int, seed: int) -> Tally:
    """A day that ends in an accident of the test is reported like a lie."""
    try:
        return live_through(number, seed)
    except Exception as error:
        return Tally(days=1, lies=[f"day {number}: {error!r}"])


def live_through_all(days: Iterable[int], seed: int) -> Tally:
    """Several days at once: they mostly wait."""
    tally = Tally()
    workers = 2 * (os.cpu_count() or 1)
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=open_nursery) as pool:
        for one in pool.map(partial(live_safely, seed=seed), days, chunksize=1):
            tally.add(one)
    return tally


def report(tally: Tally, seconds: float) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in sorted(tally.counts.items()))
    told = "\n".join(f"  {number:6} {what}" for what, number in tally.told.most_common())
    lies = "\n".join(f"  LIE {lie}" for lie in tally.lies) or "  no lie"
    head = f"{tally.days} days of a printer in {seconds:.0f} s: {sum(tally.told.values())} slips"
    return f"{head}\n  {counts}\n{told}\n{lies}"


def main() -> int:
    seed = int(os.environ.get("PRINTER_SEED", "1"))
    only = os.environ.get("PRINTER_DAY")
    days = [int(only)] if only else range(int(os.environ.get("PRINTER_ROUNDS", ROUNDS)))
    began = time.monotonic()
    tally = live_through_all(days, seed)
    print(report(tally, time.monotonic() - began))
    return 1 if tally.lies else 0


if __name__ == "__main__":
    sys.exit(main())
