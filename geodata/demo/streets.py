"""Local streets: big blocks are cut across their long side until they have the wanted size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Bools, Floats, Ints, Objects, Shapes, Task, stream
from geodata.demo.curves import unit_rows
from geodata.demo.linework import FIELD, LANE, LOCAL

if TYPE_CHECKING:
    from geodata.demo.setting import Setting
    from geodata.demo.water import Water

SIZES: Final = np.array([420_000.0, 150_000.0, 60_000.0, 46_000.0, 34_000.0])  # m², by density
STEPS: Final = (0.2, 0.33, 0.6, 0.93)  # densities between those sizes
FACTORY_SIZE: Final = 95_000.0
FACTORY: Final = 0.5
RURAL: Final = STEPS[0]
SUBURB: Final = 0.3
SLIM: Final = 0.022  # area / perimeter², below: a strip between two roads is left whole
SLACK: Final = 1.35
WIDEST: Final = 1.3  # times the usual size of a block
DEPTH: Final = 10
LEAST: Final = 5_000.0  # m² of the smaller half
OVERRUN: Final = 3.0  # metres by which a street runs over its end, so that it meets the other road
CAMPUS_M2: Final = (170_000.0, 420_000.0)
CAMPUS_SHARE: Final = 0.1
CAMPUS_DENSITY: Final = (0.36, 0.95)
INNER_M2: Final = 30_000.0  # a cut through a smaller block is a lane inside an estate
UNDRAWN: Final = 0.42  # share of rural cuts that are field borders, not lanes
BOW: Final = 7  # points of a curved cut


@dataclass(frozen=True, eq=False)
class Streets:
    """Local streets (lines with ranks) and the campuses left whole, on the sheet."""

    lines: Shapes
    ranks: Ints
    campuses: Shapes


@dataclass(frozen=True, eq=False)
class _Cut:
    lines: Shapes
    left: Shapes
    right: Shapes


def _wanted(setting: Setting, faces: Shapes, centre: Floats, rng: np.random.Generator) -> Floats:
    """Area in m² that each face may keep."""
    dense = setting.density(centre[:, 0], centre[:, 1])
    size = SIZES[np.searchsorted(STEPS, dense)]
    size = np.where(setting.industrial(centre[:, 0], centre[:, 1]) > FACTORY, FACTORY_SIZE, size)
    slim = shapely.area(faces) < SLIM * shapely.length(faces) ** 2
    size = size * np.where(dense < RURAL, 0.5 + 0.5 * setting.scale.block, setting.scale.block)
    return np.asarray(size * rng.lognormal(0, 0.2, len(faces)) * np.where(slim, 2.5, 1))


def _cut(rng: np.random.Generator, faces: Shapes, centre: Floats, rural: Bools) -> _Cut:
    """Cut every face across its long side, in the country with a bow and askew."""
    count = len(faces)
    box = shapely.get_coordinates(shapely.oriented_envelope(faces)).reshape(count, 5, 2)
    one, two = box[:, 1] - box[:, 0], box[:, 2] - box[:, 1]
    long = np.where((np.hypot(*one.T) > np.hypot(*two.T))[:, None], one, two)
    size = np.hypot(*(box[:, 2] - box[:, 0]).T)
    turn = rng.normal(0, 1, count) * np.where(rural, 0.28, 0.025)
    ahead = unit_rows(long)
    cos, sin = np.cos(turn), np.sin(turn)
    ahead = np.column_stack(
        [ahead[:, 0] * cos - ahead[:, 1] * sin, ahead[:, 0] * sin + ahead[:, 1] * cos]
    )
    across = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    middle = centre + long * rng.uniform(-0.09, 0.09, count)[:, None]
    t = np.linspace(-1.2, 1.2, BOW)
    bow = rng.normal(0, 0.1, count) * np.where(rural, 1, 0)
    line = middle[:, None] + (across * size[:, None])[:, None] * t[None, :, None]
    swing = (bow * size)[:, None] * (1 - (t / 0.6) ** 2)[None]
    line += ahead[:, None] * swing[:, :, None]
    far = (ahead * 4 * size[:, None])[:, None]
    ends = line[:, [-1, 0]]
    left = shapely.intersection(faces, shapely.polygons(np.hstack([line, ends + far])))
    right = shapely.intersection(faces, shapely.polygons(np.hstack([line, ends - far])))
    return _Cut(shapely.intersection(shapely.linestrings(line), faces), left, right)


def _pieces(halves: Shapes) -> tuple[Shapes, Ints]:
    """Polygons of the halves with the number of the half each comes from."""
    parts, owner = shapely.get_parts(halves, return_index=True)
    solid = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 1)
    return parts[solid], owner[solid]


def _overrun(lines: Shapes) -> tuple[Shapes, Ints]:
    """Cut lines, each a little longer at both ends, and the number of the cut each comes from."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    good = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (
        shapely.length(parts) > 1
    )
    made = []
    for part in parts[good]:
        points = shapely.get_coordinates(part)
        ends = points[[0, -1]] + OVERRUN * unit_rows(points[[0, -1]] - points[[1, -2]])
        made.append(shapely.linestrings(np.vstack([ends[:1], points[1:-1], ends[1:]])))
    found: Objects = np.empty(len(made), dtype=object)
    found[:] = made
    return found, owner[good]


