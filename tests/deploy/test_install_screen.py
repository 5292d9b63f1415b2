"""One command makes a machine a wall. All lands below DESTDIR; the system's commands are fakes."""

from __future__ import annotations

import json
import stat
import subprocess

import pytest

from tests.deploy.screen_machine import DEPLOY

URL = "http://queue:8080/wall/hall"
FILES = {
    "usr/local/lib/queue-screen/start-screen",
    "usr/local/lib/queue-screen/waiting.html",
    "etc/systemd/system/queue-screen.service",
    "etc/systemd/system.conf.d/queue-screen-watchdog.conf",
    "etc/chromium/policies/managed/queue-screen.json",
    "etc/queue-screen.conf",
}


class Machine:
    def __init__(self, screen, root):
        self.screen, self.root = screen, root
        for command in ("apt-get", "systemctl", "useradd", "usermod"):
            screen.fake(command)
        screen.fake("dpkg-query", "exit 1")
        screen.fake("id", "exit 1")

    def install(self, *options, typed=""):
        return subprocess.run(
            [DEPLOY / "screen" / "install", *options],
            env={"PATH": f"{self.screen.bin}:/usr/bin:/bin", "DESTDIR": str(self.root)},
            input=typed, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def files(self):
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.root)): path.read_text(encoding="utf-8") for path in found
        }


@pytest.fixture
def machine(screen, tmp_path):
    root = tmp_path / "machine"
    root.mkdir()
    return Machine(screen, root)


def test_one_command_puts_everything_in_its_place(machine):
    done = machine.install("--url", URL, "--rotate", "90")
    assert done.returncode == 0, done.stderr
    assert set(machine.files()) == FILES
    assert f"\nURL={URL}\n" in machine.files()["etc/queue-screen.conf"]
    assert "\nROTATE=90\n" in machine.files()["etc/queue-screen.conf"]
    assert "enable queue-screen.service" in machine.screen.heard("systemctl")


def test_p1_the_policy_names_this_server_and_no_other(machine):
    machine.install("--url", URL)
    policy = json.loads(machine.files()["etc/chromium/policies/managed/queue-screen.json"])
    assert policy["AutoplayAllowlist"] == ["http://queue:8080"]
    assert policy["URLAllowlist"][0] == "http://queue:8080"
    assert "@" not in json.dumps(policy)


def test_a_second_run_changes_nothing_and_needs_no_network(machine):
    machine.install("--url", URL)
    before = machine.files()
    machine.screen.fake("dpkg-query", 'echo "install ok installed"')
    machine.screen.fake("id")
    machine.screen.told.unlink()
    assert machine.install().returncode == 0
    assert machine.files() == before
    assert not machine.screen.heard("apt-get")
    assert not machine.screen.heard("useradd")


def test_a_new_address_keeps_what_the_administrator_has_set(machine):
    machine.install("--url", URL)
    config = machine.root / "etc/queue-screen.conf"
    config.write_text(config.read_text().replace("VOLUME=100", "VOLUME=60"))
    machine.install("--url", "http://other:8080/wall/door", "--ram-profile")
    text = config.read_text()
    assert "VOLUME=60" in text
    assert "PROFILE=ram" in text
    assert "URL=http://other:8080/wall/door" in text
    assert (
        "http://queue:8080"
        not in machine.files()["etc/chromium/policies/managed/queue-screen.json"]
    )


def test_without_an_address_it_asks(machine):
    assert machine.install(typed=f"{URL}\n").returncode == 0
    assert f"\nURL={URL}\n" in machine.files()["etc/queue-screen.conf"]


@pytest.mark.parametrize("url", ["queue", "http://queue:8080", "http://queue/wall/|", "ftp://q/w"])
def test_an_address_that_is_none_changes_nothing(machine, url):
    refused = machine.install("--url", url)
    assert refused.returncode == 2
    assert "no address of a screen" in refused.stderr
    assert not machine.files()


def test_sec10_the_link_is_read_from_a_file_and_kept_from_others(machine):
    done = machine.install("--url", URL, "--link-file", "-", typed="http://queue:8080/link#CODE\n")
    assert done.returncode == 0, done.stderr
    link = machine.root / "etc/queue-screen.link"
    assert link.read_text() == "http://queue:8080/link#CODE\n"
    assert stat.S_IMODE(link.stat().st_mode) == 0o640
    assert "CODE" not in machine.screen.told.read_text()


def test_a_dry_run_tells_everything_and_does_nothing(machine):
    told = machine.install("--url", URL, "--dry-run")
    assert told.returncode == 0, told.stderr
    for name in FILES:
        assert name in told.stdout
    assert "would run: systemctl enable queue-screen.service" in told.stdout
    assert not machine.files()
    assert not machine.screen.heard("systemctl")
    assert not machine.screen.heard("apt-get")


def test_uninstalling_leaves_nothing_of_it(machine):
    machine.install("--url", URL, "--link-file", "-", typed="CODE\n")
    assert machine.install("--uninstall").returncode == 0
    assert not machine.files()
    assert "disable --now queue-screen.service" in machine.screen.heard("systemctl")


def test_an_unknown_option_changes_nothing(machine):
    assert machine.install("--frobnicate").returncode == 2
    assert not machine.files()
