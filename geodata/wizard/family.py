"""Files that together are one level: their units, codes and shapes, to be compared."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geodata.wizard.nesting import nested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from geodata.wizard.draft import Guess
    from geodata.wizard.looks import Look

    Floats = npt.NDArray[np.float64]

Texts = frozenset[str]
WGS84: Final = "EPSG:4326"
STEPS: Final = (2, 4, 6, 9)  # digits of Chinese division codes that are 12 long in full
FULL: Final = 12
_STACKED: Final = 0.5  # share of units within those of another file


@dataclass(frozen=True)
class Member:
    """One file of boundaries with its mapping so far."""

    look: Look
    columns: dict[str, Guess]
    crs: str
    role: Guess
    level: str = ""  # key of the level a person has chosen

    @property
    def code(self) -> str:
        """Their column of codes, else that of names."""
        for ours in ("code", "name_zh", "name_en"):
            if ours in self.columns:
                return self.columns[ours].value
        return ""


@dataclass(frozen=True)
class Family:
    """Members with the same columns; `where` and `parent` are found by comparing families."""

    members: tuple[Member, ...]
    where: tuple[tuple[str, str], ...] = ()
    _cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """Name of its first file, and how many more there are."""
        more = len(self.members) - 1
        return self.members[0].look.name + (f" +{more}" if more else "")

    @property
    def shaped(self) -> bool:
        """Whether its units have polygons."""
        first = self.members[0]
        return first.look.shapes is not None or "geometry" in first.columns

    @cached_property
    def units(self) -> int:
        """How many units it has; by `where` only those rows that are kept are known."""
        if not self.where:
            return sum(member.look.rows for member in self.members)
        return len(self.codes)

    @cached_property
    def digits(self) -> int:
        """Leading digits that tell its units apart, where codes are filled up with noughts."""
        codes = self.raw_codes
        if not len(codes) or not codes.str.fullmatch(rf"\d{{{FULL}}}").all():
            return 0
        for step in STEPS:
            if (codes.str[step:].str.strip("0") == "").all():
                return step
        return 0

    @cached_property
    def raw_codes(self) -> pd.Series:
        """Codes as the files have them."""
        return self.cells("code")

    @cached_property
    def codes(self) -> pd.Series:
        """Codes without the noughts they are filled up with."""
        return self.raw_codes.str[: self.digits] if self.digits else self.raw_codes

    @cached_property
    def known(self) -> Texts:
        """Codes as a set."""
        return frozenset(self.codes)

    def cells(self, column: str) -> pd.Series:
        """Cells of a column of the files, or of their codes, rows of `where` only."""
        parts = []
        for member in self.members:
            theirs = member.code if column == "code" else column
            if theirs:
                parts.append(member.look.texts(theirs)[self._mine(member)])
        return pd.concat(parts, ignore_index=True) if parts else pd.Series([], dtype="string")

    @cached_property
    def shapes(self) -> np.ndarray:
        """Shapes in degrees, repaired."""
        parts = [np.asarray(in_degrees(m)[self._mine(m)], dtype=np.object_) for m in self.members]
        joined = np.concatenate(parts)
        bad = ~shapely.is_valid(joined) & ~shapely.is_missing(joined)
        joined[bad] = shapely.make_valid(joined[bad])
        return joined

    def only(self, where: tuple[tuple[str, str], ...]) -> Family:
        """Take only the rows with a value."""
        return replace(self, where=where, _cache={})

    def _mine(self, member: Member) -> np.ndarray:
        mine = np.ones(len(member.look.frame), dtype=bool)
        for column, value in self.where:
            mine &= (member.look.texts(column) == value).to_numpy(dtype=bool)
        return mine


def in_degrees(member: Member) -> np.ndarray:
    """Shapes of a file's kept rows in WGS-84; as they are where its CRS is not known."""
    look = member.look
    if look.shapes is None:
        column = member.columns["geometry"].value
        texts = look.texts(column).to_numpy(dtype=np.object_)
        shapes = shapely.from_wkt(texts, on_invalid="ignore")
    else:
        shapes = look.geometry()
    return moved(shapes, member.crs)


def moved(shapes: np.ndarray, crs: str) -> np.ndarray:
    """Take shapes to WGS-84 where their CRS is one that the library knows."""
    try:
        known = CRS.from_user_input(crs)
    except CRSError:
        return shapes
    if known.is_geographic:
        return shapes
    change = Transformer.from_crs(known, WGS84, always_xy=True)
    return np.asarray(
        shapely.transform(shapes, _pairwise(change)),
        dtype=np.object_,
    )


def _pairwise(change: Transformer) -> Callable[[Floats], Floats]:
    def turned(points: Floats) -> Floats:
        return np.column_stack(change.transform(points[:, 0], points[:, 1]))

    return turned


def families(members: Sequence[Member]) -> list[Family]:
    """Put files of one folder with the same columns together, the fewest units first."""
    found: dict[tuple[object, ...], list[Member]] = {}
    for member in members:
        look = member.look
        names = frozenset(column.name for column in look.columns)
        folder = look.file.rpartition("/")[0]
        shape = look.shapes.kind if look.shapes else ""
        key = (folder, look.layer, look.kind, names, shape, member.level)
        found.setdefault(key, []).append(member)
    split = [family for group in found.values() for family in _apart(group)]
    return sorted(split, key=lambda family: (family.units, not family.shaped, family.name))


def _apart(group: list[Member]) -> list[Family]:
    """Keep files together whose codes are of one make, differ, and do not lie in each other."""
    alike: dict[tuple[object, ...], list[Member]] = {}
    for member in group:
        alike.setdefault(_make(Family((member,))), []).append(member)
    found: list[Family] = []
    for members in alike.values():
        together = Family(tuple(members))
        differ = len(together.known) == len(together.codes)
        if len(members) == 1 or (differ and not _stacked(members)):
            found.append(together)
        else:
            found.extend(Family((member,)) for member in members)
    return found


def _make(family: Family) -> tuple[object, ...]:
    """How codes are built; names may be of any length."""
    codes = family.raw_codes
    if not codes.str.fullmatch(r"\d+").all():
        return ()
    return family.digits, frozenset(codes.str.len())


def _stacked(members: list[Member]) -> bool:
    """Whether the units of one file lie within those of another: then they are two rungs."""
    parts = sorted((Family((member,)) for member in members), key=lambda family: family.units)
    if not parts[0].shaped or parts[0].units == parts[-1].units:
        return False
    return nested(parts[0], parts[-1]) > _STACKED or nested(parts[-1], parts[0]) > _STACKED
