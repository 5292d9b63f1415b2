"""The parts of the store over one database, so that one transaction can span them."""

from __future__ import annotations

from .access import Access
from .business_day import BusinessDay
from .counters import Counters
from .database import Database
from .events import Events
from .last_steps import LastSteps
from .pairings import Pairings
from .print_jobs import PrintJobs
from .printers import Printers
from .service_names import ServiceNames
from .tickets import Tickets


class Store:
    """What the waiting area and the doorkeeper remember."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.transaction = database.transaction
        self.tickets = Tickets(database)
        self.events = Events(database)
        self.counters = Counters(database)
        self.last_steps = LastSteps(database)
        self.business_day = BusinessDay(database)
        self.service_names = ServiceNames(database)
        self.printers = Printers(database)
        self.print_jobs = PrintJobs(database)
        self.access = Access(database)
        self.pairings = Pairings(database)
