"""/health and the OpenAPI document, which is made from the table of calls and so cannot drift."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic.json_schema import models_json_schema

from ..doors import Doors
from ..errors import SENTENCES
from ..refusals import Refused
from .routes import BASE, Api, Route, reply

REF = "#/components/schemas/{model}"
PARAMETER = re.compile(r"<(?:(?P<kind>int|any\((?P<choices>[^)]*)\)):)?(?P<name>\w+)>")
ERROR = {
    "type": "object",
    "required": ["error", "message", "details"],
    "properties": {
        "error": {"type": "string", "enum": sorted(SENTENCES)},
        "message": {"type": "string", "description": "A sentence for a person."},
        "details": {"type": "object"},
    },
}

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METRICS_ROLES = ("lead", "admin")
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")

Health = Callable[[], dict[str, str]]
Metrics = Callable[[], bytes]


def add_documents(api: Api, health: Health, metrics: Metrics, doors: Doors, version: str) -> None:
    """The public calls about the server itself."""

    @api.call("GET", "/health", statuses=(200, 503))
    def show_health() -> ResponseReturnValue:
        """Whether each part works."""
        return reply(*health_answer(health))

    @api.call("GET", "/metrics")
    def show_metrics() -> ResponseReturnValue:
        """The office as numbers for Prometheus: by a lead's token, or on this machine."""
        return metrics_answer(metrics, doors)

    @api.call("GET", "/openapi.json")
    def openapi() -> ResponseReturnValue:
        """This document."""
        return reply(document(api.routes, version))


def health_answer(health: Health) -> tuple[dict[str, Any], int]:
    """503 when a part is in trouble, else 200, with a warning too; public, so without detail."""
    parts = health()
    worst = next((s for s in ("trouble", "warning") if s in parts.values()), "ok")
    return {"status": worst, "parts": parts}, 503 if worst == "trouble" else 200


def metrics_answer(metrics: Metrics, doors: Doors) -> Response:
    """Raises Refused for a stranger. A proxy on this machine is not the one who asks."""
    is_forwarded = any(name in request.headers for name in FORWARDED)
    if request.remote_addr not in LOOPBACK or is_forwarded:
        who = doors.principal()
        if who is None:
            raise Refused("no_login")
        if not who.may(METRICS_ROLES):
            raise Refused("forbidden")
    return Response(metrics(), content_type=METRICS_TYPE)


def document(routes: list[Route], version: str) -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        address = PARAMETER.sub(r"{\g<name>}", route.path)
        paths.setdefault(address, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wartemarken und Aufrufanlage", "version": version},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": {**_schemas(routes), "Error": ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(routes: list[Route]) -> dict[str, Any]:
    models = sorted({route.body for route in routes if route.body}, key=lambda m: m.__name__)
    _, found = models_json_schema([(m, "validation") for m in models], ref_template=REF)
    schemas: dict[str, Any] = found.get("$defs", {})
    return schemas


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "parameters": [_parameter(match) for match in PARAMETER.finditer(route.path)],
        "responses": {str(status): {"description": "Done."} for status in route.statuses},
    }
    operation["responses"]["default"] = {
        "description": "One error shape everywhere.",
        "content": {"application/json": {"schema": {"$ref": REF.format(model="Error")}}},
    }
    if route.body:
        schema = {"$ref": REF.format(model=route.body.__name__)}
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    if route.roles:
        operation |= {"security": [{"token": []}], "x-roles": list(route.roles)}
    return operation


def _parameter(match: re.Match[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer" if match["kind"] == "int" else "string"}
    if match["choices"]:
        schema["enum"] = [choice.strip() for choice in match["choices"].split(",")]
    return {"name": match["name"], "in": "path", "required": True, "schema": schema}
