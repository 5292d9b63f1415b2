"""The wall displays: one page for each screen of the waiting area."""

from __future__ import annotations

import math

from flask import Blueprint, render_template

from queue_server.config import DisplaySection
from queue_server.pages import Pages

# Angle at which a capital letter must appear to the farthest seat (EN 301 549, 5.1.4).
ANGLE_DEGREES = 0.7
CAPITAL_PER_SIZE = 0.714  # Noto Sans: height of a capital letter / font size
SHORT_SIDE_PER_DIAGONAL = 9 / math.hypot(16, 9)
CM_PER_INCH = 2.54


def blueprint(pages: Pages) -> Blueprint:
    """/wall/KEY for paired screens and for staff who want to look."""
    display = Blueprint(
        "display", __name__, template_folder="templates", static_folder="static",
        static_url_path="/display-static",
    )  # fmt: skip

    @display.get("/wall/<key>")
    def wall(key: str) -> str:
        pages.permit("wall", key)
        found = pages.config.display(key)
        assert found is not None  # permit() has looked
        return render_template("display/wall.html", display=found, number_size=number_size(found))

    return display


def number_size(display: DisplaySection) -> float:
    """Font size of a called number in % of the screen's short side, so that it is big enough
    for the farthest seat, whichever way the screen is turned."""
    capital_cm = 100 * display.viewing_distance_m * math.tan(math.radians(ANGLE_DEGREES))
    short_side_cm = display.diagonal_inch * CM_PER_INCH * SHORT_SIDE_PER_DIAGONAL
    return round(100 * capital_cm / short_side_cm / CAPITAL_PER_SIZE, 2)
