"""A statement of the engine, as a database wants to be given it.

The texts name the table `incidents`. In DuckDB that is the files that matter, what arrived since on
top; in PostgreSQL a view of the session, see `geodata.warehouse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

ASKED: Final = "FROM incidents"
# Files of an older snapshot do not say which stages are known by the day only: none is.
READ: Final = """FROM (
    SELECT NULL::SMALLINT AS by_day WHERE false
    UNION ALL BY NAME SELECT * FROM read_parquet($files)
) AS incidents"""
LAYERED: Final = """FROM (
    SELECT NULL::SMALLINT AS by_day WHERE false
    UNION ALL BY NAME SELECT * FROM read_parquet($files)
    WHERE id NOT IN (SELECT id FROM read_parquet($live))
    UNION ALL BY NAME SELECT * FROM read_parquet($live)
) AS incidents"""


@dataclass(frozen=True)
class Statement:
    """A text and the names of its parameters."""

    text: str

    @cached_property
    def names(self) -> frozenset[str]:
        """Parameters the text mentions; a driver refuses any other."""
        return frozenset(re.findall(r"\$(\w+)", self.text))

    @cached_property
    def formatted(self) -> str:
        """The text with its parameters written as `%(name)s`, as other drivers want them."""
        return re.sub(r"\$(\w+)", r"%(\1)s", self.text.replace("%", "%%"))

    def used(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that the text mentions."""
        return {name: values[name] for name in self.names}

    def run(
        self, cursor: duckdb.DuckDBPyConnection, values: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        """Execute with those of the values that the text mentions, and the files of the table.

        Where there is a file `live`, its rows replace those of the files that have their ids.
        """
        layered = bool(values.get("live"))
        text = self.text.replace(ASKED, LAYERED if layered else READ)
        files = {name: values[name] for name in ("files", "live")[: 1 + layered]}
        return cursor.execute(text, self.used(values) | files)
