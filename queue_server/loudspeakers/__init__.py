"""Who speaks in each area, and what."""

from .loudspeakers import Loudspeakers
from .room import Voices

__all__ = ["Loudspeakers", "Voices"]
