"""Speaks with the queue server over HTTP: settings, jobs, claim, result."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from .outcome import Outcome

ANSWER_SECONDS = 10.0
TRY_LATER = frozenset({408, 425, 429})


class ServerAway(Exception):
    """No answer, or one that says "later". Whatever was asked may or may not have happened."""


class Refused(Exception):
    """The server said no, and asking again will not help."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}")
        self.status = status


@dataclass(frozen=True)
class Job:
    """A slip to print. `age_s` is measured by the server's clock alone."""

    id: int
    number: str
    slip: Mapping[str, Any]
    age_s: float


@dataclass(frozen=True)
class Waiting:
    """What the server has for this printer."""

    jobs: list[Job]
    sending: list[int] = field(default_factory=list)


class ServerLink:
    """One agent's access. Each call has its own connection; raises ServerAway or Refused."""

    def __init__(self, address: str, token: str, printer: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address} is not the address of a server: http://host:port")
        self._https = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/") + "/api/v1"
        self._token = token
        self._printer = quote(printer, safe="")
        self._waiting_on: http.client.HTTPConnection | None = None
        self._hung_up = False

    def settings(self) -> Mapping[str, Any]:
        answer, _ = self._call("GET", f"/printers/{self._printer}")
        return answer

    def wait_for_jobs(self, seconds: float) -> Waiting:
        """Queued jobs, oldest first; the server holds the answer back until there is one."""
        path = f"/print-jobs?printer={self._printer}&wait={seconds:g}"
        answer, now = self._call("GET", path, timeout=seconds + ANSWER_SECONDS, may_hang_up=True)
        try:
            jobs = [_read_job(job, _instant(answer.get("as_of")) or now) for job in answer["jobs"]]
            return Waiting(jobs, [int(job_id) for job_id in answer.get("sending", [])])
        except (KeyError, TypeError, ValueError) as error:
            raise ServerAway(f"the list of jobs can't be read: {error!r}") from error

    def claim(self, job_id: int) -> None:
        self._call("POST", f"/print-jobs/{job_id}/claim", {})

    def report(self, job_id: int, outcome: Outcome) -> None:
        body = {"state": outcome.state, "reason": outcome.reason}
        self._call("POST", f"/print-jobs/{job_id}/result", body)

    def hang_up(self) -> None:
        """Stop waiting for jobs, from another thread. Results can still be reported."""
        self._hung_up = True
        connection = self._waiting_on
        if connection is not None and connection.sock is not None:
            _shut(connection.sock)

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        timeout: float = ANSWER_SECONDS,
        may_hang_up: bool = False,
    ) -> tuple[Mapping[str, Any], datetime]:
        connection = self._connection(timeout)
        try:
            connection.connect()
            if may_hang_up:
                self._waiting_on = connection
                if self._hung_up:
                    raise ServerAway("stopping")
            return self._exchange(connection, method, path, body)
        except (OSError, http.client.HTTPException) as error:
            raise ServerAway(str(error) or repr(error)) from error
        finally:
            self._waiting_on = None if may_hang_up else self._waiting_on
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
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        connection.request(method, self._base + path, content, headers)
        response = connection.getresponse()
        answer = _read_json(response.read())
        if response.status >= 500 or response.status in TRY_LATER:
            raise ServerAway(f"the server answers {response.status}")
        if response.status >= 400:
            raise Refused(response.status, str(answer.get("message", response.reason)))
        return answer, _clock(response.getheader("Date"))


def _read_json(content: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(content or b"{}")
    except ValueError:
        return {}  # a proxy's error page; the status says enough
    return answer if isinstance(answer, dict) else {}


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
