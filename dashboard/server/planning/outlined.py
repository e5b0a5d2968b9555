"""Grids of a plan as rings in degrees, drawn anew only where a grid has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.scenarios.grounded import degrees

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

Ring = list[list[float]]
MOST: Final = 40_000  # outlines that are kept: twice a whole city of 18,000 grids


@dataclass(frozen=True)
class Outline:
    """One grid: its rings and the place of its name, in degrees.

    atoms: shapes it was drawn from; they are held so that their identity stays theirs.
    """

    atoms: Shapes
    rings: list[Ring]
    label: list[float]


class Outlines:
    """What was drawn last, by the shapes that it was drawn from; many threads may ask."""

    def __init__(self) -> None:
        """Nothing is drawn yet."""
        self._drawn: OrderedDict[bytes, Outline] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, there: Grounded, plan: Plan, numbers: Ints) -> list[Outline]:
        """The outlines of some grids, in their order."""
        order = np.argsort(plan.grid, kind="stable")
        ends = np.searchsorted(plan.grid[order], [numbers, numbers + 1])
        shapes = there.ground.shapes
        parts = [shapes[np.sort(order[a:b])] for a, b in zip(*ends, strict=True)]
        # Shapes are never changed, only replaced: the same ones make the same outline.
        keys = [np.fromiter(map(id, part), np.intp, len(part)).tobytes() for part in parts]
        with self._lock:
            known = {key: self._drawn[key] for key in keys if key in self._drawn}
        todo = [(key, part) for key, part in zip(keys, parts, strict=True) if key not in known]
        if todo:
            drawn = _drawn(there, [part for _, part in todo])
            self._keep(dict(zip((key for key, _ in todo), drawn, strict=True)))
            known |= dict(zip((key for key, _ in todo), drawn, strict=True))
        return [known[key] for key in keys]

    def _keep(self, found: dict[bytes, Outline]) -> None:
        with self._lock:
            self._drawn.update(found)
            while len(self._drawn) > MOST:
                self._drawn.popitem(last=False)


def _drawn(there: Grounded, parts: list[Shapes]) -> list[Outline]:
    whole = np.array([shapely.coverage_union_all(part) for part in parts], dtype=object)
    labels = shapely.get_coordinates(degrees(there, shapely.point_on_surface(whole)))
    return [
        Outline(part, rings_of(shape), label)
        for part, shape, label in zip(parts, degrees(there, whole), labels.tolist(), strict=True)
    ]


def rings_of(shape: shapely.Geometry) -> list[Ring]:
    """Every ring of a polygon or of several, shells and holes alike."""
    return [
        shapely.get_coordinates(ring).tolist()
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
