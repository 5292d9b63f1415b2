"""A printer at a serial port. The standard library can do this: no package is needed."""

from __future__ import annotations

import os
import termios
import tty

from .device_line import DeviceLine
from .line import NotOpened

# Where termios keeps them.
INPUT, OUTPUT, CONTROL, LOCAL, INPUT_SPEED, OUTPUT_SPEED = range(6)


class SerialLine(DeviceLine):
    """8 bits, no parity, XON/XOFF. Raises NotOpened."""

    def __init__(self, device: str, baudrate: int) -> None:
        self._speed = speed_of(baudrate)
        super().__init__(device)

    def throw_away_unsent(self) -> None:
        termios.tcflush(self._file, termios.TCOFLUSH)

    def _prepare(self) -> None:
        try:
            self._configure()
        except termios.error as error:
            os.close(self._file)
            raise NotOpened("no_printer", f"it is no serial port: {error}") from error
        super()._prepare()

    def _configure(self) -> None:
        tty.setraw(self._file, termios.TCSANOW)
        state = termios.tcgetattr(self._file)
        # A printer whose memory is full says XOFF. The kernel obeys and keeps both signs from us;
        # no status byte looks like one.
        state[INPUT] |= termios.IXON
        state[CONTROL] |= termios.CLOCAL | termios.CREAD
        # A line that drops at each close makes some printers start anew.
        state[CONTROL] &= ~(termios.HUPCL | termios.CSTOPB | termios.CRTSCTS)
        state[INPUT_SPEED] = state[OUTPUT_SPEED] = self._speed
        termios.tcsetattr(self._file, termios.TCSANOW, state)


def speed_of(baudrate: int) -> int:
    """The system's sign for a speed. Raises ValueError for one that serial ports do not have."""
    speed: int | None = getattr(termios, f"B{baudrate}", None)
    if not speed:
        raise ValueError(f"a serial port has no speed of {baudrate}")
    return speed
