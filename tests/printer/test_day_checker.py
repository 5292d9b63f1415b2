"""The checker of random days finds every kind of lie."""

from __future__ import annotations

import pytest

from tests.crash.printer_check import Day, Sheet, Told, complaints

OUT = Sheet("A1")
LATE = Sheet("A1", known_before="unknown")
TRUE_DAYS = [
    ({"A1": [Told("printed", None)]}, [OUT], True),
    ({"A1": [Told("not_printed", "cover_open")]}, [], True),
    ({"A1": [Told("unknown", "timeout")]}, [], True),
    ({"A1": [Told("unknown", "timeout")]}, [OUT], True),
    ({"A1": [Told("unknown", "crash")]}, [Sheet(None)], True),
    ({"A1": [Told("unknown", "paper_end")]}, [LATE], False),
]
LIES = [
    ({}, [], "has 0 results"),
    ({"A1": [Told("printed", None)] * 2}, [OUT], "has 2 results"),
    ({"A1": [Told("printed", None)]}, [], "0 slips came out"),
    ({"A1": [Told("printed", None)]}, [OUT, OUT], "2 slips came out"),
    ({"A1": [Told("not_printed", "paper_end")]}, [OUT], "1 slips came out"),
    ({"A1": [Told("unknown", "timeout")]}, [OUT, OUT], "2 slips came out"),
    ({"A1": [Told("printed", None)]}, [Sheet("A1", is_glued=True)], "shares its paper"),
    ({"A1": [Told("printed", None)]}, [OUT, Sheet(None)], "1 scraps"),
    ({"A1": [Told("unknown", "paper_end")]}, [LATE], "came out after"),
    ({"A1": [Told("printed", None)]}, [Sheet("A1", known_before="printed")], "came out after"),
]


@pytest.mark.parametrize(("told", "sheets", "forgets"), TRUE_DAYS)
def test_a_true_day_has_no_complaint(told, sheets, forgets):
    assert complaints(Day(["A1"], told, sheets, forgets)) == []


@pytest.mark.parametrize(("told", "sheets", "words"), LIES)
def test_a_lie_is_found(told, sheets, words):
    assert words in complaints(Day(["A1"], told, sheets))[0]


def test_slips_in_the_wrong_order_are_found():
    told = {number: [Told("printed", None)] for number in ("A1", "A2")}
    day = Day(["A1", "A2"], told, [Sheet("A2"), Sheet("A1")])
    assert complaints(day) == [
        "slips came in the order ['A2', 'A1'], and were asked for as ['A1', 'A2']"
    ]
