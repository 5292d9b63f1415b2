"""The waiting area: one method per verb = one transaction, then tell the listeners."""

from .area import WaitingArea
from .frame import By, Clock, utc_now

__all__ = ["By", "Clock", "WaitingArea", "utc_now"]
