"""start-screen without a screen: what it tells the browser, the compositor and the sound."""

from __future__ import annotations

import signal
import stat

import pytest

from tests.deploy.screen_machine import until

CODE = "AbC-123_xyz"
PLAIN_COMMANDS = ["sh", "cat", "cut", "dirname", "grep", "mkdir", "readlink", "rm", "sed"]
PLAIN_COMMANDS += ["sha256sum", "sleep", "tr"]


# --- HW-4, HW-3, SEC-22: the browser ------------------------------------------------------------


@pytest.mark.parametrize("name", ["SingletonLock", "SingletonCookie", "SingletonSocket"])
def test_hw4_what_a_power_cut_left_under_another_host_name_is_removed(screen, name):
    screen.profile.mkdir()
    (screen.profile / name).symlink_to("another-host-4711")
    screen.fake("chromium", f'test -L "{screen.profile}/{name}" && echo "stale found" >>"$0.log"')
    screen.start()
    assert len(screen.heard("chromium")) == 1
    assert not (screen.bin / "chromium.log").exists()


def test_the_rest_of_the_profile_survives_a_restart(screen):
    screen.profile.mkdir()
    (screen.profile / "Cookies").write_text("paired")
    screen.start()
    assert (screen.profile / "Cookies").read_text() == "paired"


def test_sec22_the_browser_starts_in_kiosk_mode_with_sound_and_with_its_sandbox(screen):
    screen.start()
    (told,) = screen.heard("chromium")
    for flag in (
        "--kiosk",
        "--start-maximized",
        "--autoplay-policy=no-user-gesture-required",
        "--hide-crash-restore-bubble",
        "--noerrdialogs",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        f"--user-data-dir={screen.profile}",
        f"--disk-cache-dir={screen.fleeting}/cache",
    ):
        assert flag in told.split()
    assert "sandbox" not in told
    assert "session-crashed" not in told


def test_an_older_raspberry_pi_with_another_name_for_the_browser_works_too(screen):
    (screen.bin / "chromium").unlink()
    screen.fake("chromium-browser")
    screen.start(PATH=f"{screen.bin}:{plain_commands(screen)}")
    assert len(screen.heard("chromium-browser")) == 1


def test_a_machine_without_a_browser_says_so(screen):
    (screen.bin / "chromium").unlink()
    ended = screen.start(PATH=f"{screen.bin}:{plain_commands(screen)}")
    assert ended.returncode == 1
    assert "there is no Chromium" in ended.stderr


def plain_commands(screen):
    """A folder with the machine's ordinary commands, but without its real browser."""
    folder = screen.bin.parent / "plain"
    folder.mkdir()
    for name in PLAIN_COMMANDS:
        (folder / name).symlink_to(f"/usr/bin/{name}")
    return folder


def test_a_large_screen_can_be_scaled(screen):
    screen.configure(URL="http://queue:8080/wall/hall", SCALE="1.5")
    screen.start()
    assert "--force-device-scale-factor=1.5" in screen.heard("chromium")[0]


def test_hw8_a_profile_in_memory_writes_nothing_to_the_disk(screen):
    screen.configure(URL="http://queue:8080/wall/hall", PROFILE="ram")
    screen.start()
    assert f"--user-data-dir={screen.fleeting}/profile" in screen.heard("chromium")[0]
    assert not list(screen.kept.iterdir())


# --- SEC-10: the link ---------------------------------------------------------------------------


def test_sec10_the_link_is_opened_through_a_page_that_only_this_user_can_read(screen):
    screen.link.write_text(f"http://queue:8080/link#{CODE}\n")
    screen.start()
    assert f'"http://queue:8080/link#{CODE}"' in screen.waiting_page
    page = screen.fleeting / "start.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert screen.heard("chromium")[0].endswith(f"file://{page}")


def test_sec10_no_command_line_shows_the_link(screen):
    screen.link.write_text(CODE)
    for command in ("sed", "grep", "sha256sum", "cat", "tr", "cut"):
        screen.fake(command, f'exec /usr/bin/{command} "$@"')
    screen.start()
    assert CODE in screen.waiting_page
    assert CODE not in screen.told.read_text()


def test_a_one_time_link_is_opened_once_and_then_the_page_itself(screen):
    screen.link.write_text(CODE)
    screen.start()
    screen.start()
    assert '"http://queue:8080/wall/hall"' in screen.waiting_page
    assert CODE not in screen.waiting_page


def test_a_new_link_is_opened_again(screen):
    screen.link.write_text(CODE)
    screen.start()
    screen.link.write_text("another-one")
    screen.start()
    assert "/link#another-one" in screen.waiting_page


def test_a_profile_in_memory_opens_its_link_after_each_power_cut(screen):
    screen.configure(URL="http://queue:8080/wall/hall", PROFILE="ram")
    screen.link.write_text(CODE)
    screen.start()
    for left in (screen.fleeting / "profile").iterdir():
        left.unlink()
    screen.start()
    assert f"/link#{CODE}" in screen.waiting_page


def test_without_a_link_the_page_itself_is_opened(screen):
    screen.start()
    assert '"http://queue:8080/wall/hall"' in screen.waiting_page
    assert '"http://queue:8080/health"' in screen.waiting_page
    assert "@" not in screen.waiting_page


