"""What happens inside an ESC/POS printer: memory, sensors, paper. No sockets, no files, no waiting.

Behaves like the real thing where it hurts: it executes nothing while offline or while the paper is
still moving, keeps its memory over a lost connection and prints it when the paper is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from PIL import Image

from .escpos_commands import LONGEST_REAL_TIME, REAL_TIME, SINGLE, Command, first_command
from .paper import MM_PER_INCH, USUAL_DPI
from .paper_motor import INSTANTLY, STANDS_STILL, PaperMotor
from .print_head import PrintHead
from .sensors import OFFLINE, asb_report, paper_position, real_time_status

SLOW_MM_S = 5.0
FAULTS = OFFLINE | {
    "paper_low",
    "silent",  # prints, but never says a word
    "slow",  # prints at a crawl
    "stalled",  # takes a connection and reads nothing from it
    "half_open",  # the connection is dead, and nobody is told
    "no_proof",  # answers status requests, but confirms no job
    "no_buffer_clear",  # does not know the command that empties its memory
    "refuse",  # nobody listens at the port
    "reset_mid_job",
    "power_cycle_mid_job",
    "power_cycle_keeps_memory_mid_job",
    "paper_out_mid_job",
    "cover_open_mid_job",
    "cutter_error_mid_job",
    "paper_out_before_cut",  # the whole job is in memory already
    "reset_before_proof",
}
BREAKS_MID_JOB = {
    "paper_out_mid_job": "paper_out",
    "cover_open_mid_job": "cover_open",
    "cutter_error_mid_job": "cutter_error",
}
CUTS_LINE_MID_JOB = ("power_cycle_mid_job", "power_cycle_keeps_memory_mid_job", "reset_mid_job")


class EscposDevice:
    """`on_sheet` gets each cut sheet as a 1-bit picture, `on_answer` the bytes it says.

    Faults may come from another thread than bytes. With a speed, somebody must call `work` again
    when the seconds it named are over.
    """

    def __init__(
        self,
        on_sheet: Callable[[Image.Image], None],
        on_answer: Callable[[bytes], None],
        speed_mm_s: float = 0,
        width_px: int = 576,
        dpi: int = USUAL_DPI,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_sheet = on_sheet
        self._on_answer = on_answer
        self._usual_speed = speed_mm_s or INSTANTLY
        self._mm_per_row = MM_PER_INCH / dpi
        self._lock = threading.RLock()
        # Replaced, never changed: the listening thread reads it without the lock.
        self._faults: frozenset[str] = frozenset()
        self._head = PrintHead(width_px)
        self._motor = PaperMotor(clock)
        self._memory = bytearray()
        self._recent = b""
        self._reports = False
        self._line_cut_by: str | None = None
        self.unknown_commands: list[bytes] = []

    @property
    def faults(self) -> frozenset[str]:
        return self._faults

    def set_fault(self, name: str) -> None:
        """Something breaks. Raises ValueError for a name that is not in FAULTS."""
        with self._lock:
            self.set_faults(self._faults | {name})

    def clear_fault(self, name: str) -> None:
        """It is mended, and what is still in memory is printed."""
        with self._lock:
            self.set_faults(self._faults - {name})

    def set_faults(self, names: Iterable[str]) -> None:
        """Exactly these are broken from now on. Raises ValueError and changes nothing."""
        wanted = frozenset(names)
        for name in sorted(wanted - FAULTS):
            raise ValueError(f"there is no fault {name}; known: {', '.join(sorted(FAULTS))}")
        with self._lock:
            self._change_faults(wanted)
            self.work()

    def receive(self, content: bytes) -> None:
        """Bytes from the line."""
        with self._lock:
            start = 0
            for end, command in self._real_time_commands(content):
                self._memory += content[start:end]
                self.work()
                if self._line_cut_by is not None:
                    return  # what comes behind never arrived
                self._obey(command)
                start = end
            self._memory += content[start:]
            self.work()

    def work(self) -> float | None:
        """Do what can be done now.

        Returns the seconds until there is more to do; None when it waits for bytes or mending.
        """
        with self._lock:
            while self._may_work():
                seconds = self._motor.seconds_left(self._speed())
                if seconds:
                    return seconds
                command = self._next_command()
                if command is None:
                    return None
                self._execute(command)
            return None

    def take_line_cut(self) -> str | None:
        """The fault that took the line away since this was asked last."""
        with self._lock:
            fault, self._line_cut_by = self._line_cut_by, None
            return fault

    def _may_work(self) -> bool:
        return not self._faults & OFFLINE and self._line_cut_by is None

    def _speed(self) -> float:
        if self._faults & OFFLINE:
            return STANDS_STILL
        return min(self._usual_speed, SLOW_MM_S) if "slow" in self._faults else self._usual_speed

    def _change_faults(self, wanted: frozenset[str]) -> None:
        self._motor.run(self._speed())  # until now at the old speed
        changed, self._faults = wanted != self._faults, wanted
        if changed and self._reports:
            self._say(asb_report(self._faults))

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

    def _next_command(self) -> Command | None:
        zeros = len(self._memory) - len(self._memory.lstrip(b"\x00"))
        del self._memory[:zeros]
        found = first_command(bytes(self._memory))
        if found is None:
            return None
        command, length = found
        del self._memory[:length]
        return command

    def _execute(self, command: Command) -> None:
        action = ACTIONS.get(command.name)
        if not command.known or (action is None and not self._print(command)):
            self.unknown_commands.append(command.name)
        elif action is not None:
            action(self, command.content)

    def _print(self, command: Command) -> bool:
        known = self._head.obey(command) or command.name in WITHOUT_EFFECT
        moved = self._head.take_moved()
        self._motor.pull(moved * self._mm_per_row)
        if moved:
            self._break_mid_job()
        return known

    def _reset(self, _content: bytes) -> None:
        self._reports = False
        self._head.reset()

    def _switch_reports(self, content: bytes) -> None:
        self._reports = content != b"\x00"
        if self._reports:
            self._say(asb_report(self._faults))

    def _tell_position(self, content: bytes) -> None:
        self._prove(paper_position(self._faults) if content in (b"\x01", b"1") else b"\x00")

    def _answer_block(self, content: bytes) -> None:
        if content[:1] == b"H" and content[1:5] == b"\x06\x0000":  # function 48: process ID
            self._prove(b"\x37\x22" + content[5:9] + b"\x00")
        elif not self._print(Command(b"\x1d(", content)):
            self.unknown_commands.append(b"\x1d(" + content[:1])

    def _tell_name(self, _content: bytes) -> None:
        self._say(b"_VIRTUAL\x00")

    def _cut(self, content: bytes) -> None:
        if self._head.is_in_a_line:
            # Real printers take it for letters then, and the slips stay in one piece.
            self.unknown_commands.append(b"\x1dV")
            self._head.write(b"V" + bytes(letter for letter in content if letter >= 0x20))
        elif "paper_out_before_cut" in self._faults:
            self._memory[:0] = b"\x1dV" + content
            self._change_faults(self._faults - {"paper_out_before_cut"} | {"paper_out"})
        else:
            self._give_out()

    def _give_out(self) -> None:
        sheet = self._head.tear_off()
        if sheet is not None:
            self._on_sheet(sheet)

    def _break_mid_job(self) -> None:
        for name in self._faults & BREAKS_MID_JOB.keys():
            self._change_faults(self._faults - {name} | {BREAKS_MID_JOB[name]})
        for name in CUTS_LINE_MID_JOB:
            if name in self._faults and self._line_cut_by is None:
                self._break_off(name)

    def _break_off(self, fault: str) -> None:
        self._cut_line(fault)
        if fault == "power_cycle_mid_job":
            self._forget()
        if fault != "reset_mid_job":
            self._reset(b"")

    def _prove(self, answer: bytes) -> None:
        # A slip without a cut is torn off by the client; it is complete when its proof is due.
        self._give_out()
        if "reset_before_proof" in self._faults:
            self._cut_line("reset_before_proof")
        elif "no_proof" not in self._faults:
            self._say(answer)

    def _cut_line(self, fault: str) -> None:
        self._change_faults(self._faults - {fault})  # happens once
        self._line_cut_by = fault

    def _forget(self) -> None:
        # The half-printed sheet is gone too: somebody tears it off.
        self._memory.clear()
        self._head.tear_off()
        self._motor.stop()

    def _say(self, answer: bytes) -> None:
        if answer and "silent" not in self._faults:
            self._on_answer(answer)


ACTIONS: dict[bytes, Callable[[EscposDevice, bytes], None]] = {
    b"\x1b@": EscposDevice._reset,
    b"\x1da": EscposDevice._switch_reports,
    b"\x1dr": EscposDevice._tell_position,
    b"\x1dI": EscposDevice._tell_name,
    b"\x1d(": EscposDevice._answer_block,
    b"\x1dV": EscposDevice._cut,
}

# Known, and nothing of it can be seen on paper: buzzer, drawer, buttons, spacing of other scripts.
WITHOUT_EFFECT = (
    {bytes([letter]) for letter in SINGLE}
    | {b"\x1b" + bytes([letter]) for letter in b" =BMRVcpr{("}
    | {b"\x1c" + bytes([letter]) for letter in b"&.!-CS("}
    | {b"\x1d" + bytes([letter]) for letter in b"HLWfhw"}
    | {b"\x10\x04", b"\x10\x05", b"\x10\x14"}
)
