"""The wall displays of config.toml, and what they show beside the calls."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from ..domain.opening import parse_time_of_day
from .sections import Grid, Introduced, Key, Language, Point, Section, Words

Direction = Literal["left", "right", "ahead", "back", "up", "down"]
Beside = Literal["messages", "pictures", "hours", "languages", "plan"]
Wall = Annotated[list[Grid], Field(min_length=4, max_length=4)]


class DisplaySection(Section):
    """One screen: what it shows, how large and how far away it is, whether it speaks."""

    key: Key
    name: Annotated[str, Field(max_length=80)] = ""
    layout: Literal["calls", "sign", "text"] = "calls"
    counters: list[Key] = []
    directions: dict[str, Direction] = {}
    diagonal_inch: Annotated[float, Field(ge=7, le=200, strict=False)] = 55
    viewing_distance_m: Annotated[float, Field(ge=0.5, le=30, strict=False)] = 6
    most_calls: Annotated[int, Field(ge=1, le=10)] = 10
    continues: Key | None = None
    recent: Annotated[int, Field(ge=0, le=10)] = 6
    info: list[Beside] = []
    languages: list[Language] = []
    night: str = "closed"
    motion: bool = True
    area: Key = "main"
    sound: bool = True
    place: Point | None = None

    def is_dark_at(self, local: time, *, closed: bool) -> bool:
        """Whether its night has come at this local time of day."""
        if self.night in ("closed", "never"):
            return closed and self.night == "closed"
        return any(span.covers(local) for span in parse_time_of_day(self.night))

    def shows(self, counter: str | None) -> bool:
        """Whether the calls of this counter concern it."""
        return not self.counters or counter in self.counters

    @field_validator("night")
    @classmethod
    def _night_is_known(cls, text: str) -> str:
        if text not in ("closed", "never"):
            parse_time_of_day(text)
        return text

    @model_validator(mode="after")
    def _a_sign_hangs_at_one_counter(self) -> Self:
        if self.layout == "sign" and len(self.counters) != 1:
            raise ValueError('a display with layout "sign" needs exactly one of counters')
        return self


class ZoneSection(Section):
    """A part of the house with a colour and a name; the name says the same without the colour."""

    key: Key
    name: Words
    colour: Literal["blue", "green", "orange", "pink", "white"] = "blue"


class MessageSection(Introduced):
    """A house message, from one day until another."""

    text: Annotated[
        dict[str, Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1)
    ]
    displays: list[Key] = []


class InfoSection(Section):
    """What the panel beside the calls takes its turns with."""

    pictures: str = ""
    seconds: Annotated[int, Field(ge=10, le=300)] = 15


class PlanSection(Section):
    """A simple floor plan: lines on a grid; counters and displays name their own spot."""

    width: Annotated[float, Field(ge=1, le=200, strict=False)]
    height: Annotated[float, Field(ge=1, le=200, strict=False)]
    walls: list[Wall] = []
    entrance: Point | None = None
