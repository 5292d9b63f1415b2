"""Tickets over HTTP: take one, look at one, and everything a clerk can do with one."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ..doors import Doors
from ..identity import Principal
from ..refusals import Refused
from ..slips import status_url
from ..viewpoints import Viewpoints
from .acting import acting, check_station
from .bodies import CallBody, CallNextBody, IssueBody, ServeBody, StepBody, TransferBody
from .routes import Api, reply

ISSUERS = ("kiosk", "reception")
CLERKS = ("counter", "reception")
STEPS = "<any(recall, start, finish, miss, park, resume, withdraw, undo):verb>"


def add_ticket_calls(api: Api, views: Viewpoints, doors: Doors, address: str) -> None:
    """The calls under /tickets and /counters that move clients."""
    _add_issue(api, views, doors, address)
    _add_looks(api, views)
    _add_steps(api, views, doors)
    _add_calls_to_a_counter(api, views, doors)


def _add_issue(api: Api, views: Viewpoints, doors: Doors, address: str) -> None:
    @api.call("POST", "/tickets", ISSUERS, IssueBody, (200, 201))
    def issue(who: Principal, body: IssueBody) -> ResponseReturnValue:
        """Take a ticket; the same request_id gets the same one."""
        _check_issuer(who, body)
        ticket, is_new = views.area.issue(
            body.service,
            by=acting(who, doors),
            request_id=body.request_id,
            language=_offered(views, body.language),
            priority=body.priority,
            kiosk=_kiosk_of(who, body.kiosk),
            appointment_at=body.appointment_at,
            note=body.note or None,
            anyway=body.anyway,
        )
        private = {
            "token": ticket.token,
            "url": status_url(address, ticket),
            "qr": f"/t/{ticket.token}/qr.svg",
        }
        seen = views.kiosk_ticket(ticket) if who.role == "kiosk" else views.ticket(ticket)
        return reply({**seen, **private}, 201 if is_new else 200)


def _add_looks(api: Api, views: Viewpoints) -> None:
    @api.call("GET", "/tickets/<int:ticket_id>", ("reception", "counter", "lead"))
    def show(who: Principal, ticket_id: int) -> ResponseReturnValue:
        """One ticket."""
        return reply(views.ticket(views.area.find(ticket_id)))

    @api.call("GET", "/tickets/<int:ticket_id>/explanation", ("reception", "counter", "lead"))
    def explain(who: Principal, ticket_id: int) -> ResponseReturnValue:
        """Who was called while this client waited, and why."""
        return reply(views.explanation(ticket_id))


def _add_steps(api: Api, views: Viewpoints, doors: Doors) -> None:
    area = views.area

    @api.call("POST", f"/tickets/<int:ticket_id>/{STEPS}", CLERKS, StepBody)
    def step(who: Principal, body: StepBody, ticket_id: int, verb: str) -> ResponseReturnValue:
        """A step of a client: recall, start, finish, miss, park, resume, withdraw, undo."""
        by = acting(who, doors)
        if verb == "finish":
            return reply(views.ticket(area.finish(ticket_id, body.note, body.outcome, by=by)))
        if verb == "undo":
            return reply(views.ticket(area.undo(ticket_id, by=by)))
        return reply(views.ticket(getattr(area, verb)(ticket_id, body.note, by=by)))

    @api.call("POST", "/tickets/<int:ticket_id>/transfer", CLERKS, TransferBody)
    def transfer(who: Principal, body: TransferBody, ticket_id: int) -> ResponseReturnValue:
        """Send a client on to another service or to one counter; number and place are kept."""
        by = acting(who, doors)
        moved = area.transfer(ticket_id, body.service, body.counter, body.note, by=by)
        return reply(views.ticket(moved))


def _add_calls_to_a_counter(api: Api, views: Viewpoints, doors: Doors) -> None:
    area = views.area

    @api.call("POST", "/tickets/<int:ticket_id>/call", CLERKS, CallBody)
    def call(who: Principal, body: CallBody, ticket_id: int) -> ResponseReturnValue:
        """Call a picked client out of turn; the reason is logged."""
        check_station(who, body.counter)
        by = acting(who, doors, body.counter)
        return reply(views.ticket(area.call(ticket_id, body.counter, body.reason, by=by)))

    @api.call("POST", "/counters/<key>/call-next", ("counter",), CallNextBody, (200, 204))
    def call_next(who: Principal, body: CallNextBody, key: str) -> ResponseReturnValue:
        """Call the client whose turn it is; 204 when nobody waits."""
        check_station(who, key)
        ticket = area.call_next(key, body.request_id, by=acting(who, doors, key))
        return reply(views.ticket(ticket)) if ticket else ("", 204)

    @api.call("POST", "/counters/<key>/serve", ("counter",), ServeBody, (200, 201))
    def serve(who: Principal, body: ServeBody, key: str) -> ResponseReturnValue:
        """Serve a client who came straight to the counter, without a ticket."""
        check_station(who, key)
        by = acting(who, doors, key)
        ticket, is_new = area.serve(key, body.service, request_id=body.request_id, by=by)
        return reply(views.ticket(ticket), 201 if is_new else 200)


def _check_issuer(who: Principal, body: IssueBody) -> None:
    # What only staff can know or decide does not come from a kiosk.
    if who.role == "kiosk" and (body.anyway or body.note or body.appointment_at):
        raise Refused("forbidden")


def _offered(views: Viewpoints, language: str | None) -> str | None:
    if language is not None and language not in views.config.office.languages:
        offered = ", ".join(views.config.office.languages)
        raise Refused("invalid", fields={"language": f"must be one of: {offered}"})
    return language


def _kiosk_of(who: Principal, named: str | None) -> str | None:
    if who.role == "kiosk" and who.station and named not in (None, who.station):
        raise Refused("forbidden")
    return who.station if who.role == "kiosk" and who.station else named
