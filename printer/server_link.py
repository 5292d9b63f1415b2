"""Speaks with the queue server over HTTP: settings, jobs, claim, result."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from .outcome import Condition, Outcome

ANSWER_SECONDS = 10.0
STATE_ANSWER_SECONDS = 4.0
TRY_LATER = frozenset({408, 425, 429})
DISLIKES_BODY = frozenset({400, 422})


class ServerAway(Exception):
    """No answer, or one that says "later". Whatever was asked may or may not have happened."""


class Refused(Exception):
    """The server said no, and asking again will not help."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(f"{status} {message}")
        self.status, self.code = status, code


class OtherAgent(Exception):
    """Another agent serves this printer. It may be gone in a while."""


@dataclass(frozen=True)
class Job:
    """A slip to print. Its age is measured by the server's clock alone."""

    id: int
    number: str
    slip: Mapping[str, Any]
    age_s: float  # when the list came
    came_at: float = field(default_factory=time.monotonic)

    def best_before(self, lifetime_s: float) -> float:
        """The instant of the monotonic clock when its client has gone."""
        return self.came_at + lifetime_s - self.age_s


@dataclass(frozen=True)
class Waiting:
    """What the server has for this printer; `faults` only for the virtual one."""

    jobs: list[Job]
    sending: list[int] = field(default_factory=list)
    faults: list[str] | None = None
    settings_version: object = None


class ServerLink:
    """One agent's access, for all its threads: each call has its own connection.

    Calls raise ServerAway or Refused.
    """

    def __init__(self, address: str, token: str, printer: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address} is not the address of a server: http://host:port")
        self._https = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/") + "/api/v1"
        self._token = token
        self.printer = printer
        self._printer = quote(printer, safe="")
        self._agent = secrets.token_hex(8)  # the server tells two agents apart by it
        self._waiting_on: http.client.HTTPConnection | None = None
        self._hung_up = False

    def settings(self) -> Mapping[str, Any]:
        answer, _ = self._call("GET", f"/printers/{self._printer}")
        return answer

    def wait_for_jobs(self, seconds: float, known: Waiting | None = None) -> Waiting:
        """Queued jobs, oldest first; the server holds the answer back until there is news.

        `known` is the last answer: what changed since then is news. Raises OtherAgent, too.
        """
        path = f"/print-jobs?printer={self._printer}&wait={seconds:g}{_known(known)}"
        try:
            answer, now = self._call("GET", path, timeout=seconds + ANSWER_SECONDS, is_long=True)
            return _read_waiting(answer, now)
        except Refused as refusal:
            if refusal.code == "other_agent":
                raise OtherAgent(str(refusal)) from refusal
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise ServerAway(f"the list of jobs can't be read: {error!r}") from error

    def claim(self, job_id: int) -> None:
        self._call("POST", f"/print-jobs/{job_id}/claim", {})

    def report(self, job_id: int, outcome: Outcome) -> None:
        path = f"/print-jobs/{job_id}/result"
        body = {"state": outcome.state, "reason": outcome.reason}
        paper = {"near_end": outcome.near_end, "millimetres": outcome.millimetres}
        try:
            self._call("POST", path, {**body, **paper})
        except Refused as refusal:
            if refusal.status not in DISLIKES_BODY:
                raise
            self._call("POST", path, body)  # an older server, which wants nothing more

    def tell_state(self, seen: Condition, can_shape: bool) -> None:
        """How the printer is, between the jobs."""
        body = {"state": seen.state, "reason": seen.reason, "near_end": seen.near_end}
        path = f"/printers/{self._printer}/state"
        self._call("POST", path, {**body, "shaping": can_shape}, timeout=STATE_ANSWER_SECONDS)

    def hang_up(self) -> None:
        """Stop waiting for jobs, from another thread. Results can still be reported."""
        self._hung_up = True
        connection = self._waiting_on
        line = connection.sock if connection is not None else None
        if line is not None:
            _shut(line)

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        timeout: float = ANSWER_SECONDS,
        is_long: bool = False,
    ) -> tuple[Mapping[str, Any], datetime]:
        connection = self._connection(timeout)
        try:
            connection.connect()
            if is_long:
                self._waiting_on = connection
                if self._hung_up:
                    raise ServerAway("stopping")
            return self._exchange(connection, method, path, body)
        except (OSError, http.client.HTTPException) as error:
            raise ServerAway(str(error) or repr(error)) from error
        finally:
            if is_long:
                self._waiting_on = None
            connection.close()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._https else http.client.HTTPConnection
        return kind(self._host, self._port, timeout=timeout)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
    ) -> tuple[Mapping[str, Any], datetime]:
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, self._base + path, content, self._headers(content))
        response = connection.getresponse()
        answer = _read_json(response.read())
        if response.status >= 500 or response.status in TRY_LATER:
            raise ServerAway(f"the server answers {response.status}")
        if response.status >= 400:
            message = str(answer.get("message", response.reason))
            raise Refused(response.status, message, str(answer.get("error", "")))
        return answer, _clock(response.getheader("Date"))

    def _headers(self, content: bytes | None) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "X-Agent": self._agent,
        }
        return headers if content is None else {**headers, "Content-Type": "application/json"}


def _read_json(content: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(content or b"{}")
    except ValueError:
        return {}  # a proxy's error page; the status says enough
    return answer if isinstance(answer, dict) else {}


def _known(last: Waiting | None) -> str:
    if last is None:
        return ""
    known = {
        "settings_version": last.settings_version,
        "faults": None if last.faults is None else ",".join(last.faults),
    }
    return "".join(f"&{name}={quote(str(v))}" for name, v in known.items() if v is not None)


def _read_waiting(answer: Mapping[str, Any], now: datetime) -> Waiting:
    now = _instant(answer.get("as_of")) or now
    faults = answer.get("faults")
    return Waiting(
        [_read_job(job, now) for job in answer["jobs"]],
        [int(job_id) for job_id in answer.get("sending", [])],
        [str(name) for name in faults] if isinstance(faults, list) else None,
        answer.get("settings_version"),
    )


def _read_job(job: Mapping[str, Any], now: datetime) -> Job:
    created = _instant(job.get("created_at")) or now
    age = max(0.0, (now - created).total_seconds())
    return Job(int(job["id"]), str(job.get("number", "")), dict(job["slip"]), age)


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _clock(date: str | None) -> datetime:
    # The server's own clock: a kiosk PC with a wrong one must not throw every job away as old.
    try:
        return parsedate_to_datetime(date or "")
    except ValueError:
        return datetime.now(UTC)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is gone already
