"""[sound] of config.toml: gong, voice, wording, volume by area and time of day."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ..domain.opening import parse_time_of_day
from .sections import Key, Language, Section

Volume = Annotated[int, Field(ge=0, le=100)]
Gong = Literal["two-tone", "three-tone", "bell", "wood", "soft"]


class QuieterSection(Section):
    """A time of day with a volume of its own (S-8)."""

    between: str
    volume: Volume

    @field_validator("between")
    @classmethod
    def _is_a_span(cls, text: str) -> str:
        parse_time_of_day(text)
        return text

    def covers(self, local: time) -> bool:
        """Whether this local time of day is in it."""
        return any(span.covers(local) for span in parse_time_of_day(self.between))


class LoudspeakerAreaSection(Section):
    """An area that hears one voice; what is left out is as in [sound]."""

    key: Key
    volume: Volume | None = None
    quieter: list[QuieterSection] | None = None


class SoundSection(Section):
    """How calls are heard."""

    gong: Gong = "two-tone"
    voice: bool = True
    languages: list[Language] = []
    numbers: Literal["auto", "number", "digits"] = "auto"
    two: Literal["zwei", "zwo"] = "zwei"
    repeat: bool = True
    volume: Volume = 80
    quieter: list[QuieterSection] = []
    test_minutes_before_opening: Annotated[int, Field(ge=0, le=120)] = 0
    recordings: str = ""
    piper: dict[Language, str] = {}
    areas: list[LoudspeakerAreaSection] = Field(default=[], alias="area")

    def volume_at(self, area: str, local: time) -> int:
        """Percent for an area at a local time of day; 0 is mute (S-8)."""
        own = next((a for a in self.areas if a.key == area), None)
        volume = self.volume if own is None or own.volume is None else own.volume
        quieter = self.quieter if own is None or own.quieter is None else own.quieter
        return next((q.volume for q in quieter if q.covers(local)), volume)
