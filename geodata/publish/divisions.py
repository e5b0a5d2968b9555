"""Professional grids: other units over the same sites, by way of a look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.ingest.findings import Finding, finding
from geodata.ingest.locate import WGS84, has_shape
from geodata.publish.numbering import initials
from geodata.publish.shapes import measure

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.model.places import Tree

    Ints = npt.NDArray[np.int32]


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
            "site_from": np.int32(-1),  # a division's sites need not be neighbours
            "site_to": np.int32(-1),
        }
    )


def site_units(sites: pd.DataFrame, owner: Ints) -> pd.DataFrame:
    """By site, the row of the division's unit; −1 = unknown to the division."""
    units = owner[sites["unit"].to_numpy()]
    return pd.DataFrame({"site": sites["site"].to_numpy(), "unit": units.astype(np.int32)})


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
    """By unit of the division, the lowest base unit above all its base units."""
    low = np.full(count, -1, dtype=np.int32)
    high = np.zeros(count, dtype=np.int32)
    for unit in np.flatnonzero(owner >= 0):
        mine = owner[unit]
        low[mine] = unit if low[mine] < 0 else low[mine]
        high[mine] = unit
    for mine in range(count):
        unit = low[mine] if low[mine] < 0 else tree.parents[low[mine]]
        while unit > 0 and tree.ends[unit] <= high[mine]:
            unit = tree.parents[unit]
        low[mine] = max(unit, 0)
    return low


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
