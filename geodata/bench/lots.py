"""A made-up land of atoms for the benches of the planner: as many as wished, people in clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.kernels.trees import divide
from geodata.planner.adjacency import edges_of
from geodata.planner.ground import Ground
from geodata.planner.plan import Plan, first_plan
from geodata.planner.regions import regions

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

CRS: Final = "EPSG:4547"
SIDE_M: Final = 53.0  # of an atom, if it were square
JITTER: Final = 0.38
EMPTY: Final = 0.2  # of the atoms hold nobody
HOUSEHOLD: Final = 2.6  # people
GRID_PEOPLE: Final = 2_600
QUARTER_M: Final = 800.0  # how far growth reaches
GROWTH: Final = 0.35
UNEVEN: Final = 0.3  # from block to block
TREES: Final = 4
SLACK: Final = 0.1


@dataclass(frozen=True)
class Lots:
    """How much land: atoms, communities, grids."""

    atoms: int
    communities: int
    grids: int


STREETS: Final = 30  # of a city
PER_GRID: Final = 20  # atoms
PER_COMMUNITY: Final = 600
LEAST: Final = 600  # atoms of a street


def city(atoms: int) -> Lots:
    """A whole city of so many atoms: 360,000 are 18,000 grids in 600 communities."""
    return Lots(atoms, max(1, atoms // PER_COMMUNITY), atoms // PER_GRID)


def street(atoms: int) -> Lots:
    """One street of such a city."""
    return city(max(LEAST, atoms // STREETS))


def made_up(lots: Lots, seed: int = 1) -> tuple[Ground, Plan]:
    """The ground, and grids that were drawn without looking at how many people there are."""
    random = np.random.default_rng(seed)
    where, shapes = _cells(lots, random)
    people = _people(where, lots, random)
    community = _nearest(where, people, lots.communities, random)
    cases = random.poisson(people * 0.05 + 0.3)
    ground = Ground(
        shapes, CRS, community, tuple(f"99{row:04d}" for row in range(lots.communities)),
        (people / HOUSEHOLD).astype(np.int64), people, cases.astype(np.int64),
        edges_of(shapes, community),
    )  # fmt: skip
    return ground, _grids(ground, _before(where, people, random), lots)


def _cells(lots: Lots, random: np.random.Generator) -> tuple[Floats, npt.NDArray[np.object_]]:
    """Blocks like those between streets: cells of a lattice whose points were pushed about."""
    side = int(np.sqrt(lots.atoms))
    lattice = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    where = (lattice + 0.5 + random.uniform(-JITTER, JITTER, lattice.shape)) * SIDE_M
    cells = shapely.voronoi_polygons(shapely.multipoints(where), ordered=True)
    edge = side * SIDE_M
    return where, np.asarray(shapely.clip_by_rect(shapely.get_parts(cells), 0, 0, edge, edge))


def _people(where: Floats, lots: Lots, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Dense towards a few centres, uneven from block to block."""
    side = float(where.max())
    density = np.full(len(where), 0.25)
    for _ in range(max(6, lots.communities // 8)):
        centre, reach = random.uniform(0, side, 2), random.uniform(0.03, 0.12) * max(side, 6_000)
        near = ((where - centre) ** 2).sum(axis=1)
        density += random.lognormal(0, 0.7) * np.exp(-near / (2 * reach**2))
    wished = density * random.lognormal(0, 0.9, len(where)) * (random.random(len(where)) > EMPTY)
    whole = lots.grids * GRID_PEOPLE
    most = GRID_PEOPLE // 2  # what weighs half a grid is cut before anybody plans with it
    people = np.minimum(wished * whole / wished.sum(), most)
    counted = np.round(people * whole / people.sum()).astype(np.int64)
    return np.asarray(np.minimum(counted, most))


def _nearest(
    where: Floats, people: npt.NDArray[np.int64], count: int, random: np.random.Generator
) -> Ints:
    """Communities around centres that stand where people live."""
    weight = people + 20.0
    centres = where[random.choice(len(where), count, replace=False, p=weight / weight.sum())]
    return np.asarray(cKDTree(centres).query(where)[1], dtype=np.int32)


def _before(where: Floats, people: npt.NDArray[np.int64], random: np.random.Generator) -> Floats:
    """How many lived in each block some years ago: new quarters have grown, old ones shrunk."""
    grown = np.zeros(len(where))
    reach = QUARTER_M
    for _ in range(max(8, int((where.max() / reach) ** 2 / 4))):
        near = ((where - random.uniform(0, where.max(), 2)) ** 2).sum(axis=1)
        grown += random.normal(0, GROWTH) * np.exp(-near / (2 * reach**2))
    return np.asarray((people + 1) * np.exp(-grown) * random.lognormal(0, UNEVEN, len(people)))


def _grids(ground: Ground, before: Floats, lots: Lots) -> Plan:
    """Grids that were even when they were drawn, for the people of then."""
    whole = first_plan(ground, ground.community, ground.communities)
    grid, codes = np.empty(len(ground), dtype=np.int32), list[str]()
    for region in regions(ground, whole, before):
        held = int(ground.people[region.atoms].sum())
        count = max(1, round(held * lots.grids / int(ground.people.sum())))
        chance = np.random.default_rng(int(region.atoms[0]))
        drawn = divide(region.graph, count, TREES, SLACK, chance)
        numbers, part = np.unique(drawn, return_inverse=True)
        grid[region.atoms] = len(codes) + part
        stem = ground.communities[region.community]
        codes += [f"{stem}{len(codes) + n:06d}" for n in range(len(numbers))]
    return first_plan(ground, grid, tuple(codes))
