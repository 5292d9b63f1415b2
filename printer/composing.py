"""From a slip to what is sent: the bytes, the picture they show, and the paper they take."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from .escpos_commands import first_command
from .escpos_job import compose_job
from .letter_cells import CELL_WIDTH
from .paper import MM_PER_INCH
from .print_head import PrintHead
from .settings import PrinterSettings
from .slip_layout import draw_slip
from .text_job import compose_text

DOTS_PER_MM = {203: 8.0, 180: 7.087}
CUT_FEED_MM = 15.0  # from the printing head to the knife
TEAR_FEED_MM = 22.5  # the lines that bring the end of an uncut slip out

Composed = tuple[bytes, Image.Image | None, float]


def compose(slip: Mapping[str, object], settings: PrinterSettings) -> Composed:
    """The job, its picture (None in text mode) and the millimetres of paper.

    Raises ValueError for a slip that is broken.
    """
    if settings.mode == "text" and settings.transport != "cups":
        return _compose_text(slip, settings)
    picture = draw_slip(slip, settings.width_px, settings.dpi)
    job = compose_job(picture, settings.fragment_rows, settings.cut, settings.buzzer_bytes)
    return job, picture, _millimetres(picture.height, settings)


def _compose_text(slip: Mapping[str, object], settings: PrinterSettings) -> Composed:
    columns = settings.width_px // CELL_WIDTH
    job = compose_text(
        slip, settings.codepage, columns, settings.cut, settings.buzzer_bytes, settings.profile
    )
    return job, None, _millimetres(_rows(job, settings.width_px), settings)


def _rows(job: bytes, width: int) -> int:
    """Only printing shows how long letters get."""
    head = PrintHead(width)
    rows = 0
    while (found := first_command(job)) is not None:
        command, length = found
        head.obey(command)
        rows += head.take_moved()
        job = job[length:]
    return rows


def _millimetres(rows: int, settings: PrinterSettings) -> float:
    dots_per_mm = DOTS_PER_MM.get(settings.dpi, settings.dpi / MM_PER_INCH)
    feed = TEAR_FEED_MM if settings.cut == "none" else CUT_FEED_MM
    return round(rows / dots_per_mm + feed, 1)
