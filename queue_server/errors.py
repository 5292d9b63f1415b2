"""Every no becomes one sentence for a person, with the right status, in the one error shape."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from .boards import iso
from .domain.ticket import NotAllowed, Ticket
from .doors import DEVICE_PAGES
from .refusals import Refused, Unknown
from .store.tickets import SomebodyWasFaster
from .viewpoints import Viewpoints
from .words import say

log = logging.getLogger(__name__)

PAIRED_BY_CODE = ("wall", "kiosk")


def _(sentence: str) -> str:
    """Marks a sentence for the catalogues; it is said in the asker's language later."""
    return sentence


# code -> (status, sentence)
SENTENCES: dict[str, tuple[int, str]] = {
    "bad_request": (400, _("This request cannot be read. It must be JSON as the interface says.")),
    "invalid": (422, _("Something in this request is missing or wrong.")),
    "csrf": (400, _("This page is out of date. Please reload it and try again.")),
    "no_login": (401, _("Please log in first.")),
    "not_paired": (401, _("This screen is not set up yet. Please open its one-time link.")),
    "wrong_password": (401, _("The name or the password is wrong.")),
    "forbidden": (403, _("You are not allowed to do this.")),
    "no_counter": (403, _("Please open the page of your counter first.")),
    "other_counter": (403, _("This client is at another counter.")),
    "not_found": (404, _("There is nothing at this address.")),
    "unknown": (404, _("This is not known here.")),
    "link_expired": (410, _("This link was used already or is too old. Please ask for a new one.")),
    "code_wrong": (404, _("There is no such code. Please compare it with the screen.")),
    "code_expired": (410, _("This code is too old. Please use the one the screen shows now.")),
    "method_not_allowed": (405, _("This address does not accept that kind of request.")),
    "not_allowed": (409, _("Ticket %(number)s has moved on; this step is no longer possible.")),
    "busy": (409, _("Ticket %(number)s is still at this counter. Please finish it first.")),
    "closed": (409, _("We are closed. No tickets are given out now.")),
    "service_off": (409, _("There are no tickets for this concern at the moment.")),
    "request_used": (409, _("This request was used for another ticket. Please try again.")),
    "limit_reached": (409, _("All numbers are in use. Please ask at the information desk.")),
    "area_full": (409, _("The waiting area is full. Please ask at the information desk.")),
    "counter_off": (409, _("This counter is not in use today.")),
    "taken_over": (409, _("This counter is now used in another window.")),
    "wrong_day": (409, _("This appointment is on another day.")),
    "config_broken": (
        422,
        _("The configuration has mistakes and was not loaded; the old one stays."),
    ),
    "taken": (409, _("Somebody else has taken this print job.")),
    "other_agent": (409, _("Another print agent serves this printer; only one may.")),
    "not_virtual": (409, _("Only the virtual printer can be given faults.")),
    "on_its_way": (409, _("The paper of ticket %(number)s is being printed already.")),
    "reprint_not_possible": (409, _("Ticket %(number)s cannot be printed again here.")),
    "code_used": (409, _("This code was used already.")),
    "other_kind": (409, _("This code belongs to a device of another kind.")),
    "own_agent": (409, _("This print agent is part of the server and starts together with it.")),
    "no_station": (
        409,
        _("This token is for no certain screen. Please create it with --display or --kiosk."),
    ),
    "name_taken": (409, _("Somebody with this name exists already.")),
    "bad_name": (422, _("Please enter a name of 1 to 64 characters.")),
    "bad_password": (422, _("Please choose a password of at least 12 characters.")),
    "too_large": (413, _("This request is too large.")),
    "too_many": (429, _("Too many attempts. Please wait a moment.")),
    "pairing_full": (
        429,
        _("Too many screens ask to be paired at the moment. Please wait a few minutes."),
    ),
    "internal": (500, _("Something went wrong here. Please try again.")),
    "not_ready": (503, _("The server is not ready yet. Please try again in a moment.")),
}
UNKNOWN_SENTENCES = {
    "service": _("There is no such concern."),
    "counter": _("There is no such counter."),
    "kiosk": _("There is no such kiosk."),
    "display": _("There is no such display."),
    "printer": _("There is no such printer."),
    "ticket": _("There is no such ticket."),
    "ticket_token": _("There is no such ticket."),
    "priority": _("There is no such priority class."),
    "print_job": _("There is no such print job."),
    "token": _("There is no such device."),
}
NOT_ALLOWED_SENTENCES = {
    "day_over": _("Ticket %(number)s is from another day; nothing can be done with it any more."),
    "too_late": _("Ticket %(number)s was missed too long ago. Please give out a new ticket."),
    "reception_only": _("Only the information desk can put waiting ticket %(number)s aside."),
    "nothing_to_undo": _("It is too late to undo this step with ticket %(number)s."),
}
HTTP_CODES = {
    400: "bad_request", 401: "no_login", 403: "forbidden", 404: "not_found",
    405: "method_not_allowed", 413: "too_large", 415: "bad_request", 422: "invalid",
    429: "too_many", 503: "not_ready",
}  # fmt: skip


