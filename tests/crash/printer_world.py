"""A server, an agent that can be killed, a network and a printer with faults, for one short day."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from PIL import Image

from printer.agent import Agent
from printer.server_link import ServerLink
from printer.slip_layout import draw_slip
from printer.transports import Transports
from printer.virtual_printer import VirtualPrinter
from tests.crash.printer_check import Day, Sheet, Told
from tests.crash.printer_nursery import Nursery
from tests.crash.printer_relay import Relay
from tests.printer.paper_server import TOKEN, PaperServer
from tests.printer.slips import slip

WIDTH = 384
MID_JOB = 12_000  # bytes: in the middle of the picture of a slip
FORGETFUL = frozenset({"no_buffer_clear", "silent", "stalled", "half_open"})
SHORT = (0.02,)
SETTINGS = {
    "host": "127.0.0.1",
    "width_px": WIDTH,
    "fragment_rows": 64,
    "status_timeout_s": 0.1,
    "ack_timeout_s": 0.25,
    "write_timeout_s": 0.3,
    "connect_timeout_s": 1.0,
    "max_auto_retries": 1,
}


class AgentLike(Protocol):
    def kill(self) -> None: ...
    def wait_until_gone(self) -> None: ...
    def end(self) -> None: ...


class World:
    """Use as a context; then `agent`, `ask_for`, faults at the printer, and at last `day`."""

    def __init__(self, nursery: Nursery, **settings: object) -> None:
        self._nursery = nursery
        self.printer = VirtualPrinter(on_sheet=self._note_sheet)
        self._settings = {**SETTINGS, **settings}
        self._pictures: list[tuple[Image.Image, dict[str, str]]] = []
        self._agents: list[AgentLike] = []
        self._changing_agents = threading.Lock()
        self._forgets = True
        self.agent_is_lost = False
        self.on_sheet: Callable[[], None] = lambda: None

    def __enter__(self) -> World:
        self.printer.start()
        self.relay = Relay(self.printer.port)
        self.relay.__enter__()
        self.server = PaperServer(port=self.relay.port, **self._settings)
        self.server.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_agents()
        self.server.close()
        self.relay.__exit__(kind, error, trace)
        self.printer.stop()

    # --- What happens ------------------------------------------------------------------------

    def start_agent(self, own_process: bool) -> AgentLike:
        """A print agent; what is left over from an earlier one, it settles first."""
        with self._changing_agents:
            for earlier in self._agents:
                earlier.wait_until_gone()  # a real server refuses the second one of two
            agent = (
                self._nursery.start_agent(self.server.address)
                if own_process
                else _Thread(self.server.address)
            )
            self._agents.append(agent)
            self.agent_is_lost = False
        return agent

    def ask_for(self, number: str, age_s: float = 0) -> int:
        """A client takes a ticket."""
        return self.server.queue(number, age_s)

    def wait_for_results(self, count: int, seconds: float = 10) -> bool:
        """Whether there are so many, in the end or when the agent is lost."""
        self.server.wait_until(
            lambda: len(self.server.results) >= count or self.agent_is_lost, seconds
        )
        return len(self.server.results) >= count

    def break_printer(self, fault: str) -> None:
        self._forgets = self._forgets and fault not in FORGETFUL
        self.printer.set_fault(fault)

    def lose_agent(self) -> None:
        """An agent is killed: what its printer was told to forget, nobody knows."""
        with self._changing_agents:
            self._forgets = False
            self._agents[-1].kill()
            self.agent_is_lost = True
        self.server.change()  # wakes whoever waits for results

    def mend_printer(self) -> None:
        """Everything works again, and what the printer still holds is printed."""
        self.printer.set_faults([])

    # --- What came of it ---------------------------------------------------------------------

    def day(self) -> Day:
        """Ends the agents and mends the printer; everything when the paper has come to rest."""
        self._end_agents()
        self.mend_printer()
        assert self.relay.wait_until_idle(), "a connection does not end"
        self._ask_printer()
        numbers = [str(job["number"]) for job in self.server.jobs.values()]
        told: dict[str, list[Told]] = {}
        for job_id, state, reason in self.server.results:
            number = self.server.jobs[job_id]["number"]
            told.setdefault(number, []).append(Told(state, reason))
        return Day(numbers, told, self._sheets(numbers), self._forgets)

    def _ask_printer(self) -> None:
        # It serves one caller after the other and works off its memory before it answers.
        with socket.create_connection(("127.0.0.1", self.printer.port), timeout=5) as line:
            line.sendall(b"\x10\x04\x02")
            assert line.recv(1) == b"\x12"

    def _end_agents(self) -> None:
        while self._agents:
            self._agents.pop().end()

    def _note_sheet(self, sheet: Image.Image) -> None:
        known = {self.server.jobs[job]["number"]: state for job, state, _ in self.server.results}
        self._pictures.append((sheet, known))
        self.on_sheet()

    def _sheets(self, numbers: list[str]) -> list[Sheet]:
        slips = {number: draw_slip(slip(number), WIDTH) for number in numbers}
        return [_recognised(sheet, known, slips) for sheet, known in self._pictures]


class _Thread:
    """An agent in this process: it can't be killed, but it is fast and shows its mistakes."""

    def __init__(self, server: str) -> None:
        self._agent = Agent(ServerLink(server, TOKEN, "entrance"), Transports(), SHORT, SHORT)
        self._thread = threading.Thread(target=self._agent.run)
        self._thread.start()

    def kill(self) -> None:
        raise NotImplementedError("only a process can be killed")

    wait_until_gone = kill

    def end(self) -> None:
        self._agent.stop()
        self._thread.join(10)
        assert not self._thread.is_alive(), "the agent does not stop"


def _recognised(sheet: Image.Image, known: dict[str, str], slips: dict[str, Image.Image]) -> Sheet:
    for number, picture in slips.items():
        if _ends_with(sheet, picture):
            return Sheet(number, sheet.height > picture.height, known.get(number))
    return Sheet(None)


def _ends_with(sheet: Image.Image, picture: Image.Image) -> bool:
    if sheet.height < picture.height or sheet.width != picture.width:
        return False
    bottom = sheet.crop((0, sheet.height - picture.height, sheet.width, sheet.height))
    return bottom.tobytes() == picture.tobytes()
