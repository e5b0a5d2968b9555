"""The layers drawn under everything else: water, roads, green, land use and small things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.airfield import airfield_details
from geodata.demo.arrays import Ints, Shapes, Table, Task, shape_array, stream
from geodata.demo.linework import (
    ARTERIAL,
    CLASSES,
    FIELD,
    HALF_WIDTH,
    LANE,
    LOCAL,
    MOTORWAY,
    OUTLINE,
    RAIL,
    RIVER,
)
from geodata.demo.names import Name, Names, english

if TYPE_CHECKING:
    from geodata.demo.blocks import Blocks
    from geodata.demo.buildings import Buildings
    from geodata.demo.land_use import LandUse
    from geodata.demo.plots import Plots
    from geodata.demo.setting import Setting
    from geodata.demo.water import Water

NAMED_LOCAL: Final = 420.0  # metres from which a local street has a name
FIELD_EDGE: Final = 5.0
BANK_DENSITY: Final = 0.2  # density from which the banks of a river are laid out as parks
WIDE_NAMES: Final = {
    "river": (("江", "River"), ("溪", "Brook")),
    "lake": (("湖", "Lake"),),
}


def _road_name(names: Names, rank: int, length: float) -> Name:
    if rank in {RAIL, LANE} or (rank == LOCAL and length < NAMED_LOCAL):
        return "", ""
    stem = names.stem()
    endings = {MOTORWAY: ("高速", "Expressway"), ARTERIAL: ("大道", "Avenue")}
    ending = endings.get(rank, ("街", "Street") if rank == LOCAL else ("路", "Road"))
    return stem + ending[0], f"{english(stem)} {ending[1]}"


def _strokes(net_edges: Shapes, rank: Ints, road: Ints) -> tuple[Shapes, Ints]:
    """The pieces of each road joined end to end, and their ranks."""
    order = np.lexsort((rank, road))
    key = road[order] * (OUTLINE + 1) + rank[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    groups = np.split(net_edges[order], starts[1:])
    lines = [shapely.line_merge(shapely.multilinestrings(group)) for group in groups]
    return shape_array(lines), rank[order][starts]


def road_layer(blocks: Blocks, ramps: Shapes, names: Names) -> Table:
    """Make one row per road and class: cls, width in metres, names, lines; ramps have no names."""
    net = blocks.net
    drawn = ~np.isin(net.ranks, [RIVER, FIELD, OUTLINE]) & (net.roads >= 0)
    lines, ranks = _strokes(net.edges[drawn], net.ranks[drawn], net.roads[drawn])
    length = shapely.length(lines)
    found = [_road_name(names, r, d) for r, d in zip(ranks.tolist(), length.tolist(), strict=True)]
    found += [("", "")] * len(ramps)
    ranks = np.append(ranks, np.full(len(ramps), LOCAL))
    return {
        "cls": [CLASSES[rank] for rank in ranks],
        "width_m": 2 * HALF_WIDTH[ranks],
        "name_zh": [zh for zh, _ in found],
        "name_en": [en for _, en in found],
        "geometry": np.append(lines, ramps),
    }


def _unnamed(kinds: list[str], shapes: Shapes) -> Table:
    """A layer without names; shapes that came out empty are dropped."""
    keep = np.flatnonzero(~shapely.is_empty(shapes))
    blank = [""] * len(keep)
    return {
        "kind": [kinds[i] for i in keep],
        "name_zh": blank,
        "name_en": list(blank),
        "geometry": shapes[keep],
    }


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    """What is left of a shape without points and lines."""
    parts = shapely.get_parts(shape)
    flat = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - the dimension of an area
    return flat[0] if len(flat) == 1 else shapely.MultiPolygon(list(shapely.get_parts(flat)))


def water_layer(setting: Setting, water: Water, hole: shapely.Geometry, names: Names) -> Table:
    """Rivers, lakes and ponds inside the border; the big river and the lakes have names."""
    flow, lakes = (setting.bend_areas(shape_array(g)) for g in ([water.flow], water.lakes))
    ponds = setting.bend_areas(water.ponds)
    clipped = [_areas(shapely.intersection(shape, hole)) for shape in (*flow, *lakes)]
    shapes = shape_array([*clipped, *(_areas(shape) for shape in ponds)])
    kinds = ["river"] + ["lake"] * len(lakes) + ["pond"] * len(ponds)
    layer = _unnamed(kinds, shapes)
    for row, kind in enumerate(layer["kind"]):
        if kind in WIDE_NAMES:
            stem, ending = names.stem(), WIDE_NAMES[kind][0]
            layer["name_zh"][row] = stem + ending[0]
            layer["name_en"][row] = f"{english(stem)} {ending[1]}"
    return layer


def green_layer(
    blocks: Blocks, land: LandUse, woods: Shapes, wet: shapely.Geometry, islands: Shapes
) -> Table:
    """Parks, wooded hills, trees of hamlets and interchanges, islands; `wet` is open water."""
    banks = (land.use == "water") & (land.density > BANK_DENSITY)
    parks = shapely.difference(blocks.atoms[(land.use == "park") | banks], wet)
    wooded = shapely.coverage_union_all(blocks.atoms[land.use == "wood"])
    hills = shapely.get_parts(shapely.difference(wooded, wet))
    trees = shapely.get_parts(shapely.union_all(woods))
    shapes = shape_array([_areas(shape) for shape in (*parks, *hills, *trees, *islands)])
    kinds = ["park"] * len(parks) + ["forest"] * len(hills) + ["wood"] * len(trees)
    return _unnamed(kinds + ["island"] * len(islands), shapes)


def block_layer(blocks: Blocks, land: LandUse, plots: Plots) -> Table:
    """Land use of each block inside its streets, fields included."""
    farms = np.flatnonzero(land.use == "farm")
    sown = shapely.buffer(blocks.atoms[farms], -FIELD_EDGE, quad_segs=2)
    town = np.flatnonzero(plots.built)
    kinds = [*land.use[town], *land.use[farms]]
    return _unnamed(kinds, shape_array([*plots.inset[town], *sown]))


def detail_layer(setting: Setting, built: Buildings) -> Table:
    """Sports grounds, gardens, estate lanes and gates, runways."""
    field = airfield_details(setting)
    kinds = [kind for kind, _, _ in built.details] + [kind for kind, _ in field]
    shapes = [shape for _, _, shape in built.details] + [shape for _, shape in field]
    return _unnamed(kinds, shape_array(shapes))


def road_names(seed: int) -> Names:
    """Names for roads and waters; they may sound like an estate's."""
    return Names(stream(seed, Task.ROAD_NAMES))
