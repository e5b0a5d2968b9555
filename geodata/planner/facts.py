"""What is known of a city beside its atoms: buildings, roads, stations, other grids."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.ways import Roads

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

WEEKS: Final = 52.0  # of the year whose cases atoms hold
NOBODY: Final = -1
PIECES: Final = 100_000  # a few for each grid of the largest city
PLANS: Final = 32


@dataclass(frozen=True, eq=False)
class Units:
    """Units of another division over the same atoms: professional grids of a kind, micro-grids.

    unit: of each atom, a row in `codes`, -1 where there is none.
    """

    key: str
    codes: tuple[str, ...]
    unit: Ints


@dataclass(frozen=True, eq=False)
class Facts:
    """What the checks and figures of a plan rest on; all of it belongs to one ground.

    where: (n, 2) metres of buildings; atom: on which each stands, -1 none; households of each.
    weeks: that the cases of atoms cover; roads: None where none are known.
    anchors: code of a grid → where its station is, metres; grids without one have theirs in the
    middle of their households. professional: grids of departments; micro: units inside grids.
    branches: (n, 2) metres of party branches, None = not known.
    special: codes of grids to which the limits of size do not apply.
    land: the area of each community, before anybody cut atoms; None = what the atoms cover.
    streets: lines in metres that borders should follow; None = not asked.
    industries: by atom how much key industries weigh there; None = cases stand for it.
    kept, views: what was reckoned of single grids, and of whole plans.
    """

    where: Floats
    atom: Ints
    households: Counts
    weeks: float = WEEKS
    roads: Roads | None = None
    anchors: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    professional: tuple[Units, ...] = ()
    micro: Units | None = None
    branches: Floats | None = None
    special: frozenset[str] = frozenset()
    land: Shapes | None = None
    streets: Shapes | None = None
    industries: Floats | None = None
    kept: Kept = field(default_factory=partial(Kept, PIECES), init=False, repr=False)
    views: Kept = field(default_factory=partial(Kept, PLANS), init=False, repr=False)


def no_facts() -> Facts:
    """Nothing beside the atoms: households are where atoms are, ways are straight lines."""
    return Facts(np.zeros((0, 2)), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64))


def land_of(ground: Ground) -> Shapes:
    """The area of each community, as its atoms cover it now."""
    order = np.argsort(ground.community, kind="stable")
    starts = np.searchsorted(ground.community[order], np.arange(1, len(ground.communities)))
    whole = [shapely.coverage_union_all(part) for part in np.split(ground.shapes[order], starts)]
    return np.array(whole, dtype=object)
