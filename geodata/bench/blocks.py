"""The 3,014 census blocks of Providence in as many districts as it has wards, within 1 %."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np

from geodata.bench.figures import timed
from geodata.planner.adjacency import edges_of
from geodata.planner.ground import Ground
from geodata.planner.invariants import faults
from geodata.planner.plan import Plan, first_plan
from geodata.planner.redraw import Wish, drawn
from geodata.planner.regions import Region, regions
from geodata.planner.shapes import measure

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.bench.figures import Figures

CRS: Final = "EPSG:32130"  # metres of Rhode Island
CODE: Final = "4459000"  # of Providence
WISH: Final = Wish(tolerance=0.01)


def figures(path: Path) -> Figures:
    """Seconds, the worst deviation, compactness."""
    ground, wards = blocks(path)
    took, plan = timed(lambda: divided(ground, wards))
    seen = measure(ground, plan, ground.people.astype(np.float64))
    return {
        "providence_blocks": float(len(ground)),
        "providence_districts": float(len(plan.living)),
        "providence_s": took / 1e3,
        "providence_max_deviation": float(np.abs(seen.load / seen.load.mean() - 1).max()),
        "providence_broken": float(len(faults(ground, plan))),
        "providence_polsby_popper": float(seen.compactness.mean()),
    }


def blocks(path: Path) -> tuple[Ground, int]:
    """The blocks of the city as atoms of one community, and how many wards it has."""
    table = gpd.read_file(path).to_crs(CRS)
    shapes = np.asarray(table.geometry.array, dtype=object)
    people = table["TOTPOP"].to_numpy(dtype=np.int64)
    community, nobody = np.zeros(len(table), dtype=np.int32), np.zeros(len(table), dtype=np.int64)
    ground = Ground(
        shapes, CRS, community, (CODE,), nobody, people, nobody, edges_of(shapes, community)
    )
    return ground, int(table["WARD"].nunique())


def divided(ground: Ground, parts: int, wish: Wish = WISH) -> Plan:
    """Such a ground in so many districts of equally many people."""
    region = _whole(ground, parts)
    grid = np.zeros(len(ground), dtype=np.int32)
    grid[region.atoms] = drawn(region, wish)
    return first_plan(ground, grid, tuple(f"{CODE}{n + 1:03d}" for n in range(parts)))


def _whole(ground: Ground, parts: int) -> Region:
    """All of a ground that hangs together as one region, with as many grids as it is to have."""
    one = first_plan(ground, ground.community, (f"{CODE}000",))
    (region,) = regions(ground, one, ground.people.astype(np.float64))
    return replace(region, grids=np.arange(parts, dtype=np.int32))
