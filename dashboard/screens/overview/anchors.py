"""Where the names of places stand on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from dashboard.screens.overview.scene import Scene

Spot = tuple[float, float]
COLUMNS = ("people", "label_lon", "label_lat")


def anchors(scene: Scene, units: Iterable[int]) -> dict[int, Spot]:
    """A point inside each place, the middle of where its people live if its cells tell that."""
    places = scene.city.places
    # Columns as arrays: to ask the frame for every place would take a quarter of the whole page.
    table = np.column_stack([places[name].to_numpy(dtype=np.float64) for name in COLUMNS])
    shapes = places.geometry.array
    return {unit: _anchor(table, shapes[unit], unit, _cells(scene, unit)) for unit in units}


def _anchor(
    table: npt.NDArray[np.float64],
    shape: shapely.Geometry | None,
    unit: int,
    cells: npt.NDArray[np.int32],
) -> Spot:
    known = table[cells]
    lived_in = known[(known[:, 0] > 0) & np.isfinite(known[:, 1])]
    if not len(lived_in):
        lon, lat = table[unit, 1:].tolist()
        return lon, lat
    weights, spots = lived_in[:, 0], lived_in[:, 1:]
    middle = np.average(spots, axis=0, weights=weights)
    if shape is None or not shapely.contains_xy(shape, *middle):
        middle = spots[np.argmin(((spots - middle) ** 2).sum(axis=1))]
    lon, lat = middle.tolist()
    return lon, lat


def _cells(scene: Scene, unit: int) -> npt.NDArray[np.int32]:
    """The cells of the map that lie inside the place; none where it is one itself."""
    tree = scene.city.tree
    finer = scene.level not in {BUILDING, tree.level(unit)}
    return tree.cells(unit, scene.level) if finer else np.empty(0, np.int32)
