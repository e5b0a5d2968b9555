"""All buildings of a city, and the small things on their plots."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo import homes, works
from geodata.demo.arrays import Bools, Ints, Objects, Shapes, Task, stream
from geodata.demo.footprints import Footprints, Lot, chosen, concatenate
from geodata.demo.hamlets import add_hamlets
from geodata.demo.homes import Plot
from geodata.demo.linework import RAIL
from geodata.demo.steps import begin
from geodata.model.draft import silent

if TYPE_CHECKING:
    from geodata.demo.blocks import Blocks
    from geodata.demo.plots import Plots
    from geodata.model.draft import Progress

Builder = Callable[[Plot, Lot, str], None]
Details = list[tuple[str, int, shapely.Geometry]]

BUILDERS: Final[dict[str, tuple[Builder, str]]] = {  # by use: who builds, and the kind it makes
    "slab": (homes.slabs, "slab"),
    "mid": (homes.slabs, "mid"),
    "tower": (homes.towers, "tower"),
    "old": (homes.old_quarter, "old"),
    "village": (homes.village, "village"),
    "industry": (works.factory, "factory"),
    "commerce": (works.commerce, "mall"),
    "school": (works.civic, "school"),
    "hospital": (works.civic, "hospital"),
    "office": (works.civic, "office"),
    "campus": (works.campus, "college"),
    "site": (works.building_site, "site"),
    "park": (works.park, "public"),
}
ALIGNED: Final = np.deg2rad(16)  # rows follow the block when it lies this near to south
FIELD_MARGIN: Final = 9.0
OFF_WIDE, OFF_WATER = 20.0, 12.0
HAMLETS: Final = 0.14  # share of the buildings that stand in hamlets at least
SPARE: Final = 1.5  # farmhouses to try for each that is wanted
MANY: Final = 1_500  # plots that are worth a second process


@dataclass(frozen=True, eq=False)
class Buildings:
    """What stands: atom, kind, floors and polygon of each building; details; woods."""

    atom: Ints
    kind: Objects
    floors: Ints
    shape: Shapes
    details: Details
    woods: Shapes


def _plot(plots: Plots, seed: int, atom: int) -> Plot | None:
    shape = shapely.orient_polygons(shapely.simplify(plots.inset[atom], 1.5))
    ring = shapely.get_coordinates(shapely.get_exterior_ring(shape))
    if len(ring) < 4:  # noqa: PLR2004 - a ring has three corners and its first point again
        return None
    square = (plots.block_angle[atom] + np.pi / 4) % (np.pi / 2) - np.pi / 4
    facing = square if abs(square) < ALIGNED else plots.facing[atom]
    middle = shapely.get_coordinates(shapely.centroid(shape))[0]
    rng = stream(seed, Task.BUILDINGS, atom)
    return Plot(atom, ring, shapely.area(shape), middle, float(facing), float(square), rng)


def _build(plots: Plots, seed: int, atoms: Ints) -> tuple[Footprints | None, Details]:
    """Fill some plots; every plot has its own random numbers, so the grouping does not matter."""
    lot = Lot()
    for atom in atoms.tolist():
        plot = _plot(plots, seed, atom)
        if plot is not None:
            builder, kind = BUILDERS[plots.use[atom]]
            builder(plot, lot, kind)
    return (lot.all() if lot.parts else None), lot.details


def _build_all(plots: Plots, seed: int) -> tuple[list[Footprints], Details]:
    """Fill all plots, by halves in two processes where there are many."""
    atoms = np.flatnonzero(plots.built)
    task = partial(_build, plots, seed)
    if len(atoms) < MANY:
        made = [task(atoms)]
    else:
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            other = pool.submit(task, atoms[1::2])
            made = [task(atoms[::2]), other.result()]
    return [prints for prints, _ in made if prints is not None], [d for _, ds in made for d in ds]


def _zones(blocks: Blocks, plots: Plots) -> Shapes:
    """By atom the area in which a building may stand."""
    zone = plots.inset.copy()
    farms = plots.use == "farm"
    zone[farms] = shapely.buffer(blocks.atoms[farms], -FIELD_MARGIN, quad_segs=2)
    shapely.prepare(zone)
    return zone


def _clear(prints: Footprints, shape: Shapes, blocks: Blocks, plots: Plots, zone: Shapes) -> Bools:
    """Which buildings stand inside their plot, off wide roads, ramps and water."""
    shapely.prepare(blocks.atoms)
    keep = shapely.contains_properly(zone[prints.atom], shape)
    front = (prints.kind == "shop") | (prints.kind == "old")
    keep[front] |= shapely.contains_properly(blocks.atoms[prints.atom[front]], shape[front])
    wide = shapely.STRtree(blocks.net.edges[blocks.net.ranks <= RAIL])
    keep[wide.query(shape, predicate="dwithin", distance=OFF_WIDE)[0]] = False
    keep[shapely.STRtree(shape).query(plots.wet, predicate="dwithin", distance=OFF_WATER)] = False
    keep[shapely.STRtree(shape).query(plots.ramps, predicate="intersects")] = False
    return np.asarray(keep)


def _apart(prints: Footprints, shape: Shapes) -> Bools:
    """Which buildings stay when of two that overlap the later one goes; towers stand on malls."""
    a, b = shapely.STRtree(shape).query(shape, predicate="intersects")
    stacked = (prints.kind[a] == "mall") & (prints.kind[b] == "office")
    pair = (a < b) & ~stacked
    order = np.lexsort((b[pair], a[pair]))
    drop = np.zeros(len(shape), dtype=bool)
    for first, second in zip(a[pair][order].tolist(), b[pair][order].tolist(), strict=True):
        if not drop[first]:
            drop[second] = True
    return ~drop


def _standing(
    prints: Footprints, blocks: Blocks, plots: Plots, zone: Shapes
) -> tuple[Footprints, Shapes]:
    """Drop what stands where it must not, and what overlaps something earlier."""
    shape = prints.polygons()
    keep = _clear(prints, shape, blocks, plots, zone)
    prints, shape = chosen(prints, keep), shape[keep]
    keep = _apart(prints, shape)
    return chosen(prints, keep), shape[keep]


def make_buildings(
    blocks: Blocks, plots: Plots, budget: int, seed: int, progress: Progress = silent
) -> Buildings:
    """Build the whole city, first the town, then hamlets with what `budget` leaves."""
    parts, details = _build_all(plots, seed)
    begin(progress, "clearing overlaps")
    zone = _zones(blocks, plots)
    town, shape = _standing(concatenate(parts), blocks, plots, zone)
    wanted = max(budget - len(shape), int(budget * HAMLETS))
    lot = Lot()
    woods = add_hamlets(lot, blocks, plots, int(SPARE * wanted), seed)
    if lot.parts:
        farms, more = _standing(concatenate(lot.parts), blocks, plots, zone)
        few = np.arange(min(wanted, len(more)))
        town, shape = concatenate([town, chosen(farms, few)]), np.append(shape, more[few])
    order = np.argsort(town.atom, kind="stable")
    town = chosen(town, order)
    details.sort(key=lambda detail: detail[1])
    return Buildings(town.atom, town.kind, town.floors, shape[order], details, woods)
