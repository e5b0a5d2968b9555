"""A plan: the grid of every atom. Never changed; every operation gives another one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.planner.refusals import PlanRefusedError, Why

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ground import Ground

    Ints = npt.NDArray[np.int32]

KEY_LENGTH: Final = 16


@dataclass(frozen=True, eq=False)
class Plan:
    """Which atom belongs to which grid.

    ground: key of the `Ground` it stands on.
    grid: number of each atom's grid; codes: by number, of all grids there ever were, so that a code
    is never given twice; a number without atoms is a grid that was merged into another.
    community: row of each grid's community, by number.
    locked: numbers of the grids that no operation may change.
    """

    ground: str
    grid: Ints
    codes: tuple[str, ...]
    community: Ints
    locked: frozenset[int] = frozenset()

    @cached_property
    def key(self) -> str:
        """A name of exactly this plan."""
        digest = hashlib.sha256("\n".join((self.ground, *self.codes)).encode())
        digest.update(np.ascontiguousarray(self.grid).tobytes())
        digest.update(",".join(map(str, sorted(self.locked))).encode())
        return digest.hexdigest()[:KEY_LENGTH]

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """How many atoms each grid has, by number."""
        return np.bincount(self.grid, minlength=len(self.codes))

    @property
    def living(self) -> Ints:
        """Numbers of the grids that have atoms."""
        return np.flatnonzero(self.sizes).astype(np.int32)

    def number(self, code: str) -> int:
        """The number of a living grid.

        Raises:
            PlanRefusedError: there is none of this code, or it was merged away.
        """
        number = self._numbers.get(code, -1)
        if number < 0 or not self.sizes[number]:
            raise PlanRefusedError(Why.NO_GRID, [code])
        return number

    def atoms(self, number: int) -> Ints:
        """The atoms of a grid."""
        return np.flatnonzero(self.grid == number).astype(np.int32)

    def with_grid(self, grid: Ints, **changes: object) -> Plan:
        """The same plan with other grids of its atoms."""
        grid.setflags(write=False)
        changed = replace(self, grid=grid, **changes)  # type: ignore[arg-type]
        if "codes" not in changes and "_numbers" in self.__dict__:
            changed.__dict__["_numbers"] = self._numbers  # a city has many codes
        return changed

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.codes)}


def first_plan(ground: Ground, grid: Ints, codes: tuple[str, ...]) -> Plan:
    """The plan that stands before anybody has changed anything.

    Raises:
        PlanRefusedError: a grid lies in two communities.
    """
    community = np.full(len(codes), -1, dtype=np.int32)
    community[grid] = ground.community
    astray = np.flatnonzero(community[grid] != ground.community)
    if len(astray):
        raise PlanRefusedError(Why.OTHER_COMMUNITY, [codes[int(grid[astray[0]])]], astray)
    own = np.array(grid, dtype=np.int32)
    own.setflags(write=False)
    return Plan(ground.key, own, codes, community)
