"""Grids drawn from nothing, of a street and of a city, beside others on the same ground."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.bench.figures import timed
from geodata.bench.lots import city, made_up, street
from geodata.bench.peers import MAXP, METIS, RECOM, Peer, Piece, asked
from geodata.planner.invariants import faults
from geodata.planner.redraw import Wish, redraw
from geodata.planner.regions import Region, regions
from geodata.planner.shapes import measure

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.bench.lots import Lots
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

WISH: Final = Wish()
FAR: Final = 0.1
ROUNDING: Final = 1e-9
ALONE_ATOMS: Final = 1_000  # about as many as max-p regions finish with


@dataclass(frozen=True)
class Task:
    """Regions that are drawn anew, and how that is called in the figures."""

    ground: Ground
    today: Plan
    todo: list[Region]
    name: str


def run(_city: object, limits: Limits) -> Figures:
    """Seconds, deviation from the community's mean, compactness; no city is needed."""
    small = _task(street(limits.atoms), "redraw_street")
    one = min(small.todo, key=lambda region: abs(len(region.atoms) - ALONE_ATOMS))
    alone = replace(small, todo=[one], name="redraw_community")
    atoms = {f"{alone.name}_atoms": float(len(one.atoms))}
    found = _beside(small, (METIS, RECOM), limits) | atoms
    found |= _beside(alone, (METIS, RECOM, MAXP), limits)
    return found | _beside(_task(city(limits.atoms), "redraw"), (METIS,), limits)


def _task(lots: Lots, name: str) -> Task:
    ground, today = made_up(lots)
    return Task(ground, today, regions(ground, today, ground.load()), name)


def _beside(task: Task, peers: tuple[Peer, ...], limits: Limits) -> Figures:
    """Our figures of some regions, and those of the peers that are installed and finish."""
    took, plan = timed(lambda: redraw(task.today, task.todo, WISH))
    ours = {f"{task.name}_s": took / 1e3, **judged(task, plan, task.name)}
    found = dict(ours)
    for peer in peers:
        found |= _peer(task, peer, ours) if limits.peers and peer.is_here else {}
    return found


def judged(task: Task, plan: Plan, name: str) -> Figures:
    """How even, whole and compact the grids of some regions are in a plan."""
    ground, regions = task.ground, task.todo
    off = np.concatenate([deviations(region, plan.grid[region.atoms]) for region in regions])
    seen = measure(ground, plan, ground.load())
    own = np.isin(seen.numbers, plan.grid[np.concatenate([region.atoms for region in regions])])
    city = np.abs(seen.load / seen.load.mean() - 1)[own]
    return {
        "grids" if name == "redraw" else f"{name}_grids": float(len(off)),
        f"{name}_max_deviation": float(off.max()),
        f"{name}_over_5": float((off > WISH.tolerance + ROUNDING).sum()),
        f"{name}_over_10": float((off > FAR + ROUNDING).sum()),
        f"{name}_over_city_mean_10": float((city > FAR + ROUNDING).sum()),
        f"{name}_broken": float(len(faults(ground, plan))),
        f"{name}_polsby_popper": float(seen.compactness[own].mean()),
    }


def deviations(region: Region, grid: Ints) -> Floats:
    """How far the load of each grid of a region's nodes is from their mean."""
    load = np.bincount(np.unique(grid, return_inverse=True)[1], region.graph.weight)
    return np.abs(load * len(load) / max(region.load, ROUNDING) - 1)


def _peer(task: Task, peer: Peer, ours: Figures) -> Figures:
    """What a peer makes of the same regions, and how many times as much that is as ours."""
    own, where = f"{task.name}_{peer.name}", _middles(task.ground)
    answer = asked(peer, [Piece(each, where[each.atoms]) for each in task.todo], WISH.tolerance)
    if answer is None:
        return {f"{own}_finished": 0.0}
    took, parts = answer
    found = {f"{own}_finished": 1.0, f"{own}_s": took}
    found |= judged(task, _planned(task, parts), own)
    for key in ("s", "max_deviation", "polsby_popper"):
        of_ours = max(ours[f"{task.name}_{key}"], ROUNDING)
        found[f"{own}_times_{key}"] = found[f"{own}_{key}"] / of_ours
    return found


def _planned(task: Task, parts: list[Ints]) -> Plan:
    """The plan of a peer, whose grids are all new: it may have made more of them, or fewer."""
    today = task.today
    grid, codes, community = today.grid.copy(), list(today.codes), today.community.tolist()
    for region, part in zip(task.todo, parts, strict=True):
        grid[region.atoms] = len(codes) + part
        codes += [f"{region.community}.{number}" for number in range(int(part.max()) + 1)]
        community += [region.community] * (int(part.max()) + 1)
    owners = np.array(community, dtype=np.int32)
    return today.with_grid(grid, codes=tuple(codes), community=owners)


def _middles(ground: Ground) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.centroid(ground.shapes)))
