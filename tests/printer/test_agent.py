"""The agent between server and printer: each slip once, each outcome told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paper_server import TOKEN, PaperServer

from printer.agent import Agent
from printer.server_link import Refused, ServerLink
from printer.settings import read_settings
from printer.transports import NotPossible, Transports
from printer.virtual_printer import VirtualPrinter

ROOT = Path(__file__).parents[2]
SHORT = (0.02, 0.05)


@pytest.fixture
def server(device: VirtualPrinter) -> Iterator[PaperServer]:
    office = PaperServer(
        host="127.0.0.1", port=device.port, status_timeout_s=0.15, ack_timeout_s=0.4
    )
    office.open()
    yield office
    office.close()


@pytest.fixture
def start(server: PaperServer) -> Iterator[Callable[[], Agent]]:
    running: list[tuple[Agent, threading.Thread]] = []

    def start_agent(retry_pauses: tuple[float, ...] = SHORT) -> Agent:
        agent = Agent(
            ServerLink(server.address, TOKEN, "entrance"), Transports(), SHORT, retry_pauses
        )
        thread = threading.Thread(target=agent.run)
        thread.start()
        running.append((agent, thread))
        return agent

    yield start_agent
    for agent, thread in running:
        agent.stop()
        thread.join(timeout=5)
        assert not thread.is_alive(), "the agent does not stop"


def test_a_slip_is_printed_and_the_server_is_told(server, start, device):
    start()
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "printed", None)]
    assert len(device.sheets) == 1


def test_slips_come_out_in_the_order_of_the_server(server, start, device):
    jobs = [server.queue(f"A{number:03}") for number in (7, 8, 9)]
    start()
    assert [job for job, _, _ in server.wait_for_results(3)] == jobs
    assert len(device.sheets) == 3


def test_a_queued_slip_is_printed_without_waiting_for_the_next_poll(server, start, device):
    start()
    server.wait_until(lambda: server.calls.count("/print-jobs") >= 1)
    began = time.monotonic()
    server.queue()
    server.wait_for_results(1)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("way", ["503", "lost", "unheard"])
def test_a_result_the_server_did_not_take_is_told_again_and_printed_once(
    server, start, device, way
):
    server.spoil("/result", way, way, way)
    job = server.queue()
    start()
    assert server.wait_for_results(1) == [(job, "printed", None)]
    following = server.queue("A018")
    assert server.wait_for_results(2)[1] == (following, "printed", None)
    assert len(device.sheets) == 2


def test_a_server_that_goes_away_and_comes_back_loses_and_doubles_nothing(
    server, start, device, caplog
):
    start()
    server.queue()
    server.wait_for_results(1)
    server.close()
    server.queue("A018")
    server.open()
    server.wait_for_results(2)
    server.queue("A019")
    assert [state for _, state, _ in server.wait_for_results(3)] == ["printed"] * 3
    assert len(device.sheets) == 3
    assert caplog.text.count("the server is away") <= 1


def test_an_agent_started_before_its_server_waits_for_it(server, start, device, caplog):
    server.spoil("/printers/entrance", "503", "lost", "503")
    server.queue()
    start()
    assert server.wait_for_results(1)[0][1] == "printed"
    assert caplog.text.count("the server is away") == 1, "one line for the whole outage"


def test_a_claim_whose_answer_got_lost_is_certainly_not_printed(server, start, device):
    server.spoil("/claim", "unheard")
    job = server.queue()
    start()
    assert server.wait_for_results(1) == [(job, "not_printed", "error")]
    assert device.sheets == []


def test_a_slip_that_somebody_else_took_is_left_to_them(server, start, device):
    theirs = server.queue()
    server.spoil(f"/{theirs}/claim", "409")
    start()
    server.wait_until(lambda: f"/print-jobs/{theirs}/claim" in server.calls)
    assert device.sheets == [] and server.results == []


def test_a_claim_that_did_not_reach_the_server_is_made_again(server, start, device):
    server.spoil("/claim", "503", "lost")
    job = server.queue()
    start()
    assert server.wait_for_results(1) == [(job, "printed", None)]
    assert len(device.sheets) == 1


def test_a_slip_whose_client_has_gone_is_never_printed(server, start, device):
    old = server.queue(age_s=31)
    fresh = server.queue("A018", age_s=5)
    start()
    assert server.wait_for_results(2) == [(old, "not_printed", "expired"), (fresh, "printed", None)]
    assert len(device.sheets) == 1


def test_a_job_on_its_way_when_the_last_agent_died_is_unknown(server, start, device):
    lost = server.queue(state="sending")
    start()
    assert server.wait_for_results(1) == [(lost, "unknown", "crash")]
    assert device.sheets == []


def test_a_closed_cover_is_reported_once_after_three_looks(server, start, device):
    device.set_fault("cover_open")
    job = server.queue()
    start()
    assert server.wait_for_results(1) == [(job, "not_printed", "cover_open")]
    device.clear_fault("cover_open")
    following = server.queue("A018")
    assert server.wait_for_results(2)[1:] == [(following, "printed", None)]
    assert len(device.sheets) == 1


def test_trouble_that_is_gone_a_moment_later_costs_no_slip(server, start, device):
    device.set_fault("refuse")
    job = server.queue()
    start(retry_pauses=(1.0, 1.0))
    server.wait_until(lambda: f"/print-jobs/{job}/claim" in server.calls)
    device.clear_fault("refuse")
    assert server.wait_for_results(1) == [(job, "printed", None)]
    assert len(device.sheets) == 1


def test_what_nobody_knows_is_never_printed_again(server, start, device):
    device.set_fault("no_proof")
    job = server.queue()
    start()
    assert server.wait_for_results(1) == [(job, "unknown", "timeout")]
    assert len(device.sheets) == 1


def test_a_slip_that_can_not_be_drawn_does_not_stop_the_next(server, start, device):
    broken = server.queue(slip={"language": "de", "blocks": [{"kind": "stamp"}]})
    good = server.queue("A018")
    start()
    assert server.wait_for_results(2) == [(broken, "not_printed", "error"), (good, "printed", None)]


def test_a_stopped_agent_leaves_the_long_poll_at_once(server, start):
    agent = start()
    server.wait_until(lambda: server.calls.count("/print-jobs") >= 1)
    began = time.monotonic()
    agent.stop()
    assert time.monotonic() - began < 1  # the fixture checks that the thread ends


def test_a_wrong_token_ends_the_agent(server):
    agent = Agent(ServerLink(server.address, "wrong", "entrance"), Transports())
    with pytest.raises(Refused, match="401"):
        agent.run()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"transport": "usblp"}, 'can only do "network" and "virtual"'),
        ({"host": ""}, "has no host"),
        ({"width_px": "wide"}, "width_px"),
        ({"ack": "maybe"}, "ack"),
    ],
)
def test_a_printer_that_can_not_be_served_ends_the_agent_with_a_sentence(
    server, settings, sentence
):
    server.settings |= settings
    agent = Agent(ServerLink(server.address, TOKEN, "entrance"), Transports())
    with pytest.raises(NotPossible, match=sentence):
        agent.run()


def test_two_virtual_printers_do_not_fight_for_a_port(server):
    server.settings["transport"] = "virtual"
    transports = Transports()
    try:
        reached = transports.reach(read_settings(server.settings))
        assert reached.port not in (0, server.settings["port"])
    finally:
        transports.close()


@pytest.fixture
def process(server: PaperServer, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def launch(*more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "printer", "agent", "--server", server.address]
        command += ["--printer", "entrance", "--paper", str(tmp_path), *more]
        environment = {**os.environ, "QUEUE_PRINTER_TOKEN": TOKEN}
        started.append(
            subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield launch
    for program in started:
        program.kill()
        program.communicate()


def test_the_agent_as_a_program_prints_on_virtual_paper_and_ends_with_0(
    server, process, tmp_path: Path
):
    server.settings |= {"transport": "virtual", "port": 0}
    program = process()
    server.queue()
    assert server.wait_for_results(1)[0][1] == "printed"
    assert len(list(tmp_path.glob("*.png"))) == 1
    program.send_signal(signal.SIGTERM)
    assert program.wait(timeout=5) == 0


def test_the_agent_as_a_program_ends_when_its_parent_is_gone(server, process):
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    program = process("--parent", str(parent.pid))
    server.wait_until(lambda: "/print-jobs" in server.calls)
    parent.communicate(b"\n")
    assert program.wait(timeout=5) == 0


def test_an_unknown_transport_ends_the_program_with_2_and_one_sentence(server, process):
    server.settings["transport"] = "cups"
    program = process()
    _, said = program.communicate(timeout=5)
    assert program.returncode == 2
    assert len(said.strip().splitlines()) == 1
