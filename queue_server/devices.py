"""The list "Devices": what is paired with what, since when, and whether it is still there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .agents import AGENT_NAME
from .boards import iso
from .config import Config
from .identity import Doorkeeper
from .refusals import Refused, Unknown
from .store import Store
from .store.database import from_stored

# Pages and agents that stand somewhere. Other tokens are programs': the shell looks after those.
ROLES = ("display", "kiosk", "printer", "paper", "counter")


def _nothing(*_arguments: object) -> None:
    pass


@dataclass(frozen=True)
class Walls:
    """What the socket and the loudspeakers know and can do; create_app wires it.

    `report`: one line for each display with the keys display, connected, sound, leader, area, fits,
    screen, clock_off, test. `connected`: the token ids of all pages that are here now.
    """

    report: Callable[[], list[dict[str, Any]]] = list
    connected: Callable[[], set[int]] = set
    test_sound: Callable[[str], None] = _nothing
    sound_heard: Callable[[str, bool], None] = _nothing


class Devices:
    """Everything that was paired and not revoked."""

    def __init__(
        self, store: Store, keeper: Doorkeeper, config: Callable[[], Config], walls: Walls
    ) -> None:
        """`config` gives the configuration in force."""
        self._store = store
        self._keeper = keeper
        self._config = config
        self.walls = walls

    def listed(self) -> list[dict[str, Any]]:
        """One line for each device; never a secret."""
        connected = self.walls.connected()
        return [self._line(row, connected) for row in self._keeper.tokens() if _is_device(row)]

    def _line(self, row: dict[str, Any], connected: set[int]) -> dict[str, Any]:
        seen = self._last_seen(row)
        return {
            "id": row["id"],
            "role": row["role"],
            "name": row["name"],
            "station": row["station"],
            "paired_at": iso(from_stored(row["created_at"])),
            "last_seen_at": iso(seen),
            "connected": row["id"] in connected,
            "revocable": row["name"] != AGENT_NAME,
        }

    def _last_seen(self, row: dict[str, Any]) -> datetime | None:
        # An agent has no page: what it last said of its printer is its sign of life.
        if row["role"] == "printer" and row["station"]:
            return self._store.printers.find(row["station"]).agent_seen_at
        return from_stored(row["last_seen_at"])

    def places(self) -> list[dict[str, str]]:
        """The configured displays, kiosks and printers, also those that nothing is paired with."""
        config = self._config()
        return [
            *({"role": "display", "station": d.key, "name": d.name} for d in config.displays),
            *({"role": "kiosk", "station": k.key, "name": ""} for k in config.kiosks),
            *({"role": "printer", "station": p.key, "name": ""} for p in config.printers),
        ]

    def revoke(self, token_id: int, by: str) -> None:
        """Its page shows a pairing code from now on. Raises Unknown; Refused: own_agent for a
        print agent that the server itself started and would start again."""
        row = self._store.access.token_in_force(token_id)
        if row is None or not _is_device(row):
            raise Unknown("token", str(token_id))
        if row["name"] == AGENT_NAME:
            raise Refused("own_agent")
        self._keeper.revoke(token_id, by)

    def test_sound(self, display: str) -> None:
        """Let this display make itself heard. Raises Unknown."""
        self._keeper.check_station("display", display)
        self.walls.test_sound(display)

    def sound_heard(self, display: str, heard: bool) -> None:
        """Somebody stood there and listened (S-10). Raises Unknown."""
        self._keeper.check_station("display", display)
        self.walls.sound_heard(display, heard)


def _is_device(row: dict[str, Any]) -> bool:
    return row["role"] in ROLES and (row["role"] != "counter" or row["station"] is not None)
