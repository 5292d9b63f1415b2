"""The page "Devices", and where a screen goes that does not know its name yet."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from ..doors import DEVICE_PAGES
from ..pages import DEVICES_FOR, PAIRERS, Pages
from ..refusals import Refused


def add_device_pages(staff: Blueprint, pages: Pages) -> None:
    """/devices for reception, leads and administrators; /wall and /kiosk without a key."""

    @staff.get("/devices")
    def devices() -> str | AnyResponse:
        who = pages.doors.page_principal("")
        if who is None:
            return redirect("/login?next=/devices")
        if not who.may(DEVICES_FOR):
            raise Refused("forbidden")
        return render_template("staff/devices.html", may_pair=who.may(PAIRERS))

    @staff.get("/wall")
    def any_wall() -> str | AnyResponse:
        keys = [display.key for display in pages.config.displays]
        return _own_page(pages, "wall", keys)

    @staff.get("/kiosk")
    def any_kiosk() -> str | AnyResponse:
        return _own_page(pages, "kiosk", [kiosk.key for kiosk in pages.config.kiosks])


def _own_page(pages: Pages, kind: str, keys: list[str]) -> str | AnyResponse:
    """The page this browser is paired with, else a code for whichever it shall become."""
    if station := pages.doors.paired_station(kind, keys):
        return redirect(f"/{kind}/{station}")
    return render_template("shared/pair.html", kind=DEVICE_PAGES[kind], station=None)
