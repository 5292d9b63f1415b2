"""Lets requests and sockets in: bearer token, a page's own device cookie, or a person's session."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from .identity import Doorkeeper, Principal, window_id
from .refusals import Refused

SESSION_COOKIE = "queue-session"
DEVICE_PAGES = {"kiosk": "kiosk", "wall": "display", "counter": "counter", "paper": "paper"}
LONGEST_COOKIE_SECONDS = 400 * 24 * 3600  # browsers keep none longer; renewed by each page load
SETUP_COOKIE = "queue-setup"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Doors:
    """Finds out who is asking. Several device pages may live in one browser: each has its own
    cookie, and a page's script says which page it is in the X-Page header."""

    def __init__(self, keeper: Doorkeeper, csrf: CSRFProtect, secure: bool) -> None:
        self._keeper = keeper
        self._csrf = csrf
        self._secure = secure

    def principal(self) -> Principal | None:
        """Who sends this request. Raises Refused: csrf for a person's or page's forged change."""
        if "principal" not in g:
            g.principal = self._look()
        found: Principal | None = g.principal
        return found

    def page_principal(self, page: str) -> Principal | None:
        """Who opens this page, e.g. "wall:hall": its paired device, else the person logged in."""
        return self._device(page) or self._person()

    def paired_station(self, kind: str, keys: list[str]) -> str | None:
        """The first of these stations whose page of this kind the browser is paired with."""
        return next((key for key in keys if self._device(f"{kind}:{key}")), None)

    def socket_principal(self, auth: Any) -> Principal | None:
        """Who connects: the token in `auth`, else the cookies that came with the handshake."""
        wishes = auth if isinstance(auth, dict) else {}
        if token := wishes.get("token"):
            return self._keeper.holder_of(str(token))
        return self.page_principal(str(wishes.get("page", "")))

    def acting_counter(self) -> str | None:
        """The counter a logged-in person works at, named by the page; only one that exists."""
        kind, _, key = request.headers.get("X-Page", "").partition(":")
        return key if kind == "counter" and self._keeper.knows_counter(key) else None

    def is_program(self) -> bool:
        """Whether a bearer token came with the request: devices and programs, not pages."""
        return "Authorization" in request.headers

    def acting_window(self) -> str | None:
        """The browser window that acts, as its page names itself; programs have none."""
        return window_id(request.headers.get("X-Window"))

    def remember_device(self, response: Response, page: str, secret: str) -> None:
        """Give the page its own cookie."""
        self._set(response, _cookie_name(page), secret, max_age=LONGEST_COOKIE_SECONDS)

    def remember_person(self, response: Response, session_id: str) -> None:
        """The cookie of somebody who logged in; ends with the browser."""
        self._set(response, SESSION_COOKIE, session_id)

    def remember_setup(self, response: Response, code: str) -> None:
        """Let this browser name the first administrator."""
        self._set(response, SETUP_COOKIE, code)

    def forget_person(self, response: Response) -> None:
        """Log out on the server and in the browser."""
        if session_id := request.cookies.get(SESSION_COOKIE):
            self._keeper.log_out(session_id)
        response.delete_cookie(SESSION_COOKIE)

    def check_form(self) -> None:
        """Refuse a form that no page of ours gave out. Raises Refused: csrf."""
        try:
            self._csrf.protect()
        except CSRFError as error:
            raise Refused("csrf") from error

    def _look(self) -> Principal | None:
        header = request.headers.get("Authorization", "")
        if header:
            scheme, _, token = header.partition(" ")
            return self._keeper.holder_of(token.strip()) if scheme == "Bearer" else None
        return self._device_of_script() or self._person_of_script()

    def _device_of_script(self) -> Principal | None:
        # The X-Page header cannot be sent from another site without a preflight that we never
        # answer, and the cookie is SameSite=Lax: that is the proof against forged requests.
        return self._device(request.headers.get("X-Page", ""))

    def _person_of_script(self) -> Principal | None:
        person = self._person()
        if person is not None and request.method not in SAFE_METHODS:
            self.check_form()
        return person

    def _device(self, page: str) -> Principal | None:
        secret = request.cookies.get(_cookie_name(page)) if page else None
        found = self._keeper.holder_of(secret) if secret else None
        kind, _, key = page.partition(":")
        fits = found and found.role == DEVICE_PAGES.get(kind) and found.station == key
        return found if fits else None

    def _person(self) -> Principal | None:
        session_id = request.cookies.get(SESSION_COOKIE)
        return self._keeper.person_of(session_id) if session_id else None

    def _set(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        put = partial(response.set_cookie, httponly=True, samesite="Lax", path="/")
        put(name, value, max_age=max_age, secure=self._secure)


def _cookie_name(page: str) -> str:
    kind, _, key = page.partition(":")
    return f"queue-{kind}-{key}"
