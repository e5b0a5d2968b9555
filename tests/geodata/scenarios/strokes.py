"""What a planner may ask for on a plan, from a few drawn numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.scenarios.grounded import degrees
from tests.geodata.planner.picks import border, code, code_of, grown
from tests.geodata.scenarios.test_scenarios import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.planner.plan import Plan
    from geodata.scenarios.scenario import Scenario

MOST_ATOMS: Final = 500  # after which nothing more is cut: small lands are quick
CUTS: Final = ("split_line", "carve", "transfer")
NAMES: Final = ("101", "101001", "101001001", "102004004")  # of units that there are or were


@dataclass(frozen=True)
class Drawn:
    """Numbers that Hypothesis has drawn, on what a planner looked at."""

    scenario: Scenario
    plan: Plan
    pick: int
    size: int

    @property
    def ends(self) -> tuple[int, int]:
        """Two atoms on both sides of a border between grids."""
        return border(self.scenario.grounded.ground, self.plan, self.pick)

    def around(self, atom: int) -> list[int]:
        """An atom and some of its grid that hang together with it."""
        return grown(self.scenario.grounded.ground, self.plan, atom, self.size)

    def asked(self, kind: str) -> dict[str, Any]:
        """An operation of a kind; a cut of land that is cut enough becomes a lock."""
        if kind in CUTS and len(self.scenario.grounded.ground) > MOST_ATOMS:
            kind = "lock"
        if len(self.plan.living) == 1:  # nothing has a border with another
            kind = "split_k"
        return {"do": kind, **MAKERS[kind](self)}


def _reassign(it: Drawn) -> dict[str, Any]:
    one, two = it.ends
    return {"atoms": it.around(one), "to": code_of(it.plan, two), "with_cut_off": it.pick % 2 == 0}


def _split_atoms(it: Drawn) -> dict[str, Any]:
    atom = it.pick % len(it.scenario.grounded.ground)
    return {"grid": code_of(it.plan, atom), "atoms": it.around(atom)}


def _split_line(it: Drawn) -> dict[str, Any]:
    living = it.scenario.plan.living
    grid = it.scenario.plan.codes[int(living[it.pick % len(living)])]
    return split(it.scenario, grid, (it.pick % 9 - 4) / 10)


def _merge(it: Drawn) -> dict[str, Any]:
    one, two = it.ends
    other = code(it.plan, it.pick) if it.pick % 5 == 0 else code_of(it.plan, two)
    return {"survivor": code_of(it.plan, one), "other": other}


def _exchange(it: Drawn) -> dict[str, Any]:
    one, two = it.ends
    _, back = border(it.scenario.grounded.ground, it.plan, 7 * it.pick + 1, between=(one, two))
    return {"first": it.around(one), "second": [back]}


def _carve(it: Drawn) -> dict[str, Any]:
    """All within some metres of a place across the border goes over."""
    one, two = it.ends
    middle = shapely.point_on_surface(it.scenario.grounded.ground.shapes[one])
    area = np.array([shapely.buffer(middle, 5 + 12 * it.size, quad_segs=2)], dtype=object)
    ring = shapely.get_coordinates(degrees(it.scenario.grounded, area)).tolist()
    return {"polygon": ring, "to": code_of(it.plan, two), "with_cut_off": it.pick % 2 == 0}


def _transfer(it: Drawn) -> dict[str, Any]:
    one, two = it.ends
    houses = it.scenario.grounded.buildings
    near = np.flatnonzero(np.isin(houses.atom, it.around(one)))
    some = houses.id[near if len(near) else [it.pick % len(houses)]].tolist()
    return {"buildings": some, "to": code_of(it.plan, two), "with_cut_off": it.pick % 2 == 0}


def _renumber(it: Drawn) -> dict[str, Any]:
    """A new code, now and then one that a unit has or had."""
    given = NAMES[it.pick % len(NAMES)] if it.size > 2 else f"10100{it.size}{it.pick % 90:03d}"
    return {"grid": code(it.plan, it.pick), "code": given}


def _grids(it: Drawn) -> dict[str, Any]:
    return {"grids": [code(it.plan, it.pick)]}


MAKERS: Final[dict[str, Callable[[Drawn], dict[str, Any]]]] = {
    "reassign": _reassign, "split_atoms": _split_atoms, "split_line": _split_line,
    "split_k": lambda it: {"grid": code(it.plan, it.pick), "k": 2 + it.size % 2},
    "merge": _merge, "exchange": _exchange, "carve": _carve, "transfer": _transfer,
    "renumber": _renumber, "lock": _grids, "unlock": _grids,
}  # fmt: skip
