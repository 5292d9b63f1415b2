"""Works by a changed config.toml without a restart; a broken file changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from .config import Config
from .config_file import ConfigProblems, load
from .viewpoints import Viewpoints
from .waiting_area import WaitingArea

__all__ = ["ConfigProblems", "Reloading"]

log = logging.getLogger(__name__)


class Reloading:
    """Asked by SIGHUP and by an administrator's page."""

    def __init__(
        self,
        area: WaitingArea,
        views: Viewpoints,
        path: Path | None,
        release_of: Callable[[Config], str],
    ) -> None:
        self._area = area
        self._views = views
        self._path = path
        self._release_of = release_of
        self._followers: list[Callable[[Config], None]] = []

    def follow(self, follower: Callable[[Config], None]) -> None:
        """`follower` gets each new configuration once it is in force."""
        self._followers.append(follower)

    def reload(self) -> list[str]:
        """Read the file again; the keys that take effect only after a restart.

        Raises ConfigProblems; then everything stays as it is.
        """
        if self._path is None:
            raise ConfigProblems(["this server was started without a configuration file"])
        before, config = self._area.config, load(self._path)
        self._views.release = self._release_of(config)  # so that pages draw themselves anew
        self._area.reload(config)
        for follower in self._followers:
            follower(config)
        return _needing_a_restart(before, config)

    def reload_and_log(self) -> None:
        """The same for a signal, which nobody can answer."""
        try:
            waiting = self.reload()
        except ConfigProblems as found:
            log.error("the old configuration stays in force: %s", "; ".join(found.problems))
            return
        later = f"; after a restart: {', '.join(waiting)}" if waiting else ""
        log.warning("%s: the new configuration is in force%s", self._path, later)


def _needing_a_restart(before: Config, after: Config) -> list[str]:
    old, new = before.server.model_dump(), after.server.model_dump()
    return [f"server.{key}" for key in old if old[key] != new[key]]
