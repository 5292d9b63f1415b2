"""The page behind the QR code: one's own number and place, without script, cookie or name."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ..domain.ticket import OPEN_STATES, Ticket
from ..pages import Pages
from ..qr import qr_svg
from ..refusals import Unknown
from ..slips import status_url

REFRESH_SECONDS = 15
SHOWN = ("number", "state", "ahead", "counter_label", "overtaken_by")


def blueprint(pages: Pages, address: str) -> Blueprint:
    """/t/TOKEN and its QR picture."""
    phone = Blueprint(
        "phone", __name__, template_folder="templates", static_folder="static",
        static_url_path="/phone-static",
    )  # fmt: skip

    def holder(token: str) -> Ticket:
        area = pages.views.area
        found = area.store.tickets.find_by_token(area.today(), token)
        if found is None:
            raise Unknown("ticket_token", "")
        return found

    @phone.get("/t/<token>")
    def ticket(token: str) -> str:
        found = holder(token)
        board = pages.views.snapshot(f"ticket:{token}")["ticket"]
        name = pages.config.service_name(found.service)
        return render_template(
            "phone/ticket.html",
            found=True,
            service_name=pages.config.words(name, pages.language()),
            refresh_seconds=REFRESH_SECONDS if found.state in OPEN_STATES else 0,
            **{name: board[name] for name in SHOWN},
        )

    @phone.get("/t/<token>/qr.svg")
    def qr(token: str) -> Response:
        picture = qr_svg(status_url(address, holder(token)))
        return Response(picture, mimetype="image/svg+xml")

    return phone
