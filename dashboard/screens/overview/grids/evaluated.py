"""What units carry and who looks after them, from registers, rosters and the engine; judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.engine.numbers import QUANTILES
from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.grids import (
    Limits,
    candidates,
    load_index,
    neighbours,
    staff_load,
    weighted,
)
from geodata.metrics.grids.load import MEAN

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.question import Question
    from geodata.engine.numbers import Numbers
    from geodata.metrics.grids import Candidate
    from geodata.store.snapshots import City

ARRIVAL: Final = "arrival_median_min"


@dataclass(frozen=True)
class Evaluated:
    """How the units of a level fit their load.

    units: every unit of the level in the city, with the parts of its load, `load_index`, `staff`,
        `staff_load`, and, of those of the place, the engine's quantiles.
    here: the units of the place; found: candidates among them, the first to look at first.
    """

    level: str
    units: pd.DataFrame
    here: pd.DataFrame
    limits: Limits
    found: tuple[Candidate, ...]

    @property
    def few(self) -> int:
        """Units of the place with too few arrivals to judge their response."""
        return int((self.here["arrival_n"] < LEAST_CASES).sum())

    @property
    def unknown(self) -> int:
        """Units of the place of whose load nothing is known."""
        return int(self.here["load_index"].isna().sum())


def read(asked: Question, live: Live, numbers: Numbers) -> Evaluated:
    """Judge the units of the asked level that lie in the asked place."""
    city, request = asked.city, numbers.request
    name = f"registered {request.level} {city.id}"
    units = city.once(name, lambda: registered(city, request.level)).copy()
    whole = live.engine.workload(replace(request, place=0))
    weights = city.profile.evaluation.matter_weights
    rows = {row: weights[key] for row, key in enumerate(city.matters["key"]) if key in weights}
    cases = weighted(whole[whole["cell"] >= 0], rows).reindex(units.index, fill_value=0.0)
    enough = len(cases) and cases.mean() >= LEAST_CASES
    units["cases"] = cases if enough else np.nan
    units["load_index"] = load_index(units, city.profile.evaluation.model_dump())
    units["staff_load"] = staff_load(units["load_index"], units["staff"])
    here = units.loc[city.tree.cells(asked.unit, request.level)].join(
        numbers.cells[["reported", *QUANTILES]]
    )
    limits = _limits(city, request.level)
    light = here[here["load_index"] <= MEAN * limits.rules.merge_to].index
    places = city.places.iloc[light].set_axis(light)
    pairs = neighbours(places[places.geometry.notna()])
    return Evaluated(
        request.level, units, here, limits, tuple(candidates(here, limits, pairs))
    )  # fmt: skip


def _limits(city: City, level: str) -> Limits:
    most = [each.max_households for each in city.profile.levels if each.key == level]
    return Limits(city.profile.evaluation, max(most, default=0), city.profile.targets.get(ARRIVAL))


def registered(city: City, level: str) -> pd.DataFrame:
    """People, households, buildings and staff by unit of a level; NaN = not known."""
    units = city.tree.cells(0, level)
    places = city.places.iloc[units]
    table = {name: _known(places[name]) for name in ("people", "households")}
    above = city.tree.above(level)
    rosters = city.rosters
    table["buildings"] = _counted(city.buildings["unit"], above, units)
    table["staff"] = _counted(None if rosters is None else rosters["unit"], above, units)
    return pd.DataFrame(table, index=pd.Index(units, name="unit"))


def _known(column: pd.Series) -> np.ndarray:
    """Counts by unit; nothing known where they are below zero, or zero everywhere."""
    found = column.to_numpy(np.float64)
    found = np.where(found >= 0, found, np.nan)
    return found if np.nansum(found) > 0 else np.full(len(found), np.nan)


def _counted(of: pd.Series | None, above: np.ndarray, units: np.ndarray) -> np.ndarray:
    """How many rows lie in each unit or below it; NaN where the city keeps none at all."""
    if of is None or not len(of):
        return np.full(len(units), np.nan)
    cells = above[of.to_numpy()]
    found = np.bincount(cells[cells >= 0], minlength=len(above))[units]
    return np.asarray(found, dtype=np.float64)


def without_loads(numbers: Numbers) -> Numbers:
    """The numbers of units that were not judged: their load is not known."""
    return replace(numbers, cells=numbers.cells.assign(load_index=np.nan))


def with_loads(numbers: Numbers, found: Evaluated) -> Numbers:
    """The numbers with the load of each cell, as the map colours it; a whole place has none."""
    cells = numbers.cells.assign(load_index=found.here["load_index"])
    total = pd.concat([numbers.total, pd.Series({"load_index": np.nan})])
    return replace(numbers, cells=cells, total=total)
