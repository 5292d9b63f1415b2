"""The floor plan as simple shapes. All lengths are in the plan's own grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import dist

from queue_server.boards import counter_label
from queue_server.config import Config, CounterSection, DisplaySection

LETTER = 0.6  # width of a bold letter / its size, on average
LINE = 1.1
HERE, ENTRANCE = ("x" * 13,), ("x" * 8,)  # as long as the words that the template writes there

INSIDE = 2  # so many letters have room in a dot: the number of "Platz 12"
INFORMATION = "i"  # in the dot of the information desk, as on signs everywhere

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Measures:
    """Sizes that follow from the plan's own."""

    width: float
    height: float
    closest: float = float("inf")
    """How near the nearest two counters are to each other: dots and rings stay apart."""

    @property
    def letters(self) -> float:
        return self.width / 15

    @property
    def dot(self) -> float:
        return min(self.width / 16, self.closest * 0.38)

    @property
    def ring(self) -> float:
        """The outer edge of the ring around a counter that has just called."""
        return min(self.dot * 1.4, self.closest * 0.49)

    @property
    def margin(self) -> float:
        return self.width / 40


@dataclass(frozen=True)
class Mark:
    """A spot with a name below or above it."""

    spot: tuple[float, float]
    text_x: float
    anchor: str
    measures: Measures
    key: str = ""
    colour: str = "white"
    lines: tuple[str, ...] = ()
    inside: str = ""

    def baseline(self, line: int, lines: int) -> float:
        """Where a line of the name stands: on the side of the spot that has more room."""
        y, step = self.spot[1], self.measures.letters * LINE
        edge = self.measures.height - self.measures.letters * 0.7
        if y <= self.measures.height / 2 or y >= edge:  # at the lower edge it stands outside
            return round(y + self.measures.ring + step * (line + 1), 3)
        return round(y - self.measures.ring - step * (lines - line - 1) - step * 0.3, 3)

    def box(self, lines: tuple[str, ...]) -> Box:
        """Where its name stands: left, top, right, bottom."""
        wide = max(map(len, lines)) * LETTER * self.measures.letters
        left = self.text_x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        top = self.baseline(0, len(lines)) - self.measures.letters
        return left, top, left + wide, self.baseline(len(lines) - 1, len(lines))


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    box: str
    letters: float
    stroke: float
    dot: float
    ring: float
    walls: list[list[float]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    here: Mark | None = None
    entrance: Mark | None = None


def draw(config: Config, display: DisplaySection) -> Drawing | None:
    """The plan as seen from this display; None where none is wanted or known."""
    plan = config.plan
    if plan is None or "plan" not in display.info:
        return None
    placed = [(counter, counter.place) for counter in config.counters if counter.place]
    measures = Measures(plan.width, plan.height, _closest([place for _, place in placed]))
    here, entrance = _mark(display.place, measures, 12), _mark(plan.entrance, measures, 8)
    entrance = _unless_covered(entrance, here)
    marks = _apart([_counter(config, counter, measures) for counter, _ in placed], here)
    if not (plan.walls or marks or here or entrance):
        return None  # a grid alone shows nobody the way
    return Drawing(
        box=_view(plan.walls, marks, here, entrance, measures),
        letters=round(measures.letters, 3),
        stroke=round(plan.width / 110, 3),
        dot=round(measures.dot, 3),
        ring=round(measures.ring, 3),
        walls=plan.walls,
        marks=marks,
        here=here,
        entrance=entrance,
    )


def _closest(places: list[list[float]]) -> float:
    apart = (dist(one, other) for one, other in combinations(places, 2))
    return min((distance for distance in apart if distance > 0), default=float("inf"))


def _view(
    walls: list[list[float]],
    marks: list[Mark],
    here: Mark | None,
    entrance: Mark | None,
    measures: Measures,
) -> str:
    """The part of the paper on which something is drawn: so it is as large as it can be."""
    boxes = [(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)) for x1, y1, x2, y2 in walls]
    boxes += [_around(mark, measures) for mark in [*marks, here, entrance] if mark]
    boxes += [mark.box(mark.lines) for mark in marks if mark.lines and not mark.inside]
    boxes += [mark.box(words) for mark, words in ((here, HERE), (entrance, ENTRANCE)) if mark]
    return _as_text(boxes, measures.margin)


def _around(mark: Mark, measures: Measures) -> Box:
    (x, y), reach = mark.spot, max(measures.ring, measures.dot * 1.7)  # the pin stands above
    return x - reach, y - reach, x + reach, y + reach


def _as_text(boxes: Iterable[Box], margin: float) -> str:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = min(lefts) - margin, min(tops) - margin
    width, height = max(rights) + margin - left, max(bottoms) + margin - top
    return " ".join(f"{length:.3f}" for length in (left, top, width, height))


def _apart(counters: list[Mark], here: Mark | None) -> list[Mark]:
    """Names that would cover others are left out: the dot stays, and the call says the name."""
    taken = [here.box(HERE)] if here else []
    apart = []
    for mark in counters:
        if not mark.inside and any(_meet(mark.box(mark.lines), other) for other in taken):
            mark = replace(mark, lines=())
        elif not mark.inside:
            taken.append(mark.box(mark.lines))
        apart.append(mark)
    return apart


def _unless_covered(entrance: Mark | None, here: Mark | None) -> Mark | None:
    is_covered = entrance and here and _meet(entrance.box(ENTRANCE), here.box(HERE))
    return None if is_covered else entrance


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _counter(config: Config, counter: CounterSection, measures: Measures) -> Mark:
    lines = tuple(counter_label(config, counter.key).split())
    zone = config.zone(counter.zone) if counter.zone else None
    # Plans in buildings do the same: "Platz 12" is the dot with the 12.
    inside = lines[-1] if len(lines[-1]) <= INSIDE else ""
    if lines[0].casefold().startswith("info"):
        inside = INFORMATION
    mark = _mark(counter.place, measures, max(map(len, lines)))
    assert mark is not None  # only counters with a place are drawn
    colour = zone.colour if zone else "white"
    return Mark(
        mark.spot, mark.text_x, mark.anchor, measures, counter.key, colour, lines, inside
    )  # fmt: skip


def _mark(point: list[float] | None, measures: Measures, letters: int) -> Mark | None:
    """A spot whose name of so many letters stays on the paper: at an edge it grows inwards."""
    if point is None:
        return None
    x, y = point
    half = letters * LETTER * measures.letters / 2
    left, right = measures.letters / 2, measures.width - measures.letters / 2
    if x - half < left:
        return Mark((x, y), left, "start", measures)
    if x + half > right:
        return Mark((x, y), right, "end", measures)
    return Mark((x, y), x, "middle", measures)
