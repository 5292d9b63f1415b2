"""What the calls accept. Unknown fields are refused, so that a typing error is noticed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(min_length=1, max_length=32)]
RequestId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Note = Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IssueBody(Body):
    service: Key
    request_id: RequestId
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] | None = None
    priority: Key | None = None
    kiosk: Key | None = None


class CallNextBody(Body):
    request_id: RequestId | None = None


class StepBody(Body):
    note: Note | None = None
    outcome: Note | None = None


class ResultBody(Body):
    state: Literal["printed", "not_printed", "unknown"]
    reason: Annotated[str, Field(max_length=64, pattern=r"^[a-z_]*$")] | None = None


class LinkBody(Body):
    code: Annotated[str, Field(min_length=1, max_length=128)]
