"""What the paper looks like, measured on its dots."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops, features
from slips import LINK, slip

from printer import slip_layout
from printer.fonts import FontMissing, find_font
from printer.slip_layout import draw_slip

WIDTHS = (576, 512, 384)
LONG_CONCERN = "Kostenübernahmeerklärung für Unterkunft, Erstausstattung und Bildungspaket"
ONE_LONG_WORD = "Grundsicherungsleistungsbescheinigungsausstellungsangelegenheiten"


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything black."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None, "the paper is white"
    return box


def one(kind: str, text: str, width: int = 576, **more: str) -> Image.Image:
    return draw_slip({"language": "de", "blocks": [{"kind": kind, "text": text, **more}]}, width)


@pytest.mark.parametrize("number", ["A017", "7", "B999", "1"])
@pytest.mark.parametrize("width", [576, 512])
def test_the_number_is_at_least_21_millimetres_high(number, width):
    _, top, _, bottom = ink(one("number", number, width))
    assert bottom - top >= 168


def test_the_number_is_set_lower_only_when_the_paper_is_too_narrow():
    left, top, right, bottom = ink(one("number", "A017", 384))
    assert 120 <= bottom - top < 168
    assert left >= 8 and right <= 376


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("concern", ["Status", LONG_CONCERN, ONE_LONG_WORD, "W" * 200])
def test_nothing_touches_the_edge_of_the_paper(width, concern):
    paper = draw_slip(slip("AB9999", concern), width)
    left, top, right, bottom = ink(paper)
    assert paper.size[0] == width
    assert left >= 4 and right <= width - 4
    assert top > 0 and bottom < paper.height


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_concern_takes_more_paper_instead_of_being_cut_off(width):
    short, long = one("concern", "Status", width), one("concern", LONG_CONCERN, width)
    assert long.height > short.height
    black = [paper.convert("L").histogram()[0] for paper in (short, long)]
    assert black[1] > 4 * black[0]


def test_body_text_stays_readable_however_long_it_is():
    _, top, _, bottom = ink(one("small", "H"))
    assert bottom - top >= 26 * 0.7
    _, top, _, bottom = ink(one("line", "H " * 80))
    assert bottom - top >= 4 * 26


def test_the_paper_is_only_black_and_white():
    paper = draw_slip(slip(), 576)
    assert paper.mode == "1"
    assert {grey for grey, count in enumerate(paper.convert("L").histogram()) if count} == {0, 255}


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="NO QR CHECK: apt install zbar-tools")
@pytest.mark.parametrize("width", WIDTHS)
def test_a_phone_reads_the_link_from_the_paper(width, tmp_path: Path):
    sheet = tmp_path / "sheet.png"
    draw_slip(slip(), width).convert("L").save(sheet)
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(sheet)], capture_output=True, text=True, check=True
    )
    assert read.stdout.strip() == LINK


def test_the_qr_code_has_large_dots_and_white_around_it():
    code = one("qr", LINK)
    left, top, right, bottom = ink(code)
    # A finder pattern is seven modules wide; its first row is one black run.
    run = next(x for x in range(left, right) if code.getpixel((x, top))) - left
    assert run / 7 >= 5
    assert left >= 4 * run / 7
    assert right - left == bottom - top


def test_a_link_too_long_for_the_paper_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="too long for a QR code"):
        one("qr", "http://example/" + "x" * 900, 384)
    with pytest.raises(ValueError, match="too long for a QR code"):
        one("qr", "x" * 9000)


@pytest.mark.parametrize(
    "block",
    [
        {"kind": "stamp", "text": "?"},
        {"text": "no kind"},
        {"kind": "line"},
        {"kind": ["x"]},
        "line",
    ],
)
def test_a_block_that_nobody_can_draw_is_refused(block):
    with pytest.raises(ValueError, match="block"):
        draw_slip({"language": "de", "blocks": [block]}, 576)


@pytest.mark.parametrize("broken", [{}, {"blocks": []}, {"blocks": "line"}])
def test_a_slip_without_blocks_is_refused(broken):
    with pytest.raises(ValueError, match="needs a list of blocks"):
        draw_slip(broken, 576)


def test_a_missing_font_is_named_together_with_the_cure(tmp_path: Path):
    with pytest.raises(FontMissing, match="install fonts-dejavu-core"):
        find_font("DejaVuSans.ttf", [tmp_path])


@pytest.mark.skipif(not features.check("raqm"), reason="NO ARABIC CHECK: apt install libfribidi0")
def test_arabic_letters_are_joined():
    joined = ink(one("concern", "تسليم", language="ar"))
    apart = ink(one("concern", "\u200c".join("تسليم"), language="ar"))
    assert joined[2] - joined[0] < apart[2] - apart[0]


def test_without_shaping_the_german_line_stands_alone(monkeypatch, caplog):
    german = {"kind": "concern", "text": "Unterlagen abgeben", "language": "de"}
    arabic = {"kind": "concern", "text": "تسليم", "language": "ar"}
    monkeypatch.setattr(slip_layout, "may_shape", lambda language: language != "ar")
    both = draw_slip({"language": "ar", "blocks": [german, arabic]}, 576)
    alone = draw_slip({"language": "de", "blocks": [german]}, 576)
    assert both.tobytes() == alone.tobytes()
    assert "left out" in caplog.text
