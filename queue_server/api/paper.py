"""Print agents over HTTP: settings, jobs, claim, result."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from ..boards import iso
from ..config import PrinterSection
from ..identity import Principal
from ..print_office import PrintOffice
from ..refusals import Refused, Unknown
from ..viewpoints import Viewpoints
from .bodies import Body, ResultBody
from .routes import Api, reply

AGENTS = ("printer",)
LONGEST_WAIT_SECONDS = 25.0


def add_paper_calls(api: Api, views: Viewpoints, office: PrintOffice) -> None:
    """The calls of the printer's side of the contract."""

    @api.call("GET", "/printers/<key>", AGENTS)
    def settings(who: Principal, key: str) -> ResponseReturnValue:
        """How this printer is reached and what it can do."""
        _check_printer(who, key)
        printer = views.config.printer(key)
        if printer is None:
            raise Unknown("printer", key)
        return reply({**printer.model_dump(), "settings_version": _version_of(printer)})

    @api.call("GET", "/print-jobs", AGENTS)
    def jobs(who: Principal) -> ResponseReturnValue:
        """Queued jobs of ?printer=KEY; with &wait=SECONDS the answer waits for one."""
        key = request.args.get("printer") or who.station or ""
        _check_printer(who, key)
        queued = office.open_jobs(key, _wait_seconds(), agent_id())
        known, settings = office.tell_agent(key), views.config.printer(key)
        answer = {"jobs": [_job(job) for job in queued], "sending": office.unfinished(key)}
        answer |= {"as_of": iso(views.area.now()), "faults": list(known.faults)}
        return reply({**answer, "settings_version": _version_of(settings)})

    @api.call("POST", "/print-jobs/<int:job_id>/claim", AGENTS, Body)
    def claim(who: Principal, body: Body, job_id: int) -> ResponseReturnValue:
        """Take a job; only the first who asks gets it."""
        _check_printer(who, office.printer_of(job_id))
        return reply(_job(office.claim(job_id)))

    @api.call("POST", "/print-jobs/<int:job_id>/result", AGENTS, ResultBody)
    def result(who: Principal, body: ResultBody, job_id: int) -> ResponseReturnValue:
        """Say what became of a job."""
        _check_printer(who, office.printer_of(job_id))
        return reply(_job(office.close(job_id, body.state, body.reason, body.millimetres)))


def agent_id() -> str | None:
    """What an agent calls itself, so that two for one printer are noticed; programs need not."""
    text = request.headers.get("X-Agent", "")
    return text if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", text) else None


def _version_of(settings: PrinterSection | None) -> str:
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:8] if settings else ""


def _check_printer(who: Principal, key: str) -> None:
    if who.station not in (None, key):
        raise Refused("forbidden")


def _wait_seconds() -> float:
    asked = request.args.get("wait", default=0.0, type=float)
    if not asked >= 0:  # also when it is no number at all: "nan"
        raise Refused("invalid", fields={"wait": "must be a number of seconds"})
    return min(asked, LONGEST_WAIT_SECONDS)


def _job(job: dict[str, Any]) -> dict[str, Any]:
    shown = ("id", "ticket_id", "printer", "kind", "number", "state", "reason", "slip")
    return {**{name: job[name] for name in shown}, "created_at": iso(job["created_at"])}
