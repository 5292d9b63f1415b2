"""Each fault, before, during and after a job, with an agent that lives or is killed: no lies."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from printer.escpos_device import FAULTS
from tests.crash.printer_check import Told, complaints
from tests.crash.printer_nursery import Nursery
from tests.crash.printer_world import MID_JOB, World


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as keeper:
        yield keeper


def let_happen(world: World, fault: str, moment: str, is_killed: bool) -> threading.Event:
    """Prepare that the fault comes at its moment, and the kill with it. Set when it has come."""
    has_come = threading.Event()

    def strike() -> None:
        has_come.set()
        world.on_sheet = world.server.on_claim = lambda: None
        if moment != "before":
            world.break_printer(fault)
        if is_killed:
            world.lose_agent()

    if moment == "before":
        world.break_printer(fault)
        world.server.on_claim = strike
    elif moment == "during":
        world.relay.after(MID_JOB, strike)
    else:
        world.on_sheet = strike
    return has_come


@pytest.mark.parametrize("is_killed", [False, True], ids=["", "killed"])
@pytest.mark.parametrize("moment", ["before", "during", "after"])
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_what_is_told_of_a_slip_is_true(nursery, fault, moment, is_killed):
    with World(nursery) as world:
        has_come = let_happen(world, fault, moment, is_killed)
        agent = world.start_agent(own_process=is_killed)
        world.ask_for("A017")
        if is_killed:
            agent.wait_until_gone()
            world.start_agent(own_process=False)
        assert world.wait_for_results(1)
        assert has_come.is_set()
        world.mend_printer()
        world.ask_for("A018")
        assert world.wait_for_results(2)
        day = world.day()
    assert complaints(day) == []
    assert day.told["A018"] == [Told("printed", None)], "the next client has a good slip"
