"""Tickets over HTTP: take one, look at one, and the steps of a clerk."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ..domain.ticket import Ticket
from ..doors import Doors
from ..identity import Principal
from ..refusals import Refused
from ..slips import status_url
from ..viewpoints import Viewpoints
from .bodies import CallNextBody, IssueBody, StepBody
from .routes import Api, reply

ISSUERS = ("kiosk", "reception")
CLERKS = ("counter", "reception")


def add_ticket_calls(api: Api, views: Viewpoints, doors: Doors, address: str) -> None:
    """The calls under /tickets and /counters that move clients."""
    area = views.area

    @api.call("POST", "/tickets", ISSUERS, IssueBody, (200, 201))
    def issue(who: Principal, body: IssueBody) -> ResponseReturnValue:
        """Take a ticket; the same request_id gets the same one."""
        ticket, is_new = area.issue(
            body.service,
            request_id=body.request_id,
            language=_offered(views, body.language),
            priority=body.priority,
            kiosk=_kiosk_of(who, body.kiosk),
        )
        private = {
            "token": ticket.token,
            "url": status_url(address, ticket),
            "qr": f"/t/{ticket.token}/qr.svg",
        }
        return reply({**views.ticket(ticket), **private}, 201 if is_new else 200)

    @api.call("GET", "/tickets/<int:ticket_id>", ("reception", "counter", "lead"))
    def show(who: Principal, ticket_id: int) -> ResponseReturnValue:
        """One ticket."""
        return reply(views.ticket(area.find(ticket_id)))

    @api.call("POST", "/tickets/<int:ticket_id>/<any(recall, start, finish, miss):verb>",
              CLERKS, StepBody)  # fmt: skip
    def step(who: Principal, body: StepBody, ticket_id: int, verb: str) -> ResponseReturnValue:
        """Recall, start, finish or miss the client of a counter."""
        _check_own(who, doors.acting_counter(), area.find(ticket_id))
        return reply(views.ticket(getattr(area, verb)(ticket_id)))

    @api.call("POST", "/counters/<key>/call-next", ("counter",), CallNextBody, (200, 204))
    def call_next(who: Principal, body: CallNextBody, key: str) -> ResponseReturnValue:
        """Call the client whose turn it is; 204 when nobody waits."""
        _check_station(who, key)
        ticket = area.call_next(key, body.request_id)
        return reply(views.ticket(ticket)) if ticket else ("", 204)


def _offered(views: Viewpoints, language: str | None) -> str | None:
    if language is not None and language not in views.config.office.languages:
        offered = ", ".join(views.config.office.languages)
        raise Refused("invalid", fields={"language": f"must be one of: {offered}"})
    return language


def _kiosk_of(who: Principal, named: str | None) -> str | None:
    if who.role == "kiosk" and who.station and named not in (None, who.station):
        raise Refused("forbidden")
    return who.station if who.role == "kiosk" and who.station else named


def _check_station(who: Principal, counter: str) -> None:
    if who.role == "counter" and who.station not in (None, counter):
        raise Refused("other_counter")


def _check_own(who: Principal, acting: str | None, ticket: Ticket) -> None:
    own = who.station or acting
    if who.role == "counter" and own and ticket.counter not in (None, own):
        raise Refused("other_counter")
