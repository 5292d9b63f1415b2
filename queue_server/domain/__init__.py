"""The rules of the waiting area. Standard library only; no clock, no database, no network."""
