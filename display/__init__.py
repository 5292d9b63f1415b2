"""The wall displays: one page for each screen of the waiting area, and the same as plain text."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, send_file
from werkzeug.wrappers import Response as AnyResponse

from queue_server.config import DisplaySection
from queue_server.pages import Pages
from queue_server.refusals import Refused, Unknown

from .panel import panel
from .pictures import Pictures
from .plan import draw
from .sizes import Needs

# A picture from the office may hold a script; opened by itself it must not run.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def blueprint(pages: Pages) -> Blueprint:
    """/wall/KEY for paired screens and for staff who want to look."""
    display = Blueprint(
        "display", __name__, template_folder="templates", static_folder="static",
        static_url_path="/display-static",
    )  # fmt: skip

    @display.get("/wall/<key>")
    def wall(key: str) -> str | tuple[str, int]:
        found = pages.config.display(key)
        if found is None:
            return _unknown()
        pages.permit("wall", key)
        return _as_text(pages, found) if found.layout == "text" else _as_screen(pages, found)

    @display.get("/wall/<key>/text")
    def text(key: str) -> str | tuple[str, int]:
        found = pages.config.display(key)
        if found is None:
            return _unknown()
        pages.permit("wall", key)
        return _as_text(pages, found)

    @display.get("/wall/", defaults={"address": ""})
    @display.get("/wall/<path:address>")
    def nothing(address: str) -> AnyResponse | tuple[str, int]:
        return _unknown() if address else redirect("/wall")

    @display.get("/wall-pictures/<name>")
    def picture(name: str) -> Response:
        _permit_any_wall(pages)
        path = Pictures(pages.beside, pages.config.info.pictures).find(name)
        if path is None:
            raise Unknown("picture", name)
        answer = send_file(path)
        answer.headers["Content-Security-Policy"] = PICTURE_POLICY
        return answer

    return display


def _as_screen(pages: Pages, display: DisplaySection) -> str:
    languages = display.languages or pages.config.office.languages
    return render_template(
        f"display/{'sign' if display.layout == 'sign' else 'wall'}.html",
        display=display,
        needs=Needs.of(display),
        plan=draw(pages.config, display),
        panel=panel(pages.config, languages, pages.views.area.today()),
        pictures=Pictures(pages.beside, pages.config.info.pictures).names(),
    )


def _as_text(pages: Pages, display: DisplaySection) -> str:
    picture = pages.views.snapshot(f"wall:{display.key}")
    return render_template(
        "display/text.html", display=display, picture=picture, needs=Needs.of(display)
    )


def _unknown() -> tuple[str, int]:
    """Readable from afar, and it looks again by itself: nobody stands there to reload it."""
    return render_template("display/unknown.html"), 404


def _permit_any_wall(pages: Pages) -> None:
    """An image says not which page it is for, so one paired display of this browser will do."""
    walls = (f"wall:{display.key}" for display in pages.config.displays)
    if not any(pages.doors.page_principal(wall) for wall in walls):
        raise Refused("not_paired")
