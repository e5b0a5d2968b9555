"""How levels hang together: by a column of parents, by the start of codes, by polygon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from geodata.wizard.family import Family

_MOST: Final = 0.95  # share of the units whose parent is found
_WITHIN: Final = 0.9  # share of a unit that lies in one parent
_NESTED: Final = 0.9  # share of the units that do
_SAMPLE: Final = 300
_FEW: Final = 5_000
_SAME: Final = 0.98
_TRIED: Final = 20_000  # cells that are looked up
_WANTED: Final = 10.0


@dataclass(frozen=True)
class Link:
    """How the units of a family find their parents: column, prefix, polygon, only; and how sure."""

    by: str
    share: float
    column: str = ""
    digits: int = 0
    where: tuple[tuple[str, str], ...] = ()

    @property
    def confidence(self) -> float:
        """Columns are surer than prefixes, and these than polygons."""
        worth = {"column": 0.95, "prefix": 0.9, "polygon": 0.88, "only": 0.8}
        return worth[self.by] * self.share


@dataclass(frozen=True)
class Rung:
    """One family in its place in the chain."""

    family: Family
    link: Link | None  # to the rung above; None = the highest


def link(above: Family, below: Family) -> Link | None:  # noqa: PLR0911 (one way after another)
    """Find how one family hangs below another; None = it does not."""
    if above.units >= below.units and not (above.units == below.units == 1):
        return None
    by_column = _column(above, below)
    if by_column and by_column.share >= _MOST:
        return by_column
    if prefix := _prefix(above, below):
        return prefix
    if above.shaped and below.shaped:
        share = nested(above, below)
        if share >= _NESTED:
            return Link("polygon", share)
    if filtered := _filtered(above, below):
        return filtered
    if above.units == 1 and not (above.shaped and below.shaped):
        return Link("only", 0.6)
    return None


def nested(above: Family, below: Family) -> float:
    """Share of the units below that lie within one unit above, but for their edges."""
    children = below.shapes[~shapely.is_missing(below.shapes)]
    children = children[shapely.area(children) > 0]
    if not len(children):
        return 0.0
    if len(children) > _SAMPLE:
        children = children[np.linspace(0, len(children) - 1, _SAMPLE).astype(int)]
    areas = shapely.area(children)
    parents = above.shapes[~shapely.is_missing(above.shapes)]
    parents = shapely.simplify(parents, 0.01 * float(np.sqrt(np.median(areas))))
    child, parent = shapely.STRtree(parents).query(children, predicate="intersects")
    shared = shapely.area(shapely.intersection(children[child], parents[parent]))
    best = np.zeros(len(children))
    np.maximum.at(best, child, shared)
    return float((best >= _WITHIN * areas).mean())


def same(one: Family, other: Family) -> bool:
    """Say whether two families are the same units twice, or one a part of the other's list."""
    small, large = sorted((one, other), key=lambda family: family.units)
    if one.shaped and other.shaped:
        alike = small.units >= _SAME * large.units
        return alike and nested(large, small) >= _NESTED and nested(small, large) >= _NESTED
    lengths = [set(family.codes.str.len()) for family in (small, large)]
    return lengths[0] == lengths[1] != set() and _share(small.codes, large.known) >= _SAME


def chain(families: list[Family], wanted: frozenset[str] = frozenset()) -> list[Rung]:
    """Find the longest chain of families that hang below each other; ties go to the surest.

    wanted: files that a person wants in it, wherever they can be.
    """
    best: list[tuple[float, list[Rung]]] = []
    for position, family in enumerate(families):
        own = 1.0 + 0.05 * len(str(family.units)) + 0.1 * family.members[0].role.confidence
        if any(member.look.name in wanted for member in family.members):
            own += _WANTED
        options: list[tuple[float, list[Rung]]] = [(own, [Rung(family, None)])]
        for worth, rungs in best[:position]:
            found = link(rungs[-1].family, family)
            if found is None:
                continue
            joined = family.only(found.where) if found.where else family
            options.append((worth + own - 1 + found.confidence, [*rungs, Rung(joined, found)]))
        best.append(max(options, key=lambda option: option[0]))
    return max(best, key=lambda option: option[0], default=(0.0, []))[1]


def _column(above: Family, below: Family) -> Link | None:
    """Look for a column whose values are codes of the family above."""
    found: list[Link] = []
    member = below.members[0]
    for column in member.look.columns:
        own = column.name == member.code or (column.unique and below.units > 1)
        if own or column.kind in {"empty", "time", "shape"}:
            continue
        share, digits = _share_of(below.cells(column.name), above)
        if share > 0:
            found.append(Link("column", share, column.name, digits))
    return max(found, key=lambda each: each.share, default=None)


def _filtered(above: Family, below: Family) -> Link | None:
    """A list of a whole country: its rows of this city are those with the city's code."""
    if len(below.members) > 1 or above.shaped is False:
        return None
    by_column = _column(above, below)
    if by_column is None or by_column.share >= _MOST:
        return by_column
    mine = below.cells(by_column.column)
    inside = _inside(mine, above, by_column.digits)
    if len(set(mine[inside])) < _MOST * above.units:
        return None
    for column in below.members[0].look.columns:
        if not 1 < column.distinct <= _FEW:
            continue
        cells = below.cells(column.name)
        values = set(cells[inside])
        if len(values) == 1 and (cells[~inside] != next(iter(values))).all():
            value = next(iter(values))
            where = ((column.name, str(value)),)
            return Link("column", 1.0, by_column.column, by_column.digits, where)
    return None


def _prefix(above: Family, below: Family) -> Link | None:
    lengths = above.codes.str.len().unique()
    if len(lengths) != 1 or not below.codes.str.len().min() > lengths[0]:
        return None
    digits = int(lengths[0])
    if digits < 2 and above.units < 3:  # noqa: PLR2004 (a single digit of two units says nothing)
        return None
    starts = below.codes.str[:digits]
    share = _share(starts, above.known)
    told = starts.nunique() > _NESTED * above.units
    return Link("prefix", share, below.members[0].code, digits) if share >= _MOST and told else None


def _share_of(cells: pd.Series, above: Family) -> tuple[float, int]:
    """Share of the cells that are codes above, and to how many digits they must be cut."""
    if not len(cells):
        return 0.0, 0
    tried = _tried(cells)
    plain = float(_inside(tried, above, 0).mean())
    if above.digits:
        cut = float(_inside(tried, above, above.digits).mean())
        if cut > plain:
            return cut, above.digits
    return plain, 0


def _tried(cells: pd.Series) -> pd.Series:
    return cells.iloc[:: max(1, len(cells) // _TRIED)]


def _inside(cells: pd.Series, above: Family, digits: int) -> npt.NDArray[np.bool_]:
    known = above.known
    if not digits:
        found = [cell in known for cell in cells.tolist()]
    else:
        found = [cell[:digits] in known and not cell[digits:].strip("0") for cell in cells.tolist()]
    return np.array(found, dtype=np.bool_)


def _share(cells: pd.Series, known: frozenset[str]) -> float:
    tried = _tried(cells).tolist()
    return sum(cell in known for cell in tried) / len(tried) if tried else 0.0
