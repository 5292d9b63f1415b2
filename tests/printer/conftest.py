"""A printer to send to, and a slip ready for sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from slips import slip

from printer.escpos_job import compose_job
from printer.settings import PrinterSettings
from printer.slip_layout import draw_slip
from printer.virtual_printer import VirtualPrinter
from printer.wire import NetworkPrinter


@pytest.fixture
def device() -> Iterator[VirtualPrinter]:
    with VirtualPrinter() as printer:
        yield printer


@pytest.fixture
def sender(device: VirtualPrinter) -> Callable[..., NetworkPrinter]:
    """Makes a sender for the device; short limits, because here nothing has to warm up."""

    def make(**settings: object) -> NetworkPrinter:
        limits = {"status_timeout_s": 0.15, "ack_timeout_s": 0.4, "write_timeout_s": 0.5}
        chosen = {"key": "entrance", "host": "127.0.0.1", "port": device.port, **limits}
        return NetworkPrinter(PrinterSettings(**{**chosen, **settings}))

    return make


@pytest.fixture(scope="session")
def job() -> bytes:
    return compose_job(draw_slip(slip(), 576), 256)


@pytest.fixture(scope="session")
def next_job() -> bytes:
    return compose_job(draw_slip(slip("A018"), 576), 256)
