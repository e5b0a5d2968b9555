"""A small city of wiggly cells that fit together, in degrees, with a hole and an exclave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.locate.footprints import Footprints
from geodata.model.places import Tree
from geodata.model.profile import Level, Profile

if TYPE_CHECKING:
    from pathlib import Path

WEST, SOUTH, SIDE = 113.9, 22.5, 0.02  # degrees; a cell is about two kilometres
CELLS = 6
PROFILE = Profile(
    key="toy",
    name_zh="玩",
    name_en="Toy",
    levels=(
        Level(key="district", name_zh="区", name_en="District"),
        Level(key="grid", name_zh="网格", name_en="Grid"),
        Level(key="list", name_zh="表", name_en="List", geometry=False),
    ),
)


def _edge(start: tuple[float, float], end: tuple[float, float], seed: int) -> np.ndarray[Any, Any]:
    """A wiggly line that is the same from either side: the seed belongs to the edge."""
    rng = np.random.default_rng(seed)
    share = np.linspace(0, 1, 60)[:, None]
    line = np.array(start) * (1 - share) + np.array(end) * share
    line[1:-1] += rng.normal(0, SIDE / 400, (58, 2))
    return line


def _cell(column: int, row: int) -> shapely.Polygon:
    def corner(c: int, r: int) -> tuple[float, float]:
        return WEST + c * SIDE, SOUTH + r * SIDE

    south = _edge(corner(column, row), corner(column + 1, row), 1000 + column * 50 + row)
    north = _edge(corner(column, row + 1), corner(column + 1, row + 1), 1001 + column * 50 + row)
    west = _edge(corner(column, row), corner(column, row + 1), 9000 + column * 50 + row)
    east = _edge(corner(column + 1, row), corner(column + 1, row + 1), 9050 + column * 50 + row)
    return shapely.Polygon(np.concatenate([south, east[1:], north[-2::-1], west[-2::-1]]))


@dataclass(frozen=True, eq=False)
class Sketch:
    folder: Path
    places: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame | None
    layers: dict[str, gpd.GeoDataFrame]

    @property
    def footprints(self) -> Footprints:
        return Footprints.of(np.asarray(self.buildings.geometry.array, dtype=np.object_))

    @property
    def drawn(self) -> Path:
        return self.folder

    @property
    def tree(self) -> Tree:
        return Tree.of(self.places, PROFILE)

    def basemap(self, name: str) -> gpd.GeoDataFrame | None:
        return self.layers.get(name)


def make_places() -> gpd.GeoDataFrame:
    """A district, 36 grids (the first has a hole in which the last unit but one lies), a list."""
    grids: list[Any] = [_cell(c, r) for c in range(CELLS) for r in range(CELLS)]
    middle = grids[0].centroid
    inner = middle.buffer(SIDE / 8, quad_segs=8)
    exclave = shapely.box(WEST + 7 * SIDE, SOUTH, WEST + 7.5 * SIDE, SOUTH + 0.5 * SIDE)
    grids[0] = shapely.MultiPolygon([grids[0].difference(inner), exclave])
    grids.append(inner)
    shapes: list[Any] = [shapely.union_all(grids), *grids, None]
    count = len(shapes)
    frame = pd.DataFrame(
        {
            "unit": np.arange(count),
            "code": [f"u{row}" for row in range(count)],
            "parent": [-1, *[0] * (count - 1)],
            "level": ["district", *["grid"] * (count - 2), "list"],
            "site_from": 0,
            "site_to": 0,
        }
    )
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def shapes_of(kinds: list[str], shapes: list[Any], column: str = "kind") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({column: kinds}, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def make_sketch(folder: Path) -> Sketch:
    rng = np.random.default_rng(3)
    corners = rng.random((400, 2)) * (CELLS * SIDE) + (WEST, SOUTH)
    houses = [shapely.box(x, y, x + 2e-4, y + 1e-4) for x, y in corners]
    lines = [
        shapely.LineString([(WEST, y), (WEST + CELLS * SIDE, y)]) for y in (22.51, 22.55, 22.6)
    ]
    return Sketch(
        folder=folder,
        places=make_places(),
        buildings=shapes_of([["slab", "tower"][number % 2] for number in range(400)], houses),
        estates=None,
        layers={
            "roads": shapes_of(["motorway", "lane", "secondary"], lines, "cls"),
            "water": shapes_of(["lake"], [_cell(2, 2)]),
            "details": shapes_of(
                ["garden", "path", "tree"], [_cell(3, 3), lines[1], shapely.Point(113.96, 22.56)]
            ),
        },
    )
