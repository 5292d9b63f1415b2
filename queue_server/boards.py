"""What each audience may see: tickets → plain dicts. What is not named here stays inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .config import Config
from .domain.events import Event
from .domain.ticket import State, Ticket

Board = dict[str, Any]
NOT_FOR_KIOSKS: Board = {
    "note": None,
    "reason": None,
    "held_for": None,
    "held_until": None,
    "may": [],
}


def iso(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, to the millisecond."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ticket(found: Ticket, config: Config, ahead: int) -> Board:
    """A ticket as staff and programs see it (CONTRACT, Ticket). Keys are always there."""
    priority = config.priority(found.priority) if found.priority else None
    return {
        "id": found.id,
        "number": found.number,
        "service": found.service,
        "service_name": config.service_name(found.service),
        "state": found.state,
        "may": found.may(),
        "issued_at": iso(found.issued_at),
        "order_at": iso(found.order_at),
        "called_at": iso(found.called_at),
        "started_at": iso(found.started_at),
        "parked_at": iso(found.parked_at),
        "ended_at": iso(found.ended_at),
        "served_before_seconds": int(found.served_before.total_seconds()),
        "counter": found.counter,
        "attempt": found.attempt,
        "priority": found.priority,
        "priority_name": priority.name if priority else None,
        "appointment_at": iso(found.appointment_at),
        "due_at": iso(found.due_at),
        "rests_until": iso(found.rests_until),
        "held_for": found.held_for,
        "held_until": iso(found.held_until),
        "note": found.note,
        "language": found.language,
        "ahead": ahead,
        "expected_wait": None,
        "reason": found.reason,
        "print": found.print_state,
    }


def public_ticket(found: Ticket, config: Config, ahead: int, overtaken: Mapping[str, int]) -> Board:
    """What the holder of a ticket sees: the own place and nothing about others.

    `overtaken` is how many who came later went first, by reason code.
    """
    at_counter = found.state in {State.CALLED, State.SERVING}
    return {
        "number": found.number,
        "state": found.state,
        "ahead": ahead,
        "expected_wait": None,
        "counter": found.counter if at_counter else None,
        "counter_label": counter_label(config, found.counter) if at_counter else None,
        "called_at": iso(found.called_at) if at_counter else None,
        "overtaken_by": [{"reason": why, "people": n} for why, n in sorted(overtaken.items())],
    }


def counter_label(config: Config, key: str | None) -> str:
    """The wording of the sign on the spot, in the office's first language."""
    counter = config.counter(key) if key is not None else None
    return config.words(counter.label) if counter else (key or "")


def with_places(waiting: Iterable[Ticket], config: Config) -> list[tuple[Ticket, int]]:
    """Each waiting ticket (in call order) with the number of rivals before it."""
    rivals = {service.key: config.rivals(service.key) for service in config.services}
    seen: dict[str, int] = {}
    placed = []
    for found in waiting:
        ahead = sum(seen.get(key, 0) for key in rivals.get(found.service, [found.service]))
        placed.append((found, ahead))
        seen[found.service] = seen.get(found.service, 0) + 1
    return placed


def queue(
    config: Config,
    waiting: Iterable[Ticket],
    absent: Iterable[Ticket],
    counters: list[Board],
    day: date,
) -> Board:
    """Everybody who waits, in call order, who is away, and what the counters do."""
    placed = with_places(waiting, config)
    away = [ticket(found, config, 0) for found in absent]
    keys = _service_keys(config, placed)
    return {
        "waiting": [ticket(found, config, ahead) for found, ahead in placed],
        "parked": [one for one in away if one["state"] == State.PARKED],
        "missed": [one for one in away if one["state"] == State.MISSED],
        "counters": counters,
        "services": [_service_line(config, key, placed, day) for key in keys],
    }


def counter_line(
    config: Config,
    key: str,
    client: Ticket | None,
    states: Mapping[str, str],
    unattended: Mapping[str, datetime] | None = None,
) -> Board:
    """One counter among others: its state, whom it has, and whether its clerk's page is gone."""
    since = (client.started_at or client.called_at) if client else None
    counter = config.counter(key)
    return {
        "services": counter.services if counter else [],
        "since": iso(since),
        "unattended_since": iso((unattended or {}).get(key)),
        "key": key,
        "counter": key,
        "counter_label": counter_label(config, key),
        "state": states.get(key, "closed"),
        "number": client.number if client else None,
        "ticket_id": client.id if client else None,
        "ticket_state": client.state if client else None,
    }


def announcement(config: Config, called: Ticket) -> Board:
    """What is rung once. `speech` holds structure, never display text: engines misread signs."""
    prefix = called.number.rstrip("0123456789")
    return {
        "ticket_id": called.id,
        "number": called.number,
        "counter": called.counter,
        "counter_label": counter_label(config, called.counter),
        "attempt": called.attempt,
        "speech": {
            "prefix": prefix,
            "value": int(called.number[len(prefix) :]),
            "counter": called.counter,
            "counter_label": counter_label(config, called.counter),
        },
    }


def event(happened: Event) -> Board:
    """A row of the event log."""
    return {
        "revision": happened.revision,
        "kind": happened.kind,
        "at": iso(happened.at),
        "ticket_id": happened.ticket_id,
        "counter": happened.counter,
        "data": dict(happened.data),
    }


def _service_keys(config: Config, placed: Iterable[tuple[Ticket, int]]) -> list[str]:
    # A service taken out of the file keeps its waiting clients visible.
    known = [service.key for service in config.services]
    return known + sorted({found.service for found, _ in placed} - set(known))


def _service_line(
    config: Config, key: str, placed: Iterable[tuple[Ticket, int]], day: date
) -> Board:
    service = config.service(key)
    mine = [found for found, _ in placed if found.service == key]
    return {
        "key": key,
        "name": config.service_name(key),
        "waiting": len(mine),
        "longest_since": iso(min((found.issued_at for found in mine), default=None)),
        "issue": bool(service and service.issue and service.is_on(day)),
    }
