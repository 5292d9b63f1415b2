"""The server's side of printing, small enough for a test: jobs, claims, results, and bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from slips import slip

TOKEN = "a-token-for-the-printer"


class PaperServer:
    """`spoil` makes the next calls fail: "503", "409", "lost" or "unheard" (done, no answer)."""

    def __init__(self, **settings: object) -> None:
        self.settings = {"key": "entrance", "transport": "network", "job_ttl_s": 30.0, **settings}
        self.jobs: dict[int, dict[str, Any]] = {}
        self.results: list[tuple[int, str, str | None]] = []
        self.calls: list[str] = []
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

    def wait_until(self, condition: Callable[[], bool], timeout: float = 5) -> bool:
        with self._news:
            return self._news.wait_for(condition, timeout)

    def wait_for_results(self, count: int) -> list[tuple[int, str, str | None]]:
        self.wait_until(lambda: len(self.results) >= count)
        return list(self.results)

    def answer(self, call: str, query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        with self._news:
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
            wait = float(query["wait"][0])
            self._news.wait_for(lambda: self._server is None or self._in("queued"), wait)
            return 200, {
                "jobs": self._in("queued"),
                "sending": [job["id"] for job in self._in("sending")],
            }
        job = self.jobs[int(call.split("/")[2])]
        return self._claim(job) if call.endswith("/claim") else self._close(job, body)

    def _in(self, state: str) -> list[dict[str, Any]]:
        return [job for job in self.jobs.values() if job["state"] == state]

    def _claim(self, job: dict[str, Any]) -> Any:
        if job["state"] != "queued":
            return 409, {"error": "taken", "message": "somebody was faster"}
        job["state"] = "sending"
        return 200, job

    def _close(self, job: dict[str, Any], body: dict[str, Any]) -> Any:
        if job["state"] in ("queued", "sending"):
            job["state"] = body["state"]
            self.results.append((job["id"], body["state"], body["reason"]))
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
            status, content = office.answer(call, parse_qs(parts.query), body)
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
