"""Why grids cannot be drawn as wished: the rule that forbids it, told with its numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geodata.planner.extent import point_in
from geodata.planner.ground import Barrier
from geodata.planner.regions import Region, regions

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]

Key = Literal["barriers", "pieces", "locks", "atom", "count"]
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Binding:
    """A rule that makes a wish impossible in a community.

    key: barriers = what lies between roads and rivers has too much or too little for its grids;
    pieces = the same of what hangs together at all; locks = of what is not locked; atom = one piece
    of land alone is above the limit; count = all its grids together cannot hold its households.
    grids: so many cannot be as wished, at least; codes: grids it concerns; value: the mean of those
    grids, the land's or the grid's households, against the limit; where: metres.
    """

    key: Key
    community: str
    grids: int
    codes: tuple[str, ...]
    value: float
    limit: float
    where: tuple[float, float]


def binding(  # noqa: PLR0913, PLR0917 (what is wished of a plan)
    ground: Ground, plan: Plan, communities: Ints, rules: Rules, load: Floats, tolerance: float
) -> list[Binding]:
    """What keeps grids, as many as there are now, from being even and within the limit.

    Empty: nothing that can be proved so. A search may fail all the same, and has to say that.
    """
    wish = _Wish(ground, plan, rules, tolerance)
    found: list[Binding] = []
    mean = _means(ground, plan, load)
    whole, walled = (
        _by_community(regions(ground, plan, load, walls)) for walls in (Barrier.NARROW, rules.walls)
    )
    for row in sorted(np.asarray(communities).tolist()):
        found += wish.uneven(float(mean[row]), whole[row], walled[row])
        found += wish.locked(row)
        found += wish.heavy(row)
        found += wish.too_few(walled[row])
    return found


@dataclass(frozen=True, eq=False)
class _Wish:
    ground: Ground
    plan: Plan
    rules: Rules
    tolerance: float

    def uneven(self, mean: float, whole: list[Region], walled: list[Region]) -> Iterator[Binding]:
        """Land that has too much or too little for its grids; each grid by the widest reason."""
        explained: set[int] = set()
        for key, some in ((self._apart(whole), whole), ("barriers", walled)):
            for region in some:
                grids = set(region.grids.tolist())
                bad = beyond(region, mean, self.tolerance)
                if bad and not explained & grids:
                    explained |= grids
                    way = 1 if region.load > len(region.grids) * mean else -1
                    each = region.load / len(region.grids)
                    limit = mean * (1 + way * self.tolerance)
                    yield self._told(key, region, bad, (each, limit))

    def locked(self, community: int) -> Iterator[Binding]:
        """Locked grids that are above the limit themselves."""
        for number in sorted(self.plan.locked):
            atoms = self.plan.atoms(number)
            held = float(self.ground.households[atoms].sum())
            if int(self.plan.community[number]) == community and held > self.rules.most:
                yield self._land("locks", atoms, held)

    def heavy(self, community: int) -> Iterator[Binding]:
        """Pieces of land with more households than a grid may have; they have to be cut first."""
        ground = self.ground
        heavy = (ground.community == community) & (ground.households > self.rules.most)
        for atom in np.flatnonzero(heavy):
            yield self._land("atom", np.array([atom]), float(ground.households[atom]))

    def too_few(self, walled: list[Region]) -> Iterator[Binding]:
        """Land whose grids together may not hold its households: so many more are needed."""
        for region in walled:
            held = int(self.ground.households[region.atoms].sum())
            more = ceil(held / self.rules.most) - len(region.grids)
            if more > 0:
                limit = self.rules.most * len(region.grids)
                yield self._told("count", region, more, (float(held), float(limit)))

    def _apart(self, whole: list[Region]) -> Key:
        """Why the land of a community is not one region: locks in between, or it never was."""
        community = {region.community for region in whole}
        locks = any(int(self.plan.community[number]) in community for number in self.plan.locked)
        return "locks" if locks else "pieces"

    def _told(self, key: Key, region: Region, bad: int, numbers: tuple[float, float]) -> Binding:
        codes = tuple(self.plan.codes[number] for number in region.grids.tolist())
        heaviest = region.atoms[int(np.argmax(region.graph.weight))]
        where = point_in(self.ground.shapes[heaviest])
        community = self.ground.communities[region.community]
        return Binding(key, community, bad, codes, *numbers, where)

    def _land(self, key: Key, atoms: Ints | Rows, held: float) -> Binding:
        community = self.ground.communities[int(self.ground.community[atoms[0]])]
        code = self.plan.codes[int(self.plan.grid[atoms[0]])]
        where = point_in(self.ground.shapes[atoms[0]])
        return Binding(key, community, 1, (code,), held, float(self.rules.most), where)


def _means(ground: Ground, plan: Plan, load: Floats) -> Floats:
    """Load of a grid on average, by community."""
    size = len(ground.communities)
    count = np.bincount(plan.community[plan.living], minlength=size)
    return np.asarray(np.bincount(ground.community, load, size) / np.maximum(count, 1))


def _by_community(found: list[Region]) -> defaultdict[int, list[Region]]:
    by: defaultdict[int, list[Region]] = defaultdict(list)
    for region in found:
        by[region.community].append(region)
    return by


def beyond(region: Region, mean: float, tolerance: float) -> int:
    """How many grids of a region cannot be near to a mean, at least, however they are drawn."""
    count, low, high = len(region.grids), mean * (1 - tolerance), mean * (1 + tolerance)
    if region.load > count * high * (1 + ROUNDING):
        return 1  # one may take all that is too much
    if low <= 0 or region.load >= count * low * (1 - ROUNDING):
        return 0
    return count - int(region.load / low * (1 + ROUNDING))
