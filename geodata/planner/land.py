"""What atoms are made of: today's grids, the lines between blocks, the buildings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]
    Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Land:
    """A city in metres of one projected CRS, as it comes: borders may overlap or leave gaps.

    grids: today's, one polygon a row; codes: of each; community: row of each in `communities`.
    lines: middles of streets and rivers, which cut blocks; arterials, rivers: lines or areas that
    make a border a barrier.
    where: (n, 2) of buildings; households, people, cases: of each; footprints: of each, which no
    cut between buildings runs through, None of one or of all where only points are known.
    """

    crs: str
    grids: Shapes
    codes: tuple[str, ...]
    community: npt.NDArray[np.int32]
    communities: tuple[str, ...]
    lines: Shapes
    arterials: Shapes
    rivers: Shapes
    where: npt.NDArray[np.float64]
    households: Counts
    people: Counts
    cases: Counts
    footprints: Shapes | None = None
