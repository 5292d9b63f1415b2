"""Who acts in a call: a counter's page or token, or a place like the reception."""

from __future__ import annotations

from ..doors import Doors
from ..identity import Principal
from ..refusals import Refused
from ..waiting_area import By

NO_WINDOW = "-"  # of a page that does not say which window it is: never the one at work


def acting(who: Principal, doors: Doors, counter: str | None = None) -> By:
    """The name under which the step is logged and can be taken back.

    `counter` is the one in the call's address; only whoever works there acts as that counter.
    Raises Refused: no_counter for a clerk's request that no counter page sent.
    """
    page = None if doors.is_program() else doors.acting_counter()
    if who.staff_id is not None and who.role == "counter" and page is None:
        raise Refused("no_counter")
    own = counter or who.station or page if who.role == "counter" else page
    window = doors.acting_window() or (None if doors.is_program() else NO_WINDOW)
    return By(who.role, own, window if own else None)


def check_station(who: Principal, counter: str) -> None:
    """A page or token of one counter may not act for another. Raises Refused: other_counter."""
    if who.role == "counter" and who.station not in (None, counter):
        raise Refused("other_counter")
