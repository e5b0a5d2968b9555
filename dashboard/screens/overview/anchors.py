"""Where the names of places stand on the map."""

from __future__ import annotations

import math
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
LARGE = 0.3  # of the largest part of a place: parts that bear a name
SEVERAL = 2
NECK = 0.05  # of the side of a square as large as the place: half of how narrow a neck is
EXACT = 0.02  # of its extent: how exactly the middle of a part is found


def anchors(scene: Scene, units: Iterable[int]) -> dict[int, Spot]:
    """A point inside each place, the middle of where its people live if its cells tell that."""
    wanted, kept = list(units), _kept(scene)
    key = scene.level
    if any((unit, key) not in kept for unit in wanted):
        places = scene.city.places
        # Columns as arrays: to ask the frame for every place would take a quarter of the page.
        table = np.column_stack([places[name].to_numpy(dtype=np.float64) for name in COLUMNS])
        shapes = places.geometry.array
        kept |= {
            (unit, key): [_anchor(table, shapes[unit], unit, _cells(scene, unit))]
            for unit in wanted
        }
    return {unit: kept[unit, key][0] for unit in wanted}


def _kept(scene: Scene) -> dict[tuple[int, object], list[Spot]]:
    """What was found before, by unit and what it rests on: places of a city stay."""
    division = "" if scene.division is None else scene.division.key
    found: dict[tuple[int, object], list[Spot]]
    found = scene.city.once(f"anchors {scene.city.id} {division}", dict)
    return found


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
        return _on_largest(shape, (lon, lat))
    weights, spots = lived_in[:, 0], lived_in[:, 1:]
    middle = np.average(spots, axis=0, weights=weights)
    if shape is None or not shapely.contains_xy(shape, *middle):
        middle = spots[np.argmin(((spots - middle) ** 2).sum(axis=1))]
    lon, lat = middle.tolist()
    return lon, lat


def other_parts(scene: Scene, unit: int, spot: Spot) -> list[Spot]:
    """The middles of the other large parts of a place; none where it is of one piece."""
    kept = _kept(scene)
    if (unit, spot) not in kept:
        kept[unit, spot] = [
            _middle(part)
            for part in _parts(scene.city.places.geometry.array[unit])
            if not shapely.contains_xy(part, *spot)
        ]
    return kept[unit, spot]


def _on_largest(shape: shapely.Geometry | None, spot: Spot) -> Spot:
    """The spot, or the middle of the largest part of a place if it lies on a small one."""
    large = _parts(shape)
    if not large or any(shapely.contains_xy(part, *spot) for part in large):
        return spot
    return _middle(large[0])


def _parts(shape: shapely.Geometry | None) -> list[shapely.Geometry]:
    """The large parts of a place, the largest first; what a mere neck joins counts as several."""
    if shape is None or shapely.is_empty(shape):
        return []
    parts = shapely.get_parts(shapely.buffer(shape, -NECK * math.sqrt(shapely.area(shape))))
    if len(parts) < SEVERAL:
        return []
    areas = shapely.area(parts)
    order = np.argsort(-areas, kind="stable")
    return [parts[at] for at in order if areas[at] >= LARGE * areas.max()]


def _middle(part: shapely.Geometry) -> Spot:
    """The middle of the widest circle in a part."""
    (west, south), (east, north) = shapely.bounds(part).reshape(2, 2)
    exact = max(east - west, north - south) * EXACT
    circle = shapely.maximum_inscribed_circle(part, tolerance=exact)
    return tuple(shapely.get_coordinates(circle)[0].tolist())


def _cells(scene: Scene, unit: int) -> npt.NDArray[np.int32]:
    """The cells of the map that lie inside the place; none where it is one itself."""
    tree = scene.city.tree
    finer = scene.level not in {BUILDING, tree.level(unit)}
    return tree.cells(unit, scene.level) if finer else np.empty(0, np.int32)
