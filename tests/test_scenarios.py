"""Eighty scenarios in which other queue systems failed: each is tested here, or it is said why not.

The numbers are those of the project's notes on ZMS (part 5) and on other systems (part 11). A test
that covers some begins its docstring with them: `zms 5-2, peers 11-2: in other words`.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TAGS = re.compile(r"(?:zms 5|peers 11)-\d+(?:, (?:zms 5|peers 11)-\d+)*\b")

ZMS = """
first number of the day | wrap skips numbers in use | quota for kiosks, new day resets it
unknown concern or place | two kiosks at once | double tap, reload, lost answer: one ticket
ticket says number, place, date, time | closed or locked between look and tap
ticket given by staff, out of hours marked | appointment numbers look different
earlier first, ties by number | due appointment first, early one not, nobody blocked
priority classes and ties | bounded wait behind dense appointments | empty queue is friendly
skipped clients are not offered again | two clerks press next at once
open client: shown, times not reset | clients of another day | other places' clients
note is seen before the call | allowed repeats: old place, then missed | no repeat allowed
rest with countdown | missed and parked are never called by themselves | missed client is back
cancelled call leaves no trace | call from the list of missed | park keeps client, counter, times
redirect keeps number, note, place | finish with and without statistics | list of the finished
each visit is counted once | way time in seconds, never negative | totals are sums of days
end of day empties the room | failed night is seen and repeated | opening hours of all kinds
closing days close everything | states of the kiosk | kiosk recovers by itself
slips of fingers do nothing | languages with fallback | call appears and disappears
each call rings once, a new one again | more calls than rows | deleted place blanks no display
stale data is marked | names of counters are not numbers | sessions, crashed clerk
emergency call | each list only with its right
"""
PEERS = """
parallel next has one winner each | parallel issue: no duplicate, no unexplained gap
order through the public interface | broken configuration never starts | two calls 50 ms apart
spoken is what is shown | no sound is known | first call on an empty board rings
more calls than rows | cut off during three calls | nothing without login, no internal field
status token shows only the own ticket | printer trouble leaves no ghost
reprint makes no second ticket | transfer keeps arrival, hold ends | open ticket and next
same counter in two browsers | no-show, recycled, served, late return
midnight, clock change, clock set back | open tickets at the end of day | limit counts valid tickets
killed between commit and emit | locked database, full disk | burst at the kiosk
200 sockets and 20 calls a second | no names, notes are forgotten | emergency mode without server
scripts and long words on paper
"""


def numbered(series: str, titles: str) -> dict[str, str]:
    names = [title.strip() for title in re.split(r"[|\n]", titles.strip())]
    return {f"{series}-{n}": name for n, name in enumerate(names, start=1)}


SCENARIOS = numbered("zms 5", ZMS) | numbered("peers 11", PEERS)

STATISTICS = "the events hold it; reports come with the statistics, an issue of their own"
NOT_TESTED = {
    "zms 5-32": STATISTICS,
    "zms 5-33": STATISTICS,
    "zms 5-35": STATISTICS,
    "zms 5-51": "there is no emergency call",
    "peers 11-25": "a measurement and no test: `make bench` tells it",
    "peers 11-27": "the kiosk gives no number without the server",
}

# What of a tested scenario the product does not have.
NOT_YET = {
    "zms 5-31": "no catalogue of what was settled: with the statistics",
    "zms 5-38": "no opening every other week or in the n-th week of a month",
    "zms 5-40": "no lock with a text of the office's own",
    "zms 5-48": "memory over weeks is nothing for a test",
    "peers 11-24": "the eleventh person gets a ticket; the alert comes with the reception's page",
    "peers 11-26": "notes go with the day; rows of tickets stay until there is a purge",
}


def tags_of(source: str) -> Iterator[tuple[str, str]]:
    """Each scenario that a test in this source says it covers, with the name of the test."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and is_test(node):
            found = TAGS.match(ast.get_docstring(node) or "")
            for tag in found[0].split(", ") if found else ():
                yield tag, node.name


def is_test(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A test that is expected to fail proves nothing."""
    is_named_so = node.name.startswith("test_" if isinstance(node, ast.FunctionDef) else "Test")
    marks = [ast.unparse(decorator) for decorator in node.decorator_list]
    return is_named_so and not any(mark.startswith("pytest.mark.xfail") for mark in marks)


@cache
def covered() -> dict[str, list[str]]:
    tests: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for tag, name in tags_of(path.read_text(encoding="utf-8")):
            tests.setdefault(tag, []).append(f"{path.relative_to(TESTS)}:{name}")
    return tests


def test_there_are_52_and_28_scenarios():
    assert len(SCENARIOS) == 52 + 28
    assert all(SCENARIOS.values())
    assert list(SCENARIOS)[51:53] == ["zms 5-52", "peers 11-1"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s}: {SCENARIOS[s]}")
def test_each_scenario_is_tested_or_excused_and_not_both(scenario):
    tests, excuse = covered().get(scenario, []), NOT_TESTED.get(scenario)
    assert bool(tests) != bool(excuse), f"{SCENARIOS[scenario]}: tests {tests}, excuse {excuse!r}"


def test_nobody_tests_a_scenario_that_does_not_exist():
    assert set(covered()) <= set(SCENARIOS)
    assert set(NOT_TESTED) <= set(SCENARIOS)


def test_what_is_only_half_there_is_tested_for_the_other_half():
    assert set(NOT_YET) <= set(covered())


def test_a_tag_counts_at_the_beginning_of_a_test_that_is_expected_to_pass():
    source = '''
class TestMidnight:
    """peers 11-20: by day"""
    def test_inside(self):
        """zms 5-1"""
@pytest.mark.xfail(strict=True)
def test_broken():
    """zms 5-2"""
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.xfail)])
def test_partly():
    """zms 5-3, peers 11-2: with words, zms 5-4"""
def test_elsewhere():
    """As in zms 5-5."""
def helper():
    """zms 5-6"""
'''
    assert dict(tags_of(source)) == {
        "peers 11-20": "TestMidnight", "zms 5-1": "test_inside", "zms 5-3": "test_partly",
        "peers 11-2": "test_partly",
    }  # fmt: skip
