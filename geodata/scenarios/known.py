"""What a city knows beside the atoms of a plan: buildings, roads, professional grids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.planner.facts import WEEKS, Facts, Units, land_of
from geodata.planner.lineage import ancestors
from geodata.planner.rules import GRID
from geodata.planner.ways import roads_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.ways import Roads
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

    Ints = npt.NDArray[np.int32]
    Shapes = npt.NDArray[np.object_]

WALKED: Final = ("road", "arterial")  # kinds of lines that people walk along
AROUND_M: Final = 1_000.0  # roads beside a place that a way may take
NONE: Final = -1


@dataclass(frozen=True, eq=False)
class Lasting:
    """What stays when atoms are cut.

    size: atoms of the ground that it was made for; roads: None where there are none; land: of each
    community; professional: grids of departments, over these atoms; micro: the units inside grids,
    None where there are none; special: codes of the grids without limits of size.
    """

    size: int
    roads: Roads | None
    land: Shapes
    professional: tuple[Units, ...]
    micro: Units | None = None
    special: frozenset[str] = frozenset()


def lasting(there: Grounded, city: City | None, communities: Ints) -> Lasting:
    """What stays, for some communities; city: whose ground it is, None where it is gone."""
    found = Lasting(len(there.ground), _roads(there, communities), land_of(there.ground), ())
    if city is None:
        return found
    return replace(
        found, professional=professional(there, city), micro=micro(there, city),
        special=special_grids(city),
    )  # fmt: skip


def facts_of(there: Grounded, known: Lasting, parents: Ints | None) -> Facts:
    """What checks and figures rest on; parents: from which atom each was cut, None where none was.

    A piece that was cut off lies in the professional grid of the whole.
    """
    houses = there.buildings
    of = slice(None) if parents is None else ancestors(parents, known.size)
    return Facts(
        where=np.column_stack((houses.x, houses.y)),
        atom=houses.atom,
        households=houses.households,
        weeks=WEEKS,
        roads=known.roads,
        professional=tuple(replace(each, unit=each.unit[of]) for each in known.professional),
        micro=None if known.micro is None else replace(known.micro, unit=known.micro.unit[of]),
        special=known.special,
        land=known.land,
        streets=there.lines.shapes if len(there.lines.shapes) else None,
    )


def professional(there: Grounded, city: City) -> tuple[Units, ...]:
    """The professional grids of a city, by kind: each atom lies where most of its sites do."""
    divided = [(each.key, city.division(each.key)) for each in city.profile.divisions]
    return tuple(
        Units(key, hierarchy.tree.codes, _units(there, hierarchy.units))
        for key, hierarchy in divided
    )


def micro(there: Grounded, city: City) -> Units | None:
    """The units of the level below grids; each atom lies where most of its sites do."""
    keys = [level.key for level in city.profile.levels]
    below = keys[keys.index(GRID) + 1 :][:1]
    units = city.places[city.places["level"].isin(below)]
    if not len(units):
        return None
    own = np.zeros(len(city.sites), dtype=np.int32)  # 0 = in none
    bounds = zip(units["site_from"], units["site_to"], strict=True)
    for number, (first, end) in enumerate(bounds, 1):
        own[first:end] = number
    return Units(below[0], ("", *map(str, units["code"])), _units(there, own))


def special_grids(city: City) -> frozenset[str]:
    """Codes of the grids that stand by themselves, as their kind says."""
    kinds = next(level.special for level in city.profile.levels if level.key == GRID)
    chosen = (city.places["level"] == GRID) & city.places["kind"].isin(kinds)
    return frozenset(map(str, city.places["code"][chosen]))


def _units(there: Grounded, unit: Ints) -> Ints:
    """By atom, the unit of most of its sites, the first of these where several have as many."""
    tables = (there.buildings, there.outdoors)
    atom = np.concatenate([each.atom for each in tables]).astype(np.int64)
    own = unit[np.concatenate([each.site for each in tables])]
    kept = (atom >= 0) & (own > 0)  # the root stands for "nothing is known"
    most = int(own.max(initial=0)) + 1
    pairs, count = np.unique(atom[kept] * most + own[kept], return_counts=True)
    order = np.lexsort((-pairs, count))  # the last one written is the most frequent
    found = np.full(len(there.ground), NONE, dtype=np.int32)
    found[pairs[order] // most] = pairs[order] % most
    return found


def _roads(there: Grounded, communities: Ints) -> Roads | None:
    """The roads in and around some communities as a network."""
    inside = np.isin(there.ground.community, communities)
    west, south, east, north = shapely.total_bounds(there.ground.shapes[inside])
    around = shapely.box(west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M)
    walked = np.isin(there.lines.kind, WALKED) & shapely.intersects(there.lines.shapes, around)
    return roads_of(there.lines.shapes[walked]) if walked.any() else None
