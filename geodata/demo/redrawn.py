"""Boundaries of some months ago: some grids of two streets were split or cut anew since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geodata.demo.arrays import Shapes, Task, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

STREETS: Final = 2
PAIRS: Final = 8  # of grids, at most, in each of them
AGO: Final = timedelta(days=130)  # and then back to the first day of that month
COUNTED: Final = ["people", "households"]


@dataclass(frozen=True)
class Redrawn:
    """Units as they were, like those of `Land`, and what has changed since.

    streets: codes of the two; split: pairs of grids that were one, under the code of the first;
    recut: pairs of grids whose border ran otherwise.
    """

    units: gpd.GeoDataFrame
    streets: tuple[str, ...]
    split: tuple[tuple[str, str], ...]
    recut: tuple[tuple[str, str], ...]

    def told(self, until: date) -> dict[str, Any]:
        """What is planted, for the truth."""
        return {
            "until": until.isoformat(),
            "streets": list(self.streets),
            "split": [list(pair) for pair in self.split],
            "recut": [list(pair) for pair in self.recut],
        }


def day_of(until: date) -> date:
    """The first day of today's boundaries, in a history that ends where `until` begins."""
    return (until - AGO).replace(day=1)


def redrawn(units: gpd.GeoDataFrame, street: str, seed: int) -> Redrawn:
    """Undo what was redrawn in two streets: grids split in one of them, cut anew in the other.

    Where nothing lies below the grids there is nothing to cut anew, and both were split.
    """
    codes = units.loc[units["level"] == street, "code"].astype(str).sort_values().to_numpy()
    chosen = stream(seed, Task.REDRAWN).permutation(codes)[:STREETS].tolist()
    before = units.copy()
    split: list[tuple[str, str]] = []
    recut: list[tuple[str, str]] = []
    for number, code in enumerate(chosen):
        for pair in list(_pairs(units, code))[:PAIRS]:
            if number and _cut(before, *pair):
                recut.append(pair)
            elif not number or not len(_below(units, pair)):
                before = _joined(before, *pair)
                split.append(pair)
    whole = gpd.GeoDataFrame(before.reset_index(drop=True), crs=units.crs)
    return Redrawn(whole, tuple(chosen), tuple(split), tuple(recut))


def _pairs(units: gpd.GeoDataFrame, street: str) -> Iterator[tuple[str, str]]:
    """Neighbouring grids of one community, the first two of each that have a common border."""
    inside = units["code"].astype(str).str.startswith(street)
    grids = units[inside & (units["level"] == "grid") & (units["kind"] == "general")]
    for _, siblings in grids.sort_values("code").groupby("parent"):
        shapes, codes = _shapes(gpd.GeoDataFrame(siblings)), siblings["code"].astype(str).tolist()
        near = shapely.length(shapely.intersection(shapes[:1], shapes[1:])) > 0
        if near.any():
            yield codes[0], codes[1 + int(np.argmax(near))]


def _below(units: gpd.GeoDataFrame, pair: tuple[str, str]) -> gpd.GeoDataFrame:
    return units[units["parent"].isin(pair)]


def _row(units: gpd.GeoDataFrame, code: str) -> int:
    return int(units.index[units["code"] == code][0])


def _shapes(units: gpd.GeoDataFrame) -> Shapes:
    return np.asarray(units.geometry.array, dtype=np.object_)


def _joined(units: gpd.GeoDataFrame, first: str, second: str) -> gpd.GeoDataFrame:
    """Two grids as the one they were."""
    one, other = _row(units, first), _row(units, second)
    shape = shapely.coverage_union_all(_shapes(units.loc[[one, other]]))
    units.loc[[one], "geometry"] = gpd.GeoSeries([shape], index=[one], crs=units.crs)
    units.loc[one, COUNTED] = units.loc[[one, other], COUNTED].sum()
    units.loc[units["parent"] == second, "parent"] = first
    return gpd.GeoDataFrame(units.drop(index=other))


def _cut(units: gpd.GeoDataFrame, first: str, second: str) -> bool:
    """Cut two grids across their line instead of along it; False = that would be no grids."""
    below = _below(units, (first, second))
    both = [_row(units, first), _row(units, second)]
    middles = shapely.get_coordinates(shapely.centroid(_shapes(units.loc[both])))
    along = middles[1] - middles[0]
    spots = shapely.get_coordinates(shapely.point_on_surface(_shapes(below)))
    order = np.argsort(spots @ np.array([-along[1], along[0]]), kind="stable")
    mine = np.zeros(len(below), dtype=np.bool_)
    mine[order[: len(below) // 2]] = True
    parts = [below[mine], below[~mine]]
    shapes = [shapely.coverage_union_all(_shapes(part)) for part in parts]
    before = (below["parent"] == first).to_numpy()
    if _same(mine, before) or {shape.geom_type for shape in shapes} != {"Polygon"}:
        return False
    for code, part, shape in zip((first, second), parts, shapes, strict=True):
        row = _row(units, code)
        units.loc[[row], "geometry"] = gpd.GeoSeries([shape], index=[row], crs=units.crs)
        units.loc[row, COUNTED] = part[COUNTED].sum()
        units.loc[part.index, "parent"] = code
    return True


def _same(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> bool:
    """Whether two are divided in the same way, whichever is called the first."""
    return bool((one == other).all() or (one != other).all())
