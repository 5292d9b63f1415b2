"""Keeps the newest sheets as PNG files for whoever looks at them in a browser."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from PIL import Image

KEPT = 40
UNFINISHED = ".part"


class PaperTray:
    """A folder with the newest sheets; their names sort by time."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._kept = kept
        self._lock = threading.Lock()

    def add(self, sheet: Image.Image) -> None:
        """Save one sheet and remove the oldest ones."""
        with self._lock:
            path = self._folder / f"{time.time_ns():020d}.png"
            unfinished = path.with_suffix(UNFINISHED)
            sheet.save(unfinished, format="PNG", optimize=False)
            os.replace(unfinished, path)  # a reader never sees half a picture
            self._remove_old()

    def _remove_old(self) -> None:
        for path in sorted(self._folder.glob("*.png"))[: -self._kept]:
            path.unlink(missing_ok=True)
        # Left by a process that was killed while it wrote.
        for path in self._folder.glob(f"*{UNFINISHED}"):
            path.unlink(missing_ok=True)
