"""Find a unit, a building or a department by code, name, estate or pinyin."""

from __future__ import annotations

import bisect
import re
import unicodedata
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np

from dashboard.i18n import named, t
from dashboard.server.called import EXACT, INITIAL, LOOSE, PREFIX, WITHIN, Called
from geodata.model.places import BUILDING
from geodata.publish.numbering import initials

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd

    from geodata.store.snapshots import City

LIMIT: Final = 20
SCAN: Final = 400  # matches looked at before ranking; enough for twenty good ones
MAX_WORDS: Final = 64
CODE, NAME, INITIALS, ESTATE, ESTATE_INITIALS = range(5)
STREET, BELOW = 2, 99  # depths of units, the city's being 1
DEPARTMENT: Final = "department"  # level of an answer that is a filter, not a place
NUMBERED: Final = re.compile(r"([a-z]+)([0-9].*)")  # hcjy3: an estate's initials and a building


class Found(TypedDict):
    """One answer: where to go, what it is called, what it lies in, and its level's key."""

    code: str
    name: str
    where: str
    level: str


@dataclass(frozen=True, eq=False)
class Finder:
    """All terms of a city as one folded text, a line a term, so that a search is a substring scan.

    starts: offset of each line; owners: by line, the unit row, then building and estate rows, each
    kind counted on from the one before; kinds: by line, what the term is.
    estates: rows of buildings by estate row, so that an estate is indexed once, not by building.
    departments: what each is called; they are few, and people call them by more than a name.
    """

    city: City
    text: str
    starts: array[int]
    owners: array[int]
    kinds: bytes
    estates: dict[int, npt.NDArray[np.int64]]
    departments: list[Called]

    @classmethod
    def of(cls, city: City) -> Finder:
        """Fold every name and code of a city."""
        # Lists of numbers would take five times the memory, and there are millions.
        lines, owners, kinds = [], array("q"), bytearray()
        for owner, kind, term in _terms(city):
            folded = fold(term)
            if folded:
                lines.append(folded)
                owners.append(owner)
                kinds.append(kind)
        starts, at = array("q"), 1
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        text = "\n" + "\n".join(lines) + "\n"
        return cls(city, text, starts, owners, bytes(kinds), _members(city), _called(city))

    def search(self, words: str, language: str) -> list[Found]:
        """The best answers to some words, at most `LIMIT`, best first."""
        query = fold(words)[:MAX_WORDS]
        if not query:
            return []
        ranks: dict[int, tuple[int, int]] = {}
        found = *self._owned(query), *self._numbered(query), *self._named(words)
        for owner, rank, line in found:
            key = (rank, line)
            ranks[owner] = min(key, ranks.get(owner, key))
        best = sorted(ranks, key=lambda owner: (
            ranks[owner][0] == LOOSE, self._inside(owner, ranks), ranks[owner][0],
            self._depth(owner), ranks[owner][1],
        ))  # fmt: skip
        return [self._found(owner, language) for owner in best[:LIMIT]]

    def _owned(self, query: str) -> Iterator[tuple[int, int, int]]:
        """Owner, rank and line of what matches; an estate stands for its buildings."""
        first = len(self.city.tree) + len(self.city.buildings)
        for line, rank in self._matches(query):
            owner, kind = self.owners[line], self.kinds[line]
            if kind in (ESTATE, ESTATE_INITIALS):
                for building in self.estates.get(owner - first, ())[:LIMIT]:
                    yield len(self.city.tree) + int(building), rank, line
            else:
                yield owner, rank, line

    def _numbered(self, query: str) -> Iterator[tuple[int, int, int]]:
        """Buildings of an estate named by its initials and their number in it: hcjy3."""
        split = NUMBERED.fullmatch(query)
        if split is None:
            return
        letters, number = split.groups()
        units, buildings = len(self.city.tree), self.city.buildings["name_zh"]
        for line, _ in self._matches(letters, whole=False):
            if self.kinds[line] != ESTATE_INITIALS:
                continue
            estate = self.owners[line] - units - len(buildings)
            begin = len(fold(str(self.city.estates["name_zh"].iloc[estate])))  # type: ignore[index]
            for building in self.estates.get(estate, ()):
                rest = fold(str(buildings.iloc[building]))[begin:]
                if rest.startswith(number):
                    yield units + int(building), INITIAL, len(rest)

    def _named(self, words: str) -> Iterator[tuple[int, int, int]]:
        """Departments by what they are called; after all lines, so that places win among equals."""
        first = self._first_department()
        for row, called in enumerate(self.departments):
            rank = called.rank(words[:MAX_WORDS])
            if rank is not None:
                yield first + row, rank, len(self.starts) + row

    def _first_department(self) -> int:
        return len(self.city.tree) + len(self.city.buildings) + _count(self.city)

    def _inside(self, owner: int, ranks: dict[int, tuple[int, int]]) -> bool:
        """Whether it lies in an answer as good: a community goes before what it is made of."""
        units, buildings = len(self.city.tree), len(self.city.buildings)
        rank = ranks[owner][0]
        if rank == EXACT or owner >= units + buildings:
            return False
        if owner < units:
            above = self.city.tree.path(owner)[:-1]
        else:
            above = self.city.tree.path(int(self.city.buildings["unit"].iloc[owner - units]))
        return any(unit in ranks and ranks[unit][0] <= rank for unit in above)

    def _depth(self, owner: int) -> int:
        """How far below the whole city; of equals the larger goes first, departments as streets."""
        units, buildings = len(self.city.tree), len(self.city.buildings)
        if owner < units:
            return len(self.city.tree.path(owner))
        return BELOW if owner < units + buildings else STREET

    def _matches(self, query: str, *, whole: bool = True) -> Iterator[tuple[int, int]]:
        """Lines and ranks: first those that begin with the query, then any that contain it."""
        needles = (f"\n{query}\n", f"\n{query}", query) if whole else (f"\n{query}",)
        for needle in needles:
            at, seen = -1, 0
            while seen < SCAN and (at := self.text.find(needle, at + 1)) >= 0:
                seen += 1
                line = bisect.bisect_right(self.starts, at + needle.startswith("\n")) - 1
                yield line, self._rank(line, query)

    def _rank(self, line: int, query: str) -> int:
        start, kind = self.starts[line], self.kinds[line]
        if not self.text.startswith(query, start) or kind == ESTATE:
            return WITHIN
        if kind in (INITIALS, ESTATE_INITIALS):
            return INITIAL
        return EXACT if self.text.startswith("\n", start + len(query)) else PREFIX

    def _found(self, owner: int, language: str) -> Found:
        units, buildings = len(self.city.tree), len(self.city.buildings)
        if owner >= units + buildings:
            return self._department(owner - self._first_department(), language)
        if owner < units:
            place = self.city.places.iloc[owner]
            above, level = self.city.tree.path(owner)[1:-1], str(place["level"])
        else:
            place = self.city.buildings.iloc[owner - units]
            above, level = self.city.tree.path(int(place["unit"]))[1:], BUILDING
        code = str(place["code"])
        where = [named(self.city.places.iloc[unit], language) for unit in above]
        return Found(
            code=code,
            name=named(place, language) or code,
            where=t("server.search_within", language).join(where),
            level=level,
        )

    def _department(self, row: int, language: str) -> Found:
        """A department: its answer filters the page instead of leading elsewhere."""
        department = self.city.departments.iloc[row]
        return Found(
            code=str(department["key"]),
            name=named(department, language),
            where=t("path.search_department", language),
            level=DEPARTMENT,
        )


