"""Where the name of a place stands on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

Spot = tuple[float, float]


def anchor(scene: Scene, unit: int) -> Spot:
    """A point inside the place, the middle of where its people live if its cells tell that."""
    place = scene.city.places.iloc[unit]
    own = float(place["label_lon"]), float(place["label_lat"])
    lived_in = _lived_in(scene, unit)
    if not len(lived_in):
        return own
    weights, spots = lived_in[:, 0], lived_in[:, 1:]
    middle = np.average(spots, axis=0, weights=weights)
    if place.geometry is not None and shapely.contains_xy(place.geometry, *middle):
        return float(middle[0]), float(middle[1])
    lon, lat = spots[np.argmin(((spots - middle) ** 2).sum(axis=1))].tolist()
    return lon, lat


def _lived_in(scene: Scene, unit: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """People and middle of each cell of the place in which anybody lives."""
    tree, places = scene.city.tree, scene.city.places
    finer = scene.level not in {BUILDING, tree.level(unit)}
    cells = places.iloc[tree.cells(unit, scene.level) if finer else []]
    cells = cells[(cells["people"] > 0) & cells["label_lon"].notna()]
    return cells[["people", "label_lon", "label_lat"]].to_numpy(dtype=np.float64)
