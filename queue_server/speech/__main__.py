"""`python -m queue_server.speech DATA < order`: renders in a process of its own, for the server.

Speaks to it by its exit code, 0 or 3, and at most one sentence on standard output.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from .orders import Order
from .rendering import AGAIN, render

NICENESS = 10


def main(data: Path) -> int:
    """Render the order on standard input; AGAIN when another try may do better."""
    with suppress(OSError):  # a hardened service may not; then it is as quick as the rest
        os.nice(NICENESS)  # calls and tickets come first
    order = Order.from_json(sys.stdin.read())
    try:
        outcome = render(order, data)
    except OSError as error:
        print(f"{error.filename or data}: sounds cannot be written ({error.strerror})")
        return AGAIN
    return 0 if outcome.order else AGAIN


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
