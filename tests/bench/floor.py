"""The floors: what the machine can do without any of our code. Run as a program it is the bare
fan-out server: one durable commit, then the message to every open websocket."""

from __future__ import annotations

import sqlite3
import sys
import time
import warnings
from pathlib import Path

PAYLOAD = '42["announce",{"ticket_id":1,"number":"A001","counter":"1","round":"%s"}]'


def durable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE ticket (number TEXT)")
    return connection


def commits_per_second(path: Path, seconds: float) -> float:
    """Bare durable commits of one row each."""
    connection = durable(path)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        connection.execute("INSERT INTO ticket VALUES ('A001')")
        count += 1
    connection.close()
    return count / (time.perf_counter() - began)


def serve(database: str) -> None:
    """Print the port; /call/N is a commit and a fan-out of N, /commit a commit alone."""
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet
    import eventlet.wsgi
    from eventlet.websocket import WebSocketWSGI

    eventlet.monkey_patch()
    connection = durable(Path(database))
    open_sockets: list[object] = []

    def watch(display) -> None:  # type: ignore[no-untyped-def]
        open_sockets.append(display)
        display.wait()

    handle = WebSocketWSGI(watch)

    def app(environ, start_response):  # type: ignore[no-untyped-def]
        path = environ["PATH_INFO"]
        if path == "/watch":
            return handle(environ, start_response)
        connection.execute("INSERT INTO ticket VALUES ('A001')")
        for display in open_sockets if path != "/commit" else ():
            display.send(PAYLOAD % path)  # type: ignore[attr-defined]
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    listener = eventlet.listen(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    eventlet.wsgi.server(listener, app, log_output=False)


if __name__ == "__main__":
    serve(sys.argv[1])
