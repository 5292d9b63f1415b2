"""Small functions can be read at a glance: none over 40 lines, and half of them at most 8."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("queue_server", "display", "kiosk", "printer")
LONGEST = 40
MEDIAN = 8

# "path:function" → why it is better in one piece.
LONG_FOR_A_REASON: dict[str, str] = {}


class Size(NamedTuple):
    lines: int
    name: str


def function_sizes(source: str, path: str) -> Iterator[Size]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Size(own_lines(node), f"{path}:{node.name}")


def own_lines(function: ast.AST) -> int:
    """Without the functions inside it: a blueprint's factory is as long as its routes are many."""
    return lines_of(function) - sum(lines_of(inner) for inner in functions_directly_in(function))


def functions_directly_in(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        else:
            yield from functions_directly_in(child)


def lines_of(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1 + len(getattr(node, "decorator_list", ()))


def all_sizes() -> list[Size]:
    return sorted(
        (
            size
            for package in PACKAGES
            for path in (ROOT / package).rglob("*.py")
            for size in function_sizes(
                path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
            )
        ),
        reverse=True,
    )


def listed(sizes: list[Size]) -> str:
    return "\n".join(f"  {size.lines:3} lines  {size.name}" for size in sizes)


def test_no_function_is_longer_than_a_screen():
    long = [size for size in all_sizes() if size.lines > LONGEST]
    without_reason = [size for size in long if size.name not in LONG_FOR_A_REASON]
    assert not without_reason, f"longer than {LONGEST} lines:\n{listed(without_reason)}"


def test_half_of_the_functions_have_at_most_eight_lines(record_property):
    sizes = all_sizes()
    middle = median(size.lines for size in sizes)
    record_property("median_lines", middle)
    record_property("p90_lines", quantiles([size.lines for size in sizes], n=10)[-1])
    assert middle <= MEDIAN, (
        f"half of the functions have more than {middle} lines; the longest:\n{listed(sizes[:20])}"
    )


def test_every_reason_still_belongs_to_a_long_function():
    long = {size.name for size in all_sizes() if size.lines > LONGEST}
    assert set(LONG_FOR_A_REASON) <= long


def test_a_function_is_measured_without_the_functions_inside_it():
    source = "def outer():\n    @route\n    def inner():\n        return 1\n    return inner\n"
    assert sorted(function_sizes(source, "x.py")) == [Size(2, "x.py:outer"), Size(3, "x.py:inner")]
