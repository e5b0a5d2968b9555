"""The ground of a scenario once it is cut: atoms, today's grids, and where buildings stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geodata.planner.carving import Standing, after

if TYPE_CHECKING:
    from geodata.planner.carving import Cut
    from geodata.scenarios.grounded import Grounded


def standing(there: Grounded) -> Standing:
    """Buildings, then sites outdoors, as what stands on atoms."""
    houses, outside = there.buildings, there.outdoors
    none = np.zeros(len(outside.atom), dtype=np.int64)
    return Standing(
        np.column_stack((np.append(houses.x, outside.x), np.append(houses.y, outside.y))),
        np.append(houses.atom, outside.atom),
        np.stack((
            np.append(houses.households, none), np.append(houses.people, none),
            np.append(houses.cases, outside.cases),
        )),
    )  # fmt: skip


def recut(there: Grounded, cut: Cut) -> Grounded:
    """The same with its ground cut."""
    ground = after(there.ground, cut)
    atom = np.append(there.buildings.atom, there.outdoors.atom)
    atom[cut.moved] = cut.to
    houses = len(there.buildings)
    return replace(
        there,
        ground=ground,
        today=there.today.with_grid(there.today.grid[cut.lineage], ground=ground.key),
        buildings=replace(there.buildings, atom=atom[:houses]),
        outdoors=replace(there.outdoors, atom=atom[houses:]),
    )
