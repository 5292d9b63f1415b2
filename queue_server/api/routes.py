"""One table of calls: address, roles, body, answers. Rights and the document come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from ..doors import Doors
from ..identity import Principal
from ..refusals import Refused

BASE = "/api/v1"
LARGEST_BODY = 64 * 1024
LARGEST_DRAIN = 8 * 1024 * 1024
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Route:
    """A call of the interface. No roles = open to everybody."""

    method: str
    path: str
    roles: tuple[str, ...]
    body: type[BaseModel] | None
    statuses: tuple[int, ...]
    summary: str


class Api:
    """Collects the calls of a blueprint and guards each of them."""

    def __init__(self, doors: Doors) -> None:
        self.blueprint = Blueprint("api", __name__, url_prefix=BASE)
        self.routes: list[Route] = []
        self._doors = doors

    def call(
        self,
        method: str,
        path: str,
        roles: tuple[str, ...] = (),
        body: type[BaseModel] | None = None,
        statuses: tuple[int, ...] = (200,),
    ) -> Callable[[View], View]:
        """Register a view. It gets `who` when roles are named and `body` when a model is."""

        def register(view: View) -> View:
            summary = (view.__doc__ or "").strip().splitlines()[0]
            self.routes.append(Route(method, path, roles, body, statuses, summary))
            name = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
            guarded = self._guard(view, roles, body)
            self.blueprint.add_url_rule(path, name, guarded, methods=[method])
            return view

        return register

    def _guard(self, view: View, roles: tuple[str, ...], body: type[BaseModel] | None) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            if roles:
                values["who"] = self._let_in(roles)
            if body is not None:
                values["body"] = read_body(body)
            return view(**values)

        return guarded

    def _let_in(self, roles: tuple[str, ...]) -> Principal:
        who = self._doors.principal()
        if who is None:
            raise Refused("no_login")
        if not who.may(roles):
            raise Refused("forbidden")
        return who


def refuse_large_bodies() -> None:
    """Runs before each request. Raises Refused: too_large.

    What is on its way is read and dropped first: closing on a sender who is still sending resets
    the connection, and the sender never sees the sentence.
    """
    if "chunked" in request.headers.get("Transfer-Encoding", ""):
        # Such a body reaches us empty; a call without its request_id would act twice.
        raise Refused("bad_request")
    left = request.content_length or 0
    if left <= LARGEST_BODY:
        return
    while 0 < left <= LARGEST_DRAIN:
        dropped = request.environ["wsgi.input"].read(min(left, LARGEST_BODY))
        left = left - len(dropped) if dropped else 0
    raise Refused("too_large")


def read_body(model: type[BaseModel]) -> BaseModel:
    """The checked body. Raises Refused: bad_request (not JSON), invalid (wrong content)."""
    raw = request.get_data(cache=False)
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        if any(problem["type"] == "json_invalid" for problem in problems):
            raise Refused("bad_request") from error
        fields = {".".join(map(str, p["loc"])) or "body": p["msg"] for p in problems}
        raise Refused("invalid", fields=fields) from error


def reply(answer: Any, status: int = 200) -> ResponseReturnValue:
    """JSON with a status."""
    return jsonify(answer), status
