"""What a wall shows: numbers and counters, and what stands beside them. No internal field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .boards import Board, counter_label, iso
from .config import Config, DisplaySection
from .domain.opening import OpeningHours
from .domain.ticket import State, Ticket
from .words import text_direction


@dataclass(frozen=True)
class Room:
    """What happens in the office at one moment."""

    now: datetime
    hours: OpeningHours
    at_counters: Sequence[Ticket]
    """Called or being served, newest call first."""
    recent: Sequence[Ticket]
    waiting: int
    counter_state: str | None = None
    """Of the one counter that a sign hangs at."""


def wall(config: Config, display: DisplaySection, room: Room) -> Board:
    """The snapshot of one display (CONTRACT, wall snapshot)."""
    calls = calls_on(config, display, room.at_counters)
    recent = [ticket for ticket in room.recent if display.shows(ticket.counter)]
    return {
        "calls": [call(config, display, ticket) for ticket in calls],
        "recent": [call(config, display, ticket) for ticket in recent[: display.recent]],
        "waiting": room.waiting,
        "messages": messages(config, display, room),
        "audio_leader": True,
        "serving": _serving(display, room),
        "counter_state": room.counter_state,
        **_hours(display, room, is_idle=not calls and room.waiting == 0),
    }


def call(config: Config, display: DisplaySection, called: Ticket) -> Board:
    """One call as a wall shows it."""
    return {
        "ticket_id": called.id,
        "number": called.number,
        "counter": called.counter,
        "counter_label": counter_label(config, called.counter),
        "direction": display.directions.get(called.counter or ""),
        "zone": zone(config, called.counter),
        "called_at": iso(called.called_at),
        "attempt": called.attempt,
    }


def zone(config: Config, counter_key: str | None) -> Board | None:
    """The part of the house a counter is in: a colour, and a name that says the same."""
    counter = config.counter(counter_key) if counter_key else None
    found = config.zone(counter.zone) if counter and counter.zone else None
    if found is None:
        return None
    return {"key": found.key, "name": config.words(found.name), "colour": found.colour}


def calls_on(
    config: Config, display: DisplaySection, at_counters: Iterable[Ticket]
) -> list[Ticket]:
    """This screen's share. Each call goes to the first screen of the chain that shows its counter
    and has room; the last of them takes it in any case, so that no call is ever hidden."""
    screens = chain(config, display)
    shares: dict[str, list[Ticket]] = {screen.key: [] for screen in screens}
    for ticket in at_counters:
        takers = [screen for screen in screens if screen.shows(ticket.counter)]
        if ticket.state is State.CALLED and takers:
            with_room = (s for s in takers if len(shares[s.key]) < s.most_calls)
            shares[next(with_room, takers[-1]).key].append(ticket)
    return shares[display.key]


def chain(config: Config, display: DisplaySection) -> list[DisplaySection]:
    """The screens that continue each other, the first one first; alone: this one."""
    first = display
    while first.continues and (before := config.display(first.continues)):
        first = before
    screens = [first]
    while after := _next_screen(config, screens[-1]):
        screens.append(after)
    return screens


def messages(config: Config, display: DisplaySection, room: Room) -> list[Board]:
    """The house messages of this day, each with its languages together."""
    day = room.hours.business_day(room.now)
    found = (
        message.text
        for message in config.messages
        if message.is_on(day) and (not message.displays or display.key in message.displays)
    )
    return [_message(texts, display) for texts in found] if "messages" in display.info else []


def _message(texts: dict[str, str], display: DisplaySection) -> Board:
    # A language that the display is not asked to show is left out, but never the whole message.
    chosen = {code: texts[code] for code in display.languages if code in texts} or texts
    return {"texts": chosen, "dir": {code: text_direction(code) for code in chosen}}


def _next_screen(config: Config, display: DisplaySection) -> DisplaySection | None:
    return next((other for other in config.displays if other.continues == display.key), None)


def _serving(display: DisplaySection, room: Room) -> str | None:
    """Whose turn it is at a sign's counter."""
    if display.layout != "sign":
        return None
    served = (
        t.number for t in room.at_counters if t.state is State.SERVING and display.shows(t.counter)
    )
    return next(served, None)


def _hours(display: DisplaySection, room: Room, *, is_idle: bool) -> Board:
    closed = room.hours.closing(room.now) is None
    local = room.now.astimezone(room.hours.zone).time()
    # A dark screen would hide a call, and tell those who still wait that nobody comes.
    night = is_idle and display.is_dark_at(local, closed=closed)
    return {
        "open": room.hours.why_no_tickets(room.now) is None,
        "closed": closed,
        "next_opening": iso(room.hours.next_opening(room.now)) if closed else None,
        "night": night,
    }
