"""Cases that arrived since the publication, on top of the published ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from geodata.model.schemas import DEADLINES, INCIDENTS, MOMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Settled:
    """Cases that arrived so long ago that they lie in files, as the published ones do.

    months: their Parquet files, named by month; segments: the same cases as files of columns;
    replaced: ids of published cases among them; first: the earliest report.
    """

    months: tuple[Path, ...]
    segments: tuple[Path, ...]
    replaced: Ids
    first: int


@dataclass(frozen=True, eq=False)
class Overlay:
    """Rows of INCIDENTS; each replaces the published row of the same `id`, or is a new case.

    version: changes with the rows; columns: one array each, moments with 0 for none.
    settled: more of such rows, in files; touched: ids of those of them that no longer count.
    """

    version: str
    columns: dict[str, npt.NDArray[Any]]
    settled: Settled | None = None
    touched: Ids = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        """How many rows, those in files apart."""
        return len(self.columns["id"])

    def replaced(self) -> Ids:
        """Ids whose published rows do not count, in order."""
        own: Ids = self.columns["id"]
        if self.settled is None:
            return np.unique(own)
        return np.union1d(np.setdiff1d(self.settled.replaced, self.touched), own)

    def table(self) -> pa.Table:
        """The rows as a published file has them: what is not known is null."""
        arrays = []
        for name, kind in INCIDENTS.items():
            column = self.columns[name]
            missing = column == 0 if name in MOMENTS else None
            arrays.append(pa.array(column, pa.type_for_alias(kind.lower()), mask=missing))
        return pa.Table.from_arrays(arrays, list(INCIDENTS))

    def first(self) -> int | None:
        """The earliest report."""
        reported = self.columns["reported"]
        found = [int(reported.min())] if len(reported) else []
        return min(found + ([self.settled.first] if self.settled else []), default=None)

    def newest(self, now: int, source: int | None = None) -> int:
        """The newest moment of any stage, or report of one source, not after `now`; 0 = none."""
        if source is None:
            names = [name for name in MOMENTS if name not in DEADLINES]
            moments = np.concatenate([self.columns[name] for name in names])
        else:
            moments = self.columns["reported"][self.columns["source"] == source]
        return int(moments[moments <= now].max(initial=0))


if TYPE_CHECKING:
    Live = Callable[[], Overlay | None]


def nothing_live() -> Overlay | None:
    """What a city has that nothing arrives at."""
    return None
