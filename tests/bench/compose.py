"""From a slip to the printer's bytes: `python -m tests.bench.compose`, a part of `make bench`.

Every ticket has another number, another code and another time, as at the kiosk. "words new" is the
first slip of its kind after a start: none of its lines has been drawn before.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from printer import lettering, scripts
from printer.escpos_job import compose_job
from printer.slip_layout import draw_slip
from tests.bench.table import Row, heading, milliseconds

sys.path.insert(0, str(Path(__file__).parents[1] / "printer"))
from slips import LINK, full_slip, slip  # noqa: E402  # the slips of the printer's tests

TICKETS = 200
FIRST_TICKETS = 40
WIDTH = 576
FRAGMENT_ROWS = 256
MOST_SECONDS = 0.025
SLIPS = {
    "German": lambda number: slip(number),
    "German, everything on it": lambda number: full_slip("de", number),
    "German and Arabic, everything": lambda number: full_slip("ar", number),
}


def ticket(kind: str, count: int) -> dict[str, Any]:
    """One client's slip."""
    made: dict[str, Any] = SLIPS[kind](f"A{count:03}")
    changes = {
        "qr": f"{LINK[:-6]}{count:06}",
        "line": f"Mo. 24.11.2025, {8 + count // 60:02}:{count % 60:02}",
    }
    for block in made["blocks"][-1:] + [b for b in made["blocks"] if b["kind"] == "line"][-1:]:
        block["text"] = changes[block["kind"]]
    return made


def spans_of(kind: str, count: int, forgetful: bool = False) -> tuple[list[float], list[float]]:
    """Seconds for drawing and for composing, ticket by ticket."""
    drawing, composing = [], []
    for number in range(count):
        made = ticket(kind, number)
        if forgetful:
            for kept in (lettering.set_text, lettering._width, scripts.runs):
                kept.cache_clear()
        began = time.perf_counter()
        picture = draw_slip(made, WIDTH)
        drawn = time.perf_counter()
        compose_job(picture, FRAGMENT_ROWS)
        composing.append(time.perf_counter() - drawn)
        drawing.append(drawn - began)
    return drawing, composing


def p95(spans: list[float]) -> float:
    return statistics.quantiles(spans, n=20, method="inclusive")[-1]


def rows(_folder: Path) -> Iterator[Row]:
    """The report: median beside p95."""
    yield heading(f"raster ticket, {WIDTH} dots wide: median", "p95")
    for kind in SLIPS:
        spans_of(kind, 3)  # fonts and python-escpos are loaded at the agent's start
        drawing, composing = spans_of(kind, TICKETS)
        yield _row(f"{kind}: draw", drawing)
        yield _row(f"{kind}: compose", composing)
        both = _together(drawing, composing)
        yield _row(f"{kind}: in all", both, "p95", p95(both))
        first = _together(*spans_of(kind, FIRST_TICKETS, forgetful=True))
        yield _row(f"{kind}: words new", first, "median", statistics.median(first))


def _together(drawing: list[float], composing: list[float]) -> list[float]:
    return [sum(spans) for spans in zip(drawing, composing, strict=True)]


def _row(what: str, spans: list[float], which: str = "", measured: float | None = None) -> Row:
    median, slow = milliseconds(statistics.median(spans)), milliseconds(p95(spans))
    if measured is None:
        return Row(what, median, slow, "", "")
    bar = f"{which} <= {MOST_SECONDS * 1e3:.0f} ms"
    return Row(what, median, slow, "", bar, measured <= MOST_SECONDS)


def main() -> None:
    for row in rows(Path()):
        print(row, flush=True)


if __name__ == "__main__":
    main()
