"""Who speaks in each area, and what."""

from .loudspeakers import NOBODY_HEARS, Loudspeakers
from .room import Voices

__all__ = ["NOBODY_HEARS", "Loudspeakers", "Voices"]
