"""The office's own pictures for the panel beside the calls: what is in one folder, and no more."""

from __future__ import annotations

from pathlib import Path

KINDS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".svg"})
LARGEST = 5 * 1024 * 1024


class Pictures:
    """The folder [info].pictures beside config.toml; without one there are none."""

    def __init__(self, beside: Path, folder: str) -> None:
        self._folder = beside / folder if folder else None

    def names(self) -> list[str]:
        """The files that can be shown, in the order of their names."""
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if _can_be_shown(path))

    def find(self, name: str) -> Path | None:
        """The file of that name. Only listed names count, so no name leads out of the folder."""
        return self._folder / name if self._folder and name in self.names() else None


def _can_be_shown(path: Path) -> bool:
    # A link may point anywhere; hidden files are nobody's poster.
    if path.suffix.lower() not in KINDS or path.name.startswith(".") or path.is_symlink():
        return False
    return path.is_file() and path.stat().st_size <= LARGEST
