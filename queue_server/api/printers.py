"""Printers over HTTP: their state and paper for staff, reports of agents, faults, reprints."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ..identity import Principal
from ..print_office import PrintOffice
from ..printer_room import PrinterRoom
from ..refusals import Refused
from ..viewpoints import Viewpoints
from .bodies import Body, FaultsBody, PrinterStateBody, ReprintBody
from .paper import AGENTS, agent_id
from .routes import Api, reply

STAFF = ("counter", "reception", "lead")


def add_printer_calls(api: Api, views: Viewpoints, office: PrintOffice, room: PrinterRoom) -> None:
    """Everything about printers that is not a job."""
    _add_printers(api, views, office, room)
    _add_reprint(api, views, office)


def _add_printers(api: Api, views: Viewpoints, office: PrintOffice, room: PrinterRoom) -> None:
    @api.call("GET", "/printers", STAFF)
    def listed(who: Principal) -> ResponseReturnValue:
        """All printers with state, trouble and paper."""
        return reply({"printers": views.printers.lines()})

    @api.call("POST", "/printers/<key>/state", AGENTS, PrinterStateBody)
    def report(who: Principal, body: PrinterStateBody, key: str) -> ResponseReturnValue:
        """What an agent sees at its printer; also its sign of life."""
        if who.station not in (None, key):
            raise Refused("forbidden")
        near_end, shaping = body.near_end, body.shaping
        office.check_agent(key, agent_id())
        room.report(
            key, body.state, body.reason, near_end=near_end, shaping=shaping, agent=agent_id()
        )
        return reply(views.printers.line(key))

    @api.call("POST", "/printers/<key>/faults", ("paper", "reception", "lead"), FaultsBody)
    def set_faults(who: Principal, body: FaultsBody, key: str) -> ResponseReturnValue:
        """Exactly these faults of the virtual printer are on."""
        if who.station not in (None, key):
            raise Refused("forbidden")
        room.set_faults(key, body.faults)
        return reply(views.printers.line(key))

    @api.call("POST", "/printers/<key>/roll", ("paper", *STAFF), Body)
    def change_roll(who: Principal, body: Body, key: str) -> ResponseReturnValue:
        """A new paper roll is in the printer."""
        room.change_roll(key)
        return reply(views.printers.line(key))


def _add_reprint(api: Api, views: Viewpoints, office: PrintOffice) -> None:
    @api.call("POST", "/tickets/<int:ticket_id>/reprint", ("kiosk", "reception"), ReprintBody)
    def reprint(who: Principal, body: ReprintBody, ticket_id: int) -> ResponseReturnValue:
        """Print a ticket again, marked as a reprint; a kiosk once and only its own client's."""
        if who.role == "kiosk" and body.printer:
            raise Refused("forbidden")
        # A kiosk's token that is bound to none still has no more rights than a kiosk.
        own = who.station or views.area.find(ticket_id).kiosk or "none"
        kiosk = own if who.role == "kiosk" else None
        office.reprint(ticket_id, kiosk, body.printer)
        found = views.area.find(ticket_id)
        return reply(views.kiosk_ticket(found) if who.role == "kiosk" else views.ticket(found))
