"""What services are called, also those that are no longer in the configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .database import Database

Words = Mapping[str, str]


class ServiceNames:
    """Rows of `service_name`: key → words by language."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def remember(self, names: Mapping[str, Words]) -> None:
        """Note the present names; older services keep theirs."""
        for key, words in names.items():
            sql = "INSERT OR REPLACE INTO service_name (key, words) VALUES (?, ?)"
            self._db.change(sql, (key, json.dumps(words, ensure_ascii=False)))

    def all(self) -> dict[str, dict[str, str]]:
        """Every name ever used."""
        rows = self._db.rows("SELECT key, words FROM service_name")
        return {row["key"]: json.loads(row["words"]) for row in rows}
