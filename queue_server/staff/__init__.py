"""Pages for staff and for setting up: start, links, log in, counters, the virtual paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from ..boards import counter_label
from ..doors import SETUP_COOKIE
from ..errors import SENTENCES
from ..identity import Doorkeeper, Principal
from ..pages import Pages
from ..refusals import Refused
from ..words import say
from .devices import add_device_pages

Paper = Callable[[str], Path]


def blueprint(pages: Pages, keeper: Doorkeeper, paper: Paper) -> Blueprint:
    """The pages; `paper` tells the folder of a virtual printer's sheets."""
    staff = Blueprint(
        "staff", __name__, template_folder="templates", static_folder="static",
        static_url_path="/staff-static",
    )  # fmt: skip
    _add_entrance(staff, pages)
    _add_log_in(staff, pages, keeper)
    _add_setup(staff, pages, keeper)
    _add_counters(staff, pages)
    _add_paper(staff, pages, paper)
    add_device_pages(staff, pages)
    return staff


def _add_entrance(staff: Blueprint, pages: Pages) -> None:
    @staff.get("/")
    def start() -> str:
        return render_template("shared/start.html")

    @staff.get("/link")
    def link() -> str:
        return render_template("shared/link.html")


def _add_log_in(staff: Blueprint, pages: Pages, keeper: Doorkeeper) -> None:
    @staff.get("/login")
    def login() -> str:
        return render_template("staff/login.html", next=_next_page())

    @staff.post("/login")
    def log_in() -> AnyResponse | tuple[str, int, dict[str, str]]:
        pages.doors.check_form()
        try:
            session = _log_in(keeper)
        except Refused as refusal:
            return _log_in_again(pages, refusal)
        return _enter(pages, session, _next_page())

    @staff.post("/logout")
    def log_out() -> AnyResponse:
        pages.doors.check_form()
        response = redirect("/login", 303)
        pages.doors.forget_person(response)  # type: ignore[arg-type]
        return response


def _log_in(keeper: Doorkeeper) -> str:
    return keeper.log_in(*_typed(), request.remote_addr or "")


def _typed() -> tuple[str, str]:
    return request.form.get("name", ""), request.form.get("password", "")


def _enter(pages: Pages, session: str, page: str) -> AnyResponse:
    response = redirect(page, 303)
    pages.doors.remember_person(response, session)  # type: ignore[arg-type]
    return response


def _log_in_again(pages: Pages, refusal: Refused) -> tuple[str, int, dict[str, str]]:
    error, status = _sentence(pages, refusal), SENTENCES[refusal.code][0]
    wait = refusal.details.get("retry_after")
    name, _ = _typed()
    page = render_template("staff/login.html", error=error, name=name, next=_next_page())
    return page, status, {"Retry-After": str(wait)} if wait else {}


def _add_setup(staff: Blueprint, pages: Pages, keeper: Doorkeeper) -> None:
    @staff.get("/setup")
    def setup() -> str:
        if SETUP_COOKIE not in request.cookies:
            raise Refused("link_expired")
        return render_template("staff/setup.html")

    @staff.post("/setup")
    def set_up() -> AnyResponse | tuple[str, int]:
        pages.doors.check_form()
        try:
            keeper.set_up(request.cookies.get(SETUP_COOKIE, ""), *_typed())
        except Refused as refusal:
            return _set_up_again(pages, refusal)
        response = _enter_first(pages, keeper)
        response.delete_cookie(SETUP_COOKIE)
        return response


def _enter_first(pages: Pages, keeper: Doorkeeper) -> AnyResponse:
    try:
        return _enter(pages, _log_in(keeper), "/counters")
    except Refused:  # too many had tried this name before anybody had it
        return redirect("/login", 303)


def _set_up_again(pages: Pages, refusal: Refused) -> tuple[str, int]:
    name, _ = _typed()
    return render_template("staff/setup.html", error=_sentence(pages, refusal), name=name), 422


def _add_counters(staff: Blueprint, pages: Pages) -> None:
    @staff.get("/counters")
    def counters() -> str | AnyResponse:
        who = pages.doors.page_principal("")
        if who is None:
            return redirect("/login?next=/counters")
        states = pages.views.area.store.counters.states()
        listed = [
            {
                "key": counter.key,
                "label": counter_label(pages.config, counter.key),
                "state": states.get(counter.key, "closed"),
            }
            for counter in pages.config.counters
            if counter.is_on(pages.views.area.today())
        ]
        return render_template("staff/counters.html", counters=listed, who=who)

    @staff.get("/counter/<key>")
    def counter(key: str) -> str | AnyResponse:
        try:
            who = pages.permit("counter", key)
        except Refused as refusal:
            if refusal.code == "not_paired":
                return redirect(f"/login?next=/counter/{key}")
            raise
        return _counter_page(pages, key, who)


def _counter_page(pages: Pages, key: str, who: Principal) -> str:
    counter = pages.config.counter(key)
    label = counter_label(pages.config, key)
    return render_template("staff/counter.html", counter=counter, label=label, who=who)


def _add_paper(staff: Blueprint, pages: Pages, paper: Paper) -> None:
    @staff.get("/paper/<key>")
    def paper_page(key: str) -> str:
        pages.permit("paper", key)
        return render_template("staff/paper.html", printer=pages.config.printer(key))

    @staff.get("/paper/<key>/<name>.png")
    def sheet(key: str, name: str) -> Response:
        pages.permit("paper", key)
        return send_from_directory(paper(key), f"{name}.png", max_age=3600)


def _sentence(pages: Pages, refusal: Refused) -> str:
    return say(pages.language(), SENTENCES[refusal.code][1])


def _next_page() -> str:
    """Only an address of ours: a foreign one would turn the log-in into a trap."""
    wanted = request.values.get("next", "")
    # Printable ASCII only: a tab in between is dropped later and leaves "//evil.example".
    ours = re.fullmatch(r"/(?!/)[!-\[\]-~]*", wanted)
    return wanted if ours else "/counters"
