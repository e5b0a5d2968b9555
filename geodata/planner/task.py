"""What is asked of an automatic drawing: the place, the rules, the wish, and how many grids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.planner.loads import roundness
from geodata.planner.redraw import Wish
from geodata.planner.sizes import ANY, Size, counts_of, shut_in
from geodata.planner.splitting import needed

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.extent import Extent
    from geodata.planner.ground import Ground
    from geodata.planner.kinds import Kind
    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region
    from geodata.planner.rules import Rules, Weights

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]

TRIES: Final = 4
NO_ATOMS: Final = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Goal:
    """What is wished: the weight of the four aims, how even, how large, a seed to have it again."""

    weights: Weights
    tolerance: float
    seed: int = 1
    size: Size = ANY


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be drawn anew; load: by atom; todo: what may change, a region each."""

    ground: Ground
    plan: Plan
    extent: Extent
    rules: Rules
    goal: Goal
    load: Floats
    todo: list[Region]

    @cached_property
    def atoms(self) -> Ints:
        """All that may change."""
        return np.concatenate([region.atoms for region in self.todo] or [NO_ATOMS])

    @cached_property
    def sized(self) -> list[int]:
        """How many grids each region is to have by the size that is wished."""
        return counts_of(self.ground, self.todo, self.rules, self.goal.size, self.shut)

    @property
    def shut(self) -> int:
        """How many locked grids the place has."""
        return shut_in(self.plan, self.extent.communities)

    @property
    def wished(self) -> int:
        """How many grids there are to be in the place; 0 = nothing is wished."""
        return sum(self.sized) + self.shut if self.goal.size else 0

    def wish(self, kind: Kind) -> Wish:
        """What the search is told of a way to draw."""
        return Wish(
            tolerance=self.goal.tolerance * kind.closer, stay=1.0, sweeps=100, tries=TRIES,
            bend=kind.bend * roundness(self.goal.weights), seed=self.goal.seed,
        )  # fmt: skip

    def counts(self, kind: Kind) -> list[int]:
        """How many grids each region is to have."""
        if self.goal.size:
            return self.sized
        return [self._count(kind, region) for region in self.todo]

    def _count(self, kind: Kind, region: Region) -> int:
        now = len(region.grids)
        least, most, roomy = needed(self.ground, region, self.rules)
        match kind.grids:
            case "same":
                wished = now
            case "enough":
                wished = max(now, least)
            case "fit":
                wished = min(max(now, roomy), max(most, roomy))
        return min(wished, len(region.atoms))
