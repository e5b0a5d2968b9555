"""Levels, codes and who contains whom: the tree of one division, walked by row number."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.model.profile import Profile

    Ints = npt.NDArray[np.int32]
    Flags = npt.NDArray[np.bool_]

BUILDING = "building"
DRAFT = "draft."  # begins the key of a division that is a draft plan
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Tree:
    """The units of a division in depth-first order, so that a subtree is one range of rows.

    parents: row of the unit above, −1 for the root; levels: index into `level_keys`;
    drills: by level, whether the drill path stops there; codes: opaque; built_up: by unit, whether
    a building stands in it (or in a unit below it).
    """

    level_keys: tuple[str, ...]
    drills: Flags
    codes: tuple[str, ...]
    parents: Ints
    levels: Ints
    built_up: Flags = field(repr=False)

    @classmethod
    def of(
        cls, places: pd.DataFrame, profile: Profile, building_sites: Flags | None = None
    ) -> Tree:
        """Make the tree of a PLACES frame; `building_sites`: by site, whether it is a building.

        Raises:
            ValueError: when a level of the frame is not one of the profile's.
        """
        keys = tuple(level.key for level in profile.levels)
        index = {key: number for number, key in enumerate(keys)}
        strange = sorted(set(places["level"].unique()) - set(index))
        if strange:
            msg = f"levels {strange} are not in the profile ({', '.join(keys)})"
            raise ValueError(msg)
        count = len(places)
        built_up = np.zeros(count, dtype=np.bool_)
        if building_sites is not None and count:
            before = np.concatenate([[0], np.cumsum(building_sites)])
            built_up = before[places["site_to"]] > before[places["site_from"]]
        return cls(
            level_keys=keys,
            drills=np.array([level.drill for level in profile.levels], dtype=np.bool_),
            codes=tuple(map(str, places["code"].tolist())),
            parents=places["parent"].to_numpy(dtype=np.int32),
            levels=np.array([index[key] for key in places["level"].tolist()], dtype=np.int32),
            built_up=np.asarray(built_up, dtype=np.bool_),
        )

    def __len__(self) -> int:
        """Count the units."""
        return len(self.codes)

    @cached_property
    def ends(self) -> Ints:
        """By unit, the row after its last descendant: its subtree is [unit, end)."""
        ends = np.arange(1, len(self) + 1, dtype=np.int32)
        for unit in range(len(self) - 1, 0, -1):
            above = self.parents[unit]
            ends[above] = max(ends[above], ends[unit])
        return ends

    @cached_property
    def _drill_parents(self) -> Ints:
        """By unit, the nearest unit above it at which the drill path stops; −1 for the root."""
        found = np.full(len(self), -1, dtype=np.int32)
        for unit in range(1, len(self)):
            above = self.parents[unit]
            stops = above <= 0 or self.drills[self.levels[above]]
            found[unit] = above if stops else found[above]
        return found

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {code: unit for unit, code in enumerate(self.codes)}

    def subtree(self, unit: int) -> range:
        """Rows of the unit and of everything below it."""
        return range(unit, int(self.ends[unit]))

    def children(self, unit: int) -> Ints:
        """Units one step down the drill path, passing over levels that do not drill."""
        if unit not in self._below:
            self._below[unit] = self._children(unit)
        return self._below[unit]

    @cached_property
    def _below(self) -> dict[int, Ints]:
        return {}

    def _children(self, unit: int) -> Ints:
        rows = np.arange(unit + 1, self.ends[unit], dtype=np.int32)
        near = self._nearest_stop(rows, unit)
        return np.asarray(rows[near & self.drills[self.levels[rows]]], dtype=np.int32)

    def _nearest_stop(self, rows: Ints, unit: int) -> Flags:
        """Which of the rows below `unit` have no drill stop between it and themselves."""
        if self.drills[self.levels[unit]] or unit == 0:
            return np.asarray(self._drill_parents[rows] == unit, dtype=np.bool_)
        # A unit that itself is passed over has its own children for the step down.
        near = np.zeros(len(rows), dtype=np.bool_)
        for place, row in enumerate(rows):
            above = self.parents[row]
            near[place] = above == unit or (
                not self.drills[self.levels[above]] and bool(near[above - unit - 1])
            )
        return near

    def cells(self, unit: int, level: str) -> Ints:
        """Units of one level inside the unit; the unit itself if it is of that level."""
        if level not in self.level_keys:
            return np.empty(0, dtype=np.int32)
        rows = np.arange(unit, self.ends[unit], dtype=np.int32)
        mine = self.levels[rows] == self.level_keys.index(level)
        return np.asarray(rows[mine], dtype=np.int32)

    def above(self, level: str) -> Ints:
        """By unit, itself or the unit above it that is of a level; NOWHERE where none is."""
        wanted = self.level_keys.index(level) if level in self.level_keys else NOWHERE
        found = np.full(len(self), NOWHERE, dtype=np.int32)
        for unit in np.flatnonzero(self.levels == wanted):
            found[unit : self.ends[unit]] = unit
        return found

    def holder(self, first: int, last: int) -> int:
        """The lowest unit that holds two of them and whatever lies between."""
        unit = first
        while unit > 0 and self.ends[unit] <= last:
            unit = int(self.parents[unit])
        return unit

    def parent(self, unit: int) -> int:
        """Unit one step up the drill path; −1 above the root."""
        return int(self._drill_parents[unit])

    def path(self, unit: int) -> tuple[int, ...]:
        """Units from the root to the unit, both included, along the drill path."""
        steps = [unit]
        while (above := self.parent(steps[-1])) >= 0:
            steps.append(above)
        return tuple(reversed(steps))

    def find(self, code: str) -> int | None:
        """Row of the unit with this code."""
        return self._rows.get(code)

    def level(self, unit: int) -> str:
        """Key of the unit's level."""
        return self.level_keys[int(self.levels[unit])]

    def next_level(self, unit: int) -> str:
        """Level a step down leads to: a level key, "building", or "" where nothing is below.

        Where branches skip a level, the uppermost of the children's levels is named.
        """
        below = self.children(unit)
        if len(below):
            return self.level_keys[int(self.levels[below].min())]
        return BUILDING if self.built_up[unit] else ""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """A tree over the sites of a city; units: by site, the deepest unit it is known to lie in.

    A site that the hierarchy knows nothing of lies in its root, and so in the unknown place of it:
    the totals of every hierarchy are the city's.
    """

    tree: Tree
    units: Ints

    def cells(self, level: str) -> Ints:
        """By site, the unit of a level, NOWHERE where it has none; "" = the deepest one."""
        return self.tree.above(level)[self.units] if level else self.units

    def inside(self, unit: int) -> Flags:
        """By site, whether it lies in a unit."""
        return np.asarray((self.units >= unit) & (self.units < self.tree.ends[unit]))
