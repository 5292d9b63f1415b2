"""Who may import whom. Reads every module's source; nothing is imported or run.

The tables say what DESIGN means by its layers. To allow something new, change a table here, in
the commit that needs it, and say why in that commit.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("queue_server", "display", "kiosk", "printer")

# What pages and programs talk to: verbs, what may be seen, and who is asking in which language.
FRONT = {
    "queue_server.waiting_area",
    "queue_server.reloading",  # the administrator's verb for the whole office
    "queue_server.print_office",  # the verbs of slips, as waiting_area has those of tickets
    "queue_server.printer_room",  # and of the printers themselves
    "queue_server.pairing",  # and of screens that want to come in
    "queue_server.devices",  # and of those that did
    "queue_server.viewpoints",  # what each audience sees, gathered for it
    "queue_server.boards",
    "queue_server.domain.ticket",  # the noun that the verbs answer with, not the rules
    "queue_server.slips",
    "queue_server.refusals",
    "queue_server.errors",
    "queue_server.doors",
    "queue_server.pages",
    "queue_server.identity",
    "queue_server.config",
    "queue_server.words",
    "queue_server.qr",
}

# Part of the program → parts of ours it may import, beside itself. A part that isn't named here may
# import everything except the surfaces and `app`.
MAY_IMPORT = {
    "queue_server.domain": set(),
    "queue_server.migrations": set(),
    "queue_server.store": {"queue_server.domain", "queue_server.migrations"},
    "queue_server.boards": {"queue_server.domain", "queue_server.config", "queue_server.words"},
    "queue_server.speech": {"queue_server.domain", "queue_server.config"},
    "queue_server.waiting_area": {
        "queue_server.domain",
        "queue_server.store",
        "queue_server.config",
        "queue_server.refusals",
    },
    "queue_server.loudspeakers": {
        "queue_server.domain",
        "queue_server.boards",
        "queue_server.config",
    },
    "queue_server.live": {
        "queue_server.boards",
        "queue_server.waiting_area",
        "queue_server.domain.events",  # what it listens to
        "queue_server.domain.ticket",
        "queue_server.audiences",
        "queue_server.guests",
        "queue_server.loudspeakers",
        "queue_server.viewpoints",
        "queue_server.identity",
        "queue_server.refusals",
        "queue_server.config",
    },
    "queue_server.api": FRONT,
    "queue_server.staff": FRONT,
    "queue_server.phone": FRONT,
    "display": FRONT,
    "kiosk": FRONT,
    "printer": set(),
}

SURFACES = ("queue_server.api", "queue_server.staff", "queue_server.phone", "display", "kiosk")

# These put the parts together, so they may import every part.
# `server` is what the command `run` does.
MAY_IMPORT_APP = ("queue_server.__main__", "queue_server.cli", "queue_server.server")
ASSEMBLERS = ("queue_server.app", *MAY_IMPORT_APP)

# Library → the only modules (with what is in them) that may import it.
ONLY_IN = {
    "eventlet": ("queue_server.__main__", "queue_server.live"),
    "escpos": ("printer",),
    "flask_socketio": ("queue_server.live",),
    "socketio": ("queue_server.live",),
    "sqlite_utils": ("queue_server.store", "queue_server.migrations"),
}

# The rules are pure: the standard library without clock, database and network; time is passed in.
PURE = "queue_server.domain"
NOT_PURE = {"time", "sqlite3", "socket", "http", "urllib", "threading", "asyncio", "subprocess"}
CLOCK_CALLS = {"now", "utcnow", "today", "monotonic", "perf_counter"}


# --- The rules, as functions from a module's source to complaints ------------------------------


def complaints(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Everything that is wrong with this module, as sentences."""
    tree = ast.parse(source)
    imports = set(imported_modules(tree, module, is_package))
    found = [
        *layer_complaints(module, imports),
        *app_complaints(module, imports),
        *library_complaints(module, imports),
    ]
    if inside(module, PURE):
        found += [*purity_complaints(module, imports), *clock_complaints(module, tree)]
    return found


def layer_complaints(module: str, imports: set[str]) -> Iterator[str]:
    if module in ASSEMBLERS:
        return
    part = part_of(module)
    for name in sorted(ours(imports)):
        if not is_allowed(part, name):
            yield f"{module} may not import {name}"


def is_allowed(part: str | None, name: str) -> bool:
    if part is None:
        return not inside(name, *SURFACES)
    return name == "queue_server" or inside(name, part, *MAY_IMPORT[part])


