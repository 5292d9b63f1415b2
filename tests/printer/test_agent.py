"""The agent between server and printer: each slip once, each outcome told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from paper_server import TOKEN, PaperServer
from slips import slip

from printer.agent import Agent
from printer.server_link import Refused, ServerLink
from printer.settings import read_settings
from printer.slip_layout import draw_slip
from printer.transports import Transports

ROOT = Path(__file__).parents[2]
SHORT = (0.02, 0.05)


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
    assert server.wait_for_results(1) == [(job, "not_printed", "claim_lost")]
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


def test_the_rest_of_a_killed_agents_slip_does_not_spoil_the_next_although_nobody_tells_of_it(
    server, start, device, job
):
    # The agent after it settled its job, and was killed before it could clear the memory.
    with socket.create_connection(("127.0.0.1", device.port)) as line:
        line.sendall(job[: len(job) // 2])
    start()
    server.queue()
    assert server.wait_for_results(1)[0][1] == "printed"
    assert [sheet.size for sheet in device.sheets] == [draw_slip(slip(), 576).size]


def test_an_agent_remembers_its_printer_over_a_bad_day_of_the_server(server, start, device):
    start()
    server.queue()
    server.wait_for_results(1)
    device.set_fault("silent")  # it has answered before: now it would only store the slip
    server.spoil("/claim", "503", "lost")
    job = server.queue("A018")
    assert server.wait_for_results(2)[1] == (job, "not_printed", "no_status")


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
    assert server.wait_for_results(2) == [
        (broken, "not_printed", "bad_slip"),
        (good, "printed", None),
    ]


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
        ({"transport": "fax"}, "network, usblp, file"),
        ({"host": ""}, "no host"),
        ({"transport": "usblp"}, "no device"),
        ({"transport": "usb", "usb_vendor": 1208}, "no usb_product"),
        ({"transport": "cups"}, "no cups_queue"),
        ({"transport": "serial", "device": "/dev/ttyS0", "baudrate": 9601}, "speed of 9601"),
        ({"width_px": "wide"}, "width_px can't be 'wide'"),
        ({"width_px": 0}, "width_px can't be 0"),
        ({"width_px": 570}, "width_px can't be 570"),
        ({"ack": "maybe"}, "ack can't be 'maybe'"),
        ({"buzzer": "ring"}, "buzzer can't be 'ring'"),
        ({"poll_interval_s": float("nan")}, "poll_interval_s can't be nan"),
        ({"port": 70000}, "port can't be 70000"),
    ],
)
def test_a_printer_with_wrong_settings_is_trouble_and_the_office_goes_on_without(
    server, start, device, caplog, settings, sentence
):
    right = dict(server.settings)
    server.settings |= settings
    start()
    assert server.wait_for_state("trouble", "misconfigured")
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "not_printed", "misconfigured")]
    assert sentence in caplog.text
    server.settings = right
    assert server.wait_for_state("ready")
    following = server.queue("A018")
    assert server.wait_for_results(2)[1] == (following, "printed", None)
    assert caplog.text.count("nothing is printed") == 1, "one line, however often it was tried"


def test_settings_that_change_are_adopted_without_a_new_start(server, start, device):
    server.change(version=1)
    start()
    server.queue()
    server.wait_for_results(1)
    server.settings |= {"width_px": 384}
    server.change(version=2)
    server.wait_until(lambda: server.calls.count("/printers/entrance") == 2)
    server.queue("A018")
    server.wait_for_results(2)
    assert [sheet.width for sheet in device.sheets] == [576, 384]


def test_retries_are_as_many_as_the_office_wants(server, start, device):
    server.settings |= {"max_auto_retries": 0}
    device.set_fault("cover_open")
    start(retry_pauses=(60.0, 60.0))
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "not_printed", "cover_open")]


def test_a_slip_is_not_tried_again_when_its_client_would_be_gone(server, start, device):
    device.set_fault("cover_open")
    start(retry_pauses=(10.0,))
    job = server.queue(age_s=25)
    assert server.wait_for_results(1) == [(job, "not_printed", "cover_open")]


def test_the_last_of_a_long_list_are_as_old_as_they_are(server, start, device):
    # The list comes once, and the first slips of it take their time.
    server.settings |= {"max_auto_retries": 1}
    device.set_fault("paper_out")
    jobs = [server.queue(age_s=age) for age in (0, 29.8)]
    start(retry_pauses=(0.3,))
    assert server.wait_for_results(2) == [
        (jobs[0], "not_printed", "paper_end"),
        (jobs[1], "not_printed", "expired"),
    ]


def test_a_result_says_how_much_paper_it_took(server, start, device):
    start()
    server.queue()
    server.wait_for_results(1)
    device.set_fault("cover_open")
    server.queue("A018")
    server.wait_for_results(2)
    height = device.sheets[0].height / 8
    assert server.reports[0]["millimetres"] == pytest.approx(height + 15, abs=0.1)
    assert server.reports[0]["near_end"] is False
    assert server.reports[1]["millimetres"] == 0


def test_a_result_says_that_the_paper_is_nearly_gone(server, start, device):
    device.set_fault("paper_low")
    start()
    server.queue()
    server.wait_for_results(1)
    assert server.reports[0]["near_end"] is True


def test_an_older_server_gets_the_result_in_the_old_form(server, start, device):
    server.change(is_old=True)
    start()
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "printed", None)]
    assert server.reports == [{"state": "printed", "reason": None}]


def test_a_second_agent_prints_nothing_and_takes_over_when_the_first_is_gone(
    server, start, device, caplog
):
    server.change(only_agent="the first one")
    start()
    job = server.queue()
    server.wait_until(lambda: len(server.agents) == 1)
    server.wait_until(lambda: server.calls.count("/printers/entrance") == 3)
    assert (device.sheets, server.results, server.states) == ([], [], [])
    assert caplog.text.count("another print agent serves printer entrance; only one may") == 1
    server.change(only_agent=None)
    assert server.wait_for_results(1) == [(job, "printed", None)]


def test_every_call_of_an_agent_has_the_same_name_and_another_agent_has_another(server, start):
    start()
    server.queue()
    server.wait_for_results(1)
    assert len(server.agents) == 1
    start()
    server.wait_until(lambda: len(server.agents) == 2)
    assert all(len(name) >= 8 for name in server.agents)


def test_faults_of_the_virtual_printer_are_switched_by_the_server(server, start):
    server.settings |= {"transport": "virtual", "port": 0, "speed_mm_s": 0}
    server.change(faults=["cover_open"])
    start()
    job = server.queue()
    assert server.wait_for_results(1) == [(job, "not_printed", "cover_open")]
    server.change(faults=["paper_low", "no_such_fault"])
    assert server.wait_until(lambda: server.states[-1]["near_end"])
    server.change(faults=[])
    following = server.queue("A018")
    assert server.wait_for_results(2)[1] == (following, "printed", None)


def test_a_virtual_printer_that_refuses_from_the_beginning_is_found_when_it_is_mended(
    server, start
):
    server.settings |= {"transport": "virtual", "port": 0, "speed_mm_s": 0}
    server.change(faults=["refuse"])
    start()
    assert server.wait_for_state("trouble", "unreachable")
    server.change(faults=[])
    assert server.wait_for_state("ready")


def test_a_fault_that_happens_once_is_not_set_again_by_the_next_look_at_the_server(server, start):
    server.settings |= {"transport": "virtual", "port": 0, "speed_mm_s": 0}
    server.change(faults=["reset_mid_job"])
    start()
    for number in ("A017", "A018"):
        server.queue(number)
    assert [state for _, state, _ in server.wait_for_results(2)] == ["unknown", "printed"]


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
    server.settings |= {"transport": "virtual", "port": 0, "speed_mm_s": 0}
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


def test_the_agent_as_a_program_stays_when_its_printer_is_missing(server, process):
    server.settings |= {"transport": "usblp", "device": "/dev/usb/lp77"}
    program = process()
    assert server.wait_for_state("trouble", "device_missing")
    program.send_signal(signal.SIGTERM)
    assert program.wait(timeout=5) == 0
