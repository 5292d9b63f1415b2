"""The parts of config.toml, one model each: what may stand there, and within which bounds.

What each key means for an office is explained beside it in the sample file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ..domain.opening import Span, parse_span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Words = Annotated[
    dict[str, Annotated[str, Field(min_length=1, max_length=80)]], Field(min_length=1)
]
# A spot on the floor plan: columns from the left, rows from the top, in the plan's own grid.
Grid = Annotated[float, Field(ge=0, le=200, strict=False)]
Point = Annotated[list[Grid], Field(min_length=2, max_length=2)]
Language = Literal["de", "en"]


class Section(BaseModel):
    """A part of the file: frozen, and nothing it does not know may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Introduced(Section):
    """Something that is switched on from one day, or only until one (both included)."""

    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None

    def is_on(self, day: date) -> bool:
        """Whether it exists for clients on that business day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until must not be before from")
        return self


class OfficeSection(Section):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    timezone: str = "Europe/Berlin"
    languages: Annotated[list[Language], Field(min_length=1)] = ["de"]
    place: Annotated[str, Field(max_length=120)] = ""

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f'"{name}" is not a known time zone')
        return name


class ServerSection(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    async_mode: Literal["eventlet", "threading"] = "eventlet"
    public_url: Annotated[str, Field(pattern=r"^(https?://[^/]+)?$")] = ""
    link_hours: Annotated[int, Field(ge=1, le=168)] = 24
    session_hours: Annotated[int, Field(ge=1, le=24)] = 12


def _check_spans(texts: list[str]) -> None:
    spans = [parse_span(text) for text in texts]
    for earlier, later in zip(spans, spans[1:], strict=False):
        if earlier.end > later.start or earlier.end == parse_span("00:00-24:00").end:
            raise ValueError("spans must stand in order and must not overlap")


class HoursSection(Section):
    monday: list[str] = []
    tuesday: list[str] = []
    wednesday: list[str] = []
    thursday: list[str] = []
    friday: list[str] = []
    saturday: list[str] = []
    sunday: list[str] = []
    last_ticket_minutes_before_closing: Annotated[int, Field(ge=0, le=720)] = 0
    last_ticket_by_load: bool = False
    closed: list[date] = []
    special: dict[str, list[str]] = {}

    @field_validator(*WEEKDAYS)
    @classmethod
    def _spans_in_order(cls, texts: list[str]) -> list[str]:
        _check_spans(texts)
        return texts

    @field_validator("special")
    @classmethod
    def _special_days(cls, days: dict[str, list[str]]) -> dict[str, list[str]]:
        for day, texts in days.items():
            try:
                date.fromisoformat(day)
            except ValueError:
                raise ValueError(f'"{day}" is not a date like "2026-12-24"') from None
            _check_spans(texts)
        return days

    def special_days(self) -> dict[date, tuple[Span, ...]]:
        """Days that are not like their weekday; a closing day has no spans."""
        closed: dict[date, tuple[Span, ...]] = dict.fromkeys(self.closed, ())
        return closed | {
            date.fromisoformat(day): tuple(parse_span(text) for text in texts)
            for day, texts in self.special.items()
        }

    def spans(self) -> dict[int, tuple[Span, ...]]:
        """Monday = 0 … Sunday = 6 → spans."""
        return {
            number: tuple(parse_span(text) for text in getattr(self, day))
            for number, day in enumerate(WEEKDAYS)
        }


class SeriesSection(Section):
    key: Key
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{0,2}$")] = ""
    first: Annotated[int, Field(ge=1, le=9999)] = 1
    last: Annotated[int, Field(ge=1, le=9999)] = 999


class CallsSection(Section):
    """How clients are called, and what happens when they do not come."""

    when_busy: Literal["refuse", "finish"] = "refuse"
    undo_seconds: Annotated[int, Field(ge=0, le=60)] = 10
    calls: Annotated[int, Field(ge=1, le=9)] = 1
    answer_seconds: Annotated[int, Field(ge=10, le=600)] = 60
    rest_minutes: Annotated[int, Field(ge=0, le=60)] = 5
    return_minutes: Annotated[int, Field(ge=0, le=720)] = 30
    return_place: Literal["credit", "keep"] = "credit"
    return_credit_minutes: Annotated[int, Field(ge=0, le=720)] = 10
    hold_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    long_service_minutes: Annotated[int, Field(ge=1, le=240)] = 20
    unattended_minutes: Annotated[int, Field(ge=1, le=60)] = 3


class AppointmentsSection(Section):
    head_start_minutes: Annotated[int, Field(ge=0, le=240)] = 15
    grace_minutes: Annotated[int, Field(ge=0, le=120)] = 10
    early_minutes: Annotated[int, Field(ge=0, le=240)] = 5
    series: Key | None = None


class AreaSection(Section):
    capacity: Annotated[int, Field(ge=0, le=9999)] = 0


class DaySection(Section):
    carry_over: bool = False


class ServiceSection(Introduced):
    key: Key
    series: Key
    name: Words
    hint: dict[str, Annotated[str, Field(max_length=200)]] = {}
    bring: dict[str, list[Annotated[str, Field(min_length=1, max_length=120)]]] = {}
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = "circle-help"
    issue: bool = True
    daily_limit: Annotated[int, Field(ge=0, le=9999)] = 0
    typical_minutes: Annotated[float, Field(gt=0, le=240, strict=False)] = 8


class CounterSection(Introduced):
    key: Key
    label: Words
    say: dict[str, Annotated[str, Field(min_length=1, max_length=80)]] = {}
    services: Annotated[list[Key], Field(min_length=1)]
    overflow: dict[Key, Annotated[int, Field(ge=0, le=720)]] = {}
    zone: Key | None = None
    place: Point | None = None


class KioskSection(Section):
    key: Key
    printer: Key | None = None
    services: list[Key] = []


class PrinterSection(Section):
    """How a printer is reached and what it can do (printing.md 6.1)."""

    key: Key
    transport: Literal["virtual", "network", "usblp", "usb", "serial", "file", "cups"] = "virtual"
    fallback: Key | None = None
    host: str = ""
    port: Annotated[int, Field(ge=0, le=65535)] = 9100
    device: str = ""
    baudrate: Literal[9600, 19200, 38400, 57600, 115200] = 115200
    usb_vendor: Annotated[int, Field(ge=0, le=0xFFFF)] = 0
    usb_product: Annotated[int, Field(ge=0, le=0xFFFF)] = 0
    cups_queue: Annotated[str, Field(pattern=r"^[^\s/#]{0,127}$")] = ""
    mode: Literal["raster", "text"] = "raster"
    width_px: Literal[576, 512, 384] = 576
    dpi: Literal[203, 180] = 203
    fragment_rows: Annotated[int, Field(ge=8, le=900)] = 256
    fragment_pause_ms: Annotated[int, Field(ge=0, le=500)] = 0
    profile: Annotated[str, Field(pattern=r"^[A-Za-z0-9 +._-]{1,40}$")] = "default"
    codepage: Literal["CP437", "CP850", "CP858", "CP1252"] = "CP1252"
    cut: Literal["partial", "full", "none"] = "partial"
    buzzer: Annotated[str, Field(pattern=r"^([0-9a-f]{2} ?){0,16}$")] = ""
    status: Literal["auto", "required", "none"] = "auto"
    ack: Literal["auto", "process_id", "gs_r", "none"] = "auto"
    clear_on_unknown: bool = True
    connect_timeout_s: Annotated[float, Field(gt=0, le=30, strict=False)] = 3.0
    status_timeout_s: Annotated[float, Field(gt=0, le=30, strict=False)] = 2.0
    write_timeout_s: Annotated[float, Field(gt=0, le=30, strict=False)] = 5.0
    ack_timeout_s: Annotated[float, Field(gt=0, le=60, strict=False)] = 12.0
    poll_interval_s: Annotated[float, Field(ge=1, le=60, strict=False)] = 3.0
    job_ttl_s: Annotated[float, Field(ge=5, le=300, strict=False)] = 30.0
    max_auto_retries: Annotated[int, Field(ge=0, le=5)] = 2
    speed_mm_s: Annotated[int, Field(ge=0, le=500)] = 150
    roll_length_m: Annotated[float, Field(gt=0, le=500, strict=False)] = 80.0
    warn_below_m: Annotated[float, Field(ge=0, le=100, strict=False)] = 8.0


SlipBlock = Literal[
    "logo", "office", "number", "concern", "ahead", "wait", "place", "time", "notice", "bring",
    "what_happens", "qr", "rule",
]  # fmt: skip


class SlipSection(Section):
    """What stands on the paper, from top to bottom."""

    blocks: Annotated[list[SlipBlock], Field(min_length=1)] = [
        "logo", "office", "number", "concern", "rule", "ahead", "wait", "place", "time", "bring",
        "rule", "what_happens", "notice", "qr",
    ]  # fmt: skip
    logo: str = ""
    notice: dict[str, Annotated[str, Field(max_length=200)]] = {}

    @field_validator("blocks")
    @classmethod
    def _a_ticket_has_its_number(cls, blocks: list[SlipBlock]) -> list[SlipBlock]:
        if "number" not in blocks:
            raise ValueError('"number" must be one of the blocks')
        return blocks


class WorkstationSection(Section):
    key: Key
    label: Words


class PrioritySection(Section):
    key: Key
    head_start_minutes: Annotated[int, Field(ge=0, le=240)]
    name: Words
