"""Which atoms and sites of a city change their grid under a plan.

A site moves only with its atom: a building that its record puts into a grid other than the ground
does stays with that grid while there is one. What is known only to lie in a grid stays with it as
long as the whole of the old grid does, and else belongs to what held the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geodata.model.places import NOWHERE
from geodata.model.schemas import SITE_UNKNOWN

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Flags = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Change:
    """Which atoms and sites of a city change their grid.

    All grids are numbers of the plan; one that has no atoms is gone.
    """

    city: City
    grounded: Grounded
    plan: Plan

    @cached_property
    def rows(self) -> Ints:
        """By grid, its row in the places of the city; NOWHERE of a new one."""
        found = [self.city.tree.find(code) for code in self.plan.codes]
        return np.array([NOWHERE if row is None else row for row in found], dtype=np.int32)

    @cached_property
    def level(self) -> int:
        """The level of the grids, as a place in the levels of the city."""
        known = self.rows[self.rows >= 0]
        return int(self.city.tree.levels[known].max())

    @cached_property
    def before(self) -> Ints:
        """By atom, its grid of today."""
        number = {code: row for row, code in enumerate(self.plan.codes)}
        today = [number[code] for code in self.grounded.today.codes]
        return np.array(today, dtype=np.int32)[self.grounded.today.grid]

    @cached_property
    def holder(self) -> dict[int, int]:
        """By a grid of today, the one grid that has all its atoms now, NOWHERE if there are more.

        A grid that has no atoms, as it was lost when the ground was made, stays as it is.
        """
        pairs = np.unique(np.column_stack((self.before, self.plan.grid)), axis=0)
        held, count = np.unique(pairs[:, 0], return_counts=True)
        first = pairs[np.searchsorted(pairs[:, 0], held), 1]
        found = np.where(count == 1, first, NOWHERE)
        return dict(zip(held.tolist(), found.tolist(), strict=True))

    @cached_property
    def by_row(self) -> dict[int, int]:
        """Grid by its row in the places of the city; others are not the plan's to change."""
        held = self.holder
        return {int(row): n for n, row in enumerate(self.rows) if row >= 0 and n in held}

    @cached_property
    def mine(self) -> Ints:
        """By unit of the city, the grid of the plan that holds it today, NOWHERE if none does."""
        tree = self.city.tree
        above = tree.above(tree.level_keys[self.level])
        return np.array([self.by_row.get(int(row), NOWHERE) for row in above], dtype=np.int32)

    @cached_property
    def site_before(self) -> Ints:
        """By site, its grid of today as its record says, NOWHERE above the grids."""
        return np.asarray(self.mine[self.city.sites["unit"].to_numpy()])

    @cached_property
    def atoms(self) -> Ints:
        """By site, the atom it lies on; NOWHERE where nobody knows."""
        found = np.full(len(self.city.sites), NOWHERE, dtype=np.int32)
        for held in (self.grounded.buildings, self.grounded.outdoors):
            found[held.site] = held.atom
        return found

    @cached_property
    def site_after(self) -> Ints:
        """By site, its grid under the plan; NOWHERE above the grids."""
        before, atoms, plan = self.site_before, self.atoms, self.plan
        after = before.copy()
        inside = (before != NOWHERE) & (atoms != NOWHERE)
        own = plan.grid[np.maximum(atoms, 0)]
        moved = inside & (self.before[np.maximum(atoms, 0)] != own)
        after[moved] = own[moved]
        gone = (plan.sizes == 0) & (np.isin(np.arange(len(plan.codes)), list(self.holder)))
        homeless = inside & gone[np.maximum(after, 0)]
        after[homeless] = own[homeless]
        for row in np.flatnonzero((before != NOWHERE) & (atoms == NOWHERE)):
            after[row] = self._held(int(before[row]), unknown=bool(self._unknown[row]))
        return after

    def _held(self, grid: int, *, unknown: bool) -> int:
        """The grid of a site whose atom nobody knows."""
        if not unknown and (self.plan.sizes[grid] or grid not in self.holder):
            return grid
        return self.holder.get(grid, grid)

    @cached_property
    def _unknown(self) -> Flags:
        return np.asarray(self.city.sites["kind"].to_numpy() >= SITE_UNKNOWN)

    @cached_property
    def located(self) -> Flags:
        """By site, whether it is more than the unknown place of a unit."""
        return np.asarray(~self._unknown)
