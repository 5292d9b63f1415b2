"""The shipped stand-in behaves like paper hardware, byte by byte."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from printer.escpos_device import FAULTS, EscposDevice
from printer.outcome import printed
from printer.paper_tray import PaperTray
from printer.virtual_printer import VirtualPrinter

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ask(device: VirtualPrinter) -> Iterator[Callable[[str, int], str]]:
    """Sends hex, returns so many bytes of the answer as hex."""
    with socket.create_connection(("127.0.0.1", device.port), timeout=2) as line:

        def exchange(question: str, length: int) -> str:
            line.sendall(bytes.fromhex(question))
            answer = b""
            while len(answer) < length:
                answer += line.recv(length - len(answer))
            return answer.hex()

        yield exchange


def bare_device(**settings: Any) -> tuple[EscposDevice, list[Image.Image]]:
    """A device without a connection, and its sheets."""
    sheets: list[Image.Image] = []
    return EscposDevice(sheets.append, lambda answer: None, **settings), sheets


STATES = [
    (None, "16 12 12 12", "1400000f"),
    ("paper_low", "16 12 12 1e", "1400030f"),
    ("paper_out", "1e 32 12 7e", "1c000f0f"),
    ("cover_open", "1e 16 12 12", "3c00000f"),
    ("cutter_error", "1e 52 1a 12", "1c08000f"),
]


@pytest.mark.parametrize(("fault", "real_time", "report"), STATES)
def test_status_bytes_are_those_of_the_manuals(device, ask, fault, real_time, report):
    assert ask("1d61ff", 4) == "1400000f"
    if fault:
        device.set_fault(fault)
        assert ask("", 4) == report, "it tells a change by itself"
    for question, answer in enumerate(real_time.split(), start=1):
        assert ask(f"1004{question:02x}", 1) == answer


def test_position_process_and_name_are_answered_in_order(ask):
    assert ask("1d7201 1d2848060030303030 3441 1d4942".replace(" ", ""), 17) == (
        "00" + "372230303441" + "00" + "5f5649525455414c00"
    )


def test_a_status_request_split_over_two_packets_is_answered(ask):
    ask("10 04".replace(" ", ""), 0)
    assert ask("02", 1) == "12"


def test_a_status_request_inside_a_picture_is_answered_at_once(ask):
    assert ask("1d763000 0100 0a00 ff 100402".replace(" ", ""), 1) == "12"


def test_unknown_commands_are_collected_and_do_no_harm():
    device, sheets = bare_device()
    device.receive(
        b"\x1b\xf0\x1dZ\x1d(z\x03\x00abc\x01\x1dv0\x00\x01\x00\x02\x00\xff\x00\x1dVB\x00"
    )
    assert device.unknown_commands == [b"\x1b\xf0", b"\x1dZ", b"\x1d(z", b"\x01"]
    assert [sheet.size for sheet in sheets] == [(8, 2)]


def test_an_unknown_fault_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="paper_out"):
        VirtualPrinter(faults=["paper_on_fire"])


def test_every_fault_can_be_set_and_mended(device, sender, job):
    for fault in sorted(FAULTS):
        device.set_fault(fault)
        device.clear_fault(fault)
    assert sender().print_job(job, 1) == printed()


def test_the_newest_sheets_are_kept_as_pictures(tmp_path: Path):
    (tmp_path / "left_over.part").write_bytes(b"half a picture")
    tray = PaperTray(tmp_path, kept=3)
    for width in range(1, 6):
        tray.add(Image.new("1", (width, 1)))
    files = sorted(tmp_path.iterdir())
    assert all(file.suffix == ".png" for file in files)
    widths = []
    for file in files:
        with Image.open(file) as sheet:
            widths.append(sheet.width)
    assert widths == [3, 4, 5]


def test_the_command_line_printer_saves_paper_and_stops_when_asked(tmp_path: Path, sender, job):
    command = [sys.executable, "-m", "printer", "virtual", "--port", "0", "--paper", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        assert sender(port=port).print_job(job, 1) == printed()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    assert len(list(tmp_path.glob("*.png"))) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["agent"],
        ["virtual", "--port", "x"],
        ["virtual", "--fault", "fire"],
        ["fax"],
        ["agent", "--server", "http://127.0.0.1:1", "--printer", "entrance"],
        ["virtual", "--port", "70000"],
    ],
)
def test_bad_use_ends_with_2_and_one_sentence(arguments):
    environment = {name: text for name, text in os.environ.items() if "QUEUE" not in name}
    ended = subprocess.run(
        [sys.executable, "-m", "printer", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment,
        timeout=10,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1
