"""Which incident files can hold what a question asks for, by their names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from geodata.engine import sql
from geodata.engine.statement import Statement
from geodata.model.schemas import INCIDENTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from geodata.engine.city import CityData

ALWAYS: Final = 2**32 - 1  # no moment is later
FIRST: Final = Statement(sql.FIRST)
MARGIN_S: Final = 86_400  # a feed may cut its days by another clock than UTC
MONTH_LENGTH: Final = len("2026-11")


def span(path: Path) -> tuple[int, int]:
    """Moments (half-open) that a file named by month or by day may hold."""
    month = len(path.stem) == MONTH_LENGTH
    first = date.fromisoformat(f"{path.stem}-01" if month else path.stem)
    after = (first + timedelta(days=31)).replace(day=1) if month else first + timedelta(days=1)
    return _epoch(first) - MARGIN_S, _epoch(after) + MARGIN_S


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def covering(paths: Iterable[Path], *windows: tuple[int, int]) -> list[str]:
    """Files that may hold a case of any of the windows, as the database wants them named."""
    found = []
    for path in paths:
        low, high = span(path)
        if any(low < end and start < high for start, end in windows):
            found.append(str(path))
    return found


class Files:
    """The incident files of a city, as a statement wants them."""

    def __init__(self, city: CityData, none: Path) -> None:
        """Remember the city, and where a file without a case may be written."""
        self._city, self._none = city, none

    def covering(self, *windows: tuple[int, int]) -> list[str]:
        """Files that may matter; an empty one where none does, as the database wants one."""
        return covering(self._city.incident_files(), *windows) or [self._empty()]

    def first(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """The moment at which the files begin; after all time where there are none."""
        for path in sorted(self._city.incident_files(), key=lambda path: path.stem):
            (found,) = FIRST.run(cursor, {"files": [str(path)]}).fetchone() or (None,)
            if found is not None:
                return int(found)
        return ALWAYS

    def _empty(self) -> str:
        if not self._none.exists():
            kinds = [(name, pa.type_for_alias(kind.lower())) for name, kind in INCIDENTS.items()]
            pq.write_table(pa.schema(kinds).empty_table(), self._none)
        return str(self._none)
