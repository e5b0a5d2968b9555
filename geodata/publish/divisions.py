"""Professional grids: other units over the same sites, by way of a look-up.

Such a grid hangs under those levels of today's hierarchy that hold its units whole, so that their
figures are the same in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.findings import Finding, finding
from geodata.ingest.locate import WGS84, has_shape
from geodata.model.profile import Division, Level
from geodata.publish.hierarchies import Made
from geodata.publish.numbering import initials
from geodata.publish.shapes import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from geodata.model.draft import Arranged, Draft
    from geodata.model.places import Tree

    Ints = npt.NDArray[np.int32]

NO_RANGE: Final = np.int32(-1)  # the sites of another hierarchy's units need not be neighbours


def professional(draft: Draft, arranged: Arranged, tree: Tree) -> Iterator[Made]:
    """The professional grids of a draft as hierarchies of their own."""
    called = {division.key: division for division in draft.profile.divisions}
    levels = {level.key: level for level in draft.profile.levels}
    for key, table in draft.divisions.items():
        units, owner = make_division(key, table, arranged.places, tree, draft.findings)
        places, row = hung(units, owner, arranged.places, tree)
        name = called.get(key, Division(key=key, name_zh=key, name_en=key))
        own = Level(key=key, name_zh=name.name_zh, name_en=name.name_en, plural_en=name.plural_en)
        above = [levels[each] for each in tree.level_keys if (places["level"] == each).any()]
        yield Made(
            key, name.name_zh, name.name_en, "", (*above, own), places,
            row[arranged.sites["unit"].to_numpy()],
        )  # fmt: skip


def make_division(
    key: str,
    table: pd.DataFrame,
    places: gpd.GeoDataFrame,
    tree: Tree,
    findings: list[Finding],
) -> tuple[gpd.GeoDataFrame, Ints]:
    """Make the PLACES of a division and, by base unit, its row there (−1 = unknown to it).

    A row of `table` gives its base unit and everything below it to `code`. `parent` is the row in
    the base places of the lowest unit that holds the whole of the division's unit.
    """
    named = table.drop_duplicates("code").sort_values("code").reset_index(drop=True)
    row_of = {str(code): row for row, code in enumerate(named["code"])}
    owner = _owners(key, table, row_of, tree, findings)
    units = gpd.GeoDataFrame(
        _named(key, named).assign(
            parent=_holders(owner, len(named), tree),
            people=_sums(places["people"], owner, len(named), tree),
            households=_sums(places["households"], owner, len(named), tree),
        ),
        geometry=_dissolved(places, owner, len(named), tree),
        crs=WGS84,
    )
    return measure(units), owner


def hung(
    units: gpd.GeoDataFrame, owner: Ints, places: gpd.GeoDataFrame, tree: Tree
) -> tuple[gpd.GeoDataFrame, Ints]:
    """Put a division under the levels that hold its units: PLACES, and their row by base unit."""
    last = _shared_depth(units["parent"].to_numpy()[np.unique(owner[owner >= 0])], tree)
    above = np.flatnonzero(tree.levels <= last)
    lifted = _lifted(tree, last)
    holders = lifted[units["parent"].to_numpy()]
    # Depth first: behind all that is below the holder, the lower holder first.
    keys = [(int(unit), 0, 0, "") for unit in above]
    keys += [
        (int(tree.ends[holder]) - 1, 1, -int(tree.levels[holder]), str(code))
        for holder, code in zip(holders, units["code"], strict=True)
    ]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int32)
    new = np.empty(len(order), dtype=np.int32)
    new[order] = np.arange(len(order))
    row = np.full(len(tree), -1, dtype=np.int32)
    row[above] = new[: len(above)]
    base = places.iloc[above]
    parents = np.concatenate([np.where(above > 0, row[tree.parents[above]], -1), row[holders]])
    whole = pd.concat([base, units], ignore_index=True).assign(parent=parents).iloc[order]
    whole = whole.assign(unit=np.arange(len(order)), site_from=NO_RANGE, site_to=NO_RANGE)
    mine = np.where(owner >= 0, new[len(above) + np.maximum(owner, 0)], row[lifted])
    made = gpd.GeoDataFrame(whole.reset_index(drop=True), geometry="geometry", crs=WGS84)
    return made, mine.astype(np.int32)


def _shared_depth(holders: Ints, tree: Tree) -> int:
    """The lowest level above the base leaves whose units hold those of the division whole."""
    leaves = tree.levels[tree.ends == np.arange(len(tree)) + 1]
    return int(min([*tree.levels[holders], max(int(leaves.max(initial=0)) - 1, 0)]))


def _lifted(tree: Tree, last: int) -> Ints:
    """By base unit, itself or the lowest above it down to a level."""
    found = np.arange(len(tree), dtype=np.int32)
    for unit in range(1, len(tree)):
        if tree.levels[unit] > last:
            found[unit] = found[tree.parents[unit]]
    return found


def _named(key: str, named: pd.DataFrame) -> pd.DataFrame:
    """What PLACES says of a division's units besides what follows from the base units."""
    zh, en = (named[column].fillna("").astype("string") for column in ("name_zh", "name_en"))
    return pd.DataFrame(
        {
            "unit": np.arange(len(named), dtype=np.int32),
            "code": named["code"].astype("string"),
            "level": key,
            "name_zh": zh,
            "name_en": en,
            "initials": [initials(name) for name in zh.where(zh != "", en)],
            "kind": named.get("kind", ""),
            "site_from": NO_RANGE,
            "site_to": NO_RANGE,
        }
    )


