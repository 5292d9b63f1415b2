"""A printer at USB without the kernel's driver, through pyusb: the optional extra "usb".

/dev/usb/lp0 needs no package and is the better way where it exists.
"""

from __future__ import annotations

import errno
import importlib
import time
from collections.abc import Callable
from typing import Any

from .device_line import reason_of
from .line import Line, NotOpened

PRINTER_CLASS = 7
HEARD_AT_ONCE = 64
GLANCE_S = 0.001
LOOK_S = 0.1


def load_pyusb() -> tuple[Any, Any]:
    """The package's core and its tools. Raises NotOpened with a sentence that says what to do."""
    try:
        return importlib.import_module("usb.core"), importlib.import_module("usb.util")
    except ImportError as error:
        raise NotOpened(
            "library_missing",
            'transport "usb" needs the package pyusb (pip install pyusb) and libusb-1.0-0 from the '
            'operating system; "usblp" with /dev/usb/lp0 needs neither',
        ) from error


class UsbLine(Line):
    """One claim of the printer's interface. Raises NotOpened."""

    def __init__(self, vendor: int, product: int) -> None:
        super().__init__()
        self._usb, self._tools = load_pyusb()
        self._device = self._find(vendor, product)
        try:
            self._interface = self._claim()
            self._out, self._in = self._end_points()
        except OSError as error:  # pyusb's own errors are some
            self.close()
            raise NotOpened(reason_of(error), error) from error
        self.hears = self._in is not None

    def close(self) -> None:
        self._tools.dispose_resources(self._device)

    def _find(self, vendor: int, product: int) -> Any:
        try:
            device = self._usb.find(idVendor=vendor, idProduct=product)
        except self._usb.NoBackendError as error:
            raise NotOpened(
                "library_missing", 'transport "usb" needs libusb-1.0-0 from the operating system'
            ) from error
        if device is None:
            raise NotOpened("device_missing", f"no USB device {vendor:04x}:{product:04x}")
        return device

    def _claim(self) -> Any:
        interface = self._printer_interface()
        number = interface.bInterfaceNumber
        if self._device.is_kernel_driver_active(number):
            self._device.detach_kernel_driver(number)
        self._tools.claim_interface(self._device, number)
        return interface

    def _printer_interface(self) -> Any:
        try:
            configuration = self._device.get_active_configuration()
        except self._usb.USBError:
            # Only when there is none: setting it again would restart the device.
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        found = self._tools.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
        return found if found is not None else configuration[(0, 0)]

    def _end_points(self) -> tuple[Any, Any]:
        ways = [
            self._tools.find_descriptor(self._interface, custom_match=self._goes(way))
            for way in (self._tools.ENDPOINT_OUT, self._tools.ENDPOINT_IN)
        ]
        if ways[0] is None:
            raise OSError(errno.ENXIO, "this USB device has nothing to write to")
        return ways[0], ways[1]

    def _goes(self, way: int) -> Callable[[Any], bool]:
        def goes(point: Any) -> bool:
            return bool(self._tools.endpoint_direction(point.bEndpointAddress) == way)

        return goes

    def _move(self, piece: memoryview, timeout: float) -> tuple[int, bytes]:
        if not piece:
            return 0, self._listen(timeout)
        if heard := self._read(GLANCE_S):
            return 0, heard
        return self._write(piece, timeout), b""

    def _write(self, piece: memoryview, timeout: float) -> int:
        try:
            return int(self._out.write(bytes(piece), round(timeout * 1000)))
        except self._usb.USBTimeoutError as error:
            # Nobody knows how much of the piece has gone, so it is not sent again.
            raise TimeoutError("the printer takes no more bytes") from error

    def _listen(self, timeout: float) -> bytes:
        end = time.monotonic() + timeout
        while True:
            # Empty packets mean that the answer comes later.
            heard = self._read(max(GLANCE_S, min(LOOK_S, end - time.monotonic())))
            if heard or self._in is None or time.monotonic() >= end:
                return heard
            time.sleep(GLANCE_S)

    def _read(self, timeout: float) -> bytes:
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(HEARD_AT_ONCE, round(timeout * 1000)))
        except self._usb.USBTimeoutError:
            return b""
