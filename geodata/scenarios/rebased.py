"""The ground of a plan under a newer publication of its city: the same atoms, today's sites."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.model.places import NOWHERE
from geodata.model.schemas import SITE_BUILDING, SITE_OUTDOOR
from geodata.planner.atoms import standing
from geodata.scenarios.grounded import WGS84, Buildings, Outdoors, mover
from geodata.scenarios.overtaken import overtaken
from geodata.scenarios.refused import refuse

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int32]
    Rows = npt.NDArray[np.intp]

SOME: Final = 5


def rebased(there: Grounded, city: City) -> Grounded:
    """The ground with the buildings and outdoor sites of a city that was published since.

    Raises:
        ImportRefusedError: its grids are others than those that the plan began with; they are
            named.
    """
    if there.snapshot == city.id:
        return there
    _check(there, city)
    sites = city.sites
    grid = _grids(there, city)
    rows = {
        kind: np.flatnonzero((sites["kind"].to_numpy() == kind) & (grid != NOWHERE))
        for kind in (SITE_BUILDING, SITE_OUTDOOR)
    }
    return replace(
        there, snapshot=city.id,
        buildings=_buildings(there, city, rows[SITE_BUILDING], grid),
        outdoors=Outdoors(**_placed(there, city, rows[SITE_OUTDOOR], grid)),
    )  # fmt: skip


def _check(there: Grounded, city: City) -> None:
    """Refuse a city whose grids changed since the plan was begun."""
    if changed := overtaken(there, city):
        more = len(changed) - SOME
        some, others = ", ".join(changed[:SOME]), (f" and {more} more", f" 等 {len(changed)} 个")
        en, zh = others if more > 0 else ("", "")
        refuse(
            f"grids {some}{en} are others now than when the plan was begun; "
            "open it and carry its changes over to today's grids",
            f"网格 {some}{zh}与方案起草时已不同；请打开本方案，将改动接续到现行网格",
        )


def _grids(there: Grounded, city: City) -> Ints:
    """By site of the city, the number of its grid in the plan as it began."""
    tree = city.tree
    own = np.full(len(tree), NOWHERE, dtype=np.int32)
    for number in there.today.living.tolist():
        row = tree.find(there.today.codes[number])
        if row is not None:
            own[row : tree.ends[row]] = number
    return np.asarray(own[city.sites["unit"].to_numpy()])


def _placed(there: Grounded, city: City, rows: Rows, grid: Ints) -> dict[str, Any]:
    """Where sites lie and on which atom: one of the grid to which the city counts them."""
    lon, lat = (city.sites[name].to_numpy()[rows] for name in ("lon", "lat"))
    x, y = mover(WGS84, there.crs)(np.column_stack((lon, lat))).T
    points = shapely.points(x, y)
    atom = standing(there.ground.shapes, np.column_stack((x, y)))
    today = there.today.grid
    astray = np.flatnonzero((atom < 0) | (today[atom] != grid[rows]))
    for number in np.unique(grid[rows[astray]]).tolist():
        mine = astray[grid[rows[astray]] == number]
        atoms = there.today.atoms(number)
        atom[mine] = atoms[shapely.STRtree(there.ground.shapes[atoms]).nearest(points[mine])]
    none = np.zeros(len(rows), dtype=np.int64)
    return {"x": x, "y": y, "lon": lon, "lat": lat, "cases": none, "atom": atom,
            "site": rows.astype(np.int32)}  # fmt: skip


def _buildings(there: Grounded, city: City, rows: Rows, grid: Ints) -> Buildings:
    table = city.buildings.iloc[city.sites["building"].to_numpy()[rows]]
    households, people = (table[name].to_numpy(np.int64) for name in ("households", "people"))
    return Buildings(
        id=table["code"].to_numpy().astype(np.str_), **_placed(there, city, rows, grid),
        households=households, people=people,
        footprints=np.full(len(rows), None, dtype=object),
        estate=table["estate"].to_numpy().astype(np.str_),
    )  # fmt: skip