def _owners(
    key: str, table: pd.DataFrame, row_of: dict[str, int], tree: Tree, findings: list[Finding]
) -> Ints:
    owner = np.full(len(tree), -1, dtype=np.int32)
    twice = lost = 0
    for code, base in zip(table["code"], table["unit"], strict=True):
        unit = tree.find(str(base))
        if unit is None:
            lost += 1
        elif owner[unit] >= 0 and owner[unit] != row_of[str(code)]:
            twice += 1
        else:
            owner[unit] = row_of[str(code)]
    for unit in range(1, len(tree)):
        if owner[unit] < 0:
            owner[unit] = owner[tree.parents[unit]]
    leaves = np.asarray(tree.ends == np.arange(len(tree)) + 1)
    bare = int((owner[leaves] < 0).sum())
    _agree_upwards(owner, tree)
    for reason, rows, cure in (
        ("division_unit_unknown", lost, "add the base unit or mend its code"),
        ("division_unit_twice", twice, "give the base unit to one unit of the division"),
        ("division_unit_missing", bare, "give the base unit to a unit of the division"),
    ):
        if rows:
            findings.append(finding(f"division {key}", "rejected", reason, cure=cure, rows=rows))
    return owner


def _agree_upwards(owner: Ints, tree: Tree) -> None:
    """Give a unit to the division's unit that has everything below it, so that less is unknown."""
    mixed = -2
    below = np.full(len(tree), -1, dtype=np.int32)
    for unit in range(len(tree) - 1, 0, -1):
        if owner[unit] < 0 and tree.ends[unit] > unit + 1:
            owner[unit] = max(below[unit], -1)
        above = tree.parents[unit]
        mine = owner[unit] if owner[unit] >= 0 else mixed
        below[above] = mine if below[above] in (-1, mine) else mixed
    if owner[0] < 0:
        owner[0] = max(below[0], -1)


def _holders(owner: Ints, count: int, tree: Tree) -> Ints:
    """By unit of the division, the lowest base unit that holds all its base units."""
    low = np.full(count, len(tree), dtype=np.int32)
    high = np.zeros(count, dtype=np.int32)
    units = np.flatnonzero(owner >= 0).astype(np.int32)
    np.minimum.at(low, owner[units], units)
    np.maximum.at(high, owner[units], units)
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return np.array([tree.holder(first, last) if first <= last else 0 for first, last in ends],
                    dtype=np.int32)  # fmt: skip


def _tops(owner: Ints, tree: Tree) -> npt.NDArray[np.intp]:
    """Base units whose owner is not already their parent's: together they are each unit once."""
    inherited = owner == np.where(tree.parents >= 0, owner[tree.parents], -1)
    return np.flatnonzero((owner >= 0) & ~inherited)


def _sums(column: pd.Series, owner: Ints, count: int, tree: Tree) -> npt.NDArray[np.int64]:
    """Add people up; −1 where some part is not known."""
    values = column.to_numpy()
    tops = _tops(owner, tree)
    known = np.ones(count, dtype=np.bool_)
    known[owner[tops[values[tops] < 0]]] = False
    total = np.bincount(owner[tops], weights=np.maximum(values[tops], 0), minlength=count)
    return np.where(known, total, -1).astype(np.int64)


def _dissolved(places: gpd.GeoDataFrame, owner: Ints, count: int, tree: Tree) -> gpd.GeoSeries:
    shapes = np.asarray(places.geometry.array, dtype=np.object_)
    there = has_shape(places.geometry)
    tops = _tops(owner, tree)
    found = np.full(count, None, dtype=np.object_)
    for mine in range(count):
        parts = shapes[[unit for unit in tops[owner[tops] == mine] if there[unit]]]
        if len(parts):
            found[mine] = shapely.union_all(parts)
    return gpd.GeoSeries(found, crs=WGS84)
