"""Small grounds: communities side by side, each cut into Voronoi cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from geodata.planner.adjacency import edges_of
from geodata.planner.ground import Ground
from geodata.planner.plan import Plan, first_plan

CRS: Final = "EPSG:4547"
SIDE_M: Final = 1000.0
HELD: Final = ("shapes", "community", "households", "people", "cases")


def land(communities: int = 2, atoms: int = 30, seed: int = 1) -> Ground:
    """Square communities in a row, each with so many atoms."""
    random = np.random.default_rng(seed)
    shapes: list[shapely.Geometry] = []
    owner: list[int] = []
    for row in range(communities):
        west = row * SIDE_M
        square = shapely.box(west, 0, west + SIDE_M, SIDE_M)
        points = random.uniform((west, 0), (west + SIDE_M, SIDE_M), (atoms, 2))
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
        cut = shapely.intersection(cells, square)
        kept = shapely.get_parts(cut[shapely.area(cut) > 0])
        shapes += list(kept)
        owner += [row] * len(kept)
    size = len(shapes)
    of = np.array(owner, dtype=np.int32)
    drawn = np.array(shapes, dtype=object)
    return Ground(
        shapes=drawn,
        crs=CRS,
        community=of,
        communities=tuple(f"99{row:03d}" for row in range(communities)),
        households=random.integers(0, 120, size),
        people=random.integers(0, 400, size),
        cases=random.integers(0, 50, size),
        edges=edges_of(drawn, of),
    )


def quarters(ground: Ground) -> Plan:
    """Every community in two halves, west and east, which are one piece each."""
    middle = shapely.get_x(shapely.centroid(ground.shapes)) % SIDE_M > SIDE_M / 2
    grid = (ground.community * 2 + middle).astype(np.int32)
    codes = tuple(f"{code}{n:03d}" for code in ground.communities for n in (1, 2))
    return first_plan(ground, grid, codes)


def lattice(columns: int = 6, rows: int = 4, households: int = 100) -> Ground:
    """One community of squares of 100 m, row by row from the south-west, all holding the same."""
    size = columns * rows
    shapes = np.array(
        [
            shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100)
            for y in range(rows)
            for x in range(columns)
        ],
        dtype=object,
    )
    of = np.zeros(size, dtype=np.int32)
    return Ground(
        shapes=shapes,
        crs=CRS,
        community=of,
        communities=("99000",),
        households=np.full(size, households),
        people=np.full(size, 3 * households),
        cases=np.full(size, 52),
        edges=edges_of(shapes, of),
    )


def striped(ground: Ground, width_m: float = 200.0) -> Plan:
    """A lattice in stripes from west to east, each of that width."""
    at = shapely.get_x(shapely.centroid(ground.shapes))
    grid = (at // width_m).astype(np.int32)
    codes = tuple(f"99000{n + 1:03d}" for n in range(int(grid.max()) + 1))
    return first_plan(ground, grid, codes)


def with_lake(ground: Ground) -> Ground:
    """The same land without one of its inner atoms: a hole that no grid may fill or widen."""
    middle = shapely.Point(SIDE_M / 2, SIDE_M / 2)
    wet = int(np.argmin(shapely.distance(shapely.centroid(ground.shapes), middle)))
    dry = np.arange(len(ground)) != wet
    columns = {name: getattr(ground, name)[dry] for name in HELD}
    edges = edges_of(columns["shapes"], columns["community"])
    return replace(ground, **columns, edges=edges)
