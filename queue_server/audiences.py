"""Who may watch what over the socket."""

from __future__ import annotations

from typing import TypeGuard

from .identity import Principal

NOTHING: tuple[str, ...] = ()
ROLE_AUDIENCES: dict[str, tuple[str, ...]] = {
    "display": ("wall",),
    "kiosk": ("kiosk",),
    "printer": ("printer",),
    "paper": ("printer",),
    "counter": ("counter",),
}
STAFF_AUDIENCES: dict[str, tuple[str, ...]] = {
    "counter": ("counter",),
    "reception": ("counter", "reception", "printer", "wall"),
    "lead": ("counter", "reception", "printer", "wall"),
    "admin": ("counter", "reception", "printer", "wall", "kiosk"),
}


def is_audience(audience: object) -> TypeGuard[str]:
    """Short and ASCII: anything else would fail deeper down, with the guest in a room."""
    return isinstance(audience, str) and len(audience) <= 128 and audience.isascii()


def may_watch(principal: Principal | None, audience: str) -> bool:
    """Whether this audience is open to the guest; a ticket's token is its own key."""
    kind, _, key = audience.partition(":")
    if kind == "ticket":
        return bool(key)
    if principal is None:
        return False
    if principal.station is not None:
        return principal.station == key and kind in ROLE_AUDIENCES.get(principal.role, NOTHING)
    allowed = STAFF_AUDIENCES.get(principal.role) or ROLE_AUDIENCES.get(principal.role, NOTHING)
    return kind in allowed
