"""Cases that arrived since the publication, on top of the published ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from geodata.model.schemas import INCIDENTS, MOMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Overlay:
    """Rows of INCIDENTS; each replaces the published row of the same `id`, or is a new case.

    version: changes with the rows; columns: one array each, moments with 0 for none.
    """

    version: str
    columns: dict[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.columns["id"])

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
        return int(reported.min()) if len(reported) else None

    def newest(self, now: int, source: int | None = None) -> int:
        """The newest moment of any stage, or report of one source, not after `now`; 0 = none."""
        if source is None:
            names = [name for name in MOMENTS if name != "due"]
            moments = np.concatenate([self.columns[name] for name in names])
        else:
            moments = self.columns["reported"][self.columns["source"] == source]
        return int(moments[moments <= now].max(initial=0))


if TYPE_CHECKING:
    Live = Callable[[], Overlay | None]


def nothing_live() -> Overlay | None:
    """What a city has that nothing arrives at."""
    return None
