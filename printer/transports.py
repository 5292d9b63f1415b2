"""Finds the printer behind a setting: in the network, at a cable, or our own virtual one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from PIL import Image

from .cups import CupsPrinter
from .device_line import DeviceLine
from .escpos_device import FAULTS
from .line import Line, NotOpened
from .printers import NotPossible, Printer
from .serial_line import SerialLine, speed_of
from .settings import PrinterSettings
from .tcp_line import TcpLine
from .usb_line import UsbLine, load_pyusb
from .virtual_printer import VirtualPrinter
from .wire import WiredPrinter

NEEDED = {
    "network": ("host",),
    "usblp": ("device",),
    "file": ("device",),
    "serial": ("device",),
    "usb": ("usb_vendor", "usb_product"),
    "cups": ("cups_queue",),
    "virtual": (),
}


def open_line(settings: PrinterSettings) -> Line:
    """A new connection to the printer. Raises NotOpened."""
    if settings.transport == "serial":
        return SerialLine(settings.device, settings.baudrate)
    if settings.transport == "usb":
        return UsbLine(settings.usb_vendor, settings.usb_product)
    if settings.transport in ("usblp", "file"):
        return DeviceLine(settings.device, hears=settings.transport == "usblp")
    return TcpLine(settings.host, settings.port, settings.connect_timeout_s)


class Transports:
    """Keeps the virtual printer of this process, once it is needed, until `close`."""

    def __init__(
        self, on_sheet: Callable[[Image.Image], None] | None = None, faults: Iterable[str] = ()
    ) -> None:
        self._on_sheet = on_sheet
        self._faults = frozenset(faults)
        self._virtual: VirtualPrinter | None = None
        self._body: tuple[float, ...] = ()  # what it was built with
        self._printer: Printer | None = None
        self._settings: PrinterSettings | None = None
        # Whatever the settings become, it is the same device: never two callers at once.
        self._lock = threading.Lock()

    def printer(self, settings: PrinterSettings) -> Printer:
        """The printer these settings mean, the same one for the same settings.

        Raises NotPossible; whether it answers shows later.
        """
        _check(settings)
        reached = self.reach(settings)
        if self._printer is None or self._settings != reached:
            self._printer, self._settings = self._new_printer(reached), reached
        return self._printer

    def _new_printer(self, settings: PrinterSettings) -> Printer:
        if settings.transport == "cups":
            return CupsPrinter(settings, self._lock)
        printer = WiredPrinter(settings, open_line, self._lock)
        # An agent before us may have been killed, and so may the one that came after it.
        printer.expect_rest()
        return printer

    def reach(self, settings: PrinterSettings) -> PrinterSettings:
        """The settings with the address to print to. Raises NotPossible."""
        if settings.transport != "virtual":
            self.close()
            return settings
        body = (settings.port, settings.speed_mm_s, settings.width_px, settings.dpi)
        if self._virtual is None or self._body != body:
            self.close()
            self._virtual, self._body = self._start_virtual(settings), body
        return settings.at("127.0.0.1", self._virtual.port)

    def set_faults(self, names: Iterable[str] | None) -> bool:
        """The virtual printer has exactly these faults from now on; None says nothing of them.

        Names it does not know are left out. Whether anything has changed.
        """
        wanted = self._faults if names is None else FAULTS & set(names)
        if self._virtual is None or wanted == self._faults:
            return False
        # Only then: in between a fault may have become another one, or have happened, by itself.
        self._faults = wanted
        self._virtual.set_faults(wanted)
        return True

    def close(self) -> None:
        if self._virtual is not None:
            self._virtual.stop()
            self._virtual = None

    def _start_virtual(self, settings: PrinterSettings) -> VirtualPrinter:
        for wanted in (settings.port, 0):
            try:
                return self._listening_at(wanted, settings)
            except OSError:
                continue  # several virtual printers on one machine all ask for 9100
        raise NotPossible("misconfigured", "there is no free port for the virtual printer")

    def _listening_at(self, port: int, settings: PrinterSettings) -> VirtualPrinter:
        printer = VirtualPrinter(
            port,
            self._on_sheet,
            speed_mm_s=settings.speed_mm_s,
            width_px=settings.width_px,
            dpi=settings.dpi,
        )
        printer.start()
        # Only now: one that refuses connections must have its port, too.
        printer.set_faults(self._faults)
        return printer


def _check(settings: PrinterSettings) -> None:
    needed = NEEDED.get(settings.transport)
    if needed is None:
        raise NotPossible(
            "misconfigured",
            f'printer {settings.key} has transport "{settings.transport}", which this agent does '
            f"not know: {', '.join(NEEDED)}",
        )
    for name in needed:
        if not getattr(settings, name):
            raise NotPossible(
                "misconfigured",
                f'printer {settings.key} has transport "{settings.transport}", but no {name}',
            )
    _check_means(settings)


def _check_means(settings: PrinterSettings) -> None:
    try:
        if settings.transport == "serial":
            speed_of(settings.baudrate)
        elif settings.transport == "usb":
            load_pyusb()
    except ValueError as error:
        raise NotPossible("misconfigured", f"printer {settings.key}: {error}") from error
    except NotOpened as error:
        raise NotPossible(error.reason, f"printer {settings.key}: {error.cause}") from error
