"""How large grids are wished to be: what follows from that by region, and what no rule allows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from heapq import heapify, heappop, heappush
from math import floor
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.model.errors import RequestError
from geodata.planner.regions import regions
from geodata.planner.splitting import needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.regions import Region
    from geodata.planner.rules import Cited, Rules

    Ints = npt.NDArray[np.int32]


class Unfit(StrEnum):
    """Each reason for which a size cannot be had; its value is what stands in a log."""

    OVER = "more households a grid than the rules allow"
    FEW = "so few grids would have more households each than the rules allow"
    PIECES = "there are more pieces of land, each of which needs a grid, than grids"
    LAND = "there are fewer parcels than grids"


class SizeRefusedError(RequestError):
    """A size that the rules or the land forbid.

    wished: what was asked for; rule: the one that forbids it, None where the land does; bound: the
    nearest number of grids that can be had; households: that are to be shared out.
    """

    def __init__(
        self, why: Unfit, wished: int, rule: Cited | None, bound: int = 0, households: int = 0
    ) -> None:
        """Take the reason with its numbers."""
        self.why, self.wished, self.rule = why, wished, rule
        self.bound, self.households = bound, households
        super().__init__(f"{wished}: {why}")


@dataclass(frozen=True)
class Size:
    """Households of a grid, or how many grids there are to be in the place with locked ones.

    0 = nothing is wished; of both the number of grids counts.
    """

    households: int = 0
    grids: int = 0

    def __bool__(self) -> bool:
        """Whether anything is wished."""
        return bool(self.households or self.grids)


ANY: Final = Size()  # as many grids as the way to draw has


def shut_in(plan: Plan, communities: Ints) -> int:
    """How many locked grids some communities have."""
    rows = [number for number in plan.locked if plan.sizes[number]]
    return int(np.isin(plan.community[rows], communities).sum())


def check_size(ground: Ground, plan: Plan, communities: Ints, rules: Rules, size: Size) -> None:
    """Refuse a size that no division of some communities can have; locked grids stay.

    Raises:
        SizeRefusedError: with the rule or the land that forbids it.
    """
    if size.grids:
        asked = set(communities.tolist())
        load = ground.households.astype(np.float64)
        found = regions(ground, plan, load, rules.walls)
        todo = [region for region in found if region.community in asked]
        _check_grids(ground, todo, rules, size.grids, shut_in(plan, communities))
    elif size.households > rules.most:
        raise SizeRefusedError(Unfit.OVER, size.households, rules.households_most)


def _check_grids(
    ground: Ground, todo: Sequence[Region], rules: Rules, grids: int, shut: int
) -> None:
    ends = [_ends(ground, region, rules) for region in todo]
    low, high = (sum(end[side] for end in ends) + shut for side in (0, 1))
    held = sum(_held(ground, region) for region in todo)
    if grids < len(todo) + shut:
        raise SizeRefusedError(Unfit.PIECES, grids, None, low, held)
    if grids < low:
        raise SizeRefusedError(Unfit.FEW, grids, rules.households_most, low, held)
    if grids > high:
        raise SizeRefusedError(Unfit.LAND, grids, None, high, held)


def counts_of(
    ground: Ground, todo: Sequence[Region], rules: Rules, size: Size, shut: int = 0
) -> list[int]:
    """How many grids each region has by a size, never so few that the limit cannot be kept.

    Households of a grid give each community its number, which its regions share; a number of grids
    is shared by all regions, each of which has one at least.
    """
    if size.grids:
        return _shared(ground, todo, rules, size.grids - shut)
    counts = [0] * len(todo)
    rows = defaultdict(list)
    for row, region in enumerate(todo):
        rows[region.community].append(row)
    for own in rows.values():
        some = [todo[row] for row in own]
        held = sum(_held(ground, region) for region in some)
        wished = floor(held / size.households + 0.5)
        for row, count in zip(own, _shared(ground, some, rules, wished), strict=True):
            counts[row] = count
    return counts


def _shared(ground: Ground, some: Sequence[Region], rules: Rules, total: int) -> list[int]:
    """So many grids, each further one where grids are fullest in the mean; as near as it goes."""
    ends = [_ends(ground, region, rules) for region in some]
    counts, most = [low for low, _ in ends], [high for _, high in ends]
    held = [_held(ground, region) for region in some]
    heap = [(-held[row] / counts[row], row) for row in range(len(some)) if counts[row] < most[row]]
    heapify(heap)
    for _ in range(total - sum(counts)):
        if not heap:
            break
        _, row = heappop(heap)
        counts[row] += 1
        if counts[row] < most[row]:
            heappush(heap, (-held[row] / counts[row], row))
    return counts


def _ends(ground: Ground, region: Region, rules: Rules) -> tuple[int, int]:
    """The least grids that keep the limit of households, and the most that its parcels allow.

    The least number of households is what a grid should have: a wish may go below it.
    """
    size = len(region.atoms)
    return min(needed(ground, region, rules)[0], size), size


def _held(ground: Ground, region: Region) -> int:
    return int(ground.households[region.atoms].sum())
