"""How much a unit has to carry, beside the mean of its level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTS: Final = ("people", "households", "buildings", "cases")
MEAN: Final = 100.0


def weighted(counted: pd.DataFrame, weights: Mapping[int, float]) -> pd.Series:
    """Cases by cell, each as many as its matter weighs; what has no weight is one.

    Args:
        counted: cell, matter and cases, as the engine counts them.
        weights: row of the matter → how many usual cases one of it is worth.
    """
    each = counted["matter"].map(weights).fillna(1.0)
    return (counted["cases"] * each).groupby(counted["cell"]).sum()


def load_index(units: pd.DataFrame, shares: Mapping[str, float]) -> pd.Series:
    """By unit the load, 100 = the mean of all the units: parts against their mean, by share.

    A part that is unknown everywhere, or zero, is left out; where it is unknown for one unit, the
    others count for it. NaN where nothing is known.
    """
    top, below = np.zeros(len(units)), np.zeros(len(units))
    for part in PARTS:
        amounts = units[part].to_numpy(np.float64)
        known = np.isfinite(amounts)
        mean = amounts[known].mean() if known.any() else 0.0
        if mean > 0:
            top += np.where(known, shares[part] * np.nan_to_num(amounts) / mean, 0.0)
            below += np.where(known, shares[part], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.Series(np.where(below > 0, MEAN * top / below, np.nan), index=units.index)


def staff_load(load: pd.Series, staff: pd.Series) -> pd.Series:
    """By unit the load a person on its roster carries, 100 = the mean; NaN where nobody is."""
    known = np.isfinite(load) & np.isfinite(staff)
    people = float(staff[known].sum())
    if not people:
        return pd.Series(np.nan, index=load.index)
    usual = float(load[known].sum()) / people
    return MEAN * load / staff.where(staff > 0) / usual
