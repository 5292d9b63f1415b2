"""Telling a printer's answers apart, however the network cuts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.answers import AnswerSplitter, trouble_in_offline_status, trouble_in_report

STREAM = b"\x14\x00\x00\x0f\x12\x37\x22004A\x00\x00\x3c\x00\x00\x0f\x37\x25\x00\x16"
KINDS = ["report", "status", "block", "position", "report", "block", "status"]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8).map(sorted))
def test_answers_are_the_same_wherever_the_packets_end(cuts):
    splitter = AnswerSplitter()
    edges = [0, *cuts, len(STREAM)]
    answers = [
        answer
        for start, end in zip(edges, edges[1:], strict=False)
        for answer in splitter.feed(STREAM[start:end])
    ]
    assert [answer.kind for answer in answers] == KINDS
    assert b"".join(answer.content for answer in answers) == STREAM


@given(st.binary(max_size=400))
def test_noise_never_blocks_the_answers_behind_it(noise):
    splitter = AnswerSplitter()
    answers = splitter.feed(noise + bytes(4) + b"\x12")
    assert answers[-1].content == b"\x12" or splitter.feed(b"\x12" * 80)


@pytest.mark.parametrize(
    ("report", "trouble"),
    [
        ("1400000f", None),
        ("1400030f", None),
        ("1c000f0f", "paper_end"),
        ("3c00000f", "cover_open"),
        ("1c08000f", "error"),
    ],
)
def test_a_report_says_what_is_wrong(report, trouble):
    assert trouble_in_report(bytes.fromhex(report)) == trouble


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(0x12, None), (0x32, "paper_end"), (0x16, "cover_open"), (0x52, "error"), (0x1A, None)],
)
def test_a_status_says_what_is_wrong(status, trouble):
    assert trouble_in_offline_status(status) == trouble
