"""Calls for administrators and leads: the configuration, the event log."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from .. import boards
from ..identity import Principal
from ..refusals import Refused
from ..reloading import ConfigProblems, Reloading
from ..viewpoints import Viewpoints
from .bodies import Body
from .routes import Api, reply

MOST_EVENTS = 1000


def add_administration_calls(api: Api, views: Viewpoints, reloading: Reloading) -> None:
    """What runs beside the queue."""

    @api.call("POST", "/config/reload", ("admin",), Body, (200, 422))
    def reload(who: Principal, body: Body) -> ResponseReturnValue:
        """Read config.toml again; when it is broken the old one stays in force."""
        try:
            later = reloading.reload()
        except ConfigProblems as found:
            raise Refused("config_broken", problems=found.problems) from found
        return reply({"release": views.release, "after_restart": later})

    @api.call("GET", "/events", ("lead", "admin"))
    def events(who: Principal) -> ResponseReturnValue:
        """The event log, oldest first: ?after=REVISION&limit=N."""
        after, limit = _number("after", 0), _number("limit", 100)
        found = views.area.store.events.after(after, min(limit, MOST_EVENTS))
        listed = [boards.event(event) for event in found]
        return reply({"events": listed, "revision": views.area.store.events.revision()})


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Refused("invalid", fields={name: "must be a whole number"})
    return int(text)
