"""How far households are from the station of their grid, over the roads where any are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.extent import Extent, Form, Seen
    from geodata.planner.rules import Rules
    from geodata.planner.ways import Roads

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Point = tuple[float, float]

ROUNDABOUT: Final = 3.0  # times the straight line: a longer way is not looked for
AROUND_M: Final = 500.0  # roads beside the land that a way may take


@dataclass(frozen=True)
class Reach:
    """Of one grid: households within reach of all; the farthest one, how far and where."""

    within: int
    households: int
    farthest_m: float
    where: Point


@dataclass(frozen=True, eq=False)
class Walk:
    """The homes of a community, and the roads there.

    rows: of the buildings in the facts, or of the atoms where no buildings are known, ascending;
    where: (n, 2) metres; node, off_m: the nearest node of the roads, and the way there.
    """

    rows: Ints
    where: Floats
    households: npt.NDArray[np.int64]
    roads: Roads | None
    node: Ints
    off_m: Floats


def by_road(extent: Extent) -> bool:
    """Whether all ways are over roads, and none a straight line made longer by a factor."""
    return all(_walk(extent, int(each)).roads is not None for each in extent.communities)


def reaches(seen: Seen, rules: Rules) -> list[Reach]:
    """By grid, who can get to its station on foot."""
    limits = (rules.reach_m, rules.service_radius_m.value, rules.detour.value)
    extent = seen.extent
    key = ("reaches", extent.ground.key, extent.communities.tobytes(), seen.plan.key, limits)
    return extent.facts.views.of(key, partial(_reaches, seen, rules, limits))


def _reaches(seen: Seen, rules: Rules, limits: tuple[float, ...]) -> list[Reach]:
    anchors, found = seen.extent.facts.anchors, []
    for code, form in zip(seen.codes, seen.forms, strict=True):
        at = anchors.get(code)
        key = ("reach", at, limits)
        if key not in form.kept:
            form.kept[key] = _reach(form, at, rules)
        found.append(form.kept[key])
    return found


def _reach(form: Form, anchor: Point | None, rules: Rules) -> Reach:
    walk = _walk(form.extent, int(form.extent.community[form.places[0]]))
    rows = form.buildings if len(form.extent.buildings) else form.atoms
    homes = np.flatnonzero(np.isin(walk.rows, rows) & (walk.households > 0)).astype(np.int32)
    if not len(homes):
        return Reach(0, 0, 0.0, anchor or (0.0, 0.0))
    households, where = walk.households[homes], walk.where[homes]
    at = np.array(anchor) if anchor else _middle(where, households)
    away = _ways(walk, homes, at, rules.detour.value)
    last = int(np.argmax(away))
    within = int(households[away <= rules.reach_m].sum())
    x, y = where[last].tolist()
    return Reach(within, int(households.sum()), float(away[last]), (x, y))


def _middle(where: Floats, households: npt.NDArray[np.int64]) -> Floats:
    """The home nearest to the middle of all: where a station would be."""
    middle = np.average(where, axis=0, weights=households)
    return np.asarray(where[int(np.argmin(np.hypot(*(where - middle).T)))])


def _ways(walk: Walk, rows: Ints, at: Floats, detour: float) -> Floats:
    line: Floats = np.hypot(*(walk.where[rows] - at).T)
    straight = line * detour
    if walk.roads is None:
        return straight
    start, off = walk.roads.nearest(at[None, :])
    most = ROUNDABOUT * float(line.max()) + AROUND_M  # farther nobody looks for a way
    over = walk.roads.ways(int(start[0]), most)[walk.node[rows]]
    away = np.where(np.isfinite(over), over + walk.off_m[rows] + off[0], most)
    # To the house next door nobody walks along the road.
    near = straight <= walk.off_m[rows] + off[0]
    return np.asarray(np.where(near, np.minimum(away, straight), away))


def _walk(extent: Extent, community: int) -> Walk:
    key = ("walk", extent.ground.key, community)
    return extent.facts.kept.of(key, partial(_homes, extent, community))


def _homes(extent: Extent, community: int) -> Walk:
    facts, ground, places = extent.facts, extent.ground, extent.of_community[community]
    if len(extent.buildings):
        rows = extent.buildings[extent.community[extent.place] == community]
        where, households = facts.where[rows], facts.households[rows]
    else:
        rows = extent.atoms[places]
        where = shapely.get_coordinates(shapely.point_on_surface(ground.shapes[rows]))
        households = ground.households[rows]
    west, south, east, north = shapely.total_bounds(ground.shapes[extent.atoms[places]]).tolist()
    box = (west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M)
    roads = facts.roads.inside(box) if facts.roads is not None else None
    node, off = np.zeros(len(rows), dtype=np.int32), np.zeros(len(rows))
    if roads is not None and len(rows):
        node, off = roads.nearest(where)
    return Walk(rows, where, households, roads, node, off)
