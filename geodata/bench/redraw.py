"""Grids drawn from nothing, of a street and of a city, beside METIS on the same ground."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.bench.figures import timed
from geodata.bench.lots import Lots, city, made_up, street
from geodata.planner.invariants import faults
from geodata.planner.redraw import Wish, redraw
from geodata.planner.regions import Region, regions
from geodata.planner.shapes import measure

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Floats = npt.NDArray[np.float64]

WISH: Final = Wish()
PEER: Final = "pymetis"
FAR: Final = 0.1
ROUNDING: Final = 1e-9


def run(_city: object, limits: Limits) -> Figures:
    """Seconds, deviation from the community's mean, compactness; no city is needed."""
    small = _figures(street(limits.atoms), "redraw_street")
    return small | _figures(city(limits.atoms), "redraw")


def _figures(lots: Lots, name: str) -> Figures:
    ground, today = made_up(lots)
    load = ground.load()
    todo = regions(ground, today, load)
    took, plan = timed(lambda: redraw(today, todo, WISH))
    found = judged(ground, plan, load, name)
    own = {"grids": float(len(plan.living))} if name == "redraw" else {}
    return own | {f"{name}_s": took / 1e3, **found, **_metis(ground, today, todo, load, name)}


def judged(ground: Ground, plan: Plan, load: Floats, name: str) -> Figures:
    """How even, whole and compact the grids of a plan are."""
    off = np.concatenate([deviations(region) for region in regions(ground, plan, load)])
    seen = measure(ground, plan, load)
    city = np.abs(seen.load / seen.load.mean() - 1)
    return {
        f"{name}_max_deviation": float(off.max()),
        f"{name}_over_5": float((off > 0.05 + ROUNDING).sum()),
        f"{name}_over_10": float((off > FAR + ROUNDING).sum()),
        f"{name}_over_city_mean_10": float((city > FAR + ROUNDING).sum()),
        f"{name}_broken": float(len(faults(ground, plan))),
        f"{name}_polsby_popper": float(seen.compactness.mean()),
    }


def deviations(region: Region) -> Floats:
    """How far each grid of a region is from the region's mean."""
    count = len(region.grids)
    load = np.bincount(region.part, region.graph.weight, count)
    return np.abs(load * count / max(region.load, ROUNDING) - 1)


def _metis(ground: Ground, today: Plan, todo: list[Region], load: Floats, name: str) -> Figures:
    """The same regions cut by METIS, contiguous; nothing where it is not installed."""
    if find_spec(PEER) is None:
        return {}
    took, plan = timed(lambda: _cut(today, todo))
    found = judged(ground, plan, load, f"{name}_metis")
    return {f"{name}_metis_s": took / 1e3, **found}


def _cut(today: Plan, todo: list[Region]) -> Plan:
    pymetis: Any = import_module(PEER)
    grid = today.grid.copy()
    for region in todo:
        count, graph = len(region.grids), region.graph
        if count == 1:
            continue
        weights = np.maximum(np.round(graph.weight), 1).astype(np.int64)
        _, part = pymetis.part_graph(
            count, xadj=graph.start, adjncy=graph.other, vweights=weights,
            options=pymetis.Options(contig=1, seed=1), recursive=False,
        )  # fmt: skip
        grid[region.atoms] = region.grids[np.array(part)]
    return today.with_grid(grid)