def app_complaints(module: str, imports: set[str]) -> Iterator[str]:
    allowed = module in MAY_IMPORT_APP or inside(module, "queue_server.app")
    if not allowed and any(inside(name, "queue_server.app") for name in imports):
        yield f"{module} may not import queue_server.app"


def library_complaints(module: str, imports: set[str]) -> Iterator[str]:
    for library, homes in ONLY_IN.items():
        if any(inside(name, library) for name in imports) and not inside(module, *homes):
            yield f"{module} may not import {library}, only {' and '.join(homes)} may"


def purity_complaints(module: str, imports: set[str]) -> Iterator[str]:
    for name in sorted(imports - ours(imports)):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names or top in NOT_PURE:
            yield f"{module} may not import {name}: the rules have no clock, database or network"


def clock_complaints(module: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node) in CLOCK_CALLS:
            yield f"{module}:{node.lineno} reads the clock; time is passed in"


def called_name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# --- Reading imports -----------------------------------------------------------------------------


def imported_modules(tree: ast.Module, module: str, is_package: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from from_import(node, module, is_package)


def from_import(node: ast.ImportFrom, module: str, is_package: bool) -> Iterator[str]:
    base = absolute_base(node, module, is_package)
    for alias in node.names:
        # `from queue_server import boards` names a module, `from .boards import Board` does not.
        yield f"{base}.{alias.name}" if is_module(f"{base}.{alias.name}") else base


def absolute_base(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    package = module.split(".") if is_package else module.split(".")[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def ours(imports: set[str]) -> set[str]:
    return {name for name in imports if inside(name, *PACKAGES)}


def inside(module: str, *homes: str) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def part_of(module: str) -> str | None:
    return next((part for part in MAY_IMPORT if inside(module, part)), None)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def all_sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


# --- The tests -----------------------------------------------------------------------------------


def test_every_module_keeps_to_its_layer():
    found = [
        complaint
        for path in all_sources()
        for complaint in complaints(
            module_name(path),
            path.read_text(encoding="utf-8"),
            is_package=path.name == "__init__.py",
        )
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("queue_server.domain.ticket", "import flask"),
        ("queue_server.domain.ticket", "import sqlite3"),
        ("queue_server.domain.ticket", "import time"),
        ("queue_server.domain.ticket", "from ..store import Store"),
        ("queue_server.domain.ticket", "from datetime import datetime\ndatetime.now()"),
        ("queue_server.domain.ticket", "def late(day):\n    return day < day.today()"),
        ("queue_server.store.tickets", "from queue_server.waiting_area import WaitingArea"),
        ("queue_server.waiting_area", "from . import live"),
        ("queue_server.waiting_area", "import sqlite_utils"),
        ("queue_server.boards", "import flask_socketio"),
        ("queue_server.live", "from queue_server.store import Store"),
        ("queue_server.staff.counter", "from queue_server.store import Store"),
        ("queue_server.staff.counter", "from display import blueprint"),
        ("queue_server.words", "from kiosk import blueprint"),
        ("queue_server.words", "from .app import create_app"),
        ("queue_server.cli", "import eventlet"),
        ("display", "from queue_server.app import create_app"),
        ("kiosk", "from queue_server.domain.order import next_for"),
        ("kiosk", "def later():\n    import eventlet"),
        ("printer.agent", "from queue_server.config import Config"),
        ("printer.agent", "import socketio"),
        ("queue_server.pages", "from escpos.printer import Network"),
    ],
)
def test_a_forbidden_import_is_found(module, source):
    assert complaints(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("queue_server.domain.ticket", "from datetime import datetime, time\ntime(8, 30)"),
        ("queue_server.domain.order", "from .ticket import Ticket"),
        ("queue_server.waiting_area", "from .domain.ticket import Ticket"),
        ("queue_server.waiting_area", "from .store import Store"),
        ("queue_server.live", "import flask_socketio\nfrom . import boards"),
        ("queue_server.app", "import kiosk, display\nfrom . import live, store"),
        ("queue_server.cli", "from .app import create_app"),
        ("kiosk", "from queue_server.domain.ticket import Ticket"),
        ("kiosk", "import flask\nfrom queue_server.waiting_area import WaitingArea"),
        ("printer.escpos_printer", "from escpos.printer import Dummy\nfrom . import layout"),
    ],
)
def test_an_allowed_import_passes(module, source):
    assert complaints(module, source) == []


def test_relative_imports_are_resolved_from_a_package_and_from_a_module():
    assert complaints("queue_server.staff", "from ..store import Store", is_package=True) == [
        "queue_server.staff may not import queue_server.store"
    ]
    assert not complaints("queue_server.store", "from .tickets import Tickets", is_package=True)
