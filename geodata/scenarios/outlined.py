"""Grids of a plan as polygons in WGS-84."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.planner.shapes import outline
from geodata.scenarios.grounded import WGS84, mover

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Ints = npt.NDArray[np.int32]


def touched(before: Ints, plan: Plan) -> set[int]:
    """Living grids of the communities in which some atom changed its grid.

    All of a community are drawn anew from its atoms, so that their borders stay common vertex by
    vertex; before: by atom, its grid of today.
    """
    changed = np.unique(plan.community[plan.grid[before != plan.grid]])
    return set(plan.living[np.isin(plan.community[plan.living], changed)].tolist())


def outlined(ground: Ground, plan: Plan, numbers: Iterable[int]) -> dict[int, shapely.Geometry]:
    """Grids by number as polygons in longitude and latitude."""
    chosen = sorted(numbers)
    shapes = np.array([outline(ground, plan, number) for number in chosen], dtype=object)
    return dict(zip(chosen, to_wgs84(shapes, ground.crs), strict=True))


def to_wgs84(shapes: npt.NDArray[np.object_], crs: str) -> npt.NDArray[np.object_]:
    """Shapes of a projected CRS in longitude and latitude, not rounded."""
    return np.asarray(shapely.transform(shapes, mover(crs, WGS84))) if len(shapes) else shapes
