"""The office as config.toml describes it: one frozen model and its look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr

from ..domain.numbering import Series as NumberSeries
from ..domain.opening import OpeningHours
from ..domain.order import AppointmentRules, Desk
from .screens import DisplaySection, InfoSection, MessageSection, PlanSection, ZoneSection
from .sections import (
    AppointmentsSection,
    AreaSection,
    CallsSection,
    CounterSection,
    DaySection,
    HoursSection,
    KioskSection,
    OfficeSection,
    PrinterSection,
    PrioritySection,
    Section,
    SeriesSection,
    ServerSection,
    ServiceSection,
    SlipSection,
    WorkstationSection,
)
from .sound import SoundSection


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Entry = TypeVar("Entry", bound=_Keyed)


def _by_key(entries: Iterable[Entry], key: str) -> Entry | None:
    return next((entry for entry in entries if entry.key == key), None)


class Config(Section):
    """The office as config.toml describes it."""

    office: OfficeSection
    server: ServerSection = ServerSection()
    hours: HoursSection = HoursSection()
    series: Annotated[list[SeriesSection], Field(min_length=1)]
    services: Annotated[list[ServiceSection], Field(alias="service", min_length=1)]
    counters: Annotated[list[CounterSection], Field(alias="counter", min_length=1)]
    displays: list[DisplaySection] = Field(default=[], alias="display")
    kiosks: list[KioskSection] = Field(default=[], alias="kiosk")
    printers: list[PrinterSection] = Field(default=[], alias="printer")
    workstations: list[WorkstationSection] = Field(default=[], alias="workstation")
    priorities: list[PrioritySection] = Field(default=[], alias="priority")
    calls: CallsSection = CallsSection()
    appointments: AppointmentsSection = AppointmentsSection()
    area: AreaSection = AreaSection()
    day: DaySection = DaySection()
    zones: list[ZoneSection] = Field(default=[], alias="zone")
    messages: list[MessageSection] = Field(default=[], alias="message")
    info: InfoSection = InfoSection()
    plan: PlanSection | None = None
    sound: SoundSection = SoundSection()
    slip: SlipSection = SlipSection()

    _former_names: dict[str, dict[str, str]] = PrivateAttr(default_factory=dict)
    _logo: bytes = PrivateAttr(default=b"")

    def knowing(self, names: Mapping[str, dict[str, str]]) -> Config:
        """The same office, which still knows what earlier services were called."""
        copy = self.model_copy()
        copy._former_names = dict(names)
        return copy

    def with_logo(self, picture: bytes) -> Config:
        """The same office with the PNG picture that stands on its tickets."""
        copy = self.model_copy()
        copy._logo = picture
        return copy

    @property
    def logo(self) -> bytes:
        """The PNG picture of [slip].logo; empty without one."""
        return self._logo

    def service_name(self, key: str) -> dict[str, str]:
        """What a service is or was called, by language; empty when nobody knows."""
        service = self.service(key)
        return service.name if service else self._former_names.get(key, {})

    def service(self, key: str) -> ServiceSection | None:
        return _by_key(self.services, key)

    def counter(self, key: str) -> CounterSection | None:
        return _by_key(self.counters, key)

    def display(self, key: str) -> DisplaySection | None:
        return _by_key(self.displays, key)

    def zone(self, key: str) -> ZoneSection | None:
        return _by_key(self.zones, key)

    def kiosk(self, key: str) -> KioskSection | None:
        return _by_key(self.kiosks, key)

    def printer(self, key: str) -> PrinterSection | None:
        return _by_key(self.printers, key)

    def priority(self, key: str) -> PrioritySection | None:
        return _by_key(self.priorities, key)

    def rivals(self, service: str) -> list[str]:
        """The services whose clients compete with those of `service`: they share a counter."""
        shared = {key for c in self.counters if service in c.services for key in c.services}
        return sorted(shared | {service})

    def desk(self, counter: CounterSection, more: Iterable[str] = ()) -> Desk:
        """The rules' view of a counter, which may call clients of these `more` services too."""
        overflow = {key: timedelta(minutes=m) for key, m in counter.overflow.items()}
        return Desk(counter.key, frozenset(counter.services) | frozenset(more), overflow)

    def appointment_rules(self) -> AppointmentRules:
        """The rules' view of [appointments]."""
        rules = self.appointments
        return AppointmentRules(
            timedelta(minutes=rules.head_start_minutes),
            timedelta(minutes=rules.grace_minutes),
            timedelta(minutes=rules.early_minutes),
        )

    def number_series(self, key: str) -> NumberSeries:
        """The rules' view of a series; the key was checked when the file was read."""
        found = next(s for s in self.series if s.key == key)
        return NumberSeries(found.key, found.prefix, found.first, found.last)

    def words(self, texts: Mapping[str, str], language: str | None = None) -> str:
        """The text in `language`, else in the office's first language, else whatever there is."""
        for wanted in (language, self.office.languages[0]):
            if wanted is not None and wanted in texts:
                return texts[wanted]
        return next(iter(texts.values()), "")

    def spoken_languages(self) -> list[str]:
        """The languages of calls, the first one first. Never chosen by a client's ticket (S-9)."""
        return list(dict.fromkeys(self.sound.languages)) or [self.office.languages[0]]

    def opening_hours(self) -> OpeningHours:
        """The rules' view of [hours]."""
        minutes = self.hours.last_ticket_minutes_before_closing
        return OpeningHours(
            ZoneInfo(self.office.timezone),
            self.hours.spans(),
            timedelta(minutes=minutes),
            self.hours.special_days(),
        )