class ErrorPages:
    """Turns exceptions into answers: JSON for programs, a readable page for people."""

    def __init__(self, app: Flask, views: Viewpoints) -> None:
        self._views = views
        app.register_error_handler(Refused, self._refused)
        app.register_error_handler(Unknown, self._unknown)
        app.register_error_handler(NotAllowed, self._not_allowed)
        app.register_error_handler(SomebodyWasFaster, self._faster)
        app.register_error_handler(HTTPException, self._http)
        app.register_error_handler(sqlite3.OperationalError, self._busy)
        app.register_error_handler(Exception, self._crash)

    def answer(self, code: str, details: dict[str, Any] | None = None, text: str = "") -> Response:
        """The error shape of the contract, or a page when a person looks at one."""
        status, sentence = SENTENCES[code]
        details = {name: self._plain(value) for name, value in (details or {}).items()}
        message = say(self.language(), text or sentence) % _blank(details)
        if _wants_page():
            page = render_template("shared/problem.html", title=message, message="", status=status)
            response = Response(page, status)
        else:
            response = jsonify({"error": code, "message": message, "details": details})
            response.status_code = status
        if "retry_after" in details:
            response.headers["Retry-After"] = str(details["retry_after"])
        return response

    def _pairing_page(self, details: dict[str, Any]) -> Response:
        # Status 401 as for programs: whoever watches the walls from outside sees what is wrong.
        role = DEVICE_PAGES[str(details["page"])]
        page = render_template("shared/pair.html", kind=role, station=details["key"])
        return Response(page, SENTENCES["not_paired"][0])

    def language(self) -> str:
        """The language of the person who asks, if the office offers it."""
        offered = self._views.config.office.languages
        asked = request.args.get("lang", "")
        if asked in offered:
            return asked
        # A page of ours keeps its own language; a program says which one it wants.
        wanted = None if _wants_page() else request.accept_languages.best_match(offered)
        return wanted or offered[0]

    def _refused(self, error: Refused) -> Response:
        details = dict(error.details)
        if isinstance(found := details.get("ticket"), Ticket):
            details["number"] = found.number
        if error.code == "not_paired" and details.get("page") in PAIRED_BY_CODE and _wants_page():
            return self._pairing_page(details)
        return self.answer(error.code, details)

    def _unknown(self, error: Unknown) -> Response:
        sentence = UNKNOWN_SENTENCES.get(error.what, "")
        key = {} if error.what == "ticket_token" else {"key": error.key}
        return self.answer("unknown", {"what": error.what, **key}, sentence)

    def _not_allowed(self, error: NotAllowed) -> Response:
        state, number = error.ticket.state, error.ticket.number
        details = {"state": str(state), "number": number, "why": error.why}
        return self.answer("not_allowed", details, NOT_ALLOWED_SENTENCES.get(error.why, ""))

    def _faster(self, error: SomebodyWasFaster) -> Response:
        return self.answer("not_allowed", {"state": None, "number": str(error)})

    def _http(self, error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:
            return Response(error.get_response())  # type: ignore[arg-type]
        return self.answer(HTTP_CODES.get(status, "internal" if status >= 500 else "bad_request"))

    def _busy(self, error: sqlite3.OperationalError) -> Response:
        # Locked by another program, or the disk is full: nothing was written.
        log.error("the database refused", exc_info=error)
        return self.answer("not_ready")

    def _crash(self, error: Exception) -> Response:
        log.error("unexpected failure", exc_info=error)
        return self.answer("internal")

    def _plain(self, value: object) -> object:
        if isinstance(value, Ticket):
            return self._views.ticket(value)
        if isinstance(value, datetime):
            return iso(value.astimezone(ZoneInfo("UTC")))
        return value


def _blank(details: dict[str, Any]) -> dict[str, Any]:
    return {"number": "", **details}


def _wants_page() -> bool:
    if request.path.startswith(("/api/", "/health", "/socket.io")):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
