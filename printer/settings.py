"""What an agent must know of its printer, as the server tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

Asking = Literal["auto", "required", "none"]
Proof = Literal["auto", "process_id", "gs_r", "none"]
Mode = Literal["raster", "text"]
Cut = Literal["partial", "full", "none"]

CHOICES = {
    "status": ("auto", "required", "none"),
    "ack": ("auto", "process_id", "gs_r", "none"),
    "mode": ("raster", "text"),
    "cut": ("partial", "full", "none"),
}
# Smallest and largest; what is not here may be anything from 0.
LIMITS = {
    "port": (0, 65535),
    "width_px": (64, 2048),
    "fragment_rows": (8, 900),
    "dpi": (50, 1200),
    "baudrate": (1, 10_000_000),
    "connect_timeout_s": (0.01, 60),
    "status_timeout_s": (0.01, 60),
    "write_timeout_s": (0.01, 120),
    "ack_timeout_s": (0.01, 300),
    "poll_interval_s": (0.05, 3600),
}
LARGEST = 1_000_000


@dataclass(frozen=True)
class PrinterSettings:
    """One printer. The names are those of config.toml."""

    key: str
    transport: str = "virtual"
    host: str = ""
    port: int = 9100
    device: str = ""
    baudrate: int = 115200
    usb_vendor: int = 0
    usb_product: int = 0
    cups_queue: str = ""
    width_px: int = 576
    dpi: int = 203
    mode: Mode = "raster"
    fragment_rows: int = 256
    fragment_pause_ms: int = 0
    profile: str = "default"
    codepage: str = "CP1252"
    cut: Cut = "partial"
    buzzer: str = ""
    status: Asking = "auto"
    ack: Proof = "auto"
    clear_on_unknown: bool = True
    connect_timeout_s: float = 3.0
    status_timeout_s: float = 2.0
    write_timeout_s: float = 5.0
    ack_timeout_s: float = 12.0
    job_ttl_s: float = 30.0
    poll_interval_s: float = 3.0
    max_auto_retries: int = 2
    speed_mm_s: float = 150.0

    def at(self, host: str, port: int) -> PrinterSettings:
        """The same printer at another address."""
        return replace(self, host=host, port=port)

    @property
    def buzzer_bytes(self) -> bytes:
        """What makes the printer sound; empty for silence."""
        return bytes.fromhex(self.buzzer)


def read_settings(answer: Mapping[str, object]) -> PrinterSettings:
    """Settings from the server's answer; names it does not know are left alone.

    Raises ValueError with a sentence.
    """
    names = {field.name: field.default for field in fields(PrinterSettings)}
    known = {name: answer[name] for name in names if answer.get(name) is not None}
    for name, value in known.items():
        if not _is_possible(name, value, names[name]):
            raise ValueError(f"the printer's setting {name} can't be {value!r}")
    if "key" not in known:
        raise ValueError("the server's settings name no printer")
    return PrinterSettings(**known)  # type: ignore[arg-type]  # checked one by one above


def _is_possible(name: str, value: object, default: object) -> bool:
    wanted = type(default) if isinstance(default, bool | int | float) else str
    accepted = (int, float) if wanted is float else wanted
    if not isinstance(value, accepted) or (wanted is not bool and isinstance(value, bool)):
        return False
    if name in CHOICES:
        return value in CHOICES[name]
    if isinstance(value, int | float):
        return _is_within(name, value)
    return name != "buzzer" or _is_hex(str(value))


def _is_within(name: str, value: float) -> bool:
    smallest, largest = LIMITS.get(name, (0, LARGEST))
    in_whole_bytes = name != "width_px" or value % 8 == 0
    return smallest <= value <= largest and in_whole_bytes


def _is_hex(text: str) -> bool:
    try:
        bytes.fromhex(text)
    except ValueError:
        return False
    return True
