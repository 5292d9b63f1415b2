"""One office without network: the product's own waiting area and boards; a clock that is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from queue_server.app import create_app
from queue_server.boards import Board
from queue_server.config_file import parse
from queue_server.domain.ticket import Ticket
from queue_server.waiting_area import By
from tests.conftest import Clock, new_request

COUNTERS = ("1", "2", "3", "4", "5")
IDLE = "idle"  # nobody ever comes for it
SERVICES = ("documents", "status", "question", "registration")
KIOSK, RECEPTION = By("kiosk"), By("reception")

# Ten thousand waiting clients need two series: one has room for 9,999.
OFFICE = (
    """
[office]
name = "Jobcenter Musterstadt"
languages = ["de", "en"]
[server]
async_mode = "threading"
[hours]
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
[[series]]
key = "front"
prefix = "A"
last = 9999
[[series]]
key = "back"
prefix = "K"
last = 9999
[[service]]
key = "documents"
series = "front"
name = { de = "Unterlagen abgeben", en = "Hand in documents" }
[[service]]
key = "status"
series = "back"
name = { de = "Bearbeitungsstand", en = "Status" }
[[service]]
key = "question"
series = "front"
name = { de = "Allgemeine Frage", en = "General question" }
[[service]]
key = "registration"
series = "back"
name = { de = "Neumeldung", en = "New registration" }
daily_limit = 9999
[[service]]
key = "seminar"
series = "back"
name = { de = "Seminar" }
[[display]]
key = "hall"
[[kiosk]]
key = "entrance"
printer = "entrance"
[[kiosk]]
key = "paperless"
[[printer]]
key = "entrance"
"""
    + "".join(
        f"""
[[counter]]
key = "{key}"
label = {{ de = "Platz {key}" }}
services = ["documents", "status", "question", "registration"]
overflow = {{ seminar = 15 }}
"""
        for key in COUNTERS
    )
    + """
[[counter]]
key = "idle"
label = { de = "Platz 6" }
services = ["seminar"]
"""
)


def clerk(counter: str) -> By:
    return By("counter", counter)


class Room:
    """The office over the file of one folder."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.clock = Clock()
        self.clock.now = now
        app = create_app(parse(OFFICE), folder, address="http://queue.test", clock=self.clock)
        self.parts = app.extensions["queue"]
        self.area = self.parts.area
        self.database = self.parts.store.database
        self.issued: list[Ticket] = []
        self.waiting = 0

    def issue(self, service: str, kiosk: str = "paperless") -> Ticket:
        """A client takes a ticket."""
        ticket, _ = self.area.issue(service, by=KIOSK, request_id=new_request(), kiosk=kiosk)
        self.issued.append(ticket)
        return ticket

    def call_next(self, counter: str) -> Ticket:
        """A clerk calls; somebody must be waiting."""
        called = self.area.call_next(counter, new_request(), by=clerk(counter))
        assert called is not None
        return called

    def serve(self, called: Ticket, counter: str) -> None:
        """The called client comes and goes content."""
        self.area.start(called.id, by=clerk(counter))
        self.area.finish(called.id, by=clerk(counter))

    def settle(self, waiting: int, every_seconds: float = 2) -> None:
        """So many clients come, one after the other."""
        self.waiting = waiting
        self.database.change("PRAGMA synchronous = OFF")
        for arrival in range(waiting):
            self.clock.forward(seconds=every_seconds)
            self.issue(SERVICES[arrival % len(SERVICES)])
        self.database.change("PRAGMA synchronous = FULL")

    def in_the_middle(self) -> Ticket:
        """A client with as many before as behind, as long as each who comes has one who goes."""
        return self.issued[-self.waiting // 2]

    def board(self, audience: str) -> Board:
        """What an audience sees."""
        return self.parts.views.snapshot(audience)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()
