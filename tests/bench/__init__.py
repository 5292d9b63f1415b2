"""Figures, measured in one run beside their floors: `make bench`."""
