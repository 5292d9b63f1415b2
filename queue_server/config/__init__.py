"""The office as config.toml describes it. Reading the file is in config_file."""

from .office import Config
from .sections import (
    WEEKDAYS,
    CounterSection,
    DisplaySection,
    HoursSection,
    KioskSection,
    PrinterSection,
    ServiceSection,
)

__all__ = [
    "WEEKDAYS",
    "Config",
    "CounterSection",
    "DisplaySection",
    "HoursSection",
    "KioskSection",
    "PrinterSection",
    "ServiceSection",
]
