"""What walls say over the socket, checked (SEC-5): anything else is not heard."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Pixels = Annotated[int, Field(ge=0, le=20_000)]


class Said(BaseModel):
    """A message of a wall; what it adds beyond the known is dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Report(Said):
    """How the page is doing (P-4, HW-1, HW-12)."""

    sound: Literal["running", "no-device", "blocked", "off"]
    fits: bool | None = None
    """Whether every number is large enough for the farthest seat (A-D2)."""
    full: bool | None = None
    """Whether the window fills the screen (HW-1)."""
    screen: Annotated[list[Pixels], Field(min_length=2, max_length=2)] | None = None
    clock_off: Annotated[float, Field(strict=False, allow_inf_nan=False)] | None = None
    """Seconds by which the machine's clock differs from the server's."""


class Spoken(Said):
    """How the page gets on with what it was told to say."""

    id: int
    state: Literal["started", "finished", "late", "failed"]
    complete: bool = True
    """False when clips could not be fetched and the page's own gong had to do."""


Message = TypeVar("Message", bound=Said)


def read(model: type[Message], message: Any) -> Message | None:
    """The checked message; None for anything that is not one."""
    try:
        return model.model_validate(message)
    except ValidationError:
        return None
