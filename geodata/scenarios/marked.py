"""What calm borders keep to on a ground: estates, streets and rivers, buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.calm import Marks

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.grounded import Grounded

    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]

NONE: Final = -1


def marks_of(there: Grounded, atoms: Ints) -> Marks:
    """What is to be kept to on some atoms, and beside them."""
    houses = there.buildings
    rows = np.flatnonzero(np.isin(houses.atom, atoms))
    shapes, box = there.lines.shapes, shapely.box(*shapely.total_bounds(there.ground.shapes[atoms]))
    footprints = houses.footprints[rows]
    return Marks(
        _estates(there, rows),
        shapes[shapely.intersects(shapes, box)],
        footprints[~shapely.is_missing(footprints)],
    )


def _estates(there: Grounded, rows: Rows) -> Ints:
    """By atom the estate of most households of these buildings, -1 = most are in none."""
    houses, found = there.buildings, np.full(len(there.ground), NONE, dtype=np.int32)
    names, estate = np.unique(houses.estate[rows], return_inverse=True)
    atoms, place = np.unique(houses.atom[rows], return_inverse=True)
    held = np.zeros((len(atoms), len(names)))
    np.add.at(held, (place.ravel(), estate.ravel()), houses.households[rows] + 1)  # shops as well
    if len(rows):
        most = held.argmax(axis=1)
        found[atoms] = np.where(names[most] == "", NONE, most)
    return found
