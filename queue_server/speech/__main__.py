"""`python -m queue_server.speech DATA < order`: renders in a process of its own, for the server.

Speaks to it by its exit code, 0 or 1, and at most one sentence on standard output.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .orders import Order
from .rendering import render

NICENESS = 10


def main(data: Path) -> int:
    """Render the order on standard input; 1 when another try may do better."""
    os.nice(NICENESS)  # calls and tickets come first
    order = Order.from_json(sys.stdin.read())
    try:
        outcome = render(order, data)
    except OSError as error:
        print(f"{error.filename or data}: sounds cannot be written ({error.strerror})")
        return 1
    return 0 if outcome.order else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
