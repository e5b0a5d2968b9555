"""Plans that a publication overtook: grids they began with are others in the city of today."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.model.errors import SnapshotError
from geodata.planner.strips import wider
from geodata.scenarios.grounded import metres

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Shapes = npt.NDArray[np.object_]

NEAR_M: Final = 0.5  # a border that other software writes anew is nowhere further from itself
HAIR_M: Final = 0.01  # of its length in area: what rounding makes


def overtaken(there: Grounded, city: City, began: City | None = None) -> tuple[str, ...]:
    """Codes of the grids a plan began with that are gone, elsewhere or of another shape in a city.

    A grid whose name or figures alone were mended is the same. began: the city that the plan began
    on, where it is still kept: borders that nobody has written since need no second look.
    """
    if there.snapshot == city.id:
        return ()
    today, tree = there.today, city.tree
    numbers = today.living.tolist()
    rows = {number: tree.find(today.codes[number]) for number in numbers}
    kept = {number: row for number, row in rows.items()
            if row is not None and _above(city, row) == _held(there, number)}  # fmt: skip
    near = kept
    with suppress(SnapshotError):  # one that is damaged is of no help
        near = _written(there, city, kept, began) if began else kept
    moved = _moved(there, city, near)
    return tuple(today.codes[each] for each in numbers if each not in kept or each in moved)


def _above(city: City, row: int) -> str:
    """The code of what a unit lies in, "" of the city itself."""
    above = int(city.tree.parents[row])
    return city.tree.codes[above] if above >= 0 else ""


def _held(there: Grounded, number: int) -> str:
    """The code of the community in which a grid lay when the plan was begun."""
    return there.ground.communities[int(there.today.community[number])]


def _written(there: Grounded, city: City, rows: dict[int, int], began: City) -> dict[int, int]:
    """Those of some grids, by number with their rows, whose border is not the very same as then."""
    codes = there.today.codes
    found = {number: began.tree.find(codes[number]) for number in rows}
    before = {number: row for number, row in found.items() if row is not None}
    known = list(before)
    then = began.places.geometry.array[list(before.values())].to_numpy()
    now = city.places.geometry.array[[rows[number] for number in known]].to_numpy()
    same = np.asarray(shapely.to_wkb(then) == shapely.to_wkb(now))
    alike = {number for number, each in zip(known, same.tolist(), strict=True) if each}
    return {number: row for number, row in rows.items() if number not in alike}


def _moved(there: Grounded, city: City, rows: dict[int, int]) -> set[int]:
    """Those of some grids, by number with their rows in the city, whose border is another one."""
    if not rows:
        return set()
    now = shapely.make_valid(
        metres(there, city.places.geometry.array[list(rows.values())].to_numpy())
    )
    drawn = _drawn(there, list(rows))
    off = shapely.symmetric_difference(now, drawn)  # None of a grid that has no border any more
    moved = ~(shapely.area(off) <= HAIR_M * shapely.length(drawn))
    # What was given away may be small beside the whole: only a strip too narrow for land is none.
    moved[moved] = wider(off[moved], NEAR_M)
    return {number for number, far in zip(rows, moved.tolist(), strict=True) if far}


def _drawn(there: Grounded, numbers: list[int]) -> Shapes:
    """Grids as they were when the plan was begun, as polygons."""
    grid, shapes = there.today.grid, there.ground.shapes
    order = np.argsort(grid, kind="stable")
    first, last = (np.searchsorted(grid[order], numbers, side) for side in ("left", "right"))
    return np.array(
        [shapely.coverage_union_all(shapes[order[a:b]]) for a, b in zip(first, last, strict=True)],
        dtype=object,
    )
