"""Which loudspeaker of an area speaks: exactly one, so that nobody hears an echo (S-6, P-7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Sound(StrEnum):
    """What a wall says of its own sound."""

    RUNNING = "running"
    NO_DEVICE = "no-device"
    """Plays, but the machine names no loudspeaker."""
    UNKNOWN = "unknown"
    """Has not said anything yet."""
    BLOCKED = "blocked"
    """The browser refuses to play, or what is played does not move on."""
    FAILED = "failed"
    """Did not answer when it had to speak."""
    OFF = "off"
    """Never speaks, by configuration."""


AUDIBLE = frozenset({Sound.RUNNING})
CAN_SPEAK = frozenset({Sound.RUNNING, Sound.NO_DEVICE})
# Best first. One that never spoke up is preferred to one that certainly cannot be heard.
PREFERENCE = (Sound.RUNNING, Sound.NO_DEVICE, Sound.UNKNOWN, Sound.FAILED, Sound.BLOCKED)


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """One open wall page. `arrived` counts up: the first to come is preferred among equals."""

    id: str
    sound: Sound
    arrived: int


def choose(present: Iterable[Loudspeaker], leader: str | None) -> str | None:
    """The one who leads from now on; the present leader stays as long as nobody is better."""
    eligible = [speaker for speaker in present if speaker.sound in PREFERENCE]
    if not eligible:
        return None
    return min(eligible, key=lambda s: (PREFERENCE.index(s.sound), s.id != leader, s.arrived)).id
