"""The kiosk: a touch screen where clients take their tickets."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template
from flask_babel import force_locale
from markupsafe import Markup

from queue_server.config import KioskSection, ServiceSection
from queue_server.pages import Pages


def blueprint(pages: Pages) -> Blueprint:
    """/kiosk/KEY for a paired touch screen."""
    kiosk = Blueprint(
        "kiosk", __name__, template_folder="templates", static_folder="static",
        static_url_path="/kiosk-static",
    )  # fmt: skip

    @kiosk.get("/kiosk/<key>")
    def page(key: str) -> str:
        pages.permit("kiosk", key)
        found = pages.config.kiosk(key)
        assert found is not None  # permit() has looked
        services = offered(pages, found)
        codes = pages.config.office.languages
        today = pages.views.area.today()
        stages = {code: stage(code, found, services, today) for code in codes}
        return render_template("kiosk/kiosk.html", kiosk=found, services=services, stages=stages)

    return kiosk


def offered(pages: Pages, kiosk: KioskSection) -> list[ServiceSection]:
    """What can be chosen at this kiosk, in the order of the configuration."""
    return [s for s in pages.config.services if not kiosk.services or s.key in kiosk.services]


def stage(
    language: str, kiosk: KioskSection, services: list[ServiceSection], today: date
) -> Markup:
    """All screens in one language: the page carries every language, so that switching needs no
    server and the script holds no words. Services that are not on today are there but hidden:
    midnight may pass while the page stands."""
    with force_locale(language):
        drawn = render_template(
            "kiosk/stage.html", language=language, kiosk=kiosk, services=services, today=today
        )
    return Markup(drawn)
