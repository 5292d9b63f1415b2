"""Slips of letters: what a printer without pictures puts on paper."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from slips import LINK, full_slip, slip

from printer.escpos_commands import TEXT, first_command
from printer.escpos_device import EscposDevice
from printer.escpos_job import REAL_TIME_COMMAND
from printer.letter_cells import Look, draw_letter
from printer.text_job import compose_text, wrapped

COLUMNS = (48, 42, 32)
PROOF = b"\x1dr\x01"


def paper_of(job: bytes, columns: int = 48) -> Image.Image:
    """The one sheet of a job without anything unknown in it."""
    sheets: list[Image.Image] = []
    device = EscposDevice(sheets.append, lambda answer: None, width_px=columns * 12)
    device.receive(job + PROOF)
    assert device.unknown_commands == []
    (sheet,) = sheets
    return sheet


def commands_of(job: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while job:
        first = first_command(job)
        assert first is not None
        found.append((first[0].name, first[0].content))
        job = job[first[1] :]
    return found


def lines_of(job: bytes, codepage: str = "cp1252") -> list[str]:
    """The letters between line feeds."""
    letters = [
        content if name == TEXT else b"\n" for name, content in commands_of(job) if name in LETTERS
    ]
    return b"".join(letters).decode(codepage).split("\n")


LETTERS = (TEXT, b"\n")


def one(text: str, kind: str = "line", columns: int = 48, **block: Any) -> bytes:
    blocks = [{"kind": kind, "text": text, **block}]
    return compose_text({"language": "de", "blocks": blocks}, columns=columns)


def shows(sheet: Image.Image, text: str, look: Look) -> bool:
    """Whether these letters stand somewhere on the sheet, dot by dot."""
    cells = [draw_letter(letter, look) for letter in text]
    row = Image.new("1", (sum(cell.width for cell in cells), cells[0].height), 255)
    for place, cell in enumerate(cells):
        row.paste(cell, (place * cell.width, 0))
    x = (sheet.width - row.width) // 2
    column = sheet.crop((x, 0, x + row.width, sheet.height))
    return row.tobytes() in column.tobytes()


@pytest.mark.parametrize("columns", COLUMNS)
def test_the_paper_shows_the_letters_in_their_size_and_code_page(columns):
    sheet = paper_of(compose_text(slip(), columns=columns), columns)
    assert sheet.width == columns * 12
    size = min(8, columns // 4)
    assert shows(sheet, "A017", Look(size, size, bold=True))
    assert shows(sheet, "Jobcenter Musterstadt", Look(bold=True))
    for letters in ("Grüße – 20 €", "„ÄÖÜßéç“"):
        assert shows(paper_of(one(letters)), letters, Look())


def test_a_line_never_breaks_in_the_middle_of_a_word():
    text = "Kostenübernahmeerklärung für Unterkunft, Erstausstattung und Bildungspaket"
    for columns in COLUMNS:
        lines = lines_of(one(text, "concern", columns))
        assert " ".join(line for line in lines if line) == text if columns == 48 else True
        assert max(map(len, lines)) <= columns // 2


@given(st.text(max_size=200).filter(lambda text: text.split()), st.sampled_from(COLUMNS))
@settings(max_examples=60, deadline=None)
def test_whatever_a_text_holds_the_paper_obeys_nothing_in_it(text, columns):
    job = one(text, "concern", columns)
    assert not REAL_TIME_COMMAND.search(job)
    names = {name for name, _ in commands_of(job)}
    assert names <= {
        TEXT,
        b"\n",
        b"\x1b@",
        b"\x1da",
        b"\x1bt",
        b"\x1ba",
        b"\x1bE",
        b"\x1d!",
        b"\x1dV",
    }
    assert max(map(len, lines_of(job))) <= columns // 2


@pytest.mark.parametrize("language", ["ar", "fa", "uk", "ru", "bg"])
def test_a_language_without_letters_leaves_the_german_lines_alone(language):
    foreign = full_slip(language)
    german = [block for block in foreign["blocks"] if block.get("language") != language]
    code = {**foreign["blocks"][-1], "caption": ""}
    alone = compose_text({"language": "de", "blocks": [*german, code]})
    assert compose_text(foreign) == alone


def test_cyrillic_is_printed_where_the_printer_has_a_page_for_it():
    job = compose_text(full_slip("ru"), codepage="CP866")
    assert "Подача документов" in lines_of(job, "cp866")
    assert shows(paper_of(job), "Подача документов", Look(2, 2, bold=True))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Łódź, Kraków", "Lódz, Kraków"),
        ("Önünüzde 7 kişi var", "Önünüzde 7 kisi var"),
        ("Țară și pașaport", "Tara si pasaport"),
        ("l’écran « ouvert »", "l’écran « ouvert »"),
        ("ca.\u00a020\u202fMinuten", "ca. 20 Minuten"),
        ("Wohn\u00adgeld ★", "Wohngeld"),
    ],
)
def test_an_accent_the_page_has_not_becomes_the_plain_letter(text, printed):
    assert printed in lines_of(one(text))


def test_the_second_slip_has_the_same_bytes_as_the_first():
    assert compose_text(full_slip()) == compose_text(full_slip())


def test_a_slip_of_letters_is_small_enough_for_a_slow_line():
    assert len(compose_text(full_slip("tr"))) < 1500


@pytest.mark.parametrize(
    ("cut", "end"),
    [("partial", b"\x1dVB\x00"), ("full", b"\x1dVA\x00"), ("none", b"\x1bd\x06")],
)
@pytest.mark.parametrize("buzzer", [b"", bytes.fromhex("1b420203"), bytes.fromhex("1b28410500")])
def test_it_is_cut_as_the_office_wishes_at_the_start_of_a_line(cut, end, buzzer):
    job = compose_text(full_slip(), cut=cut, buzzer=buzzer)
    assert job.endswith(end + buzzer)
    assert commands_of(job[: job.index(end)])[-1][0] == b"\n"


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="NO QR CHECK: apt install zbar-tools")
@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("link", [LINK, "https://example.org/t/" + "x" * 120])
def test_a_phone_reads_the_code_that_the_printer_draws_itself(columns, link, tmp_path: Path):
    sheet = tmp_path / "sheet.png"
    paper_of(one(link, "qr", columns, caption="Ihr Platz"), columns).convert("L").save(sheet)
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(sheet)], capture_output=True, text=True, check=True
    )
    assert read.stdout.strip() == link


def test_a_long_number_is_printed_smaller_and_in_one_line():
    lines = lines_of(one("A0174711", "number", 32))
    assert lines[0] == "A0174711"
    assert (b"\x1d!", b"\x33") in commands_of(one("A0174711", "number", 32))


def test_a_list_has_bullets_and_hanging_lines():
    items = ["Pass", "Kontoauszüge der letzten drei Monate und Mietvertrag"]
    lines = lines_of(one("Bitte bereithalten", "bring", 32, items=items))
    assert "- Pass" in lines
    assert "- Kontoauszüge der letzten drei" in lines
    assert "  Monate und Mietvertrag" in lines


def test_a_single_word_does_not_stand_alone_on_the_last_line():
    lines = wrapped("Wer beim dritten Aufruf nicht da ist, zieht bitte eine neue Nummer.", 32)
    assert len(lines) == 3
    assert min(map(len, lines)) > 12


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"codepage": "CP9999"}, 'no code page "CP9999"'),
        ({"profile": "TYPEWRITER"}, 'no printer profile "TYPEWRITER"'),
        ({"cut": "zigzag"}, 'not "zigzag"'),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        compose_text(slip(), **wrong)


def test_a_number_nobody_can_print_is_refused():
    with pytest.raises(ValueError, match="letters this code page can't write"):
        one("ع017", "number")


def test_a_cut_in_the_middle_of_a_line_comes_out_as_letters():
    """What real printers do; so the stand-in does it too, and a test of ours would notice."""
    sheets: list[Image.Image] = []
    device = EscposDevice(sheets.append, lambda answer: None)
    device.receive(b"A017\x1dVA\x00\n\x1dVB\x00")
    assert device.unknown_commands == [b"\x1dV"]
    plain: list[Image.Image] = []
    EscposDevice(plain.append, lambda answer: None).receive(b"A017VA\n\x1dVB\x00")
    assert sheets[0].tobytes() == plain[0].tobytes()
