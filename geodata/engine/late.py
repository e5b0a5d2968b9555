"""What is not in the warehouse: the days that a feed writes, and what arrived, compacted or not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.engine.files import MONTH_LENGTH
from geodata.model.overlay import Overlay
from geodata.model.schemas import INCIDENTS, LATER_COLUMNS
from geodata.warehouse.tables import ARROW, whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from geodata.engine.city import CityData


class Late:
    """Puts both together; safe for many threads."""

    def __init__(self, city: CityData) -> None:
        """Take the city whose months are in the warehouse."""
        self._city = city
        self._lock = threading.Lock()
        self._kept: Overlay | None = None
        self._version = ""
        self._months: tuple[tuple[Path, ...], dict[str, npt.NDArray[Any]]] = ((), {})

    def with_live(self, live: Overlay | None) -> Overlay | None:
        """Every case that the months do not have, as of one state of what arrived live."""
        days = [p for p in self._city.incident_files() if len(p.stem) != MONTH_LENGTH]
        if not days and (live is None or live.settled is None):
            return live
        version = f"{self._city.version()}+{live.version if live is not None else ''}"
        with self._lock:
            if version != self._version:
                arrived = None if live is None else self._gathered(version, live)
                self._kept = _layered(version, _read(days), arrived) if days else arrived
                self._version = version
            return self._kept

    def _gathered(self, version: str, live: Overlay) -> Overlay:
        """What arrived, in one, whether it was compacted or not."""
        if live.settled is None:
            return live
        if self._months[0] != live.settled.months:
            self._months = live.settled.months, _read(live.settled.months)
        rows = self._months[1]
        kept = ~np.isin(rows["id"], live.touched)
        return Overlay(
            version,
            {name: np.concatenate([rows[name][kept], live.columns[name]]) for name in rows},
        )


def _read(paths: Sequence[Path]) -> dict[str, npt.NDArray[Any]]:
    return _columns(pa.concat_tables([ARROW.empty_table(), *map(whole, map(pq.read_table, paths))]))


def _columns(rows: pa.Table) -> dict[str, npt.NDArray[Any]]:
    return {name: _plain(name, rows[name]) for name in INCIDENTS}


def _plain(name: str, column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Values of an overlay; of what is not known NaN, what LATER_COLUMNS say of it, or 0."""
    kind = INCIDENTS[name]
    if kind != "string":
        missing = np.nan if kind.startswith("float") else LATER_COLUMNS.get(name, 0)
        column = column.fill_null(missing)
    found: npt.NDArray[Any] = column.to_numpy()
    return found


def _layered(version: str, columns: dict[str, npt.NDArray[Any]], live: Overlay | None) -> Overlay:
    """The live cases, and those of the days that they do not replace."""
    if live is None:
        return Overlay(version, columns)
    kept = ~np.isin(columns["id"], live.columns["id"])
    return Overlay(
        version,
        {name: np.concatenate([columns[name][kept], live.columns[name]]) for name in INCIDENTS},
    )
