"""The wall pages that are open just now, and what each last said of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..boards import Board
from ..domain.leadership import CAN_SPEAK, Loudspeaker, Sound

# One that did not answer is passed over for so long.
FAILED_SECONDS = 10.0
# A page that works says how it is doing in its first second.
SPEAKS_UP_SECONDS = 10.0


@dataclass(slots=True)
class Wall:
    """One open wall page. `arrived` counts up."""

    display: str
    area: str
    arrived: int
    since: float
    sound: Sound = Sound.UNKNOWN
    failed_until: float = 0.0
    report: Board = field(default_factory=dict)

    def sound_at(self, now: float) -> Sound:
        """Its state; one that lately did not answer has failed, whatever it says of itself."""
        return Sound.FAILED if now < self.failed_until and self.sound in CAN_SPEAK else self.sound

    def never_spoke_up(self, now: float) -> bool:
        """Has not said a word of itself, and should have: its script does not work."""
        return self.sound is Sound.UNKNOWN and now - self.since > SPEAKS_UP_SECONDS

    def fail(self, now: float) -> None:
        """It did not speak when it had to."""
        self.failed_until = now + FAILED_SECONDS


class Walls(dict[str, Wall]):
    """By socket."""

    def in_area(self, area: str, now: float) -> Iterator[Loudspeaker]:
        """Who could speak there."""
        for sid, wall in self.items():
            if wall.area == area:
                yield Loudspeaker(sid, wall.sound_at(now), wall.arrived)

    def of_display(self, display: str) -> list[str]:
        """The sockets of one display: usually one, two while a page reloads."""
        return [sid for sid, wall in self.items() if wall.display == display]
