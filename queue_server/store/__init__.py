"""All SQL of the house, behind methods named for what they do."""

from .database import Database, DatabaseProblem, NestedTransaction
from .store import Store

__all__ = ["Database", "DatabaseProblem", "NestedTransaction", "Store"]
