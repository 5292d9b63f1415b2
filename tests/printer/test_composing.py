"""What is sent for a slip, and how much paper that takes."""

from __future__ import annotations

import pytest
from PIL import Image
from slips import slip

from printer.composing import compose
from printer.escpos_device import EscposDevice
from printer.settings import PrinterSettings, read_settings


def printed(job: bytes, width: int = 576) -> list[Image.Image]:
    sheets: list[Image.Image] = []
    EscposDevice(sheets.append, lambda answer: None, width_px=width).receive(job + b"\x1dr\x01")
    return sheets


@pytest.mark.parametrize(
    ("width", "dpi", "dots_per_mm"), [(576, 203, 8.0), (512, 180, 7.087), (384, 203, 8.0)]
)
def test_the_picture_is_what_comes_out_and_its_length_is_counted_with_the_cut(
    width, dpi, dots_per_mm
):
    settings = PrinterSettings("entrance", width_px=width, dpi=dpi)
    job, picture, millimetres = compose(slip(), settings)
    (sheet,) = printed(job)
    assert picture is not None
    assert sheet.tobytes() == picture.tobytes()
    assert millimetres == pytest.approx(picture.height / dots_per_mm + 15, abs=0.1)


def test_letters_have_no_picture_and_their_length_is_that_of_the_paper():
    job, picture, millimetres = compose(slip(), PrinterSettings("entrance", mode="text"))
    (sheet,) = printed(job)
    assert picture is None
    assert len(job) < 2000
    assert millimetres == pytest.approx(sheet.height / 8 + 15, abs=10)


def test_a_slip_that_is_torn_off_takes_more_paper_than_one_that_is_cut():
    cut, torn = (compose(slip(), PrinterSettings("entrance", cut=way)) for way in ("full", "none"))
    assert torn[2] > cut[2]
    assert b"\x1dV" not in torn[0][-20:]


def test_the_buzzer_sounds_with_the_printers_own_command():
    job, _, _ = compose(slip(), PrinterSettings("entrance", buzzer="1b42 0203"))
    assert job.endswith(b"\x1b\x42\x02\x03")


def test_a_print_queue_always_gets_a_picture():
    settings = PrinterSettings("entrance", transport="cups", mode="text")
    assert compose(slip(), settings)[1] is not None


def test_settings_of_the_server_are_taken_and_what_is_new_to_us_is_left_alone():
    said = {"key": "k", "cut": "full", "dpi": 180, "connect_timeout_s": 2, "roll_length_m": 80}
    settings = read_settings({**said, "device": None})
    assert (settings.cut, settings.dpi, settings.connect_timeout_s, settings.device) == (
        "full",
        180,
        2,
        "",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "picture"),
        ("cut", True),
        ("baudrate", 0),
        ("usb_vendor", "04b8"),
        ("max_auto_retries", -1),
        ("fragment_rows", 0),
        ("fragment_rows", 1000),
        ("status_timeout_s", 0),
        ("speed_mm_s", -1.0),
        ("buzzer", "1b4"),
        ("clear_on_unknown", 1),
    ],
)
def test_a_setting_that_can_not_be_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        read_settings({"key": "entrance", name: value})
