"""The room over HTTP: counters, queue, boards, the public status of a ticket, one-time links."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from .. import boards
from ..doors import DEVICE_PAGES, Doors
from ..identity import Doorkeeper, Principal
from ..refusals import Refused
from ..viewpoints import Viewpoints
from .acting import acting, check_station
from .bodies import Body, LinkBody, TakeOverBody
from .routes import Api, reply

COUNTER_STATES = {"open": "open", "pause": "paused", "close": "closed"}
STAFF = ("counter", "reception", "lead")


def add_office_calls(api: Api, views: Viewpoints, doors: Doors, keeper: Doorkeeper) -> None:
    """Everything that is not a ticket's step and not paper."""
    _add_counters(api, views, doors)
    _add_boards(api, views)
    _add_links(api, doors, keeper)


def _add_counters(api: Api, views: Viewpoints, doors: Doors) -> None:
    area = views.area

    @api.call("POST", "/counters/<key>/<any(open, pause, close):verb>", ("counter", "lead"), Body)
    def set_counter(who: Principal, body: Body, key: str, verb: str) -> ResponseReturnValue:
        """Open, pause or close a counter."""
        check_station(who, key)
        area.set_counter(key, COUNTER_STATES[verb], by=acting(who, doors, key))
        return reply(_counter_line(views, key))

    @api.call("POST", "/counters/<key>/take-over", ("counter", "lead"), TakeOverBody)
    def take_over(who: Principal, body: TakeOverBody, key: str) -> ResponseReturnValue:
        """From now on this browser window works at the counter; the other one learns of it."""
        check_station(who, key)
        window = body.window or doors.acting_window()
        if window is None:
            raise Refused("invalid", fields={"window": "must be named"})
        area.take_over(key, window, by=acting(who, doors, key))
        return reply(_counter_line(views, key))


def _add_boards(api: Api, views: Viewpoints) -> None:
    @api.call("GET", "/queue", STAFF)
    def queue(who: Principal) -> ResponseReturnValue:
        """Everybody who waits, in call order."""
        return reply(views.snapshot("reception"))

    @api.call("GET", "/boards/<display>", ("display", *STAFF))
    def board(who: Principal, display: str) -> ResponseReturnValue:
        """What a wall shows."""
        if who.role == "display" and who.station not in (None, display):
            raise Refused("forbidden")
        return reply(views.snapshot(f"wall:{display}"))

    @api.call("GET", "/status/<token>")
    def status(token: str) -> ResponseReturnValue:
        """One's own ticket, by the token on the slip."""
        return reply(views.snapshot(f"ticket:{token}")["ticket"])


def _add_links(api: Api, doors: Doors, keeper: Doorkeeper) -> None:
    @api.call("POST", "/links/redeem", body=LinkBody)
    def redeem(body: LinkBody) -> ResponseReturnValue:
        """Pair the browser with a one-time link, or with a display's or kiosk's own token."""
        role, station, secret = keeper.open_link(body.code, request.remote_addr or "")
        if secret is None:
            response = jsonify({"go": "/setup"})
            doors.remember_setup(response, keeper.create_link("setup"))
            return response
        page = next(page for page, known in DEVICE_PAGES.items() if known == role)
        response = jsonify({"go": f"/{page}/{station}"})
        doors.remember_device(response, f"{page}:{station}", secret)
        return response


def _counter_line(views: Viewpoints, key: str) -> boards.Board:
    store = views.area.store
    busy, states = store.tickets.at_counter(key), store.counters.states()
    return boards.counter_line(views.config, key, busy, states)
