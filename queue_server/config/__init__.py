"""The office as config.toml describes it. Reading the file is in config_file."""

from .office import Config
from .screens import DisplaySection
from .sections import (
    WEEKDAYS,
    CounterSection,
    HoursSection,
    KioskSection,
    PrinterSection,
    ServiceSection,
)
from .sound import SoundSection

__all__ = [
    "WEEKDAYS",
    "Config",
    "CounterSection",
    "DisplaySection",
    "HoursSection",
    "KioskSection",
    "PrinterSection",
    "ServiceSection",
    "SoundSection",
]
