"""Hot spots as the map shows them: an outline of where they are, and their number in the list."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.ndimage import gaussian_filter
from shapely import buffer, contains_xy, points, union_all
from shapely.affinity import scale

from dashboard.i18n import named
from dashboard.i18n.amounts import count, known, rate
from dashboard.screens.overview import spots
from dashboard.screens.overview.extent import METRES_A_DEGREE, box
from geodata.model.periods import HOUR
from geodata.model.places import BUILDING
from geodata.tiles import heat

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from dashboard.access import Live
    from dashboard.screens.overview.scene import Scene
    from geodata.metrics.deviation import Change

# In shares of the radius of a circle as large as the place.
WIDER: Final = 0.45  # so that corners are rounded
BACK: Final = 0.30
DETAIL: Final = 0.08
DIGITS: Final = 5  # of a degree, about a metre
CORE: Final = 0.4  # of the densest point of a hot spot, down to which it is outlined
FINE: Final = 3  # parts of the blur in which cases are put together
FADED: Final = 8.0  # blurs away from a case, where no digit of its warmth is left
MOST_CASES: Final = 300_000  # above it the place as a whole is outlined

Ring = list[list[float]]


def hot(scene: Scene) -> list[dict[str, Any]]:
    """Hot spots: an outline and the number that stands beside them in the list."""
    if scene.mode != "heat" or not scene.has_cases:
        return []
    building = scene.level == BUILDING
    table = scene.city.buildings if building else scene.city.places
    lon, lat = ("lon", "lat") if building else ("label_lon", "label_lat")
    return [
        {
            "layer": "buildings" if building else scene.level,
            "id": spot.row,
            "n": number,
            "lon": float(table[lon].iloc[spot.row]),
            "lat": float(table[lat].iloc[spot.row]),
            "ring": [] if building else _ring(scene, spot.row),
            "text": _words(scene, number, spot, named(table.iloc[spot.row], scene.language)),
            "href": scene.href(at=str(table["code"].iloc[spot.row]), level="", play="", heat=False),
        }
        for number, spot in enumerate(spots.hot(scene), 1)
        if known(float(table[lon].iloc[spot.row]))
    ]


def drawn(scene: Scene, live: Live) -> Scene:
    """The scene with the outlines of its hot spots, where their cases lie."""
    found = () if scene.mode != "heat" or scene.level == BUILDING else spots.hot(scene)
    if not found or scene.numbers.total["reported"] > MOST_CASES:
        return scene
    lon, lat = live.engine.points(scene.numbers.request)
    hours, factor = scene.window.length / HOUR, scene.city.profile.heat_factor
    west, south, east, north = box(scene)
    blur_m = heat.scale((west, south, east, north), hours, factor).blur_m
    shapes = scene.city.places.geometry
    rings = {spot.row: gathered(shapes.iloc[spot.row], lon, lat, blur_m) for spot in found}
    return replace(scene, rings=rings)


def _ring(scene: Scene, row: int) -> Sequence[Sequence[float]]:
    return scene.rings.get(row) or around(scene.city.places.geometry.iloc[row])


def gathered(
    shape: BaseGeometry | None,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    blur_m: float,
) -> Ring:
    """A line round where the cases inside a place are densest; nothing where there are too few."""
    if shape is None or shape.is_empty:
        return []
    inside = contains_xy(shape, lon, lat)
    if int(inside.sum()) < spots.LEAST:
        return []
    narrow, reach = math.cos(math.radians(shape.centroid.y)), blur_m / METRES_A_DEGREE
    cases = np.column_stack([lon[inside] * narrow, lat[inside]]) / (reach / FINE)
    bins, warm = _warmth(np.rint(cases).astype(np.int64))
    bins *= reach / FINE
    area = union_all(buffer(points(bins[warm >= CORE * warm.max()]), reach))
    whole = area.buffer(reach).buffer(-reach)
    peak = points(bins[int(warm.argmax())])
    part = next(each for each in getattr(whole, "geoms", [whole]) if each.intersects(peak))
    return _line(part.simplify(DETAIL * reach), narrow)


def _warmth(
    cases: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The bins of cases, and how warm each is of those round it; their room grows as the area."""
    corner = cases.min(axis=0)
    counts = np.zeros(cases.max(axis=0) - corner + 1)
    np.add.at(counts, tuple((cases - corner).T), 1.0)
    warm = gaussian_filter(counts, FINE, mode="constant", truncate=FADED)
    taken = np.nonzero(counts)
    return (np.column_stack(taken) + corner).astype(np.float64), warm[taken]


def around(shape: BaseGeometry | None) -> Ring:
    """A line round a place without its corners; nothing where it has no shape."""
    if shape is None or shape.is_empty:
        return []
    narrow = math.cos(math.radians(shape.centroid.y))
    flat = scale(shape, xfact=narrow, origin=(0, 0))
    radius = math.sqrt(flat.area / math.pi)
    wide = flat.buffer(WIDER * radius).buffer(-BACK * radius).simplify(DETAIL * radius)
    return _line(max(getattr(wide, "geoms", [wide]), key=lambda part: part.area), narrow)


def _line(area: Any, narrow: float) -> Ring:  # noqa: ANN401 - shapely names no type for it
    """The outer line of a polygon whose degrees of longitude are as long as those of latitude."""
    line = np.array(area.exterior.coords)[:-1] / (narrow, 1)
    return [[float(lon), float(lat)] for lon, lat in np.round(line, DIGITS)]


def _words(scene: Scene, number: int, spot: Change, name: str) -> str:
    note = scene.t(
        "map.hot_note", n=count(spot.reported, scene.language), norm=rate(spot.norm),
        z=rate(spot.z),
    )  # fmt: skip
    return f"{scene.t('map.hot', n=number, name=name)}\n{note}"