def fold(text: str) -> str:
    """The text without differences of case and width and without spaces, on one line."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _count(city: City) -> int:
    return 0 if city.estates is None else len(city.estates)


def _members(city: City) -> dict[int, npt.NDArray[np.int64]]:
    """Rows of buildings by the row of their estate."""
    if city.estates is None:
        return {}
    row = {str(code): number for number, code in enumerate(city.estates["code"])}
    groups = city.buildings.groupby("estate", sort=False).indices
    return {row[str(code)]: np.asarray(found) for code, found in groups.items() if str(code) in row}


def _terms(city: City) -> Iterator[tuple[int, int, str]]:
    """Owner, kind and term; units first, so that they win among equals."""
    columns = ((CODE, "code"), (NAME, "name_zh"), (NAME, "name_en"), (INITIALS, "initials"))
    for kind, column in columns:
        for unit, term in enumerate(city.places[column].tolist()):
            yield unit, kind, str(term)
    units = len(city.places)
    for kind, column in columns[:3]:
        for building, term in enumerate(city.buildings[column].tolist()):
            yield units + building, kind, str(term)
    yield from _estate_terms(city, units + len(city.buildings))


def _estate_terms(city: City, first: int) -> Iterator[tuple[int, int, str]]:
    if city.estates is None:
        return
    for row, (zh, en) in enumerate(_names(city.estates)):
        yield from ((first + row, ESTATE, zh), (first + row, ESTATE, en))
        yield first + row, ESTATE_INITIALS, initials(zh)


def _called(city: City) -> list[Called]:
    own_zh, own_en = next(_names(city.places.head(1)), ("", ""))
    return [Called.of(zh, en, own_zh, own_en) for zh, en in _names(city.departments)]


def _names(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for zh, en in zip(table["name_zh"], table["name_en"], strict=True):
        yield str(zh), str(en)
