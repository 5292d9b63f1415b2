"""A stretch of network between agent and printer, in which something happens at a given byte."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType

PIECE = 4096
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
ENDS_SECONDS = 5.0


class Relay:
    """Passes on what agents and the printer at `port` say, and how their connections end."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._news = threading.Condition()
        self._open = 0
        self._passed = 0
        self._plans: list[tuple[int, Callable[[], None]]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Relay:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def after(self, count: int, action: Callable[[], None]) -> None:
        """Do this when so many more bytes have come from agents, before the rest is passed on."""
        with self._news:
            self._plans.append((self._passed + count, action))
            self._plans.sort(key=lambda plan: plan[0])

    def forget_plans(self) -> None:
        """Nothing more happens."""
        with self._news:
            self._plans.clear()

    def wait_until_idle(self) -> bool:
        """Until every connection has ended at both sides."""
        with self._news:
            return self._news.wait_for(lambda: not self._open, ENDS_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                agent, _ = self._listener.accept()
            except OSError:
                return
            with self._news:
                self._open += 1
            threading.Thread(target=self._serve, args=(agent,), daemon=True).start()

    def _serve(self, agent: socket.socket) -> None:
        try:
            printer = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            _reset(agent)
        else:
            for line in (agent, printer):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=_pass_on, args=(printer, agent, agent.sendall))
            back.start()
            _pass_on(agent, printer, lambda piece: self._forward(printer, piece))
            back.join()
            printer.close()
        agent.close()
        with self._news:
            self._open -= 1
            self._news.notify_all()

    def _forward(self, printer: socket.socket, piece: bytes) -> None:
        while piece:
            until, actions = self._next_stop(len(piece))
            printer.sendall(piece[:until])
            piece = piece[until:]
            for action in actions:
                action()

    def _next_stop(self, length: int) -> tuple[int, list[Callable[[], None]]]:
        """How many bytes to pass on before something happens, and what that is."""
        with self._news:
            at = self._plans[0][0] if self._plans else self._passed + length + 1
            until = min(length, max(0, at - self._passed))
            self._passed += until
            due = [action for when, action in self._plans if when <= self._passed]
            self._plans = [plan for plan in self._plans if plan[0] > self._passed]
        return until, due


def _pass_on(source: socket.socket, target: socket.socket, send: Callable[[bytes], None]) -> None:
    try:
        while piece := source.recv(PIECE):
            send(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One side was reset; the other must feel it, as without us.
        _reset(source)
        _reset(target)


def _reset(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is gone already
