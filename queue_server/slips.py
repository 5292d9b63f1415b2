"""Words the paper ticket. The printer only draws the blocks, in this order."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from .config import Config
from .domain.ticket import Ticket
from .words import say, say_number

Block = dict[str, str]


def write_slip(address: str, config: Config, ticket: Ticket, ahead: int) -> dict[str, Any]:
    """The blocks of one ticket: German first for staff and signs, then the client's language."""
    home = config.office.languages[0]
    blocks: list[Block] = [
        {"kind": "office", "text": config.office.name},
        {"kind": "caption", "text": say(home, "Your number")},
        {"kind": "number", "text": ticket.number},
        *_concern(config, ticket),
        {"kind": "rule"},
        *(_people_ahead(language, ahead) for language in _languages(home, ticket)),
        *([{"kind": "line", "text": config.office.place}] if config.office.place else []),
        {"kind": "line", "text": _date_and_time(config, ticket)},
        {"kind": "rule"},
        *(_what_happens(language) for language in _languages(home, ticket)),
        {
            "kind": "qr",
            "text": status_url(address, ticket),
            "caption": say(ticket.language, "Your place in the queue on your phone"),
        },
    ]
    return {"language": ticket.language, "blocks": blocks}


def status_url(address: str, ticket: Ticket) -> str:
    """What the QR code leads to: a random token, nothing about the person."""
    return f"{address}/t/{ticket.token}"


def _concern(config: Config, ticket: Ticket) -> list[Block]:
    texts = config.service_name(ticket.service)
    both = dict.fromkeys([config.words(texts), config.words(texts, ticket.language)])
    return [{"kind": "concern", "text": text, "language": ticket.language} for text in both]


def _languages(home: str, ticket: Ticket) -> list[str]:
    return list(dict.fromkeys([home, ticket.language]))


def _people_ahead(language: str, ahead: int) -> Block:
    if ahead == 0:
        return {"kind": "line", "text": say(language, "Nobody is ahead of you")}
    text = say_number(
        language, "%(count)s person is ahead of you", "%(count)s people are ahead of you", ahead
    )
    return {"kind": "line", "text": text}


def _what_happens(language: str) -> Block:
    text = say(language, "You are called by sound and on the display. Please stay within hearing.")
    return {"kind": "small", "text": text}


def _date_and_time(config: Config, ticket: Ticket) -> str:
    local = ticket.issued_at.astimezone(ZoneInfo(config.office.timezone))
    home = config.office.languages[0]
    day = format_date(local, "EEE dd.MM.yyyy", locale=home)
    return f"{day}, {format_time(local, 'HH:mm', locale=home)}"
