"""Road lines with a class; a new line loses the stretches that run beside an older one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.demo.arrays import Bools, Floats, Ints, Shapes, shape_array
from geodata.demo.curves import unit_rows

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MOTORWAY, ARTERIAL, RAIL, SECONDARY, LOCAL, RIVER, LANE, FIELD, OUTLINE = range(9)
CLASSES: Final = (
    "motorway",
    "arterial",
    "rail",
    "secondary",
    "local",
    "river",
    "lane",
    "field",
    "outline",
)
HALF_WIDTH: Final = np.array([30.0, 21.0, 12.0, 14.0, 8.0, 0.0, 4.0, 0.0, 0.0])  # with pavement
STEP: Final = 60.0
PARALLEL: Final = 0.72  # cosine of the angle under which two lines run side by side
SHORTEST: Final = 3  # steps
TREE: Final = 3_000  # stretches that are worth a tree of their own

Keep = Callable[[Floats, Floats], Bools]


@dataclass
class Linework:
    """Lines on the sheet with the rank of each (index into `CLASSES`; low = important)."""

    lines: list[BaseGeometry] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    roads: list[int] = field(default_factory=list)  # lines of one road have one number
    _count: int = 0
    _older: list[tuple[cKDTree, Floats]] = field(default_factory=list)
    _middles: list[Floats] = field(default_factory=list)
    _along: list[Floats] = field(default_factory=list)

    def add(
        self,
        points: Floats,
        rank: int,
        beside: float = 0.0,
        keep: Keep | None = None,
        avoid: BaseGeometry | None = None,
    ) -> None:
        """Add a line without what runs within `beside` metres of an older one.

        keep: tells by x and y which stretches to keep; avoid: an area without lines of this sort.
        """
        dense = shapely.get_coordinates(shapely.segmentize(shapely.linestrings(points), STEP))
        middle = (dense[1:] + dense[:-1]) / 2
        along = unit_rows(np.diff(dense, axis=0))
        good = ~self._beside(middle, along, beside)
        if keep is not None:
            good &= keep(middle[:, 0], middle[:, 1])
        if avoid is not None:
            good &= ~shapely.contains_xy(avoid, middle[:, 0], middle[:, 1])
        turns = np.flatnonzero(np.diff(np.concatenate([[0], good.astype(np.int64), [0]])))
        for first, last in zip(turns[::2], turns[1::2], strict=True):
            if last - first > SHORTEST:
                self.lines.append(shapely.LineString(dense[first : last + 1]))
                self.ranks.append(rank)
                self.roads.append(self._count)
        self._count += 1
        self._remember(middle[good], along[good])

    def _remember(self, middle: Floats, along: Floats) -> None:
        """Keep new stretches; many of them become a tree that is not built again."""
        self._middles.append(middle)
        self._along.append(along)
        if sum(map(len, self._middles)) > TREE:
            older, direction = np.vstack(self._middles), np.vstack(self._along)
            self._older.append((cKDTree(older), direction))
            self._middles, self._along = [], []

    def _beside(self, middle: Floats, along: Floats, reach: float) -> Bools:
        """Which stretches run beside an older line."""
        best = np.full(len(middle), np.inf)
        cosine = np.zeros(len(middle))
        if not reach:
            return cosine > PARALLEL
        trees = list(self._older)
        if sum(map(len, self._middles)):
            trees.append((cKDTree(np.vstack(self._middles)), np.vstack(self._along)))
        for tree, direction in trees:
            far, nearest = tree.query(middle, distance_upper_bound=reach)
            closer = far < best
            best[closer] = far[closer]
            product = along[closer] * direction[nearest[closer]]
            cosine[closer] = np.abs(product.sum(axis=1))
        return np.asarray(cosine > PARALLEL)

    def arrays(self) -> tuple[Shapes, Ints, Ints]:
        """All lines, their ranks and the number of the road each belongs to."""
        ranks, roads = np.array(self.ranks, dtype=np.int64), np.array(self.roads, dtype=np.int64)
        return shape_array(self.lines), ranks, roads
