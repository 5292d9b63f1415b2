"""Rules for colours and movement, checked over the tokens and all styles of the walls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOKENS = ROOT / "queue_server/shared/static/css/tokens.css"
WALL_STYLES = sorted((ROOT / "display/static/css").glob("*.css"))
WALL_TEMPLATES = sorted((ROOT / "display/templates").rglob("*.html"))
ANIMATION = re.compile(r"animation(?:-name)?\s*:\s*([^;}]+)")
LITERAL = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|lab|color)\(", re.I)
NAMED = re.compile(
    r":\s*(?:[^;{}]*\s)?(?:white|black|red|yellow|blue|green|orange|pink|gray|grey)\s*[;}]"
)


# --- Colours ------------------------------------------------------------------------------------


def without_comments(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def blocks(css, selector):
    """The declarations of each block that begins with this selector, in order."""
    found = re.finditer(rf"{re.escape(selector)}\s*\{{([^{{}}]*)\}}", css)
    return [dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", match[1])) for match in found]


def tokens(*, contrast=False):
    """What the tokens mean on a wall, which is `.dark`."""
    css = without_comments(TOKENS)
    names = {**blocks(css, ":root")[0], **blocks(css, ".dark")[0]}
    if contrast:
        names |= {**blocks(css, ":root")[1], **blocks(css, ".dark")[1]}
    return {name: resolve(name, names) for name in names}


def resolve(name, names):
    value = names[name].strip()
    while inner := re.fullmatch(r"var\((--[\w-]+)\)", value):
        value = names[inner[1]].strip()
    return value


def luminance(colour):
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# (letters or sign, ground, at least): number and counter 7, other words 4.5, arrows and zones 3.
PAIRS = [
    ("--on-call", "--call", 7),
    ("--on-call", "--yellow-100", 7),  # in the middle of a breath
    ("--ink", "--surface", 7),
    ("--ink", "--page", 7),
    ("--quiet", "--page", 4.5),
    ("--quiet", "--surface", 4.5),
    ("--navy-900", "--warm-0", 4.5),  # a badge
    ("--call", "--surface", 3),  # arrow, and a called counter on the plan
    ("--call", "--page", 3),
    *(
        (f"--zone-{colour}", ground, 3)
        for colour in ("blue", "green", "orange", "pink", "white")
        for ground in ("--page", "--surface")
    ),
    *((f"--zone-{c}", "--navy-950", 4.5) for c in ("blue", "green", "orange", "pink", "white")),
    ("--on-night", "--night", 4.5),
]


@pytest.mark.parametrize("more", [False, True], ids=["usual", "prefers-contrast"])
@pytest.mark.parametrize(("sign", "ground", "least"), PAIRS)
def test_everything_on_a_wall_stands_out_from_its_ground(sign, ground, least, more):
    """A-D3"""
    colours = tokens(contrast=more)
    found = contrast(colours[sign], colours[ground])
    assert found >= least, f"{sign} on {ground}: {found:.1f}:1 instead of {least}:1"


def test_contrast_is_counted_as_the_standard_does():
    """A-D3: the examples of standards 2.2"""
    assert round(contrast("#fff", "#0B1F33"), 1) == 16.7
    assert round(contrast("#FFD60A", "#0B1F33"), 1) == 11.8
    assert round(contrast("#fff", "#005EA8"), 1) == 6.6


@pytest.mark.parametrize("path", WALL_STYLES, ids=lambda path: path.name)
def test_a_walls_colours_come_from_the_tokens(path):
    css = without_comments(path)
    assert LITERAL.findall(css) + NAMED.findall(css) == []
    known = tokens().keys()
    own = set(re.findall(r"(--[\w-]+)\s*:", css))
    used = set(re.findall(r"(?:color|background|fill|stroke)\s*:\s*var\((--[\w-]+)", css))
    assert used - own <= set(known)


# --- Movement -----------------------------------------------------------------------------------


def animations(css):
    """The value of each animation that is not "none"."""
    return [value.strip() for value in ANIMATION.findall(css) if "none" not in value]


def is_calm(value):
    """At least a second each, at most five times, and counted (A-D5, A-D6)."""
    seconds = re.search(r"\b(\d+(?:\.\d+)?)(ms|s)\b", value)
    duration = float(seconds[1]) / (1000 if seconds[2] == "ms" else 1) if seconds else 0
    times = re.search(r"(?:^|\s)(\d+)(?:\s|$)", value)
    return "infinite" not in value and duration >= 1 and int(times[1] if times else 1) <= 5


@pytest.mark.parametrize("path", WALL_STYLES, ids=lambda path: path.name)
def test_nothing_on_a_wall_flashes_or_moves_for_long(path):
    """A-D5, A-D6"""
    css = without_comments(path)
    assert [value for value in animations(css) if not is_calm(value)] == []
    assert not re.search(r"animation-(?:duration|iteration-count)|transition\s*:(?!\s*none)", css)
    assert "infinite" not in css


@pytest.mark.parametrize("path", WALL_TEMPLATES, ids=lambda path: path.name)
def test_no_text_runs_across_a_wall(path):
    """A-D6"""
    assert not re.search(r"<(marquee|blink|animate)", path.read_text(encoding="utf-8"), re.I)


def test_a_breath_changes_a_ground_and_never_the_letters():
    """A-D5: no black and white inversion, no saturated red"""
    css = "".join(without_comments(path) for path in WALL_STYLES)
    for _, body in re.findall(r"@keyframes\s+([\w-]+)\s*\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}", css):
        assert set(re.findall(r"([\w-]+)\s*:", body)) <= {"background"}


def test_both_the_browser_and_the_office_can_switch_movement_off():
    """A-D7"""
    base = without_comments(ROOT / "queue_server/shared/static/css/base.css")
    assert "prefers-reduced-motion: reduce" in base
    screen = without_comments(ROOT / "display/static/css/screen.css")
    assert re.search(r"\.still \*\s*\{\s*animation: none !important", screen)


@pytest.mark.parametrize(
    ("value", "calm"),
    [
        ("glow 1s ease 5", True), ("glow 1200ms", True), ("glow 0.5s 3", False),
        ("glow 1s infinite", False), ("glow 1s 6", False), ("glow 200ms 2", False),
    ],
)  # fmt: skip
def test_a_restless_animation_is_noticed(value, calm):
    """A-D5"""
    assert is_calm(value) is calm


# --- Form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WALL_STYLES, ids=lambda path: path.name)
def test_a_walls_style_is_in_a_layer_and_knows_no_left_and_right(path):
    """L-4: the same page must do for a language that is written the other way"""
    css = without_comments(path)
    assert css.strip().startswith("@layer pages {")
    sides = "left|right|top|bottom"
    assert re.findall(rf"\b(?:margin|padding|border|inset)-(?:{sides})\b", css) == []
    assert re.findall(rf"[\s;{{](?:{sides}|width|height)\s*:", css) == []
