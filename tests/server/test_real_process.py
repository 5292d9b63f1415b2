"""The real server as a process under eventlet: races, kills, clean stops, and what it says when it
cannot start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import socketio

from tests.conftest import OFFICE, eventually, new_request
from tests.office_process import Server

pytestmark = pytest.mark.slow


@pytest.fixture(params=["eventlet", "threading"])
def server(request, tmp_path):
    server = Server(tmp_path, request.param).start()
    yield server
    server.kill()


@pytest.fixture
def eventlet_server(tmp_path):
    server = Server(tmp_path).start()
    yield server
    server.kill()


def test_the_server_says_where_it_is_and_stops_cleanly(server):
    assert server.send("", "GET", "/health") == (
        200,
        {"status": "ok", "parts": {"database": "ok", "server": "ok", "day": "ok", "sound": "ok"}},
    )
    assert {"first administrator", "kiosk entrance", "wall display hall", "counter 1"} <= set(
        server.links
    )
    assert server.stop() == 0


def test_a_stop_in_the_middle_of_watching_pages_is_clean(server):
    page = socketio.Client(reconnection=False)
    page.connect(server.url, auth={"token": server.token("display")})
    assert page.call("watch", "wall:hall")["calls"] == []
    assert server.stop() == 0
    page.disconnect()


@pytest.mark.parametrize("mode", ["eventlet", "threading"])
def test_a_stop_does_not_wait_for_a_print_agent_that_waits_for_work(tmp_path, mode):
    sample = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
    server = Server(tmp_path, office=sample.replace('"eventlet"', f'"{mode}"')).start()
    try:
        kiosk, reception = server.token("kiosk"), server.token("reception")
        wish = {"service": "documents", "kiosk": "entrance", "request_id": new_request()}
        ticket = server.send(kiosk, "POST", "/tickets", wish)[1]
        path = f"/tickets/{ticket['id']}"
        # Once the ticket is printed, the agent asks for the next one and waits.
        eventually(lambda: server.send(reception, "GET", path)[1]["print"] == "printed", 20)
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10
    finally:
        server.kill()


def test_32_clerks_at_once_get_32_different_clients_in_every_round(eventlet_server):
    """zms 5-17, peers 11-1"""
    rounds = int(os.environ.get("CALL_ROUNDS", "10"))
    office = eventlet_server
    counters = "".join(
        f'[[counter]]\nkey = "c{n}"\nlabel = {{ de = "Platz {n}" }}\nservices = ["documents"]\n'
        for n in range(32)
    )
    office.kill()
    office.config.write_text(office.config.read_text() + counters)
    office.start()
    kiosk, clerk = office.token("kiosk"), office.token("counter")
    with ThreadPoolExecutor(32) as room:
        for _ in range(rounds):
            _play_round(office, room, kiosk, clerk)


def _play_round(office: Server, room: ThreadPoolExecutor, kiosk: str, clerk: str) -> None:
    wish = {"service": "documents"}
    list(
        room.map(
            lambda _: office.send(kiosk, "POST", "/tickets", {**wish, "request_id": new_request()}),
            range(40),
        )
    )
    answers = list(
        room.map(lambda n: office.send(clerk, "POST", f"/counters/c{n}/call-next"), range(32))
    )
    assert {status for status, _ in answers} == {200}
    called = [ticket["id"] for _, ticket in answers]
    assert len(set(called)) == 32
    for ticket_id in called:
        _serve(office, clerk, ticket_id)
    for _ in range(8):
        _, ticket = office.send(clerk, "POST", "/counters/c0/call-next")
        _serve(office, clerk, ticket["id"])


def _serve(office: Server, clerk: str, ticket_id: int) -> None:
    for verb in ("start", "finish"):
        assert office.send(clerk, "POST", f"/tickets/{ticket_id}/{verb}")[0] == 200


def test_four_kiosks_with_250_clients_each_give_1000_different_numbers(server):
    """zms 5-5, peers 11-2, peers 11-24: nobody is sent away"""
    kiosk = server.token("kiosk")
    requests = [new_request() for _ in range(1000)]

    def take(request_id: str):
        wish = {"service": "documents", "request_id": request_id}
        return server.send(kiosk, "POST", "/tickets", wish)

    with ThreadPoolExecutor(4) as room:
        first = list(room.map(take, requests))
        again = list(room.map(take, requests[:100]))
    assert {status for status, _ in first} == {201}
    assert len({ticket["number"] for _, ticket in first}) == 1000
    assert {status for status, _ in again} == {200}
    assert [t["id"] for _, t in again] == [t["id"] for _, t in first[:100]]


def test_a_wall_converges_after_a_kill_and_hears_no_old_call(eventlet_server):
    """peers 11-10, peers 11-22"""
    office = eventlet_server
    kiosk, clerk, wall = office.token("kiosk"), office.token("counter"), office.token("display")
    office.send(kiosk, "POST", "/tickets", {"service": "documents", "request_id": new_request()})
    office.send(clerk, "POST", "/counters/1/call-next")
    port = office.port
    office.kill()
    office.start(port)
    page, rung = socketio.Client(reconnection=False), []
    page.on("announce", rung.append)
    page.connect(office.url, auth={"token": wall})
    board = page.call("watch", "wall:hall")
    assert [call["number"] for call in board["calls"]] == ["A0001"]
    assert rung == []
    page.disconnect()


def refused(command: list[str], code: int) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip()


@pytest.mark.parametrize("login", [True, False])
def test_somebody_who_sends_a_megabyte_reads_the_whole_sentence(server, login):
    token = server.token("kiosk") if login else ""
    status, said = server.send(token, "POST", "/tickets", {"service": "x" * 1_000_000})
    assert (status, said["error"]) == (413, "too_large")
    assert server.send(token, "GET", "/health")[0] == 200


def test_a_port_that_is_taken_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(Server(tmp_path).command("run", "--port", port), 1)
    assert said == f"127.0.0.1:{port} cannot be used (Address already in use)"


def test_a_second_server_on_the_same_folder_is_refused(eventlet_server):
    assert "running on this folder already" in refused(
        eventlet_server.command("run", "--port", "0"), 1
    )


def test_a_damaged_database_is_one_sentence(tmp_path):
    server = Server(tmp_path)
    server.data.mkdir()
    (server.data / "queue.db").write_bytes(b"no database" * 1000)
    said = refused(server.command("run", "--port", "0"), 1)
    assert "the database cannot be used" in said
    assert len(said.splitlines()) == 1


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    server = Server(tmp_path)
    server.data.write_text("a file where the folder should be")
    assert "cannot be written" in refused(server.command("run", "--port", "0"), 1)


def test_a_broken_configuration_starts_nothing_and_lists_everything(tmp_path):
    """peers 11-4"""
    server = Server(tmp_path, office=OFFICE.replace("prefix", "prefx").replace('"1"', '"2"', 1))
    for command in ("check", "run"):
        said = refused(server.command(command), 2)
        assert 'did you mean "prefix"?' in said
        assert "counter[2].key" in said
    assert not server.data.exists()


def test_tokens_are_made_listed_and_revoked_while_the_server_runs(eventlet_server):
    office = eventlet_server
    token = office.token("counter", "--counter", "1")
    assert office.send(token, "GET", "/queue")[0] == 200
    listed = subprocess.run(office.command("token", "list"), capture_output=True, text=True)
    row = next(line for line in listed.stdout.splitlines() if "counter\t1" in line)
    assert token not in listed.stdout
    subprocess.run(office.command("token", "revoke", row.split("\t")[0]), check=True)
    assert office.send(token, "GET", "/queue")[0] == 401


def test_a_token_for_a_counter_that_does_not_exist_is_refused(tmp_path):
    said = refused(
        Server(tmp_path).command("token", "create", "--role", "counter", "--counter", "x"), 2
    )
    assert said == 'there is no counter "x"'


def test_a_backup_of_a_running_server_is_a_whole_office(eventlet_server, tmp_path):
    office = eventlet_server
    kiosk = office.token("kiosk")
    office.send(kiosk, "POST", "/tickets", {"service": "documents", "request_id": new_request()})
    copy = Server(tmp_path / "copy") if (tmp_path / "copy").mkdir() is None else None
    copy.data.mkdir()
    subprocess.run(office.command("backup", str(copy.data / "queue.db")), check=True)
    office.kill()
    copy.start()
    assert copy.send(copy.token("reception"), "GET", "/queue")[1]["waiting"][0]["number"] == "A0001"
    copy.kill()


def test_staff_passwords_are_long_enough(tmp_path):
    server = Server(tmp_path)
    command = server.command("user", "add", "anna", "--role", "counter", "--password-stdin")
    short = subprocess.run(command, input="short\n", capture_output=True, text=True)
    assert (short.returncode, short.stderr.count("\n")) == (2, 1)
    good = subprocess.run(command, input="long enough password\n", capture_output=True, text=True)
    assert (good.returncode, good.stdout) == (0, "")


def test_with_the_folders_of_the_readme_sounds_and_paper_are_served(tmp_path):
    """`make run` names no folder: ./config.toml and ./data, seen from where it was started."""
    server = Server(tmp_path)
    server.command = lambda *more: [sys.executable, "-m", "queue_server", *more]
    server.cwd = tmp_path
    server.start()
    try:
        index = tmp_path / "data" / "voices" / "voices.json"
        eventually(index.is_file, seconds=30)
        gong = next(tmp_path.glob("data/voices/gongs-*/two-tone.wav"))
        path = gong.relative_to(tmp_path / "data" / "voices")
        eventually(lambda: _status(f"{server.url}/sounds/{path}") == 200, seconds=10)
    finally:
        server.kill()


def _status(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
