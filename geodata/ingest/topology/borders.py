"""Where borders of one level overlap, leave gaps, or leave their parent; nothing is changed.

Everything is laid over in metres, in an equal-area CRS about the city. Vertices that two borders
share stay shared there, so that borders which match do so exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.locate import WGS84, has_shape, local_crs
from geodata.ingest.topology.shapes import POLYGONS, holes, measured, polygons, projected, united
from geodata.model.schemas import TOPOLOGY
from geodata.store.tables import conform, empty_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from pyproj import CRS

    from geodata.ingest.topology.shapes import Rows, Shapes

    Codes = npt.NDArray[np.object_]

WITHIN: Final = 0.5  # an exclave has this share of itself in a foreign parent, or of its rim there
NEAR_M: Final = 1.0  # rims this near to each other run together


@dataclass(frozen=True)
class Pieces:
    """Ground of one kind: whose it is (codes), who else is concerned, and its polygons."""

    kind: str
    unit: Codes
    other: Codes
    shapes: Shapes


@dataclass(frozen=True)
class Plan:
    """Polygons of one level with their codes, and those of the units above them."""

    codes: Codes
    parents: Codes
    shapes: Shapes
    above: dict[str, shapely.Geometry]  # the polygon of each parent that has one

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The level's polygons by where they are."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def odd(self) -> Rows:
        """Rows of units whose border does not match that of a neighbour."""
        edges = shapely.coverage_invalid_edges(self.shapes)
        return np.flatnonzero(~shapely.is_empty(edges))

    @cached_property
    def gaps(self) -> Shapes:
        """Ground that the level surrounds without holding it."""
        return holes(united(self.shapes, matching=not len(self.odd)))


def survey(
    units: gpd.GeoDataFrame, levels: Sequence[str], metres: CRS | None = None
) -> gpd.GeoDataFrame:
    """Make the TOPOLOGY of some levels; `metres` is the CRS of areas, a local one if not given."""
    array = np.asarray(units.geometry.array, dtype=np.object_)
    there = has_shape(units.geometry) & np.isin(shapely.get_type_id(array), POLYGONS)
    metres = metres or local_crs(gpd.GeoSeries(units.geometry[there]))
    array = projected(array, metres)
    by_code = dict(zip(units["code"][there], array[there], strict=True))
    found: list[gpd.GeoDataFrame] = []
    for level in levels:
        mine = there & (units["level"] == level).to_numpy(dtype=np.bool_)
        if not mine.any():
            continue
        codes, parents = (units.loc[mine, c].to_numpy(dtype=object) for c in ("code", "parent"))
        above = {code: by_code[code] for code in sorted(set(parents)) if code in by_code}
        plan = Plan(codes, parents, array[mine], above)
        found.extend(_table(level, each, metres) for each in pieces(plan))
    whole = [table for table in found if len(table)]
    if not whole:
        return empty_shapes(TOPOLOGY)
    joined = gpd.GeoDataFrame(pd.concat(whole, ignore_index=True), geometry="geometry", crs=WGS84)
    return gpd.GeoDataFrame(conform(joined, TOPOLOGY, "topology"), crs=WGS84)


def pieces(plan: Plan) -> Iterator[Pieces]:
    """Everything that is odd about one level, kind by kind; its shapes are in metres."""
    yield overlaps(plan)
    yield Pieces("gap", _blank(plan.gaps), _around(plan), plan.gaps)
    yield _uncovered(plan)
    yield from _abroad(plan)
    yield from _apart(plan)


def overlaps(plan: Plan) -> Pieces:
    """Ground that two units of a level both claim."""
    one, two = plan.tree.query(plan.shapes[plan.odd], predicate="intersects")
    pairs = np.sort(np.stack([plan.odd[one], two], axis=1), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    first, second = pairs[:, 0], pairs[:, 1]
    shared = shapely.intersection(plan.shapes[first], plan.shapes[second])
    areal = _areal(shared)
    # One row for each pair of neighbours, however often their borders cross.
    return Pieces("overlap", plan.codes[first[areal]], plan.codes[second[areal]], shared[areal])


def _areal(shapes: Shapes) -> npt.NDArray[np.bool_]:
    return np.asarray(shapely.area(shapes) > 0, dtype=np.bool_)


def _blank(shapes: Shapes) -> Codes:
    return np.full(len(shapes), "", dtype=object)


def _around(plan: Plan) -> Codes:
    """By gap, the parent in which it lies; "" = none."""
    return _holder(shapely.point_on_surface(plan.gaps), plan.above)


def _holder(points: Shapes, above: dict[str, shapely.Geometry]) -> Codes:
    found = _blank(points)
    if len(points) and above:
        names = np.array([*above, ""], dtype=object)
        tree = shapely.STRtree(points)
        which, hit = tree.query(np.array(list(above.values())), predicate="intersects")
        found[hit[::-1]] = names[which[::-1]]
    return found


def _uncovered(plan: Plan) -> Pieces:
    """Ground of parents at the rim of the level that no unit of the level has."""
    names = np.array(list(plan.above), dtype=object)
    rest = [
        shapely.difference(shape, united(plan.shapes[plan.tree.query(shape)]))
        for shape in plan.above.values()
    ]
    parts, owner = polygons(np.array(rest, dtype=np.object_))
    known = np.zeros(len(parts), dtype=np.bool_)
    if len(parts) and len(plan.gaps):
        inner = shapely.point_on_surface(parts)
        known[shapely.STRtree(inner).query(plan.gaps, predicate="intersects")[1]] = True
    owner, parts = owner[~known], parts[~known]
    return Pieces("uncovered", _blank(parts), names[owner], parts)


def _abroad(plan: Plan) -> Iterator[Pieces]:
    """Ground of units outside their parent: exclaves in a foreign parent, else a border crossed."""
    own = np.array([plan.above.get(code) for code in plan.parents], dtype=np.object_)
    parts, owner = polygons(plan.shapes)
    outside = shapely.difference(parts, own[owner])
    there = ~shapely.is_missing(outside) & _areal(outside)
    whole = there & (shapely.area(outside) > WITHIN * shapely.area(parts))
    host = _holder(shapely.point_on_surface(outside), plan.above)
    exclave = whole & (host != "") & (host != plan.parents[owner])
    yield Pieces("exclave", plan.codes[owner[exclave]], host[exclave], parts[exclave])
    crossed = there & ~exclave
    strips, row = polygons(outside[crossed])
    unit = owner[crossed][row]
    yield Pieces("outside_parent", plan.codes[unit], plan.parents[unit], strips)


def _apart(plan: Plan) -> Iterator[Pieces]:
    """Separate parts of units besides the largest: exclaves among others, or islands and the like.

    An exclave has at least half of its rim in common with other units.
    """
    parts, owner = polygons(plan.shapes)
    order = np.lexsort((-shapely.area(parts), owner))
    later = order[np.flatnonzero(np.diff(owner[order], prepend=-1) == 0)]
    small, unit = parts[later], owner[later]
    enclosed = np.array(
        [_enclosed(part, row, plan) for part, row in zip(small, unit, strict=True)], dtype=np.bool_
    )
    for kind, chosen in (("exclave", enclosed), ("multi_part", ~enclosed)):
        yield Pieces(kind, plan.codes[unit[chosen]], _blank(small[chosen]), small[chosen])


def _enclosed(part: shapely.Geometry, unit: int, plan: Plan) -> bool:
    rim = shapely.boundary(part)
    near = plan.tree.query(part, predicate="dwithin", distance=NEAR_M)
    others = plan.shapes[near[near != unit]]
    if not len(others):
        return False
    window = shapely.bounds(shapely.buffer(rim, 2 * NEAR_M))
    beside = shapely.union_all(shapely.clip_by_rect(others, *window))
    rim_shared = shapely.intersection(rim, shapely.buffer(beside, NEAR_M))
    return bool(shapely.length(rim_shared) >= WITHIN * shapely.length(rim))


def _table(level: str, found: Pieces, metres: CRS) -> gpd.GeoDataFrame:
    frame = measured(found.shapes, metres)
    row = frame["row"].to_numpy()
    unit, other = found.unit[row], found.other[row]
    return frame.assign(level=level, kind=found.kind, unit=unit, other=other)
