"""The units of every level as tables: codes, names, people and polygons on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geodata.demo.arrays import Floats, Ints, Objects, Shapes, shape_array
from geodata.demo.names import Name, Names, english

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.demo.divide import Division
    from geodata.demo.scales import Scale

DIGITS: Final = {"micro": 2}
BAND: Final = 0.12  # of the height: units in one band are numbered from west to east
TOWN_DENSITY: Final = 1_700.0  # people per km²: a street below it is a town
VILLAGE_DENSITY: Final = 1_500.0
SPECIAL: Final = 40  # households below which a grid is one for a works, a park, a station
M2_PER_KM2: Final = 1e6
NEW_TOWN, AIRPORT = "new_town", "airport"


@dataclass(frozen=True, eq=False)
class Level:
    """All units of one level; `parent` is a row of the level above, `label` the row by atom."""

    key: str
    label: Ints
    parent: Ints
    code: Objects
    name_zh: Objects
    name_en: Objects
    kind: Objects
    people: Ints
    households: Ints
    shape: Shapes


@dataclass(frozen=True, eq=False)
class Counts:
    """By atom: its polygon, households, people, m², what is special about it ("" = nothing)."""

    atoms: Shapes
    households: Ints
    people: Ints
    area: Floats
    special: Objects


def unite(atoms: Shapes, label: Ints) -> Shapes:
    """Join the atoms of each unit to one polygon."""
    order = np.argsort(label, kind="stable")
    groups = np.split(atoms[order], np.cumsum(np.bincount(label))[:-1])
    return shape_array([shapely.coverage_union_all(group) for group in groups])


def _sequence(parent: Ints, shape: Shapes) -> Ints:
    """Number the units inside each parent from north to south, in bands from west to east."""
    middle = shapely.get_coordinates(shapely.centroid(shape))
    height = max(float(np.ptp(middle[:, 1])), 1.0) * BAND
    order = np.lexsort((middle[:, 0], -(middle[:, 1] / height).round(), parent))
    number = np.empty(len(parent), dtype=np.int64)
    starts = np.searchsorted(parent[order], np.arange(int(parent.max()) + 1))
    number[order] = np.arange(len(parent)) - starts[parent[order]] + 1
    return number


def _pair(stem: str, zh: str, en: str) -> Name:
    return stem + zh, f"{english(stem)} {en}"


def _street(names: Names, density: float, special: str) -> tuple[Name, str]:
    del special
    if density > TOWN_DENSITY:
        return _pair(names.town(), "街道", "Subdistrict"), "subdistrict"
    return _pair(names.town(), "镇", "Town"), "town"


def _community(names: Names, density: float, special: str) -> tuple[Name, str]:
    if special == AIRPORT:
        return _pair(names.town(), "机场", "Airport"), AIRPORT
    if density > VILLAGE_DENSITY:
        return _pair(names.town(), "社区", "Community"), "urban"
    return _pair(names.village(), "村", "Village"), "village"


def _zone(names: Names, density: float, special: str) -> tuple[Name, str]:
    del density
    if special == NEW_TOWN:
        return _pair(names.town(), "新城片区", "New Town Zone"), NEW_TOWN
    return _pair(names.town(), "片区", "Zone"), "zone"


def _district(names: Names, density: float, special: str) -> tuple[Name, str]:
    del density, special
    return _pair(names.town(), "区", "District"), "district"


NAMED: Final[dict[str, Callable[[Names, float, str], tuple[Name, str]]]] = {
    "street": _street,
    "community": _community,
    "zone": _zone,
    "district": _district,
}


def _numbered(key: str, above: Level, parent: Ints, number: Ints) -> list[Name]:
    """Names of grids and micro-grids: the unit above and a number."""
    zh, en = above.name_zh[parent], above.name_en[parent]
    if key == "grid":
        made = [f"{name}第{n}网格" for name, n in zip(zh, number, strict=True)]
        return list(
            zip(made, [f"{e} Grid {n}" for e, n in zip(en, number, strict=True)], strict=True)
        )
    made = [f"{name}-{n}号微网格" for name, n in zip(zh, number, strict=True)]
    return list(zip(made, [f"{e}-{n}" for e, n in zip(en, number, strict=True)], strict=True))


def _grid_kinds(households: Ints, special: Objects) -> Objects:
    kind = np.where(households < SPECIAL, "special", "general").astype(object)
    return np.asarray(np.where(special == NEW_TOWN, NEW_TOWN, kind))


def _special(label: Ints, size: int, counts: Counts) -> Objects:
    """What is special about each unit: it holds the new town, or most of it is the airfield."""
    found = np.full(size, "", dtype=object)
    found[label[counts.special == NEW_TOWN]] = NEW_TOWN
    runways = np.bincount(label, counts.area * (counts.special == AIRPORT), size)
    found[2 * runways > np.bincount(label, counts.area, size)] = AIRPORT
    return found


def make_root(scale: Scale, counts: Counts) -> Level:
    """Make the level of the whole city, one unit."""
    label = np.zeros(len(counts.atoms), dtype=np.int64)
    one = [np.array([text], dtype=object) for text in (scale.code, scale.name_zh, scale.name_en)]
    return Level(
        key=scale.root_level,
        label=label,
        parent=np.array([-1]),
        code=one[0],
        name_zh=one[1],
        name_en=one[2],
        kind=np.array([scale.root_level], dtype=object),
        people=np.array([counts.people.sum()]),
        households=np.array([counts.households.sum()]),
        shape=unite(counts.atoms, label),
    )


def _level(names: Names, key: str, label: Ints, above: Level, counts: Counts) -> Level:
    shape = unite(counts.atoms, label)
    size = len(shape)
    parent = np.zeros(size, dtype=np.int64)
    parent[label] = above.label
    number = _sequence(parent, shape)
    people = np.bincount(label, counts.people, size).astype(np.int64)
    households = np.bincount(label, counts.households, size).astype(np.int64)
    special = _special(label, size, counts)
    digits = DIGITS.get(key, 3)
    pairs = zip(above.code[parent], number.tolist(), strict=True)
    code = np.array([f"{up}{at:0{digits}d}" for up, at in pairs], dtype=object)
    if key in NAMED:
        density = people / (np.bincount(label, counts.area, size) / M2_PER_KM2)
        draws = [
            NAMED[key](names, d, s) for d, s in zip(density.tolist(), special.tolist(), strict=True)
        ]
        found = [name for name, _ in draws]
        kind = np.array([sort for _, sort in draws], dtype=object)
    else:
        found = _numbered(key, above, parent, number)
        kind = (
            _grid_kinds(households, special) if key == "grid" else np.full(size, key, dtype=object)
        )
    return Level(
        key, label, parent, code,
        np.array([zh for zh, _ in found], dtype=object),
        np.array([en for _, en in found], dtype=object),
        kind, people, households, shape,
    )  # fmt: skip


def make_levels(scale: Scale, names: Names, division: Division, counts: Counts) -> list[Level]:
    """Make the tables of all levels, the root first."""
    levels = [make_root(scale, counts)]
    for tier, label in zip(scale.tiers, division.labels, strict=True):
        levels.append(_level(names, tier.key, label, levels[-1], counts))
    return levels
