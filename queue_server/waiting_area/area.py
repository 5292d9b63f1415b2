"""The waiting area of one office, made of its facets."""

from __future__ import annotations

from ..config import Config
from ..domain.events import Kind
from ..domain.explanation import CalledBefore, called_before, overtaken_by
from ..domain.ticket import Ticket
from .calling import Calling
from .counters import Counters
from .day import Days
from .issuing import Issuing
from .serving import Serving


class WaitingArea(Issuing, Calling, Serving, Counters, Days):
    """Tickets, calls and counters. Safe to use from several threads or greenlets."""

    def find(self, ticket_id: int) -> Ticket:
        """One ticket. Raises Unknown."""
        return self._find(ticket_id)

    def explain(self, ticket_id: int) -> list[CalledBefore]:
        """Who was called while this client waited, and why; from the events alone."""
        return called_before(ticket_id, self.store.events.that_explain(ticket_id))

    def overtaken_by(self, ticket_id: int) -> dict[str, int]:
        """How many who came later went first, by neutral reason."""
        events = self.store.events.that_overtake(ticket_id)
        return overtaken_by(called_before(ticket_id, events))

    def reload(self, config: Config) -> None:
        """Work by another configuration, without a restart.

        Clients of services that are gone stay in the queue and every counter may call them.
        """
        with self._step() as step:
            step.events.append(self.store.events.add(Kind.CONFIGURATION_LOADED, step.now))
            self._adopt(config)
