"""Decides where lines end. Knows words and their widths, nothing of fonts or pictures."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

Measure = Callable[[str], float]
Ends = tuple[int, ...]

SOFT_HYPHEN = "\u00ad"
HARD_SPACES = "\u00a0\u202f"
# Spaces that may end a line. The hard ones keep a number and its unit together.
GAP = re.compile(rf"[^\S{HARD_SPACES}]+")
# Where a word that is too long may be cut.
SEAM = re.compile(rf"{SOFT_HYPHEN}|(?<=[-/\u2013])(?=\w)")
JOINTS = "-/\u2013"  # a word that ends with one of these needs no hyphen

SPLIT_COSTS = 0.5  # in shares of a line that stays white
STRANDED_COSTS = 0.2
PAUSE_GAINS = 0.1
SENTENCE_ENDS = ".!?\u061f"
PAUSES = ".,;:!?\u2013\u060c\u061b\u061f"


def words_of(text: str) -> list[str]:
    """The words that stay in one piece where they fit; a soft hyphen in them may be seen later."""
    return [word for word in GAP.split(text.strip()) if word.strip(SOFT_HYPHEN)]


def wrap(words: Sequence[str], measure: Measure, room: float) -> tuple[str, ...]:
    """Lines that fit; none at all when one of the words is too wide by itself."""
    gap = measure(" ")
    lines: list[str] = []
    used = room
    for word in words:
        width = measure(word)
        if width > room:
            return ()
        if lines and used + gap + width <= room:
            lines[-1] += f" {word}"
            used += gap + width
        else:
            lines.append(word)
            used = width
    return tuple(lines)


def balance(lines: Sequence[str], measure: Measure, room: float) -> tuple[str, ...]:
    """The same words on as many lines, broken where it reads and looks best."""
    words = [word for line in lines for word in line.split(" ")]
    widths = [measure(word) for word in words]
    gap = measure(" ")
    # For the first so many words and each number of lines: what it costs, and where they end.
    best: list[dict[int, tuple[float, Ends]]] = [{0: (0.0, ())}]
    for end in range(1, len(words) + 1):
        best.append({})
        used = -gap
        for start in range(end - 1, -1, -1):
            used += gap + widths[start]
            if used > room:
                break
            cost = (1 - used / room) ** 2 + _cost_of_break(words, end)
            _extend(best[end], best[start], cost, end, len(lines))
    _, ends = best[-1][len(lines)]
    return tuple(" ".join(words[start:end]) for start, end in pairwise((0, *ends)))


def _extend(
    here: dict[int, tuple[float, Ends]],
    before: dict[int, tuple[float, Ends]],
    cost: float,
    end: int,
    most_lines: int,
) -> None:
    for count, (cost_before, ends) in before.items():
        candidate = (cost_before + cost, (*ends, end))
        if count < most_lines and candidate < here.get(count + 1, (math.inf, ())):
            here[count + 1] = candidate


def _cost_of_break(words: Sequence[str], end: int) -> float:
    """What it costs to end a line before `words[end]`, beside the white that is left."""
    if end == len(words):
        return 0.0
    last, first = words[end - 1], words[end]
    if last[0].isdigit() and last[-1].isalnum():
        return SPLIT_COSTS  # a number and what it counts
    if first[0].isdigit() and (not first[-1].isalnum() or end + 1 == len(words)):
        return SPLIT_COSTS  # "Rathausplatz 1, Erdgeschoss" or "Platz 3"
    if end > 1 and words[end - 2][-1] in SENTENCE_ENDS:
        return STRANDED_COSTS  # the first word of a sentence at the end of a line
    return -PAUSE_GAINS if last[-1] in PAUSES else 0.0


def pieces_at_seams(word: str, measure: Measure, room: float, hyphen: str) -> Iterator[str]:
    """A word cut where its writer allows it, so that the pieces fit as far as that can be."""
    piece = ""
    *parts, last = SEAM.split(word)
    for part, tail in [*((part, hyphen) for part in parts), (last, "")]:
        if piece and measure(piece + part + tail) > room:
            yield piece if piece[-1] in JOINTS else piece + hyphen
            piece = ""
        piece += part
    if piece:
        yield piece


def pieces_anywhere(piece: str, measure: Measure, room: float, hyphen: str) -> Iterator[str]:
    """A piece that is still too wide, cut wherever the paper ends."""
    while measure(piece) > room and len(piece) > 1:
        # An accent stays with its letter.
        ends = (end for end in range(len(piece) - 1, 1, -1) if _may_end(piece, end))
        end = next((end for end in ends if measure(piece[:end] + hyphen) <= room), 1)
        yield piece[:end] + hyphen
        piece = piece[end:]
    yield piece


def _may_end(piece: str, end: int) -> bool:
    return not unicodedata.combining(piece[end]) and piece[end] != "-"
