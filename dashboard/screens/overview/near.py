"""What stands round a chosen building, and the weeks of buildings like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.screens.overview.extent import METRES_A_DEGREE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from dashboard.access import Live

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

DAYS: Final = 91  # whole weeks, so that the oldest is no shorter than the others
REACH_M: Final = 500.0  # beyond it the map shows nothing of a building that is looked at
MOST_AROUND: Final = 400
ALIKE: Final = 100
LEAST_ALIKE: Final = 20  # fewer are no band
HALF_TO_DOUBLE: Final = 2.0  # homes of a building that is like another
BAND: Final = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class Near:
    """Buildings round the chosen one, the nearest first, and what is usual for its kind.

    buildings: rows, itself included; cases: what each had in 13 weeks.
    alike: how many buildings the band rests on, 0 where too few are like it.
    low, high: their cases a week from the 10th to the 90th percentile, the oldest week first.
    share: of the buildings like it those that had fewer cases.
    """

    buildings: Ints
    cases: Ints
    alike: int
    low: Floats
    high: Floats
    share: float


def read(live: Live, building: int, now: int) -> Near:
    """Count the cases of 13 weeks round a building and of those like it, in one read."""
    table = live.city.buildings
    far = _metres(table, building)
    around = _nearest(far, far <= REACH_M, MOST_AROUND)
    like = _nearest(far, _like(table, building), ALIKE)
    asked = np.union1d(around, like)
    weeks = live.engine.building_weeks(asked.tolist(), now, DAYS)[:, ::-1]
    near = weeks[np.searchsorted(asked, around)]
    others = weeks[np.searchsorted(asked, like)]
    if len(like) < LEAST_ALIKE:
        nothing = np.zeros(0)
        return Near(around, near.sum(axis=1), 0, nothing, nothing, np.nan)
    low, high = np.quantile(others, BAND, axis=0)
    own = weeks[np.searchsorted(asked, building)].sum()
    fewer = float((others.sum(axis=1) < own).mean())
    return Near(around, near.sum(axis=1), len(like), low, high, fewer)


def _metres(table: pd.DataFrame, building: int) -> Floats:
    """How far every building is, near enough for sorting; NaN where nobody knows."""
    lon, lat = (table[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    east = (lon - lon[building]) * np.cos(np.radians(lat[building]))
    far = np.hypot(east, lat - lat[building]) * METRES_A_DEGREE
    far[building] = 0.0
    return np.asarray(far)


def _nearest(far: Floats, wanted: npt.NDArray[np.bool_], most: int) -> Ints:
    rows = np.flatnonzero(wanted & np.isfinite(far))
    return rows[np.argsort(far[rows], kind="stable")[:most]]


def _like(table: pd.DataFrame, building: int) -> npt.NDArray[np.bool_]:
    """Buildings of the same kind with half to twice as many homes, without itself."""
    alike = np.array(table["kind"] == table["kind"].iloc[building], dtype=np.bool_)
    homes = table["households"].to_numpy(dtype=np.float64)
    if homes[building] > 0:
        alike &= homes >= homes[building] / HALF_TO_DOUBLE
        alike &= homes <= homes[building] * HALF_TO_DOUBLE
    alike[building] = False
    return alike
