"""What every page needs: the office, the language of the person, and whether the page is paired."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import request
from markupsafe import Markup

from .boards import iso
from .config import Config
from .doors import Doors
from .identity import Principal
from .refusals import Refused, Unknown
from .viewpoints import Viewpoints

ICONS = Path(__file__).parent / "shared" / "static" / "vendor" / "icons"
STAFF_PAGES = {
    "counter": ("counter", "reception", "lead", "admin"),
    "paper": ("reception", "lead", "admin"),
    "wall": ("reception", "lead", "admin"),
    "kiosk": ("admin",),
}
DEVICES_FOR = ("reception", "lead", "admin")
PAIRERS = ("lead", "admin")


class Pages:
    """Handed to the blueprints of display, kiosk, staff and phone."""

    def __init__(self, views: Viewpoints, doors: Doors, beside: Path = Path()) -> None:
        self.views = views
        self.doors = doors
        self.beside = beside  # the folder of config.toml: what it names is beside it

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self.views.config

    @property
    def release(self) -> str:
        """Changes with pages, words and configuration."""
        return self.views.release

    def language(self) -> str:
        """?lang=…, else the office's first language: a kiosk must not follow its browser."""
        asked = request.args.get("lang", "")
        offered = self.config.office.languages
        return asked if asked in offered else offered[0]

    def permit(self, kind: str, key: str) -> Principal:
        """Let the page be shown, or stop with a readable page: unknown (404), not paired (401)."""
        if not self._exists(kind, key):
            raise Unknown({"wall": "display", "paper": "printer"}.get(kind, kind), key)
        who = self.doors.page_principal(f"{kind}:{key}")
        if who is None:
            raise Refused("not_paired", page=kind, key=key)
        if who.station is None and who.role not in STAFF_PAGES[kind]:
            raise Refused("forbidden")
        return who

    def now(self) -> str | None:
        """The server's time for the first picture."""
        return iso(self.views.area.now())

    def _exists(self, kind: str, key: str) -> bool:
        find = {
            "kiosk": self.config.kiosk,
            "wall": self.config.display,
            "counter": self.config.counter,
            "paper": self.config.printer,
        }[kind]
        return find(key) is not None


@cache
def icon(name: str) -> Markup:
    """A pictogram as inline SVG; decoration only, the words beside it say the same."""
    path = ICONS / f"{Path(name).name}.svg"
    if not path.is_file():
        return Markup("")
    drawing = path.read_text(encoding="utf-8")
    drawing = drawing[drawing.index("<svg") :]
    return Markup(drawing.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))
