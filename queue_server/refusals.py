"""Reasons for a no. Each becomes one sentence for a person at the edge (see api/errors)."""

from __future__ import annotations


class Refused(Exception):
    """Not now: closed, service_off, limit_reached, busy. Nothing was changed."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Unknown(Exception):
    """There is no such service, counter, kiosk, priority class, printer or ticket."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"unknown {what}: {key}")
        self.what = what
        self.key = key
