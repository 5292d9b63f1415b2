"""What the paper looks like, measured on its dots."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw
from slips import LINK, WORDS, full_slip, slip

from printer import scripts
from printer.fonts import FontMissing, find_font
from printer.paper import Paper
from printer.slip_layout import SPACE, draw_slip

WIDTHS = (576, 512, 384)
PAPERS = ((576, 203), (512, 180), (512, 203), (384, 203), (360, 180))
LONG_CONCERN = "Kostenübernahmeerklärung für Unterkunft, Erstausstattung und Bildungspaket"
ONE_LONG_WORD = "Grundsicherungsleistungsbescheinigungsausstellungsangelegenheiten"
NO_ARABIC = pytest.mark.skipif(
    not scripts.may_shape(), reason="NO ARABIC CHECK: apt install libfribidi0"
)
NO_QR = pytest.mark.skipif(
    shutil.which("zbarimg") is None, reason="NO QR CHECK: apt install zbar-tools"
)
NO_ETHIOPIC = pytest.mark.skipif(
    len(scripts.fonts(False)) < 2, reason="NO TIGRINYA CHECK: apt install fonts-noto-core"
)


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything black."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None, "the paper is white"
    return box


def black(picture: Image.Image) -> int:
    """How many dots are black."""
    return picture.convert("L").histogram()[0]


def one(kind: str, text: str, width: int = 576, dpi: int = 203, **more: Any) -> Image.Image:
    blocks = [{"kind": kind, "text": text, **more}]
    return draw_slip({"language": "de", "blocks": blocks}, width, dpi)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.tobytes() == other.tobytes()


@pytest.mark.parametrize("number", ["A017", "7", "B999", "1"])
@pytest.mark.parametrize(("width", "dpi"), [(576, 203), (512, 203), (512, 180)])
def test_the_number_is_at_least_21_millimetres_high(number, width, dpi):
    _, top, _, bottom = ink(one("number", number, width, dpi))
    assert (bottom - top) / dpi * 25.4 >= 21


@pytest.mark.parametrize(("number", "width", "dpi"), [("17", 384, 203), ("17", 360, 180)])
def test_on_narrow_paper_a_short_number_is_as_high(number, width, dpi):
    _, top, _, bottom = ink(one("number", number, width, dpi))
    assert (bottom - top) / dpi * 25.4 >= 21


def test_the_number_is_set_lower_only_when_the_paper_is_too_narrow():
    left, top, right, bottom = ink(one("number", "A017", 384))
    assert 120 <= bottom - top < 168
    assert left >= 8 and right <= 376


def test_all_numbers_of_a_day_have_the_same_height():
    heights = {ink(one("number", f"A{number:03}"))[3] for number in range(0, 1000, 37)}
    assert max(heights) - min(heights) <= 6, "round digits stand out a little at top and bottom"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("concern", ["Status", LONG_CONCERN, ONE_LONG_WORD, "W" * 200])
def test_nothing_touches_the_edge_of_the_paper(width, concern):
    """peers 11-28"""
    paper = draw_slip(slip("AB9999", concern), width)
    left, top, right, bottom = ink(paper)
    assert paper.size[0] == width
    assert left >= 4 and right <= width - 4
    assert top > 0 and bottom < paper.height


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_concern_takes_more_paper_instead_of_being_cut_off(width):
    """peers 11-28"""
    short, long = one("concern", "Status", width), one("concern", LONG_CONCERN, width)
    assert long.height > short.height
    assert black(long) > 4 * black(short)


def test_body_text_stays_readable_however_long_it_is():
    _, top, _, bottom = ink(one("small", "H"))
    assert bottom - top >= 26 * 0.7
    _, top, _, bottom = ink(one("line", "H " * 80))
    assert bottom - top >= 4 * 26


def test_the_paper_is_only_black_and_white():
    paper = draw_slip(slip(), 576)
    assert paper.mode == "1"
    assert {grey for grey, count in enumerate(paper.convert("L").histogram()) if count} == {0, 255}


@NO_QR
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


# --- Every kind of block ------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(WORDS))
@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_a_full_slip_keeps_its_margins_in_every_language(language, width, dpi):
    if language in {"ar", "fa"} and not scripts.may_shape():
        pytest.skip("NO ARABIC CHECK: apt install libfribidi0")
    blocks = [block for block in full_slip(language, reprint=True)["blocks"]]
    for block in blocks:
        left, _, right, _ = ink(draw_slip({"blocks": [block]}, width, dpi))
        margin = Paper(width, dpi).margin
        assert left >= margin, block
        assert right <= width - margin, block


def test_a_concern_can_say_where_it_may_be_cut():
    soft = one("concern", "Grund\u00adsicherungs\u00adleistungen beantragen", 384)
    hard = one("concern", "Grundsicherungsleistungen beantragen", 384)
    assert same(soft, one("concern", "Grundsicherungs- leistungen beantragen", 384))
    assert not same(soft, hard)
    assert same(one("concern", "Wohn\u00adgeld"), one("concern", "Wohngeld"))


def test_a_control_character_or_a_letter_nobody_has_leaves_no_box():
    assert same(one("line", "Wohn\x10\x04\x01geld\n bar \U0001f9fe"), one("line", "Wohngeld bar"))


def test_a_reprint_says_so_at_the_top_without_a_black_bar():
    mark = one("mark", "Nachdruck")
    assert black(mark) < 0.2 * mark.width * mark.height
    left, top, right, _ = ink(mark)
    assert mark.crop((left, top, right, top + 3)).getbbox() is None, "a frame all around"
    both = draw_slip(full_slip(reprint=True), 576)
    assert both.height > draw_slip(full_slip(), 576).height


def test_the_expected_wait_is_stronger_than_other_lines():
    assert black(one("wait", "20–35 Minuten")) > 1.3 * black(one("line", "20–35 Minuten"))


def test_what_to_bring_is_a_list():
    heading = one("bring", "Bitte bereithalten")
    one_item = one("bring", "Bitte bereithalten", items=["Pass"])
    two_items = one("bring", "Bitte bereithalten", items=["Pass", "Bescheid", " "])
    assert heading.height < one_item.height < two_items.height
    line = one_item.height - heading.height
    assert two_items.height - one_item.height == line, "the empty item takes no room"


@NO_ARABIC
def test_a_list_from_right_to_left_hangs_at_the_right():
    words = {"items": ["جواز السفر"], "language": "ar"}
    left, _, right, _ = ink(one("bring", "يرجى إحضار", **words))
    assert right >= 576 - 20 - 4
    assert left > 576 / 2
    left, _, right, _ = ink(one("bring", "Bitte", items=["Pass"]))
    assert left <= 20 + 4
    assert right < 576 / 2


@NO_ARABIC
def test_the_code_changes_sides_for_languages_from_right_to_left():
    german, arabic = one("qr", LINK, caption="Ihr Platz"), one("qr", LINK, caption="مكانك")
    middle = 576 // 2
    for paper, has_code in ((german, (0, 0, middle, 270)), (arabic, (middle, 0, 576, 270))):
        other = ImageChops.offset(paper, middle, 0).crop(has_code)
        assert black(paper.crop(has_code)) > 5 * black(other)


@NO_ARABIC
def test_a_german_line_on_an_arabic_slip_keeps_its_full_stop_at_the_end():
    line = {"kind": "line", "text": "Bitte warten."}
    german = draw_slip({"language": "de", "blocks": [line]}, 576)
    assert same(draw_slip({"language": "ar", "blocks": [line]}, 576), german)


def png(picture: Image.Image) -> str:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


@pytest.mark.parametrize("size", [(2000, 300), (300, 2000), (16, 16)])
def test_a_logo_is_as_large_as_fits_and_at_most_30_millimetres_high(size):
    black_square = png(Image.new("L", size, 0))
    logo = draw_slip({"blocks": [{"kind": "logo", "picture": black_square}]}, 576)
    left, top, right, bottom = ink(logo)
    assert bottom - top <= 30 * 8
    assert left >= 20 and right <= 556
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.1)
    assert abs(left - (576 - right)) <= 1


def test_what_is_transparent_in_a_logo_is_white_and_grey_is_decided():
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 49, 99), fill=(90, 90, 90, 255))
    logo = draw_slip({"blocks": [{"kind": "logo", "picture": png(picture)}]}, 576)
    left, _, right, _ = ink(logo)
    assert right - left == pytest.approx(120, abs=2)


@pytest.mark.parametrize(
    "broken", ["", "no base64!", "aGVsbG8=", png(Image.new("1", (5000, 5000)))[:-400]]
)
def test_a_logo_that_is_no_picture_is_refused(broken):
    with pytest.raises(ValueError, match="the logo can't be drawn"):
        draw_slip({"blocks": [{"kind": "logo", "picture": broken}]}, 576)


def test_a_logo_that_would_fill_the_memory_is_refused():
    with pytest.raises(ValueError, match="too many dots"):
        bomb = png(Image.new("1", (5000, 5000)))
        draw_slip({"blocks": [{"kind": "logo", "picture": bomb}]}, 576)


def test_a_notice_is_framed():
    left, top, right, bottom = ink(one("notice", "Bitte nicht rauchen"))
    assert (left, right) == (20, 556)
    assert bottom - top > 26 + 2 * 14


@pytest.mark.parametrize("kind", sorted(SPACE))
def test_every_kind_of_block_is_drawn_alone(kind):
    block = {"kind": kind, "text": "A017", "picture": png(Image.new("L", (9, 9), 0))}
    assert black(draw_slip({"blocks": [block]}, 576)) > 0


# --- Scripts ------------------------------------------------------------------------------------


@NO_ARABIC
def test_arabic_letters_are_joined():
    """peers 11-28"""
    joined = ink(one("concern", "تسليم", language="ar"))
    apart = ink(one("concern", "\u200c".join("تسليم"), language="ar"))
    assert joined[2] - joined[0] < apart[2] - apart[0]


def test_without_shaping_the_german_line_stands_alone(monkeypatch, caplog):
    german = {"kind": "concern", "text": "Unterlagen abgeben", "language": "de"}
    arabic = {"kind": "concern", "text": "استلام", "language": "ar"}
    monkeypatch.setattr(scripts, "may_shape", lambda: False)
    both = draw_slip({"language": "ar", "blocks": [german, arabic]}, 576)
    alone = draw_slip({"language": "de", "blocks": [german]}, 576)
    assert same(both, alone)
    assert "left out" in caplog.text
    assert "libfribidi0" in caplog.text


def test_without_shaping_an_arabic_client_still_gets_the_code(monkeypatch, caplog):
    monkeypatch.setattr(scripts, "may_shape", lambda: False)
    code = one("qr", LINK, caption="متابعة الدور", language="ar")
    assert same(code, one("qr", LINK))
    assert "caption" in caplog.text


@NO_ETHIOPIC
def test_tigrinya_borrows_letters_and_keeps_its_digits():
    line = one("line", "ቅድሜኹም 7 ሰባት ኣለዉ", language="ti")
    without_digit = one("line", "ቅድሜኹም ሰባት ኣለዉ", language="ti")
    assert black(line) > black(without_digit)


def test_a_script_without_a_font_is_left_out_with_its_reason(caplog):
    german = {"kind": "line", "text": "Bitte warten", "language": "de"}
    chinese = {"kind": "line", "text": "请等待", "language": "zh"}
    both = draw_slip({"blocks": [german, chinese]}, 576)
    assert same(both, draw_slip({"blocks": [german]}, 576))
    assert "no font has its letters: CJK" in caplog.text


def test_the_self_test_names_what_is_missing_and_the_cure(monkeypatch):
    monkeypatch.setattr(scripts, "may_shape", lambda: False)
    (sentence,) = scripts.self_test()
    assert "apt install libfribidi0" in sentence
    monkeypatch.setattr(scripts, "REGULAR", "Nowhere.ttf")
    assert any("Nowhere.ttf" in sentence for sentence in scripts.self_test())


@NO_ARABIC
def test_a_machine_with_everything_has_nothing_to_say():
    assert scripts.self_test() == []
