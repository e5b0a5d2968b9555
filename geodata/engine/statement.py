"""A statement of the engine, as a database wants to be given it.

The texts name the table `incidents`. In DuckDB that is the files that matter, what arrived since on
top; in PostgreSQL a view of the session, see `geodata.warehouse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from geodata.engine.sql import RANGE, WITHIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

ASKED: Final = "FROM incidents"
# Files of an older snapshot lack these: no stage is known by its day only, no deadline was moved,
# nobody knows to whom a case was first dispatched.
NONE: Final = """
    SELECT NULL::SMALLINT AS by_day, NULL::UINTEGER AS due_original,
        NULL::SMALLINT AS first_department WHERE false
"""
# Months of an older snapshot lie beside days that a feed writes now: a column may be in some only.
FILES: Final = "UNION ALL BY NAME SELECT * FROM read_parquet($files, union_by_name = true)"
LIVE: Final = """
    WHERE id NOT IN (SELECT id FROM read_parquet($gone))
    UNION ALL BY NAME SELECT * FROM read_parquet($live)
"""
SETTLED: Final = """
    UNION ALL BY NAME SELECT * FROM read_parquet($settled)
    WHERE id NOT IN (SELECT id FROM read_parquet($touched))
"""
PARTS: Final = {"files": FILES, "live": LIVE, "settled": SETTLED}
NAMES: Final = ("files", "gone", "live", "settled", "touched")


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

    @cached_property
    def _scattered(self) -> Statement:
        """The same of a place whose sites need not be neighbours."""
        return Statement(self.text.replace(RANGE, WITHIN))

    def of(self, values: Mapping[str, Any]) -> Statement:
        """The text for these values: it asks about one range of sites where that is enough."""
        return self._scattered if values.get("within") else self

    def used(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that the text mentions."""
        return {name: values[name] for name in self.names}

    def run(
        self, cursor: duckdb.DuckDBPyConnection, values: Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        """Execute with those of the values that the text mentions, and the files of the table.

        What arrived is in the files `live` and `settled`; see `arrivals.Arrivals.files`.
        """
        table = " ".join([NONE, *(part for name, part in PARTS.items() if values.get(name))])
        text = self.text.replace(ASKED, f"FROM ({table}) AS incidents")
        files = {name: values[name] for name in NAMES if values.get(name)}
        return cursor.execute(text, self.used(values) | files)
