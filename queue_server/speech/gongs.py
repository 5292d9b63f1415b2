"""The gongs, made from sine waves by ourselves. Pure; the recipes are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, pi, sin

from .loudness import normalise
from .waves import RATE, Samples

# Partials as (multiple of the note, amplitude, multiple of its decay time).
Partials = tuple[tuple[float, float, float], ...]

CHIME: Partials = ((1, 1.0, 1.0), (2, 0.25, 0.6), (3, 0.08, 0.4), (4.2, 0.04, 0.2))
BELL: Partials = (
    (0.5, 0.35, 1.2), (1, 1.0, 1.0), (1.19, 0.4, 0.8), (1.5, 0.25, 0.6), (2, 0.5, 0.6),
    (2.51, 0.2, 0.4), (3.01, 0.12, 0.3),
)  # fmt: skip
BAR: Partials = ((1, 1.0, 1.0), (3.93, 0.25, 0.35), (9.2, 0.05, 0.15))
ROUND: Partials = ((1, 1.0, 1.0), (2, 0.08, 0.7))


@dataclass(frozen=True, slots=True)
class Recipe:
    """Notes as (begin in s, frequency in Hz); attack, decay and length in s."""

    notes: tuple[tuple[float, float], ...]
    partials: Partials
    attack: float
    decay: float
    seconds: float


RECIPES: Mapping[str, Recipe] = {
    "two-tone": Recipe(((0.0, 659.26), (0.55, 523.25)), CHIME, 0.012, 0.4, 1.6),
    "three-tone": Recipe(((0.0, 523.25), (0.4, 659.26), (0.8, 783.99)), CHIME, 0.012, 0.4, 2.0),
    "bell": Recipe(((0.0, 587.33),), BELL, 0.01, 0.6, 2.0),
    "wood": Recipe(((0.0, 587.33), (0.22, 440.0), (0.44, 587.33)), BAR, 0.008, 0.16, 1.0),
    "soft": Recipe(((0.0, 440.0), (0.15, 554.37), (0.3, 659.26)), ROUND, 0.12, 0.5, 1.7),
}
FADE_OUT_SECONDS = 0.15


def gong(name: str) -> Samples:
    """The gong at 22,050 Hz, −16 LUFS, from zero to zero."""
    recipe = RECIPES[name]
    length = round(recipe.seconds * RATE)
    mixed = [0.0] * length
    for begin, frequency in recipe.notes:
        _strike(mixed, round(begin * RATE), frequency, recipe)
    fade = round(FADE_OUT_SECONDS * RATE)
    for back in range(fade):
        mixed[length - 1 - back] *= back / fade
    return normalise(mixed, RATE)


def _strike(mixed: Samples, begin: int, frequency: float, recipe: Recipe) -> None:
    """Add one note from the sample `begin` on."""
    for multiple, amplitude, lasting in recipe.partials:
        turn = 2 * pi * frequency * multiple / RATE
        decay = 1 / (recipe.decay * lasting * RATE)
        attack = recipe.attack * RATE
        for at in range(len(mixed) - begin):
            rise = min(1.0, at / attack)
            mixed[begin + at] += amplitude * rise * exp(-at * decay) * sin(turn * at)
