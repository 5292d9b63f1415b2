"""The bytes of a job: the right picture, nothing dangerous, always the same."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from slips import full_slip, slip

from printer import escpos_job
from printer.escpos_commands import first_command
from printer.escpos_device import EscposDevice
from printer.escpos_job import REAL_TIME_COMMAND, compose_job, without_real_time_commands
from printer.slip_layout import draw_slip

pictures = st.integers(1, 24).flatmap(
    lambda width_bytes: st.binary(min_size=width_bytes, max_size=width_bytes * 40).map(
        lambda dots: Image.frombytes(
            "1",
            (width_bytes * 8, len(dots) // width_bytes),
            dots[: len(dots) // width_bytes * width_bytes],
        )
    )
)


def paper_of(job: bytes) -> list[Image.Image]:
    sheets: list[Image.Image] = []
    EscposDevice(sheets.append, lambda answer: None).receive(job)
    return sheets


@pytest.mark.parametrize("fragment_rows", [900, 256, 128, 8])
@pytest.mark.parametrize("width", [576, 512, 384])
def test_the_paper_shows_exactly_the_picture(width, fragment_rows):
    picture = draw_slip(slip(), width)
    (sheet,) = paper_of(compose_job(picture, fragment_rows))
    assert sheet.size == picture.size
    assert ImageChops.logical_xor(sheet, picture).getbbox() is None


@settings(max_examples=60, deadline=None)
@given(pictures, st.integers(8, 900))
def test_any_picture_survives_the_way_to_the_paper(picture, fragment_rows):
    (sheet,) = paper_of(compose_job(picture, fragment_rows))
    assert sheet.tobytes() == without_real_time_commands(picture).tobytes()


DANGERS = [
    b"\x10\x04\x01",
    b"\x10\x05\x00",
    b"\x10\x14\x01\x00\x01",
    b"\x10\x14\x08\x01\x03\x14\x01",
]


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("before", range(0, 72, 7))
def test_no_picture_can_spell_a_command(danger, before):
    dots = bytearray(72 * 30)
    dots[72 * 10 + before : 72 * 10 + before + len(danger)] = danger
    picture = ImageChops.invert(Image.frombytes("1", (576, 30), bytes(dots)))
    assert REAL_TIME_COMMAND.search(ImageChops.invert(picture).tobytes())
    job = compose_job(picture, 8)
    assert not REAL_TIME_COMMAND.search(job)
    changed = ImageChops.logical_xor(paper_of(job)[0], picture).histogram()[-1]
    assert changed == 1, "one dot is enough"


def test_an_ordinary_job_has_no_real_time_command(job):
    assert not REAL_TIME_COMMAND.search(job)


def test_the_second_slip_has_the_same_bytes_as_the_first(job):
    assert compose_job(draw_slip(slip(), 576), 256) == job


def test_a_job_is_reset_reports_picture_and_one_cut_without_extra_feed(job):
    names = []
    while found := first_command(job):
        command, length = found
        assert command.known
        names.append(command.name)
        job = job[length:]
    assert names[:2] == [b"\x1b@", b"\x1da"]
    assert set(names[2:-1]) == {b"\x1dv"}
    assert names[-1] == b"\x1dV"


@pytest.mark.parametrize("fragment_rows", [900, 256, 128])
@pytest.mark.parametrize("width", [576, 512, 384])
def test_the_job_is_byte_by_byte_what_python_escpos_composes(width, fragment_rows):
    picture = draw_slip(full_slip("uk"), width)
    composer = escpos_job.new_composer(width)
    composer.hw("INIT")
    composer._raw(b"\x1da\xff")
    composer.image(picture, impl="bitImageRaster", fragment_height=fragment_rows)
    composer.cut(feed=False)
    assert compose_job(picture, fragment_rows) == composer.output


def test_no_size_of_a_picture_can_spell_a_command():
    tall = Image.new("1", (8, 0x0410), 0)  # as many rows as a status request has in its bytes
    assert not REAL_TIME_COMMAND.search(compose_job(tall, 5000))


@pytest.mark.parametrize(
    ("cut", "end"),
    [("partial", b"\x1dVB\x00"), ("full", b"\x1dVA\x00"), ("none", b"\x1bd\x06")],
)
@pytest.mark.parametrize("buzzer", [b"", bytes.fromhex("1b420203")])
def test_it_is_cut_as_the_office_wishes_and_the_buzzer_sounds_last(cut, end, buzzer):
    job = compose_job(Image.new("1", (576, 40), 0), 256, cut, buzzer)
    assert job.endswith(b"\x00" + end + buzzer) or job.endswith(b"\xff" + end + buzzer)
    sheets: list[Image.Image] = []
    device = EscposDevice(sheets.append, lambda answer: None)
    device.receive(job + b"\x1dr\x01")
    assert device.unknown_commands == []
    assert len(sheets) == 1


def test_a_cut_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="zigzag"):
        compose_job(Image.new("1", (576, 40), 0), 256, "zigzag")


def test_a_picture_may_say_white_with_any_number():
    """Pillow keeps what it was given, 1 or 255, and turning 1 around gives white again."""
    one, full = (Image.new("1", (16, 4), white) for white in (1, 255))
    assert compose_job(one, 256) == compose_job(full, 256)


def test_composing_says_nothing_on_the_screen(capfd):
    compose_job(draw_slip(slip(), 384), 128)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("picture", [Image.new("L", (576, 9)), Image.new("1", (575, 9))])
def test_a_picture_that_is_not_paper_is_refused(picture):
    with pytest.raises(ValueError, match="1-bit picture"):
        compose_job(picture, 256)


def test_the_library_is_loaded_without_a_trace(tmp_path: Path):
    script = (
        "import logging, os; from printer.escpos_job import load_library;"
        "load_library(); root = logging.getLogger();"
        "assert root.handlers == [], root.handlers;"
        "assert 'ESCPOS_CAPABILITIES_PICKLE_DIR' not in os.environ"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    root = Path(escpos_job.__file__).parents[1]
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, cwd=root)
    assert list(tmp_path.iterdir()) == []


def test_the_root_logger_keeps_its_own_handlers():
    handler = logging.NullHandler()
    root = logging.getLogger()
    before = [*root.handlers, handler]
    root.addHandler(handler)
    try:
        escpos_job.load_library.cache_clear()
        escpos_job.load_library()
        assert root.handlers == before
        assert tempfile.tempdir is None or "queue-printer-" not in tempfile.tempdir
    finally:
        root.removeHandler(handler)


def test_the_package_with_the_same_import_name_is_refused(monkeypatch, tmp_path: Path):
    metadata = tmp_path / "escpos-2.0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: escpos\nVersion: 2.0.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(escpos_job.WrongLibrary, match="uninstall it"):
        escpos_job.load_library.__wrapped__()
