"""The map as a table: every cell with its parents, its figures and its change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np

from dashboard.i18n import named
from dashboard.screens.overview import measures
from dashboard.screens.overview.columns import columns, counts, durations, remarks
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.measures import Measure
    from dashboard.screens.overview.scene import Scene

DENSITIES: Final = {"rate": "per_thousand", "per_area": "per_km2"}  # column of each kind


def cells(scene: Scene) -> pd.DataFrame:
    """The cells of the map, the highest of the shown measure first; the unknown place last."""
    tally = _ranked(scene)
    building = scene.level == BUILDING
    source = scene.city.buildings if building else scene.city.places
    rows = source.iloc[np.maximum(tally.index, 0)]
    unknown = scene.t("place.not_in_building" if building else "place.unknown_place")
    named_rows = list(zip(tally.index, rows.itertuples(), strict=True))
    names = [named(row, scene.language) if unit >= 0 else unknown for unit, row in named_rows]
    above = _parents(scene, tally.index, rows["unit"] if building else rows["parent"])
    shown: dict[str, object] = {"name": names}
    if any(above):
        shown["parent"] = above
    shown["code"] = ["" if unit < 0 else str(row.code) for unit, row in named_rows]
    shown |= counts(scene, tally)
    if not building:
        density = measures.usable(scene, measures.MEASURES["density"])
        shown |= _density(scene, density, tally)
    return columns(scene, shown | durations(scene, tally) | remarks(scene, tally))


def ways_in(scene: Scene, frame: pd.DataFrame) -> list[str]:
    """Where a row of the table of `cells` leads: to its place; what lies in no cell nowhere."""
    units = _ranked(scene).index.to_numpy()[frame.index]
    source = scene.city.buildings if scene.level == BUILDING else scene.city.places
    codes = source["code"].to_numpy()
    return [scene.href(at=str(codes[u]), level="", table="") if u >= 0 else "" for u in units]


def outlined(scene: Scene, frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """The table of `cells` with the outline of each; what lies in no cell has none and is left out.

    Columns are named by their keys, the same in every language.
    """
    tally = _ranked(scene)
    units = tally.index.to_numpy()[frame.index]
    rows, places = np.maximum(units, 0), scene.city.places
    if scene.level == BUILDING:
        shapes = scene.city.footprints.shapes(rows)
    else:
        shapes = places.geometry.iloc[rows].to_numpy()
    plain = frame.set_axis(frame.attrs["keys"], axis=1)
    found = gpd.GeoDataFrame(plain, geometry=shapes, crs=places.crs)[units >= 0]
    found.attrs |= frame.attrs
    return found


def _density(scene: Scene, measure: Measure, tally: pd.DataFrame) -> dict[str, object]:
    """Cases by people, or by area in a city that does not know its people; else nothing."""
    if measure.kind not in DENSITIES:
        return {}
    return {DENSITIES[measure.kind]: measures.values(measure, tally, scene).to_numpy().round(1)}


def _ranked(scene: Scene) -> pd.DataFrame:
    """The tally by the measure the map shows; among equals by code; what rests on too few below."""
    tally = scene.numbers.cells
    measure = measures.usable(scene)
    shown = measures.values(measure, tally, scene).to_numpy(dtype=np.float64)
    enough = tally[measure.sample].to_numpy() >= measures.scale(measure, scene).few
    known = np.where(np.isfinite(shown) & enough, shown, -np.inf)
    return tally.iloc[np.lexsort((np.arange(len(tally)), -known, tally.index < 0))]


def _parents(scene: Scene, units: pd.Index, parents: pd.Series) -> list[str]:
    """The way from the place down to each cell, without both ends: a community's street."""
    here = len(scene.city.tree.path(scene.unit))
    between = scene.t("column.between")
    said = {
        parent: between.join(scene.inner(unit) for unit in scene.city.tree.path(parent)[here:])
        for parent in {int(parent) for parent in parents if parent >= 0}
    }
    return [
        said.get(int(parent), "") if unit >= 0 else ""
        for unit, parent in zip(units, parents, strict=True)
    ]
