"""`make bench`: what the office promises, each figure beside what it is measured against in the
same run. Prints a table and marks what is missed; bounded in count and time."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench import compose, over_http, printing, scale, walls


def main() -> None:
    for part in (over_http, walls, compose, printing, scale):
        with tempfile.TemporaryDirectory() as name:
            for row in part.rows(Path(name)):
                print(row, flush=True)


if __name__ == "__main__":
    main()
