"""What deploy/ says is true of the Chromium, the systemd and the shell that are here."""

from __future__ import annotations

import configparser
import json
import math
import mmap
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.screen_machine import CHROMIUM, DEPLOY

SCRIPTS = [DEPLOY / "screen" / "start-screen", DEPLOY / "screen" / "install"]
UNITS = sorted(DEPLOY.rglob("*.service"))
POLICY = DEPLOY / "screen" / "policies" / "queue-screen.json"
START = (DEPLOY / "screen" / "start-screen").read_text(encoding="utf-8")
FLAGS = sorted(
    set(re.findall(r"(?<![\w-])--([a-z][a-z-]+)", START.partition("start_browser() {")[2]))
)
NAMES = sorted(json.loads(POLICY.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def program():
    """The bytes of the browser itself; /usr/bin/chromium is only a script around it."""
    places = [Path("/usr/lib/chromium/chromium"), Path(CHROMIUM)]
    large = [path for path in places if path.exists() and path.stat().st_size > 50_000_000]
    if not large:
        pytest.skip("no Chromium program is installed here")
    with large[0].open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def knows(program: mmap.mmap, word: str) -> bool:
    return program.find(b"\0" + word.encode() + b"\0") >= 0


# --- Chromium ---------------------------------------------------------------------------------


def test_the_flags_are_found_in_the_script():
    assert {"kiosk", "autoplay-policy", "user-data-dir"} <= set(FLAGS)


@pytest.mark.parametrize("flag", FLAGS)
def test_p1_every_flag_exists_in_todays_chromium(program, flag):
    if flag == "no-sandbox":
        pytest.skip("named only to forbid it")
    assert knows(program, flag)


def test_the_check_for_flags_would_find_one_that_is_gone(program):
    assert not knows(program, "disable-session-crashed-bubble")


@pytest.mark.parametrize("name", NAMES)
def test_sec21_every_policy_exists_in_todays_chromium(program, name):
    assert knows(program, name)


def test_sec22_the_sandbox_is_never_switched_off():
    for path in DEPLOY.rglob("*"):
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
            assert "no-sandbox" not in line or "Never" in line, f"{path.name}: {line}"


def test_sec21_the_policy_locks_what_a_visitor_could_open():
    policy = json.loads(POLICY.read_text(encoding="utf-8"))
    assert policy["URLBlocklist"] == ["*"]
    assert policy["URLAllowlist"] == ["@ORIGIN@", "file:///run/queue-screen/start.html"]
    assert policy["AutoplayAllowlist"] == ["@ORIGIN@"]
    assert policy["DeveloperToolsAvailability"] == 2
    assert policy["DownloadRestrictions"] == 3
    for off in ("PrintingEnabled", "AllowFileSelectionDialogs", "TranslateEnabled"):
        assert policy[off] is False


# --- systemd ----------------------------------------------------------------------------------


def unit(name: str) -> configparser.SectionProxy:
    """[Service] of a unit; of keys that may stand twice, the last one."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser["Service"]


def test_sec20_the_server_runs_as_its_own_user_in_a_closed_room():
    service = unit("server/queue-server.service")
    assert service["User"] == "queue-server"
    assert service["ProtectSystem"] == "strict"
    assert service["UMask"] == "0077"
    for on in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices"):
        assert service[on] == "yes"


def test_sec15_one_time_links_go_into_no_journal():
    assert ">/run/queue-server/links" in unit("server/queue-server.service")["ExecStart"]


def test_the_server_reads_its_configuration_anew_without_a_restart():
    assert unit("server/queue-server.service")["ExecReload"] == "/bin/kill -HUP $MAINPID"


def test_a_printers_token_stands_on_no_command_line():
    assert "TOKEN" not in unit("printer/queue-printer@.service")["ExecStart"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_hw23_every_unit_tries_for_ever_and_without_a_network(path):
    text = path.read_text(encoding="utf-8")
    assert "\nRestart=always\n" in text
    assert "\nStartLimitIntervalSec=0\n" in text
    assert not re.search(r"^(After|Wants|Requires)=.*network-online", text, re.MULTILINE)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_hw19_every_unit_has_a_limit_of_memory(path):
    assert "\nMemoryMax=" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_every_unit(path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    # Not installed here, so the program it starts is missing; that is all it may complain of.
    complaints = [line for line in checked.stderr.splitlines() if path.stem[:12] in line]
    assert [line for line in complaints if "is not executable" not in line] == []


# --- The shell --------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_sound_posix_shell(script):
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing_in_a_script(script):
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    subprocess.run(["shellcheck", script], check=True)


# --- The guide --------------------------------------------------------------------------------


def test_ad12_the_table_of_screens_follows_the_formula():
    """0.7 degrees for a capital (0.714 em in Noto Sans) at 20 or 12 % of the short side."""
    guide = (DEPLOY.parent / "docs" / "deploy.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| (\d+)″ \| ([\d.]+) cm \| ([\d.]+) m \| ([\d.]+) m \|", guide)
    assert len(rows) == 8
    for diagonal, *told in rows:
        side = float(diagonal) * 2.54 * 9 / math.hypot(16, 9)
        seats = [s * 0.714 * side / 100 / math.tan(math.radians(0.7)) for s in (0.20, 0.12)]
        assert told == [f"{number:.1f}" for number in (side, *seats)]


def test_the_guide_has_every_failure_of_the_catalogue():
    guide = (DEPLOY.parent / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| HW-(\d+) \|", guide, re.MULTILINE) == [str(n) for n in range(1, 25)]
