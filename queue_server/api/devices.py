"""Devices over HTTP: pairing by code, the list, revoking, the sound test."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from ..boards import iso
from ..devices import Devices
from ..doors import DEVICE_PAGES, Doors
from ..identity import Principal
from ..pairing import Asking, Paired, Pairing
from .bodies import ApproveBody, Body, CodeBody, CollectBody, HeardBody, PairingBody
from .routes import Api, reply

MAY_LOOK = ("reception", "lead", "admin")
MAY_PAIR = ("lead", "admin")


def add_device_calls(api: Api, doors: Doors, pairing: Pairing, devices: Devices) -> None:
    """Screens ask without a login; everything else is for staff."""
    _add_asking(api, doors, pairing)
    _add_approving(api, pairing)
    _add_list(api, pairing, devices)
    _add_sound(api, devices)


def _add_asking(api: Api, doors: Doors, pairing: Pairing) -> None:
    @api.call("POST", "/pairing", body=PairingBody, statuses=(201,))
    def ask(body: PairingBody) -> ResponseReturnValue:
        """A screen that is not paired asks for a code to show."""
        shown = pairing.ask(body.secret, body.kind, body.station, request.remote_addr or "")
        return reply({"code": shown.code, "expires_at": iso(shown.expires_at)}, 201)

    @api.call("POST", "/pairing/collect", body=CollectBody)
    def collect(body: CollectBody) -> ResponseReturnValue:
        """The screen asks whether its code was entered, and gets its cookie, once."""
        found = pairing.collect(body.secret)
        if not isinstance(found, Paired):
            return reply({"state": "waiting", "expires_at": iso(found)})
        page = page_of(found.role)
        response = jsonify({"state": "paired", "go": f"/{page}/{found.station}"})
        doors.remember_device(response, f"{page}:{found.station}", found.secret)
        return response


def _add_approving(api: Api, pairing: Pairing) -> None:
    @api.call("POST", "/pairing/look", MAY_PAIR, CodeBody)
    def look(who: Principal, body: CodeBody) -> ResponseReturnValue:
        """Which screen shows this code; changes nothing."""
        return reply(_asking_line(pairing.look(body.code, who)))

    @api.call("POST", "/pairing/approve", MAY_PAIR, ApproveBody)
    def approve(who: Principal, body: ApproveBody) -> ResponseReturnValue:
        """Let the screen that shows this code in, as this station."""
        pairing.approve(body.code, body.kind, body.station, who)
        return reply({"kind": body.kind, "station": body.station})


def _add_list(api: Api, pairing: Pairing, devices: Devices) -> None:
    @api.call("GET", "/devices", MAY_LOOK)
    def listed(who: Principal) -> ResponseReturnValue:
        """What is paired, what asks to be, and what the walls report."""
        return reply(
            {
                "devices": devices.listed(),
                "pairing": [_asking_line(asking) for asking in pairing.waiting()],
                "walls": devices.walls.report(),
                "places": devices.places(),
            }
        )

    @api.call("POST", "/devices/<int:token_id>/revoke", MAY_PAIR, Body)
    def revoke(who: Principal, body: Body, token_id: int) -> ResponseReturnValue:
        """The device may not come in any more; its page shows a pairing code."""
        devices.revoke(token_id, by=who.role)
        return reply({"id": token_id})


def _add_sound(api: Api, devices: Devices) -> None:
    @api.call("POST", "/displays/<key>/sound-test", MAY_LOOK, Body)
    def test_sound(who: Principal, body: Body, key: str) -> ResponseReturnValue:
        """Let one display make itself heard."""
        devices.test_sound(key)
        return reply({"display": key})

    @api.call("POST", "/displays/<key>/sound-test/result", MAY_LOOK, HeardBody)
    def sound_heard(who: Principal, body: HeardBody, key: str) -> ResponseReturnValue:
        """Whether somebody in the room heard it."""
        devices.sound_heard(key, body.heard)
        return reply({"display": key, "heard": body.heard})


def page_of(role: str) -> str:
    """The kind of page that a device of this role shows."""
    return next(page for page, known in DEVICE_PAGES.items() if known == role)


def _asking_line(asking: Asking) -> dict[str, str | None]:
    at = iso(asking.asked_at)
    return {"kind": asking.role, "station": asking.station, "asked_at": at}
