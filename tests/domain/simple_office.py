"""The rules once more, as simply as they can be said: what random days are compared with.

Written from DESIGN part 4, not from the code: plain dicts, one loop over everybody, no cleverness.
Times are minutes since the doors opened.
"""

from __future__ import annotations

COUNTERS = {"1": {"documents", "status"}, "2": {"status"}, "3": {"question", "documents"}}
OVERFLOW = {"2": {"documents": 10}}
HEAD_STARTS = {None: 0, "extra-time": 15}
APPOINTMENT_HEAD_START, GRACE, EARLY = 15, 10, 5
CALLS, REST, HOLD, TOLERANCE, CREDIT = 2, 5, 15, 30, 10
SERVICES = ("documents", "status", "question")
AT_COUNTER = ("called", "serving")
ALIVE = ("waiting", "called", "serving", "parked", "missed")


class SimpleOffice:
    """Tickets as dicts. Each verb says True when it was done, False when it is not possible."""

    def __init__(self):
        self.now = 0
        self.tickets = {}
        self.calls = []  # (ticket, counter, services it serves, was it picked)

    def issue(self, number, service, priority=None, slot=None):
        head = HEAD_STARTS[priority]
        on_time = slot is not None and self.now <= slot + GRACE
        place = slot - max(APPOINTMENT_HEAD_START, head) if on_time else self.now - head
        due = slot - EARLY if slot is not None else self.now
        self.tickets[number] = {
            "state": "waiting", "service": service, "place": place, "came": self.now, "due": due,
            "counter": None, "held": None, "held_until": 0, "rests": 0, "attempt": 0, "missed": 0,
        }  # fmt: skip

    def may_serve(self, counter, ticket):
        """Whether this counter may call this client now."""
        if ticket["state"] != "waiting" or self.now < ticket["rests"]:
            return False
        if self.now < ticket["held_until"] and ticket["held"] != counter:
            return False
        if ticket["held"] == counter or ticket["service"] in COUNTERS[counter]:
            return True
        patience = OVERFLOW.get(counter, {}).get(ticket["service"])
        return patience is not None and self.now - ticket["came"] >= patience

    def next_for(self, counter):
        """The number whose turn it is at this counter."""
        may = [(n, t) for n, t in self.tickets.items() if self.may_serve(counter, t)]
        due = [(n, t) for n, t in may if t["due"] <= self.now]
        return min(((t["place"], n) for n, t in due or may), default=(0, None))[1]

    def client_of(self, counter):
        there = [
            n
            for n, t in self.tickets.items()
            if t["counter"] == counter and t["state"] in AT_COUNTER
        ]
        assert len(there) <= 1
        return there[0] if there else None

    def call(self, number, counter, picked=False):
        ticket = self.tickets[number]
        if ticket["state"] not in ("waiting", "parked", "missed") or self.client_of(counter):
            return False
        self.calls.append((number, counter, COUNTERS[counter], picked))
        ticket["meant"] = ticket["held"] == counter and not picked
        ticket.update(state="called", counter=counter, attempt=ticket["attempt"] + 1)
        ticket.update(held=None, held_until=0, rests=0)
        return True

    def recall(self, number):
        return self._move(number, ("called",), "called", more_attempts=1)

    def start(self, number):
        return self._move(number, ("called",), "serving")

    def finish(self, number):
        return self._move(number, ("serving",), "finished")

    def miss(self, number):
        ticket = self.tickets[number]
        if ticket["attempt"] < CALLS and self._move(number, ("called",), "waiting"):
            if ticket["meant"]:  # for this counter: it gets another chance after the rest
                ticket.update(held=ticket["counter"], held_until=self.now + REST + HOLD)
            ticket.update(counter=None, rests=self.now + REST)
            return True
        done = self._move(number, ("called",), "missed")
        ticket["missed"] = self.now if done else ticket["missed"]
        return done

    def park(self, number):
        done = self._move(number, ("waiting", "called", "serving"), "parked")
        if done:
            self.tickets[number].update(attempt=0, held=None, held_until=0, rests=0)
        return done

    def resume(self, number):
        ticket, was = self.tickets[number], self.tickets[number]["state"]
        if was == "missed" and self.now - ticket["missed"] > TOLERANCE:
            return False
        if not self._move(number, ("parked", "missed"), "waiting"):
            return False
        if was == "missed":
            ticket["place"] = max(ticket["place"], self.now - CREDIT)
        elif ticket["counter"]:
            ticket.update(held=ticket["counter"], held_until=self.now + HOLD)
        ticket.update(counter=None, attempt=0)
        return True

    def transfer(self, number, service=None, counter=None):
        ticket = self.tickets[number]
        if not self._move(number, ("waiting", "called", "serving", "parked"), "waiting"):
            return False
        ticket.update(counter=None, attempt=0, held=None, held_until=0, rests=0)
        ticket["service"] = service or ticket["service"]
        if counter:
            ticket.update(held=counter, held_until=self.now + HOLD)
        return True

    def withdraw(self, number):
        done = self._move(number, ("waiting", "called", "parked", "missed"), "withdrawn")
        if done:
            self.tickets[number].update(held=None, held_until=0, rests=0)
        return done

    def _move(self, number, allowed, to, more_attempts=0):
        ticket = self.tickets[number]
        if ticket["state"] not in allowed:
            return False
        ticket["state"] = to
        ticket["attempt"] += more_attempts
        return True
