"""What each audience may see: tickets → plain dicts. What is not named here stays inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from .config import Config, DisplaySection
from .domain.ticket import State, Ticket

Board = dict[str, Any]


def iso(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, to the millisecond."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ticket(found: Ticket, config: Config, ahead: int) -> Board:
    """A ticket as staff and programs see it (CONTRACT, Ticket). Keys are always there."""
    service = config.service(found.service)
    return {
        "id": found.id,
        "number": found.number,
        "service": found.service,
        "service_name": service.name if service else {},
        "state": found.state,
        "issued_at": iso(found.issued_at),
        "order_at": iso(found.order_at),
        "called_at": iso(found.called_at),
        "started_at": iso(found.started_at),
        "counter": found.counter,
        "attempt": found.attempt,
        "priority": found.priority,
        "language": found.language,
        "ahead": ahead,
        "expected_wait": None,
        "reason": found.reason,
        "print": found.print_state,
    }


def public_ticket(found: Ticket, config: Config, ahead: int) -> Board:
    """What the holder of a ticket sees: the own place and nothing about others."""
    at_counter = found.state in {State.CALLED, State.SERVING}
    return {
        "number": found.number,
        "state": found.state,
        "ahead": ahead,
        "expected_wait": None,
        "counter": found.counter if at_counter else None,
        "counter_label": counter_label(config, found.counter) if at_counter else None,
        "called_at": iso(found.called_at) if at_counter else None,
        "overtaken_by": [],
    }


def counter_label(config: Config, key: str | None) -> str:
    """The wording of the sign on the spot, in the office's first language."""
    counter = config.counter(key) if key is not None else None
    return config.words(counter.label) if counter else (key or "")


def with_places(waiting: Iterable[Ticket], config: Config) -> list[tuple[Ticket, int]]:
    """Each waiting ticket (in order of places) with the number of rivals before it."""
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
    at_counters: Iterable[Ticket],
    counter_states: Mapping[str, str],
) -> Board:
    """Everybody who waits, in call order, and what the counters do."""
    placed = with_places(waiting, config)
    busy = {found.counter: found for found in at_counters}
    return {
        "waiting": [ticket(found, config, ahead) for found, ahead in placed],
        "counters": [
            {
                **counter_line(config, counter.key, busy.get(counter.key), counter_states),
                "services": counter.services,
            }
            for counter in config.counters
        ],
        "services": [_service_line(config, key, placed) for key in _service_keys(config, placed)],
    }


def counter_line(
    config: Config, key: str, client: Ticket | None, states: Mapping[str, str]
) -> Board:
    """One counter among others: its state and whom it has."""
    return {
        "key": key,
        "counter": key,
        "counter_label": counter_label(config, key),
        "state": states.get(key, "closed"),
        "number": client.number if client else None,
        "ticket_id": client.id if client else None,
        "ticket_state": client.state if client else None,
    }


def wall(
    config: Config,
    display: DisplaySection,
    at_counters: Iterable[Ticket],
    recent: Iterable[Ticket],
    waiting: int,
    is_open: bool,
) -> Board:
    """What a wall shows: numbers and counters, no internal field."""
    shown = [t for t in at_counters if _concerns(display, t)]
    return {
        "calls": [call(config, display, t) for t in shown if t.state is State.CALLED],
        "recent": [call(config, display, t) for t in recent if _concerns(display, t)],
        "waiting": waiting,
        "messages": [],
        "audio_leader": True,
        "open": is_open,
    }


def call(config: Config, display: DisplaySection | None, called: Ticket) -> Board:
    """One call as a wall shows it."""
    direction = display.directions.get(called.counter or "") if display else None
    return {
        "ticket_id": called.id,
        "number": called.number,
        "counter": called.counter,
        "counter_label": counter_label(config, called.counter),
        "direction": direction,
        "called_at": iso(called.called_at),
        "attempt": called.attempt,
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


def _concerns(display: DisplaySection, called: Ticket) -> bool:
    return not display.counters or called.counter in display.counters


def _service_keys(config: Config, placed: Iterable[tuple[Ticket, int]]) -> list[str]:
    # A service taken out of the file keeps its waiting clients visible.
    known = [service.key for service in config.services]
    return known + sorted({found.service for found, _ in placed} - set(known))


def _service_line(config: Config, key: str, placed: Iterable[tuple[Ticket, int]]) -> Board:
    service = config.service(key)
    mine = [found for found, _ in placed if found.service == key]
    return {
        "key": key,
        "name": service.name if service else {},
        "waiting": len(mine),
        "longest_since": iso(min((found.issued_at for found in mine), default=None)),
        "issue": service.issue if service else False,
    }
