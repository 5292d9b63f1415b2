"""create_app(): the only place where the parts are put together."""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, send_file
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from . import headers, phone, staff
from .api.administration import add_administration_calls
from .api.devices import add_device_calls
from .api.documents import add_documents, health_answer, metrics_answer
from .api.office import add_office_calls
from .api.paper import add_paper_calls
from .api.printers import add_printer_calls
from .api.routes import LARGEST_BODY, Api, refuse_large_bodies
from .api.tickets import add_ticket_calls
from .config import Config
from .devices import Devices, Walls
from .doors import Doors
from .errors import ErrorPages
from .health import Health
from .identity import Doorkeeper
from .live import Live
from .loudspeakers import Loudspeakers
from .metrics import OfficeMetrics
from .pages import Pages, icon
from .pairing import Pairing
from .print_office import PrintOffice
from .printer_room import PrinterRoom
from .refusals import Unknown
from .reloading import Reloading
from .slips import write_slip
from .speech.voices import Voices
from .store import Database, Store
from .viewpoints import Viewpoints
from .waiting_area import Clock, WaitingArea
from .words import CATALOGUES, ENDONYMS

log = logging.getLogger(__name__)

VERSION = "0.1.0"
DATABASE = "queue.db"
SOUND_SECONDS = 365 * 24 * 3600  # the path of a clip changes with its content


@dataclass(frozen=True)
class Parts:
    """What the server's starter and the tests need besides the app."""

    store: Store
    area: WaitingArea
    office: PrintOffice
    room: PrinterRoom
    keeper: Doorkeeper
    voices: Voices
    speakers: Loudspeakers
    pairing: Pairing
    devices: Devices
    views: Viewpoints
    reloading: Reloading
    paper: Path


def create_app(
    config: Config,
    data: Path,
    *,
    address: str = "",
    clock: Clock | None = None,
    config_file: Path | None = None,
) -> Flask:
    """The whole server for one office; its parts are in `app.extensions["queue"]`.

    `address` is what tickets' QR codes begin with; `config_file` is what a reload reads.
    Raises DatabaseProblem.
    """
    address = config.server.public_url or address
    parts = _put_together(config, data, address, clock, config_file)
    app = Flask(__name__, static_folder="shared/static", template_folder="shared/templates")
    app.secret_key = _secret_key(data / "secret.key")
    csrf = CSRFProtect()
    doors = Doors(parts.keeper, csrf, secure=address.startswith("https:"))
    pages = Pages(parts.views, doors, config_file.parent if config_file else Path())
    _dress(app, pages, csrf)
    ErrorPages(app, parts.views)
    _add_api(app, doors, parts, address)
    _add_pages(app, pages, parts, address)
    headers.protect(app)
    who, mode = doors.socket_principal, config.server.async_mode
    live = Live(app, parts.views, parts.speakers, parts.keeper, who, mode)
    live.listen_to(parts.area)
    parts.devices.walls = Walls(
        parts.speakers.walls, live.connected_devices, parts.speakers.test, parts.speakers.note_heard
    )
    app.extensions |= {"queue": parts, "queue-live": live}
    return app


def _put_together(
    config: Config, data: Path, address: str, clock: Clock | None, config_file: Path | None
) -> Parts:
    store = Store(Database(data / DATABASE))
    area = WaitingArea(store, config, partial(write_slip, address), clock)
    area.begin_day()  # whatever is left of the days while the server was off
    office, room = PrintOffice(area), PrinterRoom(area)
    keeper = Doorkeeper(store, lambda: area.config, area.now)
    voices = Voices(lambda: area.config, config_file, data)
    speakers = Loudspeakers(lambda: area.config, voices, area.now)
    paper = data / "paper"
    sheets = partial(_sheets, paper)
    views = Viewpoints(area, office, room, speakers, _release(config), sheets)
    reloading = Reloading(area, views, config_file, _release)
    pairing = Pairing(store, keeper, area.now)
    devices = Devices(store, keeper, lambda: area.config, Walls())
    return Parts(
        store, area, office, room, keeper, voices, speakers, pairing, devices, views, reloading,
        paper,
    )  # fmt: skip


def _dress(app: Flask, pages: Pages, csrf: CSRFProtect) -> None:
    """Words, look and limits."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="queue-csrf",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        BABEL_TRANSLATION_DIRECTORIES=str(CATALOGUES),
    )
    app.before_request(refuse_large_bodies)
    csrf.init_app(app)
    Babel(app, locale_selector=pages.language)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.context_processor(
        lambda: {
            "config": pages.config,
            "release": pages.release,
            "language": pages.language(),
            "languages": {code: ENDONYMS[code] for code in pages.config.office.languages},
            "icon": icon,
            "server_time": pages.now(),
        }
    )


def _add_api(app: Flask, doors: Doors, parts: Parts, address: str) -> None:
    api = Api(doors)
    add_ticket_calls(api, parts.views, doors, address)
    add_office_calls(api, parts.views, doors, parts.keeper)
    add_paper_calls(api, parts.views, parts.office)
    add_printer_calls(api, parts.views, parts.office, parts.room)
    add_device_calls(api, doors, parts.pairing, parts.devices)
    add_administration_calls(api, parts.views, parts.reloading)
    health = Health(parts.area, parts.speakers).parts
    metrics = OfficeMetrics(
        parts.area, parts.speakers, parts.views.printers, health, partial(_sockets, app)
    )
    add_documents(api, health, metrics.text, doors, VERSION)
    app.register_blueprint(api.blueprint)
    app.extensions["queue-routes"] = api.routes

    @app.get("/health")
    def show_health() -> Any:
        answer, status = health_answer(health)
        return jsonify(answer), status

    @app.get("/metrics")
    def show_metrics() -> Any:
        return metrics_answer(metrics.text, doors)


def _add_pages(app: Flask, pages: Pages, parts: Parts, address: str) -> None:
    for name in ("kiosk", "display"):
        app.register_blueprint(importlib.import_module(name).blueprint(pages))
    app.register_blueprint(staff.blueprint(pages, parts.keeper, lambda key: parts.paper / key))
    app.register_blueprint(phone.blueprint(pages, address))

    @app.get("/sounds/<path:path>")
    def sound(path: str) -> Any:
        clip = parts.voices.file(path)
        if clip is None:
            raise Unknown("sound", path)
        return send_file(clip, mimetype="audio/wav", max_age=SOUND_SECONDS)


def _sockets(app: Flask) -> int:
    watching: int = app.extensions["queue-live"].watching()
    return watching


def _sheets(paper: Path, printer: str) -> list[str]:
    folder = paper / printer
    return sorted((sheet.name for sheet in folder.glob("*.png")), reverse=True)


def _release(config: Config) -> str:
    """Changes with the pages, the words and the configuration; pages of another release reload."""
    described = hashlib.sha256(config.model_dump_json().encode())
    for path in _page_files():
        described.update(path.read_bytes())
    return f"{VERSION}-{described.hexdigest()[:8]}"


def _page_files() -> list[Path]:
    home = Path(__file__).parent
    folders = (home / "shared", home / "staff", home.parent / "display", home.parent / "kiosk")
    found = (path for folder in folders for path in folder.rglob("*"))
    return sorted(path for path in found if path.suffix in {".html", ".css", ".js", ".mo"})


def _secret_key(path: Path) -> bytes:
    """Made on first start, readable by the owner alone; there is no default."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with open(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()
