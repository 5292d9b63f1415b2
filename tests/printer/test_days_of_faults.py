"""A few of the random days of `make crash`, so that they don't rot until somebody runs all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_some_random_days_of_a_printer_are_lived_without_a_lie():
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crash.printer_faults"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PRINTER_ROUNDS": "6", "PRINTER_SEED": "4"},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "6 days of a printer" in ended.stdout
    assert "no lie" in ended.stdout
