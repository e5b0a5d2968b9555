"""The score of units by a scheme, with the interval that its parts leave and ranges of ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.metrics.fair import ranking
from geodata.metrics.fair.ranks import ranks
from geodata.metrics.schemes import ends, metric_of

if TYPE_CHECKING:
    from geodata.metrics.metric import Metric
    from geodata.model.schemes import Scheme, SchemePart

FULL: Final = 100.0
ESTIMATES: Final = ["fair", "low", "high"]


@dataclass(frozen=True, eq=False)
class Scored:
    """A part of a scheme: its share of the whole weight, and a row a unit.

    table: value and n as the registry has them; fair, low, high in points; few.
    """

    part: SchemePart
    metric: Metric
    weight: float
    table: pd.DataFrame


def parts_of(scheme: Scheme, units: pd.DataFrame) -> tuple[Scored, ...]:
    """Every part of a scheme in points, shrunk as in any ranking.

    Raises:
        ProfileError: the scheme names what nobody can count.
    """
    whole = sum(part.weight for part in scheme.parts)
    return tuple(_scored(part, part.weight / whole, units) for part in scheme.parts)


def scored(parts: tuple[Scored, ...], units: pd.DataFrame) -> pd.DataFrame:
    """Rank units by the mean of their points, by weight.

    A unit with too few cases in any part has no score: nothing is filled in. The ends of the
    interval are the means of the parts' ends: parts rest on the same cases, and whatever they have
    in common, the mean does not scatter more than that.

    Returns:
        fair, low, high in points; n: cases behind the part that has the fewest; few; the columns of
        `ranks`.
    """
    found = pd.DataFrame(
        {name: sum(each.weight * each.table[name] for each in parts) for name in ESTIMATES},
        index=units.index,
    )
    found["n"] = np.min([each.table["n"] for each in parts], axis=0)
    found["few"] = np.any([each.table["few"] for each in parts], axis=0)
    ranked = ~found["few"].to_numpy() & (np.asarray(units.index) >= 0)
    shown = np.where(ranked, found["fair"], np.nan)
    places = ranks(shown, found["low"].to_numpy(), found["high"].to_numpy(), falling=False)
    return found.join(places.set_index(units.index))


def _scored(part: SchemePart, weight: float, units: pd.DataFrame) -> Scored:
    metric = metric_of(part)
    none, full = ends(part)
    table = ranking(metric, units)[["value", "n", "few", *ESTIMATES]]
    points = ((table[ESTIMATES] - none) / (full - none)).clip(0, 1) * FULL
    if full < none:
        points = points[["fair", "high", "low"]].set_axis(ESTIMATES, axis=1)
    table[ESTIMATES] = points
    return Scored(part, metric, weight, table)
