"""What an agent must know of its printer, as the server tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

Asking = Literal["auto", "required", "none"]
Proof = Literal["auto", "process_id", "gs_r", "none"]

CHOICES = {
    "status": ("auto", "required", "none"),
    "ack": ("auto", "process_id", "gs_r", "none"),
}


@dataclass(frozen=True)
class PrinterSettings:
    """One printer. The names are those of config.toml."""

    key: str
    transport: str = "virtual"
    host: str = ""
    port: int = 9100
    width_px: int = 576
    fragment_rows: int = 256
    status: Asking = "auto"
    ack: Proof = "auto"
    clear_on_unknown: bool = True
    connect_timeout_s: float = 3.0
    status_timeout_s: float = 2.0
    write_timeout_s: float = 5.0
    ack_timeout_s: float = 12.0
    job_ttl_s: float = 30.0

    def at(self, host: str, port: int) -> PrinterSettings:
        """The same printer at another address."""
        return replace(self, host=host, port=port)


def read_settings(answer: Mapping[str, object]) -> PrinterSettings:
    """Settings from the server's answer; names it does not know are left alone.

    Raises ValueError with a sentence.
    """
    names = {field.name: field.default for field in fields(PrinterSettings)}
    known = {name: answer[name] for name in names if answer.get(name) is not None}
    for name, value in known.items():
        _check(name, value, names[name])
    if "key" not in known:
        raise ValueError("the server's settings name no printer")
    return PrinterSettings(**known)  # type: ignore[arg-type]  # checked one by one above


def _check(name: str, value: object, default: object) -> None:
    wanted = type(default) if isinstance(default, bool | int | float) else str
    accepted = (int, float) if wanted is float else wanted
    if not isinstance(value, accepted) or (wanted is not bool and isinstance(value, bool)):
        raise ValueError(f"the printer's setting {name} can't be {value!r}")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"the printer's setting {name} can't be {value!r}")
