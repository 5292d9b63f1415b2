"""config.toml: the sample starts, and every mistake is listed at once with what was meant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from queue_server.config import WEEKDAYS, Config
from queue_server.config_file import ConfigProblems, load, parse, remarks
from tests.conftest import OFFICE

SAMPLE = Path(__file__).parents[2] / "config.toml"


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigProblems) as found:
        parse(text)
    return found.value.problems


def test_the_sample_office_is_a_believable_front_office():
    config = load(SAMPLE)
    assert len([c for c in config.counters if c.key != "info"]) == 5
    assert len(config.workstations) == 4
    assert len(config.displays) == 2
    assert {s.name["de"] for s in config.services} == {
        "Unterlagen abgeben", "Bearbeitungsstand", "Allgemeine Frage", "Neumeldung",
    }  # fmt: skip


def sections():
    for name, field in Config.model_fields.items():
        inner = get_args(field.annotation) or (field.annotation,)
        yield field.alias or name, inner[0]


@pytest.mark.parametrize(("name", "model"), list(sections()), ids=lambda value: str(value))
def test_every_key_is_explained_in_the_sample_file(name, model):
    text = SAMPLE.read_text(encoding="utf-8")
    part = "\n".join(
        re.findall(
            rf"^\[\[?{name}\]?\].*?(?=^\[\[?(?!\[|{name}[\].])|\Z)", text, re.MULTILINE | re.DOTALL
        )
    )
    names = {field.alias or name for name, field in model.model_fields.items()}
    keys = names - set(WEEKDAYS)
    unexplained = {
        key
        for key in keys
        if not re.search(rf"^(# )?({key} = .*\S|\[\[{name}\.{key}\]\]) +# \S", part, re.MULTILINE)
    }
    assert unexplained == set()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('prefix = "A"', 'prefx = "A"', 'series[main].prefx: unknown key, did you mean "prefix"?'),
        ("last = 999", 'last = "many"', "series[main].last: input should be a valid integer"),
        ("last = 999", "last = 1", "series[main].last: must be larger than first (1)"),
        ('series = "main"', 'series = "mian"', 'there is no series "mian", did you mean "main"?'),
        ('key = "2"', 'key = "1"', "counter[1].key: stands 2 times"),
        ('printer = "entrance"', 'printer = "x"', 'kiosk[entrance].printer: there is no printer'),
        ("Europe/Berlin", "Europe/Berlni", '"Europe/Berlni" is not a known time zone'),
        ('"08:00-12:00"', '"12:00-08:00"', "must end after it begins"),
        ('"08:00-12:00"', '"08:00-15:00"', "must not overlap"),
        ("head_start_minutes = 15", "", "priority[extra-time].head_start_minutes: is missing"),
        ('[[printer]]\nkey = "entrance"', '[[printer]]\nkey = "entrance"\ntransport = "network"',
         "printer[entrance].host: is missing"),
        ("[office]", "[offce]", 'offce: unknown key, did you mean "office"?'),
        ("1 = \"left\"", "9 = \"left\"", 'display[hall].directions: there is no counter "9"'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place_and_what_was_meant(old, new, expected):
    assert old in OFFICE
    assert any(expected in problem for problem in problems(OFFICE.replace(old, new, 1)))


def test_all_problems_are_listed_at_once():
    text = OFFICE.replace('prefix = "A"', 'prefx = "A"').replace('"status"]', '"statsu"]')
    assert len(problems(text)) >= 3


@pytest.mark.parametrize("text", ["", "nonsense", "[office", "office = 3", "service = 1"])
def test_nonsense_is_refused(text):
    assert problems(text)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(ConfigProblems, match="cannot be read"):
        load(tmp_path / "none.toml")


SECOND_SERIES = '[[series]]\nkey = "second"\nprefix = "{}"\n'


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("B", "D", '"B" and "D" sound alike'),
        ("O", "Q", '"O" and "Q" look alike'),
        ("M", "N", "alike"),
        ("A", "F", ""),
        ("A", "BB", ""),
    ],
)
def test_prefixes_that_clients_would_mix_up_are_remarked_on(one, other, said):
    text = OFFICE.replace('prefix = "A"', f'prefix = "{one}"') + SECOND_SERIES.format(other)
    found = "\n".join(r for r in remarks(parse(text)) if "alike" in r)
    assert said in found
    assert bool(said) == bool(found)


def test_a_concern_that_no_counter_serves_is_remarked_on():
    assert remarks(parse(OFFICE)) == ["service[paused]: no counter calls its clients"]
    assert remarks(load(SAMPLE)) == []


def test_an_area_that_no_display_is_in_is_remarked_on():
    text = OFFICE + '\n[sound]\n[[sound.area]]\nkey = "cellar"\n'
    assert "sound.area[cellar]: no display is in this area" in remarks(parse(text))


def test_a_sign_that_cannot_be_spoken_as_it_is_written_is_remarked_on():
    """S-1: "Raum 1.17" would be said as "eins punkt siebzehn" """
    text = OFFICE.replace('de = "Platz 2"', 'de = "Raum 1.17"')
    assert any("counter[2]" in remark and "say" in remark for remark in remarks(parse(text)))


TWO_MORE = """
[[display]]
key = "east"
continues = "{0}"
[[display]]
key = "west"
continues = "{1}"
"""


@pytest.mark.parametrize(
    ("east", "west", "expected"),
    [
        ("hall", "hall", 'display[east].continues: only one display may continue "hall"'),
        ("west", "east", "display[east].continues: the displays continue each other in a circle"),
        ("east", "hall", "display[east].continues: the displays continue each other in a circle"),
        ("hal", "east", 'there is no display "hal", did you mean "hall"?'),
    ],
)
def test_displays_continue_each_other_in_one_line(east, west, expected):
    """Every call is on exactly one of the screens."""
    with pytest.raises(ConfigProblems, match=re.escape(expected)):
        parse(OFFICE + TWO_MORE.format(east, west))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[hours]", "[hours]\nclosed = [24]", "hours.closed[1]: "),
        ("[hours]", '[hours]\nspecial = { "24.12." = [] }', 'is not a date like "2026-12-24"'),
        ("[hours]", '[hours]\nspecial = { 2026-12-24 = ["10:00-09:00"] }', "must end after it"),
        ('key = "documents"\n', 'key = "documents"\nfrom = 2026-12-02\nuntil = 2026-12-01\n',
         "until must not be before from"),
        ('services = ["status"]', 'services = ["status"]\noverflow = { documnets = 5 }',
         'there is no service "documnets", did you mean "documents"?'),
        ("[server]", '[appointments]\nseries = "mian"\n[server]',
         'appointments.series: there is no series "mian", did you mean "main"?'),
        ("[server]", '[calls]\nwhen_busy = "maybe"\n[server]', "calls.when_busy: "),
        ("[server]", "[calls]\ncals = 2\n[server]", 'did you mean "calls"?'),
    ],
)  # fmt: skip
def test_a_mistake_in_the_rules_is_named_with_its_place(old, new, expected):
    assert old in OFFICE
    assert any(expected in problem for problem in problems(OFFICE.replace(old, new, 1)))
