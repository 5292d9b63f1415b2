"""Who is asking: device tokens, one-time links, staff with passwords. Nothing here knows HTTP."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from .config import Config
from .refusals import Refused, Unknown
from .store import Store
from .waiting_area import Clock

DEVICE_ROLES = ("kiosk", "display", "printer")
STAFF_ROLES = ("counter", "reception", "lead", "admin")
ROLES = DEVICE_ROLES + STAFF_ROLES
SECRET_BYTES = 32
PASSWORD_LENGTH = range(12, 129)  # SEC-7
NAME_LENGTH = range(1, 65)
# Checked when the name is unknown, so that the answer takes as long as for a known one.
NOBODYS_HASH = generate_password_hash("nobody's password")


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who was let in. `station` is the counter, display, kiosk or printer it is for."""

    role: str
    name: str
    station: str | None = None
    staff_id: int | None = None

    def may(self, roles: tuple[str, ...]) -> bool:
        """An administrator may do whatever a person may do; devices only their own part."""
        return self.role in roles or (self.role == "admin" and bool(set(roles) & set(STAFF_ROLES)))


class Doorkeeper:
    """Gives out and checks tokens, links and sessions. Only their hashes are stored."""

    def __init__(self, store: Store, config: Callable[[], Config], clock: Clock) -> None:
        """`config` gives the configuration in force."""
        self._store = store
        self._access = store.access
        self._config_in_force = config
        self._clock = clock

    @property
    def _config(self) -> Config:
        return self._config_in_force()

    def create_token(self, role: str, name: str = "", station: str | None = None) -> str:
        """A new bearer token, shown this once. Raises Unknown for a station not configured."""
        self._check_station(role, station)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._access.add_token(_hash(secret), role, name or role, station, self._clock())
        return secret

    def holder_of(self, secret: str) -> Principal | None:
        """Whose token this is; None when unknown or revoked."""
        row = self._access.token(_hash(secret))
        return Principal(row["role"], row["name"], row["station"]) if row else None

    def create_link(self, role: str, station: str | None = None) -> str:
        """A one-time code for a device, or for the first administrator."""
        code = secrets.token_urlsafe(16)
        expires = self._clock() + timedelta(hours=self._config.server.link_hours)
        self._access.add_link(_hash(code), role, station, expires)
        return code

    def redeem(self, code: str) -> tuple[str, str | None]:
        """Use a code up and return its role and station. Raises Refused: link_expired."""
        row = self._access.use_link(_hash(code), self._clock(), for_setup=False)
        if row is None:
            raise Refused("link_expired")
        return row["role"], row["station"]

    def add_staff(self, name: str, role: str, password: str) -> None:
        """A person who may log in. Raises Refused: bad_name, bad_password, name_taken."""
        self._add_person(_checked_name(name), role, _hashed_password(password))

    def set_up(self, code: str, name: str, password: str) -> None:
        """The first administrator, with the code of the one-time link.

        Raises Refused as add_staff does, and link_expired; the code stays good until it worked.
        """
        name, password_hash = _checked_name(name), _hashed_password(password)
        with self._store.transaction():
            used = self._access.use_link(_hash(code), self._clock(), for_setup=True)
            if used is None or self._access.has_administrator():
                raise Refused("link_expired")
            self._add_person(name, "admin", password_hash)

    def _add_person(self, name: str, role: str, password_hash: str) -> None:
        try:
            self._access.add_staff(name, role, password_hash, self._clock())
        except sqlite3.IntegrityError as error:
            raise Refused("name_taken", name=name) from error

    def log_in(self, name: str, password: str) -> str:
        """A new session id for the right password. Raises Refused: wrong_password."""
        person = self._access.staff_named(name.strip())
        known = person["password_hash"] if person else NOBODYS_HASH
        if not check_password_hash(known, password) or person is None:
            raise Refused("wrong_password")
        session_id = secrets.token_urlsafe(SECRET_BYTES)
        expires = self._clock() + timedelta(hours=self._config.server.session_hours)
        self._access.forget_expired(self._clock())
        self._access.add_session(_hash(session_id), person["id"], expires)
        return session_id

    def person_of(self, session_id: str) -> Principal | None:
        """Who is logged in with this session."""
        row = self._access.person_of_session(_hash(session_id), self._clock())
        return Principal(row["role"], row["name"], staff_id=row["id"]) if row else None

    def log_out(self, session_id: str) -> None:
        """End the session on the server, whatever cookie is left."""
        self._access.end_session(_hash(session_id))

    def unpaired(self) -> list[tuple[str, str | None]]:
        """The first administrator and the configured stations that nobody has opened yet."""
        config = self._config
        known = {(row["role"], row["station"]) for row in self._access.tokens()}
        places: list[tuple[str, str | None]] = []
        if not self._access.has_administrator():
            places.append(("admin", None))
        places += [("kiosk", kiosk.key) for kiosk in config.kiosks]
        places += [("display", display.key) for display in config.displays]
        places += [("counter", counter.key) for counter in config.counters]
        places += [("paper", p.key) for p in config.printers if p.transport == "virtual"]
        return [place for place in places if place not in known]

    def knows_counter(self, key: str) -> bool:
        """Whether the configuration has this counter."""
        return self._config.counter(key) is not None

    def tokens(self) -> list[dict[str, Any]]:
        """What `token list` shows; never a secret."""
        return self._access.tokens()

    def revoke(self, token_id: int) -> None:
        """Raises Unknown."""
        if not self._access.revoke_token(token_id, self._clock()):
            raise Unknown("token", str(token_id))

    def _check_station(self, role: str, station: str | None) -> None:
        find = {
            "kiosk": self._config.kiosk,
            "display": self._config.display,
            "printer": self._config.printer,
            "paper": self._config.printer,
            "counter": self._config.counter,
        }.get(role)
        if station is not None and (find is None or find(station) is None):
            raise Unknown(role, station)


def window_id(text: Any) -> str | None:
    """A window's name for itself, if it is one."""
    well_formed = isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]{8,64}", text)
    return text if well_formed else None


def _checked_name(name: str) -> str:
    name = name.strip()
    if len(name) not in NAME_LENGTH or not name.isprintable():
        raise Refused("bad_name")
    return name


def _hashed_password(password: str) -> str:
    if len(password) not in PASSWORD_LENGTH:
        raise Refused("bad_password", least=PASSWORD_LENGTH.start)
    return generate_password_hash(password)


def _hash(secret: str) -> str:
    # The secrets are random and long: a plain hash is as good as a slow one, and quick.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
