"""Finds the printer behind a setting: one in the network, or our own virtual one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PIL import Image

from .settings import PrinterSettings
from .virtual_printer import VirtualPrinter


class NotPossible(Exception):
    """This printer can't be served; the message is one sentence for a person."""


class Transports:
    """Keeps the virtual printer of this process, once it is needed, until `close`."""

    def __init__(
        self, on_sheet: Callable[[Image.Image], None] | None = None, faults: Iterable[str] = ()
    ) -> None:
        self._on_sheet = on_sheet
        self._faults = tuple(faults)
        self._virtual: VirtualPrinter | None = None

    def reach(self, settings: PrinterSettings) -> PrinterSettings:
        """The settings with the address to print to. Raises NotPossible."""
        if settings.transport == "virtual":
            self._virtual = self._virtual or self._start_virtual(settings.port)
            return settings.at("127.0.0.1", self._virtual.port)
        if settings.transport != "network":
            raise NotPossible(
                f'printer {settings.key} has transport "{settings.transport}", but this agent '
                'can only do "network" and "virtual"'
            )
        if not settings.host:
            raise NotPossible(f"printer {settings.key} is in the network, but has no host")
        return settings

    def close(self) -> None:
        if self._virtual is not None:
            self._virtual.stop()
            self._virtual = None

    def _start_virtual(self, port: int) -> VirtualPrinter:
        # Several virtual printers on one machine all ask for 9100; any free port will do.
        for wanted in (port, 0):
            printer = VirtualPrinter(wanted, self._on_sheet, self._faults)
            try:
                printer.start()
            except OSError:
                continue
            return printer
        raise NotPossible("there is no free port for the virtual printer")
