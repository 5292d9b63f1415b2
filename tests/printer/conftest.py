"""A printer to send to, and a slip ready for sending."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from paper_server import TOKEN, PaperServer
from slips import slip

from printer.agent import Agent
from printer.escpos_job import compose_job
from printer.server_link import ServerLink
from printer.settings import PrinterSettings
from printer.slip_layout import draw_slip
from printer.transports import Transports, open_line
from printer.virtual_printer import VirtualPrinter
from printer.wire import WiredPrinter

SHORT = (0.02, 0.05)


@pytest.fixture
def device() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as printer:
        yield printer


@pytest.fixture
def sender(device: VirtualPrinter) -> Callable[..., WiredPrinter]:
    """Makes a sender for the device; short limits, because here nothing has to warm up."""

    def make(**settings: object) -> WiredPrinter:
        limits = {"status_timeout_s": 0.15, "ack_timeout_s": 0.4, "write_timeout_s": 0.5}
        place = {"transport": "network", "host": "127.0.0.1", "port": device.port}
        chosen = PrinterSettings(**{"key": "entrance", **place, **limits, **settings})
        return WiredPrinter(chosen, open_line)

    return make


@pytest.fixture(scope="session")
def job() -> bytes:
    return compose_job(draw_slip(slip(), 576), 256)


@pytest.fixture(scope="session")
def next_job() -> bytes:
    return compose_job(draw_slip(slip("A018"), 576), 256)


@pytest.fixture
def server(device: VirtualPrinter) -> Iterator[PaperServer]:
    office = PaperServer(
        host="127.0.0.1", port=device.port, status_timeout_s=0.15, ack_timeout_s=0.4
    )
    office.open()
    yield office
    office.close()


@pytest.fixture
def start(server: PaperServer) -> Iterator[Callable[..., Agent]]:
    """Starts an agent in a thread of this process."""
    running: list[tuple[Agent, threading.Thread, Transports]] = []

    def start_agent(retry_pauses: tuple[float, ...] = SHORT) -> Agent:
        link, transports = ServerLink(server.address, TOKEN, "entrance"), Transports()
        agent = Agent(link, transports, SHORT, retry_pauses, try_again=0.1)
        thread = threading.Thread(target=agent.run)
        thread.start()
        running.append((agent, thread, transports))
        return agent

    yield start_agent
    for agent, thread, transports in running:
        agent.stop()
        thread.join(timeout=5)
        transports.close()
        assert not thread.is_alive(), "the agent does not stop"
