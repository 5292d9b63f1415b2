"""Words the paper ticket. The printer only draws the blocks, in the order of [slip].blocks."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from .config import Config
from .domain.ticket import Ticket
from .words import say, say_number

Block = dict[str, Any]


@dataclass(frozen=True)
class _Slip:
    """What the blocks are worded from."""

    config: Config
    address: str
    ticket: Ticket
    ahead: int

    @property
    def home(self) -> str:
        return self.config.office.languages[0]

    @property
    def languages(self) -> list[str]:
        """German first for staff and signs, then the client's language."""
        return list(dict.fromkeys([self.home, self.ticket.language]))


def write_slip(
    address: str, config: Config, ticket: Ticket, ahead: int, reprint: bool = False
) -> dict[str, Any]:
    """The blocks of one ticket; a reprint says so on top, so that nobody has two places."""
    slip = _Slip(config, address, ticket, ahead)
    blocks: list[Block] = []
    if reprint:
        blocks.append({"kind": "mark", "text": say(slip.home, "Reprint")})
    for name in config.slip.blocks:
        blocks += BLOCKS[name](slip)
    return {"language": ticket.language, "blocks": blocks}


def status_url(address: str, ticket: Ticket) -> str:
    """What the QR code leads to: a random token, nothing about the person."""
    return f"{address}/t/{ticket.token}"


def _logo(slip: _Slip) -> Iterator[Block]:
    if slip.config.logo:
        yield {"kind": "logo", "picture": base64.b64encode(slip.config.logo).decode()}


def _office(slip: _Slip) -> Iterator[Block]:
    yield {"kind": "office", "text": slip.config.office.name}


def _number(slip: _Slip) -> Iterator[Block]:
    yield {"kind": "caption", "text": say(slip.home, "Your number")}
    yield {"kind": "number", "text": slip.ticket.number}


def _concern(slip: _Slip) -> Iterator[Block]:
    texts, language = slip.config.service_name(slip.ticket.service), slip.ticket.language
    in_own_language = slip.config.words(texts, language)
    yield {"kind": "concern", "text": slip.config.words(texts), "language": slip.home}
    if in_own_language != slip.config.words(texts):
        yield {"kind": "concern", "text": in_own_language, "language": language}


def _ahead(slip: _Slip) -> Iterator[Block]:
    for language in slip.languages:
        yield {"kind": "line", "text": _people_ahead(language, slip.ahead), "language": language}


def _wait(slip: _Slip) -> Iterator[Block]:
    # There is no estimate yet; nothing is said rather than something wrong.
    yield from ()


def _place(slip: _Slip) -> Iterator[Block]:
    if slip.config.office.place:
        yield {"kind": "line", "text": slip.config.office.place, "language": slip.home}


def _time(slip: _Slip) -> Iterator[Block]:
    local = slip.ticket.issued_at.astimezone(ZoneInfo(slip.config.office.timezone))
    day = format_date(local, "EEE dd.MM.yyyy", locale=slip.home)
    text = f"{day}, {format_time(local, 'HH:mm', locale=slip.home)}"
    yield {"kind": "line", "text": text, "language": slip.home}


def _bring(slip: _Slip) -> Iterator[Block]:
    service = slip.config.service(slip.ticket.service)
    for language in slip.languages:
        if service and (items := service.bring.get(language)):
            heading = say(language, "Please have ready:")
            yield {"kind": "bring", "text": heading, "items": items, "language": language}


def _notice(slip: _Slip) -> Iterator[Block]:
    for language in slip.languages:
        if text := slip.config.slip.notice.get(language):
            yield {"kind": "notice", "text": text, "language": language}


def _what_happens(slip: _Slip) -> Iterator[Block]:
    for language in slip.languages:
        text = say(
            language, "You are called by sound and on the display. Please stay within hearing."
        )
        yield {"kind": "small", "text": text, "language": language}


def _qr(slip: _Slip) -> Iterator[Block]:
    caption = say(slip.ticket.language, "Your place in the queue on your phone")
    text = status_url(slip.address, slip.ticket)
    yield {"kind": "qr", "text": text, "caption": caption, "language": slip.ticket.language}


def _rule(slip: _Slip) -> Iterator[Block]:
    yield {"kind": "rule"}


BLOCKS: dict[str, Callable[[_Slip], Iterator[Block]]] = {
    "logo": _logo,
    "office": _office,
    "number": _number,
    "concern": _concern,
    "rule": _rule,
    "ahead": _ahead,
    "wait": _wait,
    "place": _place,
    "time": _time,
    "bring": _bring,
    "notice": _notice,
    "what_happens": _what_happens,
    "qr": _qr,
}


def _people_ahead(language: str, ahead: int) -> str:
    if ahead == 0:
        return say(language, "Nobody is ahead of you")
    return say_number(
        language, "%(count)s person is ahead of you", "%(count)s people are ahead of you", ahead
    )
