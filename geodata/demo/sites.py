"""The chosen places of a city: centres, towns, factory zones, airfield and new town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from geodata.demo.arrays import Floats
    from geodata.demo.scales import Scale

TRIES: Final = 6_000
AIRFIELD_HALF: Final = (2_300.0, 1_150.0)  # length and width, metres
AIRFIELD_FAR: Final = 4_200.0
GROWN: Final = 1.35  # the two towns nearest the centre
INSIDE: Final = 0.14  # of the city's half height: how far towns keep from the border


@dataclass(frozen=True, eq=False)
class Airfield:
    """An airfield: its middle, the direction of its runways in radians, its fence."""

    centre: Floats
    angle: float
    area: Polygon


@dataclass(frozen=True, eq=False)
class Sites:
    """Middles (n × 2) and radii (n), metres on the sheet; cores[0] is the main centre."""

    cores: Floats
    core_radius: Floats
    towns: Floats
    town_radius: Floats
    industry: Floats
    industry_radius: Floats
    airfield: Airfield | None
    new_town: Floats | None


def _spread(
    rng: np.random.Generator, count: int, zone: BaseGeometry, far: float, taken: Floats
) -> Floats:
    """Up to `count` points in a zone, `far` from each other and from those taken (x, y, radius)."""
    left, low, right, high = zone.bounds
    found: list[Floats] = []
    shapely.prepare(zone)
    for _ in range(TRIES):
        if len(found) == count:
            break
        point = rng.uniform((left, low), (right, high))
        if not shapely.contains_xy(zone, point[0], point[1]):
            continue
        clear = np.hypot((taken[:, 0] - point[0]) / 1.25, taken[:, 1] - point[1]) - taken[:, 2]
        near = [float(np.hypot(*(point - other))) for other in found]
        if min([*near, float(clear.min())]) > far:
            found.append(point)
    return np.array(found).reshape(-1, 2)


def _airfield(rng: np.random.Generator, scale: Scale, core: Floats) -> Airfield:
    side = 1.0 if core[0] < 0 else -1.0
    stretch = scale.core_m / 4_250
    centre = np.array(
        [
            core[0] + side * (7_800 * stretch + 4_000),
            max(core[1] - 3_000 - 3_600 * stretch, -0.5 * scale.half_height),
        ]
    )
    angle = float(np.deg2rad(rng.uniform(8, 22)))
    along = np.array([np.cos(angle), np.sin(angle)]) * AIRFIELD_HALF[0]
    across = np.array([-np.sin(angle), np.cos(angle)]) * AIRFIELD_HALF[1]
    corners = [centre + a * along + b * across for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return Airfield(centre, angle, shapely.Polygon(corners))


def _industry(core: Floats, core_m: float, towns: Floats, hub: Floats) -> Floats:
    """Factory zones: between the centre and the hub, and beside the first and the last town."""
    spots = [hub * 0.45 + core * 0.55 + (0, -0.9 * core_m)]
    if len(towns):
        order = np.argsort(np.hypot(*(towns - hub).T))
        spots += [towns[order[0]] + (1_700, 500), towns[order[-1]] + (-1_500, -600)]
    return np.array(spots)


def choose_sites(rng: np.random.Generator, scale: Scale, area: BaseGeometry) -> Sites:
    """Choose places that keep apart and lie inside the border."""
    half = np.array([scale.half_width, scale.half_height])
    core = np.array([rng.uniform(-0.2, 0.0), rng.uniform(0.0, 0.16)]) * half
    airfield = _airfield(rng, scale, core) if scale.airport else None
    inner = shapely.buffer(area, -INSIDE * scale.half_height)
    taken = np.array([[core[0], core[1], scale.core_m * 0.75]])
    if airfield is not None:
        taken = np.vstack([taken, [*airfield.centre, AIRFIELD_FAR - scale.far]])
    extra = _spread(rng, scale.cores, inner, scale.far * 1.6, taken)
    extra_radius = rng.uniform(0.4, 0.72, len(extra)) * scale.core_m
    taken = np.vstack([taken, np.column_stack([extra, extra_radius * 0.8])])
    towns = _spread(rng, scale.towns, inner, scale.far, taken)
    town_radius = rng.uniform(0.18, 0.31, len(towns)) * min(scale.core_m, 4_250)
    near = np.argsort(np.hypot(*(towns - core).T))[:2]
    town_radius[near] *= GROWN
    hub = airfield.centre if airfield is not None else core + half * (0.35, -0.3)
    industry = _industry(core, min(scale.core_m, 4_250), towns, hub)
    spread = np.array([0.6, 0.36, 0.31])[: len(industry)] * min(scale.core_m, 4_250)
    new_town = towns[near[-1]] if scale.new_town and len(towns) else None
    return Sites(
        cores=np.vstack([core[None], extra]),
        core_radius=np.append([scale.core_m], extra_radius),
        towns=towns,
        town_radius=town_radius,
        industry=industry,
        industry_radius=spread,
        airfield=airfield,
        new_town=new_town,
    )
