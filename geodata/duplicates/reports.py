"""Reports as the search for duplicates sees them: what is known when a case comes in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.earth import METRES_A_DEGREE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

# Of INCIDENTS; never `duplicate_of`, nor any stage after the report.
READ: Final = (
    "id",
    "site",
    "lon",
    "lat",
    "category",
    "matter",
    "source",
    "reported",
    "floor",
    "room",
    "occurred",
)


@dataclass(frozen=True, eq=False)
class Reports:
    """Columns of INCIDENTS, in order of time.

    x, y: metres east and north, NaN = unknown; occurred: 0 = unknown.
    """

    id: Ints
    site: Ints
    x: Floats
    y: Floats
    category: Ints
    matter: Ints
    source: Ints
    reported: Ints
    floor: Ints
    room: Ints
    occurred: Ints

    @classmethod
    def of(cls, incidents: pd.DataFrame) -> Reports:
        """Take the columns READ of a frame with the columns of INCIDENTS."""
        given = {name: incidents[name].to_numpy() for name in READ if name != "occurred"}
        given["occurred"] = incidents["occurred"].fillna(0).to_numpy()
        order = np.lexsort((given["id"], given["reported"].astype(np.int64)))
        lon, lat = (given.pop(name)[order].astype(np.float64) for name in ("lon", "lat"))
        middle = float(np.nanmean(lat)) if np.isfinite(lat).any() else 0.0
        plain = {name: column[order].astype(np.int64) for name, column in given.items()}
        east = lon * np.cos(np.radians(middle)) * METRES_A_DEGREE
        return cls(**plain, x=east, y=lat * METRES_A_DEGREE)

    def __len__(self) -> int:
        """Count the reports."""
        return len(self.id)

    def rows(self, rows: npt.NDArray[np.generic]) -> Reports:
        """Some of the reports, in their order here."""
        return Reports(**{part.name: getattr(self, part.name)[rows] for part in fields(self)})