def _is_campus(setting: Setting, area: Floats, centre: Floats, rng: np.random.Generator) -> Bools:
    """Which faces stay whole as a campus, a works or a big park."""
    dense = setting.density(centre[:, 0], centre[:, 1])
    size = area / np.sqrt(setting.scale.block)
    fits = (size > CAMPUS_M2[0]) & (size < CAMPUS_M2[1])
    fits &= (dense > CAMPUS_DENSITY[0]) & (dense < CAMPUS_DENSITY[1])
    fits &= setting.industrial(centre[:, 0], centre[:, 1]) < FACTORY
    return np.asarray(fits & (rng.random(len(area)) < CAMPUS_SHARE))


def _closed(setting: Setting, water: Water, faces: Shapes) -> Bools:
    """Which faces get no streets: lakes and the airfield."""
    areas = [*water.lakes]
    if setting.airfield is not None:
        areas.append(shapely.buffer(setting.airfield.area, -20))
    centre = shapely.get_coordinates(shapely.centroid(faces))
    hits = [shapely.contains_xy(area, centre[:, 0], centre[:, 1]) for area in areas]
    return np.asarray(np.any(hits, axis=0))


def local_streets(setting: Setting, water: Water, faces: Shapes, seed: int) -> Streets:
    """Cut big blocks into street blocks; every face of one round is cut at once."""
    rng = stream(seed, Task.STREETS)
    faces = faces[~_closed(setting, water, faces)]
    spread = np.minimum(rng.lognormal(0, 0.34, len(faces)), WIDEST)
    lines: list[Shapes] = []
    ranks: list[Ints] = []
    campuses: list[Shapes] = []
    for _ in range(DEPTH):
        centre = shapely.get_coordinates(shapely.centroid(faces))
        wanted = _wanted(setting, faces, centre, rng) * spread * SLACK
        campus = _is_campus(setting, shapely.area(faces), centre, rng)
        campuses.append(faces[campus])
        go = (shapely.area(faces) > wanted) & ~campus
        if not go.any():
            break
        faces, spread, centre = faces[go], spread[go], centre[go]
        before = shapely.area(faces)
        dense = setting.density(centre[:, 0], centre[:, 1])
        cut = _cut(rng, faces, centre, dense < SUBURB)
        faces, spread, kept = _halves(cut, spread)
        found, owner = _overrun(cut.lines)
        used = kept[owner]
        field = rng.random(len(kept)) < UNDRAWN
        inner = before < INNER_M2
        rank = np.where((dense > RURAL) & ~inner, LOCAL, np.where(field, FIELD, LANE))
        lines.append(found[used])
        ranks.append(rank[owner][used].astype(np.int64))
    return Streets(np.concatenate(lines), np.concatenate(ranks), np.concatenate(campuses))


def _halves(cut: _Cut, spread: Floats) -> tuple[Shapes, Floats, Bools]:
    """The pieces of all good cuts, their spread, and which cuts are good."""
    left, of_left = _pieces(cut.left)
    right, of_right = _pieces(cut.right)
    parts, owner = np.concatenate([left, right]), np.concatenate([of_left, of_right])
    least = np.full(len(spread), np.inf)
    np.minimum.at(least, owner, shapely.area(parts))
    kept = (least > LEAST) & np.isfinite(least)
    use = kept[owner]
    return parts[use], spread[owner[use]], kept
