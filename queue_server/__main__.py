"""Patches first, then serves. Nothing that holds threads or sockets is imported above the patch."""

from __future__ import annotations

import os
import sys
import tomllib
from contextlib import suppress
from pathlib import Path

DEFAULT_CONFIG = "config.toml"
GRACE_SECONDS = 2.0


def main() -> None:
    """The console script `queue-server`."""
    mode = _async_mode(sys.argv[1:])
    if mode == "eventlet":
        _patch()
    from .cli import cli

    cli.main(prog_name="queue-server", obj={"serve": _SERVERS.get(mode)})


def _patch() -> None:
    import warnings

    # Known and decided: docs/decisions/0001. The warning would greet every start.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()


def _async_mode(arguments: list[str]) -> str:
    """What the configuration asks for; only `run` serves. A broken file is reported later."""
    if "run" not in arguments:
        return "none"
    path = os.environ.get("QUEUE_CONFIG", DEFAULT_CONFIG)
    for position, argument in enumerate(arguments):
        if argument == "--config" and position + 1 < len(arguments):
            path = arguments[position + 1]
        elif argument.startswith("--config="):
            path = argument.partition("=")[2]
    try:
        server = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("server", {})
        mode: str = server.get("async_mode", "eventlet")
    except (OSError, ValueError, AttributeError):
        return "none"
    return mode if mode in _SERVERS else "none"


def _serve_with_eventlet(app, listener, until_told):  # type: ignore[no-untyped-def]
    """Serve until SIGTERM or SIGINT."""
    import eventlet
    import eventlet.wsgi
    from eventlet.event import Event
    from eventlet.hubs import get_hub

    server = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        log_output=False,
        max_size=4096,
        socket_timeout=None,
    )
    told = Event()

    def tell(*_: object) -> None:
        if not told.ready():
            told.send()

    # Not in the signal handler itself: it may run in the middle of any greenlet.
    until_told(lambda: get_hub().schedule_call_global(0, tell))
    server.link(tell)
    told.wait()
    server.kill()
    # Agents ask with long polls; only what is nearly done is waited for.
    with eventlet.Timeout(GRACE_SECONDS, False), suppress(eventlet.greenlet.GreenletExit):
        server.wait()


def _serve_with_threads(app, listener, until_told):  # type: ignore[no-untyped-def]
    """The same with one thread for each connection."""
    import threading

    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_: object) -> None:
            """No access log: it would hold addresses of people."""

    host, port = listener.getsockname()[:2]
    server = make_server(
        host, port, app, threaded=True, request_handler=Quiet, fd=listener.fileno()
    )
    until_told(lambda: threading.Thread(target=server.shutdown).start())
    server.serve_forever()


_SERVERS = {"eventlet": _serve_with_eventlet, "threading": _serve_with_threads}

if __name__ == "__main__":
    main()