@pytest.mark.parametrize(
    "url",
    [
        "'javascript:alert(1)'",
        "'http://queue/\"+evil+\"'",
        "'http://queue/a b'",
        "'http://queue/&'",
        "'http://queue/wall\nhttp://other/'",
        "",
    ],
)
def test_an_address_that_could_break_the_page_is_refused(screen, url):
    screen.configure(URL=url)
    ended = screen.start()
    assert ended.returncode == 1
    assert "cannot be used" in ended.stderr
    assert not screen.heard("chromium")


def test_a_link_file_with_something_else_in_it_is_refused(screen):
    screen.link.write_text('"; alert(1) //')
    ended = screen.start()
    assert ended.returncode == 1
    assert "has no link in it" in ended.stderr
    assert not screen.heard("chromium")


# --- HW-1, HW-5: compositor and monitor ---------------------------------------------------------


def test_hw1_the_browser_runs_in_a_compositor_that_lets_nobody_switch_the_terminal(screen):
    screen.fake("cage")
    screen.start(WAYLAND_DISPLAY="")
    told = screen.heard("cage")[-1]
    assert told.startswith("-d -- ")
    assert told.endswith("/start-screen")
    assert not screen.heard("chromium")


@pytest.mark.parametrize(
    ("rotate", "options"),
    [("normal", "-d"), ("90", "-d -r"), ("180", "-d -r -r"), ("270", "-d -r -r -r")],
)
def test_an_older_compositor_turns_the_screen_itself(screen, rotate, options):
    screen.configure(URL="http://queue:8080/wall/hall", ROTATE=rotate)
    screen.fake("cage", 'if test "$1" = -h; then printf " -r\\t Rotate\\n"; fi')
    screen.start(WAYLAND_DISPLAY="")
    assert screen.heard("cage")[-1].startswith(f"{options} -- ")


def test_a_newer_compositor_is_asked_to_turn_each_output(screen):
    screen.configure(URL="http://queue:8080/wall/hall", ROTATE="270")
    screen.fake("wlr-randr", "test $# -gt 0 || printf 'HDMI-A-1 \"LG\"\\n  Enabled: yes\\n'")
    screen.start()
    assert "--output HDMI-A-1 --transform 270" in screen.heard("wlr-randr")


def test_hw5_a_monitor_that_comes_back_starts_the_browser_anew(screen):
    screen.plug("HDMI-A-1")
    screen.fake("chromium", "exec sleep 60")
    process = screen.launch()
    until(lambda: screen.heard("chromium"), "the browser runs")
    screen.plug("HDMI-A-1", "disconnected")
    with pytest.raises(TimeoutError):
        wait_shortly(process)
    screen.plug("HDMI-A-1")
    _, errors = process.communicate(timeout=20)
    assert "the monitor has changed" in errors


def wait_shortly(process):
    """As long as the monitor is off a restart would help nobody."""
    from subprocess import TimeoutExpired

    try:
        process.wait(timeout=0.5)
    except TimeoutExpired as error:
        raise TimeoutError from error


# --- HW-18: sound -------------------------------------------------------------------------------


def test_hw18_each_start_unmutes_and_sets_the_loudness_with_pipewire(screen):
    screen.configure(
        URL="http://queue:8080/wall/hall", VOLUME="80", SOUND_DEVICE="alsa_output.hdmi"
    )
    screen.fake("pactl")
    screen.start()
    told = screen.heard("pactl")
    assert "set-default-sink alsa_output.hdmi" in told
    assert "set-sink-mute @DEFAULT_SINK@ 0" in told
    assert "set-sink-volume @DEFAULT_SINK@ 80%" in told
    assert "alsa-output-device" not in screen.heard("chromium")[0]


def test_hw18_without_pipewire_alsa_is_unmuted_and_the_browser_told_the_device(screen):
    screen.configure(URL="http://queue:8080/wall/hall", SOUND_DEVICE="plughw:CARD=HDMI,DEV=0")
    screen.fake("amixer")
    screen.fake("pactl", "exit 1")
    screen.start()
    assert "-q sset Master 100% unmute" in screen.heard("amixer")


def test_hw18_a_machine_whose_mixer_fails_shows_the_page_all_the_same(screen):
    screen.fake("pactl", 'test "$1" = info')
    ended = screen.start()
    assert len(screen.heard("chromium")) == 1
    assert "the sound stays muted" in ended.stderr


# --- Restarts -----------------------------------------------------------------------------------


def test_when_the_browser_ends_everything_ends_so_that_systemd_starts_it_anew(screen):
    screen.fake("chromium", "exit 7")
    assert screen.start().returncode == 7


def test_stopping_the_service_lets_the_browser_write_its_profile_first(screen):
    wrote, runs = screen.kept / "wrote", screen.kept / "runs"
    screen.fake(
        "chromium",
        f"""\
        trap 'echo >"{wrote}"; exit 0' TERM
        echo >"{runs}"
        while :; do sleep 0.1; done
        """,
    )
    process = screen.launch()
    until(runs.exists, "the browser runs")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert wrote.exists()
