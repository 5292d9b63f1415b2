"""What the calls accept. Unknown fields are refused, so that a typing error is noticed."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(min_length=1, max_length=32)]
RequestId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def _plain_text(text: str) -> str:
    """One line that can be read: no control characters, and nothing that turns letters around."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text.isprintable():
        raise ValueError("must be one line of readable text")
    return text


def _near_enough(instant: datetime) -> datetime:
    """An instant of our times: the calendar's ends cannot be told in every time zone."""
    if not 2000 <= instant.year < 2200:
        raise ValueError("must be a day of our times")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_near_enough)]
ReasonCode = Annotated[str, Field(max_length=64, pattern=r"^[a-z_]*$")]
# A code that the office counts, never a sentence: it stays in the event log for years.
Outcome = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Note = Annotated[str, Field(max_length=400), AfterValidator(_plain_text), Field(max_length=80)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class IssueBody(Body):
    service: Key
    request_id: RequestId
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] | None = None
    priority: Key | None = None
    kiosk: Key | None = None
    appointment_at: Instant | None = None
    note: Note | None = None
    anyway: bool = False


class CallNextBody(Body):
    request_id: RequestId | None = None


class StepBody(Body):
    note: Note | None = None
    outcome: Outcome | None = None


class TransferBody(Body):
    service: Key | None = None
    counter: Key | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> TransferBody:
        if self.service is None and self.counter is None:
            raise ValueError("service or counter must be named")
        return self


class CallBody(Body):
    counter: Key
    reason: Annotated[Note, Field(min_length=1)]


class ServeBody(Body):
    service: Key
    request_id: RequestId


class TakeOverBody(Body):
    window: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")] | None = None


class ResultBody(Body):
    state: Literal["printed", "not_printed", "unknown"]
    reason: ReasonCode | None = None
    near_end: bool = False
    millimetres: Annotated[float, Field(ge=0, le=5000)] | None = None


class PrinterStateBody(Body):
    state: Literal["ready", "trouble", "unknown"]
    reason: ReasonCode | None = None
    near_end: bool = False
    shaping: bool = True


class FaultsBody(Body):
    faults: Annotated[list[ReasonCode], Field(max_length=30)]


class ReprintBody(Body):
    printer: Key | None = None


class LinkBody(Body):
    code: Annotated[str, Field(min_length=1, max_length=128)]


Secret = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,128}$")]  # at least 128 random bits
PairingCode = Annotated[str, Field(min_length=1, max_length=40)]
DeviceKind = Literal["display", "kiosk"]


class PairingBody(Body):
    secret: Secret
    kind: DeviceKind
    station: Key | None = None


class CollectBody(Body):
    secret: Secret


class CodeBody(Body):
    code: PairingCode


class ApproveBody(Body):
    code: PairingCode
    kind: DeviceKind
    station: Key


class HeardBody(Body):
    heard: bool
