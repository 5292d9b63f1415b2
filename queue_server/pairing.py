"""Pairing by a code (SEC-10): a screen shows one, a lead enters it under "Devices", and the screen,
which alone holds the secret it asked with, gets its token once. Nothing here knows HTTP.

The rows are in the database, so that a code outlives a restart of the server.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .identity import Doorkeeper, Principal, hash_of
from .limits import NEW_CODES, WRONG_CODES, Limit
from .refusals import Refused, Unknown
from .store import Store
from .store.database import from_stored
from .waiting_area import Clock

# No look-alikes (0 O, 1 I L, 5 S, 8 B, U V, 2 Z), and no vowels that could make a word. 22 signs,
# 8 places: 35 random bits, where SEC-10 asks for 20.
ALPHABET = "234679CDFGHJKMNPQRTWXY"
CODE_LENGTH = 8
CODE_LIFE = timedelta(minutes=10)
# So long a late entry is told that the code is too old, and an approved screen may still collect.
REMEMBERED = timedelta(minutes=10)
MOST_PAIRINGS = 200
FULL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen shows: the code as K7M4-Q2XP, and until when it is good."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Asking:
    """A screen that waits. `role` is display or kiosk; `station` is the one its address names."""

    role: str
    station: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """The token, shown this once, and what it is for."""

    secret: str
    role: str
    station: str


class Pairing:
    """The screens that are not paired yet."""

    def __init__(self, store: Store, keeper: Doorkeeper, clock: Clock) -> None:
        self._store = store
        self._rows = store.pairings
        self._keeper = keeper
        self._clock = clock
        self._new_codes = Limit(NEW_CODES, clock)
        self._wrong_codes = Limit(WRONG_CODES, clock)

    def ask(self, secret: str, role: str, station: str | None, address: str) -> Shown:
        """A new code for the screen that holds `secret`; its earlier code ends.

        Raises Unknown for a station not configured; Refused: too_many from one client `address`,
        pairing_full when too many screens ask at all.
        """
        self._keeper.check_station(role, station)
        self._new_codes.take(address)
        now = self._clock()
        shown = Shown(new_code(), now + CODE_LIFE)
        with self._store.transaction():
            self._rows.forget_expired(now - REMEMBERED)
            self._make_room(hash_of(secret))
            code = hash_of(plain(shown.code))
            self._rows.ask(hash_of(secret), code, role, station, now, shown.expires_at)
        return shown

    def _make_room(self, secret_hash: str) -> None:
        is_known = self._rows.with_secret(secret_hash) is not None
        if not is_known and self._rows.count() >= MOST_PAIRINGS:
            raise Refused("pairing_full", retry_after=FULL_SECONDS)

    def collect(self, secret: str) -> Paired | datetime:
        """The token, once, or until when the code is good.

        Raises Refused: code_expired also for a secret nobody knows; Unknown when the station has
        left the configuration since the approval, which is void then.
        """
        now = self._clock()
        row = self._rows.with_secret(hash_of(secret))
        expires = from_stored(row["expires_at"]) if row else None
        if row is not None and expires is not None and row["approved_station"] is not None:
            if expires + REMEMBERED <= now:
                raise Refused("code_expired")
            return self._let_in(hash_of(secret), now)
        if expires is None or expires <= now:
            raise Refused("code_expired")
        return expires

    def _let_in(self, secret_hash: str, now: datetime) -> Paired:
        try:
            with self._store.transaction():
                row = self._rows.collect(secret_hash, now)
                if row is None:  # collected before, or by a twin at the same time
                    raise Refused("code_expired")
                role, station, by = row["role"], row["approved_station"], row["approved_by"]
                token = self._keeper.add_device(role, f"{role} {station}", station, by, now)
        except Unknown:
            self._rows.forget(secret_hash)
            raise
        return Paired(token, role, station)

    def look(self, code: str, who: Principal) -> Asking:
        """Which screen shows this code. Raises Refused: code_wrong, code_expired, code_used,
        too_many after five wrong ones within a minute by the same person."""
        with self._wrong_codes.of_failures(_person(who), "code_used", "code_expired"):
            return _asking(self._row_with(code))

    def approve(self, code: str, role: str, station: str, who: Principal) -> None:
        """Let the screen in as this station. Raises as `look` does; Refused: other_kind; Unknown
        for a station not configured. Of two at once, one is told that the code is used."""
        asking = self.look(code, who)
        if asking.role != role:
            raise Refused("other_kind")
        self._keeper.check_station(role, station)
        if not self._rows.approve(hash_of(plain(code)), station, who.role, self._clock()):
            raise Refused("code_used")

    def _row_with(self, code: str) -> dict[str, Any]:
        row = self._rows.with_code(hash_of(plain(code)))
        if row is None:
            raise Refused("code_wrong")
        if row["approved_station"] is not None:
            raise Refused("code_used")
        expires = from_stored(row["expires_at"])
        if expires is None or expires <= self._clock():
            raise Refused("code_expired")
        return row

    def waiting(self) -> list[Asking]:
        """The screens that show a code now."""
        return [_asking(row) for row in self._rows.waiting(self._clock())]


def new_code() -> str:
    """Random, in two groups that can be read out."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def plain(code: str) -> str:
    """The code as it is compared: people type spaces, dashes and small letters."""
    return re.sub(r"[\W_]", "", code).upper()


def _asking(row: dict[str, Any]) -> Asking:
    asked = from_stored(row["asked_at"])
    assert asked is not None  # the column is NOT NULL
    return Asking(row["role"], row["station"], asked)


def _person(who: Principal) -> tuple[str, int | None]:
    return ("staff", who.staff_id) if who.staff_id is not None else ("token", who.token_id)
