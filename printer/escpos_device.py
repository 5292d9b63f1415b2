"""What happens inside an ESC/POS printer: memory, sensors, paper. No sockets, no files.

Behaves like the real thing where it hurts: it executes nothing while offline, keeps its memory over
a lost connection and prints it when the paper is back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PIL import Image, ImageChops

from .escpos_commands import LONGEST_REAL_TIME, REAL_TIME, Command, first_command, raster_size
from .sensors import OFFLINE, asb_report, paper_position, real_time_status

FAULTS = OFFLINE | {
    "paper_low",
    "silent",  # prints, but never says a word
    "stalled",  # takes a connection and reads nothing from it
    "no_proof",  # answers status requests, but confirms no job
    "no_buffer_clear",  # does not know the command that empties its memory
    "refuse",  # nobody listens at the port
    "reset_mid_job",
    "power_cycle_mid_job",
    "paper_out_mid_job",
    "cover_open_mid_job",
    "paper_out_before_cut",  # the whole job is in memory already
    "reset_before_proof",
}
MID_JOB = {"paper_out_mid_job": "paper_out", "cover_open_mid_job": "cover_open"}
LINE_DOTS = 30


class ConnectionCut(Exception):
    """A fault took the connection away in the middle of a job."""


class EscposDevice:
    """`on_sheet` gets each cut sheet as a 1-bit picture, `on_answer` the bytes it says."""

    def __init__(
        self, on_sheet: Callable[[Image.Image], None], on_answer: Callable[[bytes], None]
    ) -> None:
        self._on_sheet = on_sheet
        self._on_answer = on_answer
        self._lock = threading.RLock()  # faults come from another thread than bytes
        # Replaced, never changed: the listening thread reads it without the lock.
        self._faults: frozenset[str] = frozenset()
        self._memory = bytearray()
        self._recent = b""
        self._strips: list[Image.Image] = []
        self._reports = False
        self.unknown_commands: list[bytes] = []

    @property
    def faults(self) -> frozenset[str]:
        return self._faults

    def set_fault(self, name: str) -> None:
        """Something breaks. Raises ValueError for a name that is not in FAULTS."""
        if name not in FAULTS:
            raise ValueError(f"there is no fault {name}; known: {', '.join(sorted(FAULTS))}")
        with self._lock:
            self._faults |= {name}
            self._report()

    def clear_fault(self, name: str) -> None:
        """It is mended, and what is still in memory is printed."""
        with self._lock:
            self._faults -= {name}
            self._report()
            self._work()

    def receive(self, content: bytes) -> None:
        """Bytes from the line. Raises ConnectionCut when a fault takes the line away."""
        with self._lock:
            start = 0
            for end, command in self._real_time_commands(content):
                self._memory += content[start:end]
                self._work()
                self._obey(command)
                start = end
            self._memory += content[start:]
            self._work()

    def _real_time_commands(self, content: bytes) -> list[tuple[int, bytes]]:
        # Recognised wherever they stand, in the middle of a picture and across two packets.
        before = len(self._recent)
        stream = self._recent + content
        found = [match for match in REAL_TIME.finditer(stream) if match.end() > before]
        keep_from = max(found[-1].end() if found else 0, len(stream) - LONGEST_REAL_TIME + 1)
        self._recent = stream[keep_from:]
        return [(match.end() - before, match.group()) for match in found]

    def _obey(self, command: bytes) -> None:
        if command[:2] == b"\x10\x04":
            self._say(real_time_status(command[2], self._faults))
        elif command[:2] == b"\x10\x14" and "no_buffer_clear" not in self._faults:
            self._forget()
            self._say(b"\x37\x25\x00")

    def _work(self) -> None:
        while not self._faults & OFFLINE:
            zeros = len(self._memory) - len(self._memory.lstrip(b"\x00"))
            del self._memory[:zeros]
            found = first_command(bytes(self._memory))
            if found is None:
                return
            command, length = found
            del self._memory[:length]
            self._execute(command)

    def _execute(self, command: Command) -> None:
        action = ACTIONS.get(command.name)
        if not command.known:
            self.unknown_commands.append(command.name)
        elif action is not None:
            action(self, command.content)

    def _reset(self, _content: bytes) -> None:
        self._reports = False

    def _switch_reports(self, content: bytes) -> None:
        self._reports = content != b"\x00"
        self._report()

    def _tell_position(self, content: bytes) -> None:
        self._prove(paper_position(self._faults) if content in (b"\x01", b"1") else b"\x00")

    def _answer_block(self, content: bytes) -> None:
        if content[1:5] == b"\x06\x0000":  # GS ( H, function 48
            self._prove(b"\x37\x22" + content[5:9] + b"\x00")
        else:
            self.unknown_commands.append(b"\x1d(" + content[:1])

    def _tell_name(self, _content: bytes) -> None:
        self._say(b"_VIRTUAL\x00")

    def _print_picture(self, content: bytes) -> None:
        width_bytes, rows = raster_size(content)
        if not width_bytes or not rows:
            return
        dots = Image.frombytes("1", (width_bytes * 8, rows), content[6:])
        self._strips.append(ImageChops.invert(dots))
        self._break_mid_job()

    def _feed(self, rows: int) -> None:
        if rows and self._strips:
            self._strips.append(Image.new("1", (self._strips[0].width, rows), 1))

    def _cut(self, content: bytes) -> None:
        if "paper_out_before_cut" in self._faults:
            self._memory[:0] = b"\x1dV" + content
            self._faults -= {"paper_out_before_cut"}
            self.set_fault("paper_out")
            return
        strips, self._strips = self._strips, []
        if strips:
            self._on_sheet(_joined(strips))

    def _break_mid_job(self) -> None:
        for name in self._faults & MID_JOB.keys():
            self._faults -= {name}
            self.set_fault(MID_JOB[name])
        if "power_cycle_mid_job" in self._faults:
            self._forget()
            self._reports = False
            self._cut_line("power_cycle_mid_job")
        self._cut_line("reset_mid_job")

    def _prove(self, answer: bytes) -> None:
        self._cut_line("reset_before_proof")
        if "no_proof" not in self._faults:
            self._say(answer)

    def _cut_line(self, fault: str) -> None:
        if fault in self._faults:
            self._faults -= {fault}  # happens once
            raise ConnectionCut(fault)

    def _forget(self) -> None:
        # The half-printed sheet is gone too: somebody tears it off.
        self._memory.clear()
        self._strips.clear()

    def _report(self) -> None:
        if self._reports:
            self._say(asb_report(self._faults))

    def _say(self, answer: bytes) -> None:
        if answer and "silent" not in self._faults:
            self._on_answer(answer)


ACTIONS: dict[bytes, Callable[[EscposDevice, bytes], None]] = {
    b"\n": lambda device, _content: device._feed(LINE_DOTS),
    b"\x1b@": EscposDevice._reset,
    b"\x1bJ": lambda device, content: device._feed(content[0]),
    b"\x1bd": lambda device, content: device._feed(content[0] * LINE_DOTS),
    b"\x1da": EscposDevice._switch_reports,
    b"\x1dr": EscposDevice._tell_position,
    b"\x1dI": EscposDevice._tell_name,
    b"\x1d(": EscposDevice._answer_block,
    b"\x1dv": EscposDevice._print_picture,
    b"\x1dV": EscposDevice._cut,
}


def _joined(strips: list[Image.Image]) -> Image.Image:
    width = max(strip.width for strip in strips)
    sheet = Image.new("1", (width, sum(strip.height for strip in strips)), 1)
    y = 0
    for strip in strips:
        sheet.paste(strip, (0, y))
        y += strip.height
    return sheet
