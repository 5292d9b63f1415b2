"""The paper is the same, dot by dot, as the one that somebody looked at and found good.

A hash only says something for the fonts and the font library it was taken with: those stand in the
first lines of goldens.txt. With others the slips are compared by their structure alone. After a
change that is meant, look at the slips and take new hashes:
RENEW_GOLDENS=1 .venv/bin/python -m pytest tests/printer/test_goldens.py
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image, features
from slips import LINK, WORDS, full_slip, slip

from printer import scripts
from printer.escpos_device import EscposDevice
from printer.fonts import BOLD, MONO, MONO_BOLD, REGULAR, find_font
from printer.paper import Paper
from printer.slip_layout import draw_slip
from printer.text_job import compose_text

GOLDENS = Path(__file__).parent / "goldens.txt"
LONG_CONCERN = "Kostenübernahmeerklärung für Unterkunft, Erstausstattung und Bildungspaket"


def letters(language: str, columns: int) -> Image.Image:
    sheets: list[Image.Image] = []
    device = EscposDevice(sheets.append, lambda answer: None, width_px=columns * 12)
    device.receive(compose_text(full_slip(language), columns=columns))
    return sheets[0]


def is_shaped(name: str) -> bool:
    return name.startswith(("ar", "fa"))


SAMPLES: dict[str, Callable[[], Image.Image]] = {
    "de short 576": lambda: draw_slip(slip(), 576),
    "de reprint 576": lambda: draw_slip(full_slip(reprint=True), 576),
    **{
        f"{language} 576": lambda language=language: draw_slip(full_slip(language), 576)
        for language in sorted(WORDS)
    },
    "tr long concern 576": lambda: draw_slip(full_slip("tr", concern=LONG_CONCERN), 576),
    "uk 512 at 180 dpi": lambda: draw_slip(full_slip("uk"), 512, 180),
    "de 384": lambda: draw_slip(full_slip(), 384),
    "ar 384": lambda: draw_slip(full_slip("ar"), 384),
    "letters de 48": lambda: letters("de", 48),
    "letters tr 32": lambda: letters("tr", 32),
}
SLIPS = sorted(name for name in SAMPLES if not name.startswith("letters"))


def tools() -> dict[str, str]:
    """What the dots depend on besides our own code."""
    fonts = {
        name: hashlib.sha256(find_font(name).read_bytes()).hexdigest()
        for name in (REGULAR, BOLD, MONO, MONO_BOLD)
    }
    libraries = {name: str(features.version(name)) for name in ("freetype2", "raqm", "harfbuzz")}
    return {**fonts, **libraries}


def draw(name: str) -> Image.Image:
    if is_shaped(name) and not scripts.may_shape():
        pytest.skip("NO ARABIC CHECK: apt install libfribidi0")
    return SAMPLES[name]()


def fingerprint(picture: Image.Image) -> str:
    digest = hashlib.sha256(picture.tobytes()).hexdigest()
    return f"{picture.width}x{picture.height} {digest}"


def read_goldens() -> dict[str, str]:
    lines = GOLDENS.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


@pytest.fixture(scope="session")
def goldens() -> dict[str, str]:
    if os.environ.get("RENEW_GOLDENS"):
        found = {**tools(), **{name: fingerprint(draw(name)) for name in SAMPLES}}
        lines = [f"{name}: {value}\n" for name, value in found.items()]
        GOLDENS.write_text("".join(lines), encoding="utf-8")
    return read_goldens()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_dot_is_where_it_was(name, goldens):
    differ = [tool for tool, version in tools().items() if goldens.get(tool) != version]
    if differ:
        pytest.skip(f"GOLDENS NOT COMPARED, they belong to another {', '.join(differ)}")
    assert fingerprint(draw(name)) == goldens[name], "look at it, then see this file's first lines"


def test_there_is_no_golden_without_its_slip(goldens):
    assert set(goldens) == set(SAMPLES) | set(tools())


# --- With any font ------------------------------------------------------------------------------


def bands(picture: Image.Image) -> list[tuple[int, int]]:
    """First and last row of everything that has white above and below, from the top down."""
    stride = picture.width // 8
    dots = picture.tobytes()
    white = [
        dots[row * stride : (row + 1) * stride] == b"\xff" * stride for row in range(picture.height)
    ]
    found = []
    for is_white, rows in groupby(range(picture.height), white.__getitem__):
        group = list(rows)
        if not is_white:
            found.append((group[0], group[-1]))
    return found


def is_rule(picture: Image.Image, band: tuple[int, int], paper: Paper) -> bool:
    row = picture.crop((paper.margin, band[0], paper.width - paper.margin, band[0] + 1))
    return band[1] - band[0] == 1 and not row.getbbox()


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_built_the_same_with_any_font(name, tmp_path: Path):
    picture = draw(name)
    paper = Paper(picture.width, 180 if "180" in name else 203)
    found = bands(picture)
    rules = [place for place, band in enumerate(found) if is_rule(picture, band, paper)]
    heights = [band[1] - band[0] + 1 for band in found]
    number = heights.index(max(heights[: rules[0]]))
    above = 3 if "reprint" in name else 2
    assert number == above, "office and caption stand above the number, a mark above all"
    assert len(rules) == 2
    assert heights[number] / paper.dpi * 25.4 >= (21 if paper.is_wide else 15)
    assert max(heights[number + 1 : rules[1]]) < heights[number] / 3, (
        "nothing else is nearly as large"
    )
    assert max(heights[-4:]) == max(heights[rules[1] :]) >= 25 * paper.dpi / 203 * 5, "the code"


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="NO QR CHECK: apt install zbar-tools")
@pytest.mark.parametrize("name", SAMPLES)
def test_the_code_of_every_sample_can_be_read(name, tmp_path: Path):
    sheet = tmp_path / "sheet.png"
    draw(name).convert("L").save(sheet)
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(sheet)], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == LINK
