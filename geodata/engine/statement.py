"""A statement of the engine, and how what arrived since the publication gets into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

READ: Final = "FROM read_parquet($files)"
LAYERED: Final = """
    FROM (
        SELECT * FROM read_parquet($files)
        WHERE id NOT IN (SELECT id FROM read_parquet($live))
        UNION ALL BY NAME SELECT * FROM read_parquet($live)
    )
"""


@dataclass(frozen=True)
class Statement:
    """A text and the names of its parameters."""

    text: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Parameters the text mentions; the driver refuses any other."""
        return frozenset(re.findall(r"\$(\w+)", self.text))

    def run(
        self, cursor: duckdb.DuckDBPyConnection, values: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        """Execute with those of the values that the text mentions.

        Where there is a file `live`, its rows replace those of the files that have their ids.
        """
        used = {name: values[name] for name in self.names}
        if "files" not in used or not values.get("live"):
            return cursor.execute(self.text, used)
        return cursor.execute(self.text.replace(READ, LAYERED), used | {"live": values["live"]})
