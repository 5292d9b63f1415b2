"""The server's side of printing, small enough for a test: jobs, claims, results, and bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.printer.slips import slip

TOKEN = "a-token-for-the-printer"


class PaperServer:
    """`spoil` makes the next calls fail: "503", "409", "lost" or "unheard" (done, no answer)."""

    def __init__(self, **settings: object) -> None:
        self.settings = {"key": "entrance", "transport": "network", "job_ttl_s": 30.0, **settings}
        self.jobs: dict[int, dict[str, Any]] = {}
        self.results: list[tuple[int, str, str | None]] = []
        self.reports: list[dict[str, Any]] = []  # whole bodies
        self.states: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.faults: list[str] | None = None
        self.version: int | None = None
        self.agents: list[str] = []  # in the order they came
        self.only_agent: str | None = None
        self.on_claim: Callable[[], None] = lambda: None
        self.is_old = False  # knows neither states nor what else came later
        self._bad_days: list[tuple[str, str]] = []
        self._news = threading.Condition()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def open(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", self._port), _handler(self))
        self._port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self._server = server

    def close(self) -> None:
        with self._news:
            server, self._server = self._server, None
            self._news.notify_all()
        if server:
            server.shutdown()
            server.server_close()

    def spoil(self, call: str, *ways: str) -> None:
        self._bad_days += [(call, way) for way in ways]

    def heal(self) -> None:
        with self._news:
            self._bad_days.clear()

    def queue(
        self, number: str = "A017", age_s: float = 0, state: str = "queued", **job: Any
    ) -> int:
        created = datetime.now(UTC) - timedelta(seconds=age_s)
        with self._news:
            job_id = len(self.jobs) + 1
            self.jobs[job_id] = {
                "id": job_id,
                "number": number,
                "state": state,
                "slip": slip(number),
                "created_at": created.isoformat().replace("+00:00", "Z"),
                **job,
            }
            self._news.notify_all()
        return job_id

    def change(self, **what: Any) -> None:
        """Set `faults`, `version`, `only_agent` …; whoever waits for jobs hears of it."""
        with self._news:
            for name, value in what.items():
                setattr(self, name, value)
            self._news.notify_all()

    def wait_until(self, condition: Callable[[], bool], timeout: float = 5) -> bool:
        with self._news:
            return self._news.wait_for(condition, timeout)

    def wait_for_results(self, count: int) -> list[tuple[int, str, str | None]]:
        self.wait_until(lambda: len(self.results) >= count)
        return list(self.results)

    def wait_for_state(self, state: str, reason: str | None = None, timeout: float = 5) -> bool:
        """Whether the newest that was told of the printer becomes this."""
        return self.wait_until(lambda: self.state() == (state, reason), timeout)

    def state(self) -> tuple[str, str | None] | None:
        return (self.states[-1]["state"], self.states[-1]["reason"]) if self.states else None

    def answer(
        self, call: str, query: dict[str, list[str]], body: dict[str, Any], agent: str = ""
    ) -> Any:
        with self._news:
            if agent not in self.agents:
                self.agents.append(agent)
            if call == "/print-jobs" and self.only_agent not in (None, agent):
                return 409, {"error": "other_agent", "message": "somebody else is here"}
            way = self._way(call)
            if way in ("", "unheard"):
                status, content = self._do(call, query, body)
            else:
                status, content = 0 if way == "lost" else int(way), {}
            self.calls.append(call)
            self._news.notify_all()
        return (0 if way == "unheard" else status), content

    def _way(self, call: str) -> str:
        for index, (spoiled, way) in enumerate(self._bad_days):
            if call.endswith(spoiled):
                del self._bad_days[index]
                return way
        return ""

    def _do(self, call: str, query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        if call == "/printers/entrance":
            return 200, self.settings
        if call == "/print-jobs":
            return 200, self._list(float(query["wait"][0]), query)
        if call == "/printers/entrance/state":
            return self._note_state(body)
        job = self.jobs[int(call.split("/")[2])]
        if call.endswith("/claim"):
            return self._claim(job)
        return (422, {}) if self.is_old and "near_end" in body else self._close(job, body)

    def _list(self, wait: float, query: dict[str, list[str]]) -> dict[str, Any]:
        self._news.wait_for(
            lambda: self._server is None or self._in("queued") or self._has_news_for(query), wait
        )
        answer = {
            "as_of": datetime.now(UTC).isoformat(),
            "jobs": self._in("queued"),
            "sending": [job["id"] for job in self._in("sending")],
            "faults": self.faults,
            "settings_version": self.version,
        }
        return {name: value for name, value in answer.items() if value is not None}

    def _has_news_for(self, query: dict[str, list[str]]) -> bool:
        """Whether the agent that asks so knows less than it should."""
        known = {"settings_version": self.version, "faults": self.faults and ",".join(self.faults)}
        return any(query.get(name, [""])[0] != str(now or "") for name, now in known.items())

    def _note_state(self, body: dict[str, Any]) -> Any:
        if self.is_old:
            return 404, {}
        self.states.append(body)
        return 200, {}

    def _in(self, state: str) -> list[dict[str, Any]]:
        return [job for job in self.jobs.values() if job["state"] == state]

    def _claim(self, job: dict[str, Any]) -> Any:
        if job["state"] != "queued":
            return 409, {"error": "taken", "message": "somebody was faster"}
        job["state"] = "sending"
        self.on_claim()
        return 200, job

    def _close(self, job: dict[str, Any], body: dict[str, Any]) -> Any:
        if job["state"] in ("queued", "sending"):
            job["state"] = body["state"]
            self.results.append((job["id"], body["state"], body["reason"]))
            self.reports.append(body)
        return (200, job) if job["state"] == body["state"] else (409, {"message": "known"})


def _handler(office: PaperServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            parts = urlsplit(self.path)
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                return self._send(401, {"message": "log in"})
            call = parts.path.removeprefix("/api/v1")
            agent = self.headers["X-Agent"]
            status, content = office.answer(call, parse_qs(parts.query), body, agent)
            if status:
                self._send(status, content)
            return None

        do_POST = do_GET

        def _send(self, status: int, content: object) -> None:
            try:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(content).encode())
            except OSError:
                self.close_connection = True  # the agent hung up

        def log_message(self, *_: object) -> None:
            pass

    return Handler
