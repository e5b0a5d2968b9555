"""Where the map looks, and what of it must be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from dashboard.boxes import built_box, opening_box
from geodata.engine.cache import Recent

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.screens.overview.scene import Scene

    Shapes = npt.NDArray[np.object_]
    Rim = list[list[float]]

AROUND_BUILDING_M: Final = 190.0  # half of the map's height round a chosen building
METRES_A_DEGREE: Final = 111_320.0
RIM_POINTS: Final = 120
LEAST_POINTS: Final = 6  # round an island
RIMS_KEPT: Final = 200
LEAST_PART: Final = 0.01  # of the area of the largest part; what is smaller may lie under a card


def box(scene: Scene) -> list[float]:
    """West, south, east, north of what is looked at."""
    if scene.building is not None:
        row = scene.city.buildings.iloc[scene.building]
        lat = AROUND_BUILDING_M / METRES_A_DEGREE
        lon = lat / float(np.cos(np.radians(row["lat"])))
        west, south = row["lon"] - lon, row["lat"] - lat
        return [float(west), float(south), float(row["lon"] + lon), float(row["lat"] + lat)]
    if scene.mode == "heat":  # cases lie where people do, not in woods and on water
        return list(built_box(scene.city, scene.unit))
    return list(opening_box(scene.city, scene.unit))


def rim(scene: Scene) -> list[list[float]]:
    """Points along the border of the place, or of its parts: no card must cover them."""
    if scene.building is not None:
        return []
    kept: Recent[Rim] = scene.city.once(f"rims {scene.city.id}", lambda: Recent(RIMS_KEPT))
    is_heat = scene.mode == "heat"

    def make() -> Rim:
        shapes = _shapes(scene)
        return _around(_seen(scene, shapes) if is_heat else shapes)

    return kept.get((scene.unit, is_heat), make)


def _seen(scene: Scene, shapes: Shapes) -> Shapes:
    """What of a place the map of the heat shows."""
    seen = np.asarray(shapely.clip_by_rect(shapes, *box(scene)))
    return seen if shapely.area(seen).any() else shapes


def _around(shapes: Shapes) -> Rim:
    if not len(shapes):
        return []
    parts = shapely.get_parts(shapes)
    parts = parts[shapely.area(parts) >= LEAST_PART * shapely.area(parts).max()]
    rings = shapely.get_exterior_ring(parts)
    lengths = shapely.length(rings)
    counts = np.maximum(LEAST_POINTS, np.round(RIM_POINTS * lengths / lengths.sum()))
    points = np.concatenate([_along(*each) for each in zip(rings, counts, strict=True)])
    thinned = points[:: max(1, round(len(points) / RIM_POINTS))]
    seen = np.concatenate([_tips(shapely.get_coordinates(rings)), thinned])
    return [[round(lon, 5), round(lat, 5)] for lon, lat in seen.tolist()]


def _shapes(scene: Scene) -> Shapes:
    """The shape of the place; those of its children where it has none of its own."""
    shapes = np.asarray(scene.city.places.geometry.array, dtype=object)
    own = shapes[[scene.unit]]
    found = own if own[0] is not None else shapes[scene.city.tree.children(scene.unit)]
    return np.asarray(found[~shapely.is_missing(found)], dtype=object)


def _along(ring: shapely.LinearRing, count: float) -> npt.NDArray[np.float64]:
    """So many points of a ring, equally far from each other."""
    shares = np.arange(count) / count
    return shapely.get_coordinates(shapely.line_interpolate_point(ring, shares, normalized=True))


def _tips(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The points that reach farthest into the eight directions: what corners cover first."""
    east, north = (points / np.maximum(np.ptp(points, axis=0), np.finfo(float).tiny)).T
    ways = np.stack([east, north, east + north, east - north])
    found: npt.NDArray[np.float64] = points[np.r_[ways.argmin(axis=1), ways.argmax(axis=1)]]
    return found
