"""Who is asking: device tokens, one-time links, staff with passwords. Nothing here knows HTTP."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from .config import Config
from .domain.events import Kind
from .limits import LINK_MISSES, LOG_IN, LOG_INS_HERE, Limit
from .refusals import Refused, Unknown
from .store import Store
from .waiting_area import Clock

DEVICE_ROLES = ("kiosk", "display", "printer")
STAFF_ROLES = ("counter", "reception", "lead", "admin")
FRAGMENT_ROLES = ("display", "kiosk")  # whose tokens open their page as /link#TOKEN
ROLES = DEVICE_ROLES + STAFF_ROLES
SECRET_BYTES = 32
PASSWORD_LENGTH = range(12, 129)  # SEC-7
NAME_LENGTH = range(1, 65)
# Checked when the name is unknown, so that the answer takes as long as for a known one.
NOBODYS_HASH = generate_password_hash("nobody's password")


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who was let in. `station` is the counter, display, kiosk or printer it is for;
    `token_id` or `session_hash` is what let it in, so that one can ask whether it still would."""

    role: str
    name: str
    station: str | None = None
    staff_id: int | None = None
    token_id: int | None = None
    session_hash: str | None = None

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
        self._failed_log_ins = Limit(LOG_IN, clock)
        self._failures_here = Limit(LOG_INS_HERE, clock)
        self._link_misses = Limit(LINK_MISSES, clock)
        self._hear_of_revoked: list[Callable[[int], None]] = []

    @property
    def _config(self) -> Config:
        return self._config_in_force()

    def create_token(self, role: str, name: str = "", station: str | None = None) -> str:
        """A new bearer token, shown this once. Raises Unknown for a station not configured."""
        self.check_station(role, station)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._access.add_token(hash_of(secret), role, name or role, station, self._clock())
        return secret

    def pair_device(self, role: str, name: str, station: str | None, by: str) -> str:
        """The token of a device, and its event. Raises Unknown for a station not configured."""
        now = self._clock()
        with self._store.transaction():
            return self.add_device(role, name, station, by, now)

    def add_device(self, role: str, name: str, station: str | None, by: str, now: datetime) -> str:
        """As pair_device, inside the caller's transaction."""
        self.check_station(role, station)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._access.add_token(hash_of(secret), role, name or role, station, now)
        self._log(Kind.DEVICE_PAIRED, role, station, by, now)
        return secret

    def holder_of(self, secret: str) -> Principal | None:
        """Whose token this is; None when unknown or revoked."""
        row = self._access.token(hash_of(secret))
        if row is None:
            return None
        return Principal(row["role"], row["name"], row["station"], token_id=row["id"])

    def is_in_force(self, token_id: int) -> bool:
        """Whether the token still opens anything; another process may have revoked it."""
        return self._access.token_in_force(token_id) is not None

    def is_still_in(self, principal: Principal) -> bool:
        """Whether what let somebody in still would: a token in force, a session that goes on."""
        if principal.token_id is not None:
            return self.is_in_force(principal.token_id)
        session = principal.session_hash
        return session is not None and self._access.has_session(session, self._clock())

    def seen(self, token_ids: Iterable[int]) -> None:
        """Their devices are connected now. Cheap to call often: written once a minute."""
        self._access.see_tokens(token_ids, self._clock())

    def create_link(self, role: str, station: str | None = None) -> str:
        """A one-time code for a device, or for the first administrator."""
        code = secrets.token_urlsafe(16)
        expires = self._clock() + timedelta(hours=self._config.server.link_hours)
        self._access.add_link(hash_of(code), role, station, expires)
        return code

    def redeem(self, code: str) -> tuple[str, str | None]:
        """Use a code up and return its role and station. Raises Refused: link_expired."""
        row = self._access.use_link(hash_of(code), self._clock(), for_setup=False)
        if row is None:
            raise Refused("link_expired")
        return row["role"], row["station"]

    def open_link(self, code: str, address: str) -> tuple[str, str | None, str | None]:
        """Role, station and token for the part after the # of a link.

        That is a one-time code; or the token of a display or kiosk, which may come again and again,
        for machines that forget their cookies at each start. No token for the first administrator.
        Raises Refused: link_expired, no_station, too_many misses from one client `address`.
        """
        # First of all: a screen that is right must not pay for its neighbour's misses.
        device = self.holder_of(code)
        if device is None or device.role not in FRAGMENT_ROLES:
            with self._link_misses.of_failures(address):
                return self._open_once(code)
        if device.station is None:
            raise Refused("no_station")
        return device.role, device.station, code

    def _open_once(self, code: str) -> tuple[str, str | None, str | None]:
        role, station = self.redeem(code)
        if role == "admin":
            return role, None, None
        return role, station, self.pair_device(role, f"{role} {station}", station, by="link")

    def add_staff(self, name: str, role: str, password: str) -> None:
        """A person who may log in. Raises Refused: bad_name, bad_password, name_taken."""
        self._add_person(_checked_name(name), role, _hashed_password(password))

    def set_up(self, code: str, name: str, password: str) -> None:
        """The first administrator, with the code of the one-time link.

        Raises Refused as add_staff does, and link_expired; the code stays good until it worked.
        """
        name, password_hash = _checked_name(name), _hashed_password(password)
        with self._store.transaction():
            used = self._access.use_link(hash_of(code), self._clock(), for_setup=True)
            if used is None or self._access.has_administrator():
                raise Refused("link_expired")
            self._add_person(name, "admin", password_hash)

    def _add_person(self, name: str, role: str, password_hash: str) -> None:
        try:
            self._access.add_staff(name, role, password_hash, self._clock())
        except sqlite3.IntegrityError as error:
            raise Refused("name_taken", name=name) from error

    def log_in(self, name: str, password: str, address: str = "") -> str:
        """A new session id for the right password. Raises Refused: wrong_password, too_many.

        Failures are counted by name and client address, so that nobody can lock a colleague out.
        """
        key = (name.strip().casefold(), address)
        with self._failures_here.of_failures(address), self._failed_log_ins.of_failures(key):
            person = self._person_with(name, password)
        return self._begin_session(person["id"])

    def _person_with(self, name: str, password: str) -> dict[str, Any]:
        person = self._access.staff_named(name.strip())
        known = person["password_hash"] if person else NOBODYS_HASH
        if not check_password_hash(known, password) or person is None:
            raise Refused("wrong_password")
        return person

    def _begin_session(self, staff_id: int) -> str:
        session_id = secrets.token_urlsafe(SECRET_BYTES)
        expires = self._clock() + timedelta(hours=self._config.server.session_hours)
        self._access.forget_expired(self._clock())
        self._access.add_session(hash_of(session_id), staff_id, expires)
        return session_id

    def person_of(self, session_id: str) -> Principal | None:
        """Who is logged in with this session."""
        session = hash_of(session_id)
        row = self._access.person_of_session(session, self._clock())
        if row is None:
            return None
        return Principal(row["role"], row["name"], staff_id=row["id"], session_hash=session)

    def log_out(self, session_id: str) -> None:
        """End the session on the server, whatever cookie is left."""
        self._access.end_session(hash_of(session_id))

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

    def revoke(self, token_id: int, by: str | None = None) -> None:
        """The token opens nothing any more. Raises Unknown.

        `by` is the role that wants it so; without one it is the server's own doing and no event.
        """
        now = self._clock()
        with self._store.transaction():
            row = self._access.token_in_force(token_id)
            if row is None:
                raise Unknown("token", str(token_id))
            self._access.revoke_token(token_id, now)
            if by:
                self._log(Kind.DEVICE_REVOKED, row["role"], row["station"], by, now)
        for tell in self._hear_of_revoked:
            tell(token_id)

    def when_revoked(self, tell: Callable[[int], None]) -> None:
        """`tell` gets the id of each token that this process revokes, after the commit."""
        self._hear_of_revoked.append(tell)

    def _log(self, kind: Kind, role: str, station: str | None, by: str, now: datetime) -> None:
        self._store.events.add(kind, now, device=role, station=station, by=by)

    def check_station(self, role: str, station: str | None) -> None:
        """Raises Unknown for a station that is not configured; None stands for any."""
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


def hash_of(secret: str) -> str:
    """How a secret is stored."""
    # The secrets are random and long: a plain hash is as good as a slow one, and quick.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
