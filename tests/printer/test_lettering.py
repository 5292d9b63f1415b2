"""Words on paper: every dot of every letter is there, whatever is written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from slips import WORDS

from printer import scripts
from printer.lettering import (
    Lettering,
    Setting,
    choose_lines,
    set_text,
    without_grey,
    write,
)
from printer.paper import Paper
from printer.slip_layout import LOOKS
from printer.slip_parts import BRING_HEADING, BRING_ITEM, MARK, NOTICE

ALL_LOOKS = {**LOOKS, "mark": MARK, "notice": NOTICE, "item": BRING_ITEM, "heading": BRING_HEADING}
PAPERS = [Paper(576), Paper(512, 180), Paper(384)]

NASTY = {
    "one long word": "Grundsicherungsleistungsbescheinigungsausstellungsangelegenheiten",
    "seams": "Kranken-/Pflege\u00adversicherungs\u00adnachweis-Abgabe/Rück\u00adfragen",
    "wide": "W" * 200,
    "overhanging": "jf" * 60 + " fjord",
    "accents": "Ấ Ễ Ǻ Ỗ Ȫ Ṏ Ş̌ ẹ́ g̃ Å̧",
    "uk one word": "відшкодуваннязаборгованостізакомунальніпослугитаопалення",
    "ar one word": "فسيكفيكهموالمستندات" * 6,
    "ar swash": "ش ص ض ر ز و ى ي ق ن ۓ ﷲ ﷺ ڿ ګ ڭ",
    "fa zwnj": "می‌خواهم‌درخواست‌بدهم" * 5,
    "ar with latin": "رقم BG-4711/0815 الملف Jobcenter مستندات",
    "de with ar": "Formular «استمارة» ausfüllen",
    "numbers": "1234567890" * 9,
    "one letter": "i",
    "hard spaces": "ca.\u00a020\u00a0Minuten " * 9,
}
USUAL = [
    pytest.param(language, text, id=f"{language} {which}")
    for language, texts in WORDS.items()
    for which, text in enumerate(texts)
]


def black(picture: Image.Image) -> int:
    return picture.convert("L").histogram()[0]


def black_alone(line: str, setting: Setting) -> int:
    """The dots of a line on paper so large that nothing can be cut off."""
    canvas = Image.new("L", (4000, 400), 255)
    shown = line.replace("\u00a0", " ").replace("\u202f", " ")
    write(ImageDraw.Draw(canvas), (1500, 200), shown, setting)
    return black(without_grey(canvas))


def assert_nothing_is_clipped(text: str, look: Lettering, width: int, language: str) -> None:
    setting = choose_lines(text, look, width, language)
    whole = set_text(text, look, width, language)
    assert whole.width == width
    assert black(whole) == sum(black_alone(line, setting) for line in setting.lines)


def skip_without_shaping(text: str, language: str) -> None:
    if scripts.runs_right_to_left(text, language) and not scripts.may_shape():
        pytest.skip("NO ARABIC CHECK: apt install libfribidi0")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: f"{paper.width} dots")
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_no_dot_of_a_nasty_text_is_clipped_whatever_it_is_for(paper, text):
    skip_without_shaping(text, "de")
    for look in ALL_LOOKS.values():
        assert_nothing_is_clipped(text, look.at(paper.dpi), paper.room, "de")


@pytest.mark.parametrize("width", [536, 364])
@pytest.mark.parametrize(("language", "text"), USUAL)
def test_no_dot_is_clipped_in_any_language(width, language, text):
    skip_without_shaping(text, language)
    for kind in ("concern", "small"):
        assert_nothing_is_clipped(text, LOOKS[kind], width, language)


letters = st.text(
    st.sampled_from("abcijfgWMÄÖÜßéçğşıłęțșčАБВжщїاسليمپژ \u00a0\u00ad-/.,:–0123456789"),
    min_size=1,
    max_size=120,
).filter(lambda text: any(letter.isalnum() for letter in text))


@settings(max_examples=150, deadline=None)
@given(letters, st.sampled_from(sorted(ALL_LOOKS)), st.integers(160, 560))
def test_no_dot_of_any_text_is_clipped(text, kind, width):
    if scripts.may_shape() or not scripts.runs_right_to_left(text, "de"):
        assert_nothing_is_clipped(text, ALL_LOOKS[kind], width, "de")


@settings(max_examples=150, deadline=None)
@given(letters, st.integers(160, 560))
def test_every_letter_is_on_one_of_the_lines(text, width):
    if scripts.runs_right_to_left(text, "de") and not scripts.may_shape():
        return
    lines = choose_lines(text, LOOKS["concern"], width, "de").lines
    wanted = "".join(text.replace("\u00ad", "").split())
    written = "".join("".join(lines).split())
    assert written.replace("-", "") == wanted.replace("-", "")


def lines_of(text: str, width: int = 536, kind: str = "small") -> tuple[str, ...]:
    return choose_lines(text, LOOKS[kind], width, "de").lines


def test_a_single_word_does_not_stand_alone_on_the_last_line():
    lines = lines_of("Sie werden mit Ton und auf dem Bildschirm bald aufgerufen.")
    assert len(lines) == 2
    assert min(map(len, lines)) > 20


def test_a_line_ends_where_a_speaker_pauses():
    text = "Wer beim dritten Aufruf nicht da ist, zieht bitte eine neue Nummer."
    assert lines_of(text)[0].endswith("ist,")


def test_a_number_stays_with_what_it_counts():
    for line in lines_of("Die Wartezeit beträgt heute etwa 35 Minuten", 330):
        assert not line.endswith("35")
    assert lines_of("Rathausplatz 1, Erdgeschoss", 300, "line")[0] == "Rathausplatz 1,"


def test_hard_spaces_hold_words_together():
    assert "ca. 20 Minuten" in " | ".join(
        line.replace("\u00a0", " ") for line in lines_of("Sie warten ca.\u00a020\u00a0Minuten", 260)
    )


def test_a_name_shrinks_before_it_takes_many_lines_and_never_below_its_smallest_size():
    look = LOOKS["concern"]
    short = choose_lines("Wohngeld", look, 536, "de")
    long = choose_lines("Kostenübernahmeerklärung für Unterkunft und Heizung", look, 536, "de")
    assert short.size == look.largest
    assert look.smallest <= long.size < look.largest
    assert len(long.lines) == 2


def test_a_long_word_is_cut_where_its_writer_allows_it():
    lines = lines_of("Grundsicherungs\u00adangelegenheiten\u00adbescheinigung", 330, "concern")
    assert lines == ("Grundsicherungs-", "angelegenheiten-", "bescheinigung")
    lines = lines_of("Bildungs-/Teilhabepaketbescheide", 320, "concern")
    assert lines[0] == "Bildungs-/"


def test_an_emptied_text_is_left_out():
    with pytest.raises(scripts.NotWritable):
        choose_lines("\u200f\u200e", LOOKS["line"], 536, "de")
