"""What happened, in the past tense. Statistics, audit and explanations are functions of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The words of the event log; docs/events.md explains each."""

    TICKET_ISSUED = "TicketIssued"
    TICKET_CALLED = "TicketCalled"
    CALL_UNANSWERED = "CallUnanswered"
    SERVICE_STARTED = "ServiceStarted"
    SERVICE_FINISHED = "ServiceFinished"
    CLIENT_MISSED = "ClientMissed"
    TICKET_PARKED = "TicketParked"
    TICKET_RESUMED = "TicketResumed"
    TICKET_TRANSFERRED = "TicketTransferred"
    TICKET_WITHDRAWN = "TicketWithdrawn"
    STEP_UNDONE = "StepUndone"
    SLIP_QUEUED = "SlipQueued"
    SLIP_SENDING = "SlipSending"
    SLIP_PRINTED = "SlipPrinted"
    SLIP_FAILED = "SlipFailed"
    PRINTER_CHANGED = "PrinterChanged"
    ROLL_CHANGED = "RollChanged"
    COUNTER_OPENED = "CounterOpened"
    COUNTER_PAUSED = "CounterPaused"
    COUNTER_CLOSED = "CounterClosed"
    COUNTER_TAKEN_OVER = "CounterTakenOver"
    DAY_BEGUN = "DayBegun"
    CLOSED_AT_DAY_END = "ClosedAtDayEnd"
    CARRIED_OVER = "CarriedOver"
    DEVICE_PAIRED = "DevicePaired"
    DEVICE_REVOKED = "DeviceRevoked"
    CONFIGURATION_LOADED = "ConfigurationLoaded"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log. `revision` is its id there: it only ever grows, also over restarts."""

    revision: int
    kind: Kind
    at: datetime
    ticket_id: int | None = None
    counter: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
