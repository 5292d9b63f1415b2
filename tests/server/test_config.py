"""config.toml: the sample starts, and every mistake is listed at once with what was meant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from queue_server.config import WEEKDAYS, Config
from queue_server.config_file import ConfigProblems, load, parse
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
            rf"^\[\[?{name}\]?\].*?(?=^\[\[?(?!{name}\])|\Z)", text, re.MULTILINE | re.DOTALL
        )
    )
    names = {field.alias or name for name, field in model.model_fields.items()}
    keys = names - set(WEEKDAYS)
    unexplained = {
        key for key in keys if not re.search(rf"^(# )?{key} = .*\S +# \S", part, re.MULTILINE)
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
