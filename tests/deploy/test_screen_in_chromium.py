"""start-screen with a real Chromium, from the waiting page to the wall (P-1, SEC-10, SEC-21)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.screen_machine import CHROMIUM, DEPLOY, needs_chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

AUTOPLAY = "--autoplay-policy=no-user-gesture-required"
# Only here, where tests run as root and without a screen; what is shipped never has them.
FOR_TESTS = "--headless=new --ozone-platform=headless --no-sandbox --disable-gpu --disable-sync"
WALL = """<script>
  const first = new AudioContext().state
  setTimeout(async () => {
    await fetch(`/audio/${first}/${new AudioContext().state}/${location.hash.slice(1)}`)
    location.assign("http://127.0.0.1:OTHER/elsewhere")
  }, 1000)
</script>"""


class House:
    """A server that notes what it is asked for; it can be switched on later."""

    def __init__(self, other: int = 9) -> None:
        self.asked: list[str] = []
        self._other = other
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(), False)
        self._server.server_bind()  # a port of our own that does not answer yet
        self.port = self._server.server_port

    def open(self) -> House:
        self._server.server_activate()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> bytes:
        self.asked.append(path)
        page = WALL.replace("OTHER", str(self._other))
        return page.encode() if path.startswith(("/wall", "/link")) else b""

    def _handler(house) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - two selves in one place
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = house.answer(self.path)
                self.send_response(503 if self.path == "/health" else 200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def elsewhere():
    house = House().open()
    yield house
    house.close()


@pytest.fixture
def house(elsewhere):
    house = House(elsewhere.port)
    yield house
    house.close()


class Wall:
    def __init__(self, screen, house):
        self.screen, self.house = screen, house
        screen.configure(URL=f"http://127.0.0.1:{house.port}/wall/hall")
        self._running: list[subprocess.Popen] = []
        self.browser(AUTOPLAY)

    def browser(self, allowed: str = "", before: str = "") -> None:
        """The real one without a screen; of the autoplay flags only the `allowed` one."""
        self.screen.fake(
            "chromium",
            f"""\
            for option; do
              shift
              case $option in --autoplay-policy=*) test "$option" = "{allowed}" || continue ;; esac
              set -- "$@" "$option"
            done
            exec {before} {CHROMIUM} "$@" {FOR_TESTS} 2>/dev/null
            """,
        )

    def switch_on(self) -> None:
        process = subprocess.Popen(
            [DEPLOY / "screen" / "start-screen"],
            env=self.screen.environment(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running.append(process)

    def switch_off(self) -> None:
        for process in self._running:
            os.killpg(process.pid, signal.SIGKILL)  # only what this test has started
            process.wait()

    def audio(self) -> tuple[str, str]:
        """The sound's state in the first moment, and of a second try a second later."""
        until(lambda: self._reports(), "the wall says how its sound is")
        _, _, first, later, _ = self._reports()[0].split("/")
        return first, later

    def _reports(self) -> list[str]:
        return [path for path in self.house.asked if path.startswith("/audio/")]


@pytest.fixture
def wall(screen, house):
    wall = Wall(screen, house)
    yield wall
    wall.switch_off()


def test_p1_with_the_shipped_flag_the_wall_may_sound_without_a_touch(wall, house):
    house.open()
    wall.switch_on()
    assert wall.audio() == ("running", "running")


def test_p1_without_the_flag_the_sound_is_blocked(wall, house):
    house.open()
    wall.browser()
    wall.switch_on()
    assert wall.audio() == ("suspended", "suspended")


def test_hw23_a_wall_that_was_on_before_its_server_finds_it(wall, house):
    wall.switch_on()
    until(lambda: wall.screen.heard("chromium"), "the browser runs")
    until(lambda: (wall.screen.profile / "Default").exists(), "the waiting page is shown")
    house.open()
    assert wall.audio() == ("running", "running")
    assert house.asked[:2] == ["/health", "/wall/hall"]


def test_sec10_the_code_reaches_the_page_but_no_server_and_no_command_line(wall, house):
    house.open()
    wall.screen.link.write_text("CODE-4711")
    wall.switch_on()
    wall.audio()
    assert "/link" in house.asked
    assert any(path.endswith("/CODE-4711") for path in house.asked)  # the page itself told us
    shown = command_lines()
    assert str(wall.screen.profile) in shown
    assert "CODE-4711" not in shown


def command_lines() -> str:
    """What everybody on the machine may read."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            found.append(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return "\n".join(found)


def test_hw4_a_wall_starts_with_the_lock_of_another_host_name(wall, house):
    house.open()
    wall.screen.profile.mkdir()
    (wall.screen.profile / "SingletonLock").symlink_to("another-host-4711")
    wall.switch_on()
    assert wall.audio() == ("running", "running")


def test_without_a_policy_a_page_can_lead_anywhere(wall, house, elsewhere):
    house.open()
    wall.switch_on()
    until(lambda: "/elsewhere" in elsewhere.asked, "the other server is asked")


def can_mount() -> bool:
    """Whether this machine lets us put a policy where only our own browser sees it."""
    try:
        tried = subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/etc/chromium"],
            capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return tried.returncode == 0


def test_sec21_the_shipped_policy_lets_the_wall_sound_and_leads_nowhere_else(
    wall, house, elsewhere, tmp_path
):
    if not can_mount():
        pytest.skip("no private mounts here; the policy would have to go into the real /etc")
    text = (DEPLOY / "screen" / "policies" / "queue-screen.json").read_text(encoding="utf-8")
    text = text.replace("@ORIGIN@", f"http://127.0.0.1:{house.port}")
    policy = tmp_path / "policy.json"
    policy.write_text(text.replace("/run/queue-screen", str(wall.screen.fleeting)), "utf-8")
    json.loads(policy.read_text(encoding="utf-8"))
    wall.browser(before=f"unshare -m sh {in_private(tmp_path, policy)}")
    house.open()
    wall.switch_on()
    # By the policy alone, the flag was taken away. Chromium tells a page of it a moment after it
    # has begun, so the first try may be too early: that is why the flag is shipped as well.
    assert wall.audio()[1] == "running"
    with pytest.raises(AssertionError, match="waited in vain"):
        until(lambda: elsewhere.asked, "the other server is asked", 3)


def in_private(tmp_path, policy):
    script = tmp_path / "with-policy"
    managed = "/etc/chromium/policies/managed"
    script.write_text(
        "mount -t tmpfs none /etc/chromium && "
        f'mkdir -p {managed} && cp {policy} {managed}/ && exec "$@"\n'
    )
    return script
