"""Find a unit or a building by code, name, estate or pinyin initials."""

from __future__ import annotations

import bisect
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

from dashboard.i18n import named, t
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.store.snapshots import City

LIMIT: Final = 20
SCAN: Final = 400  # matches looked at before ranking; enough for twenty good ones
MAX_WORDS: Final = 64
CODE, NAME, INITIALS, ESTATE = range(4)
EXACT, PREFIX, INITIAL, WITHIN = range(4)


class Found(TypedDict):
    """One answer: where to go, what it is called, what it lies in, and its level's key."""

    code: str
    name: str
    where: str
    level: str


@dataclass(frozen=True, eq=False)
class Finder:
    """All terms of a city as one folded text, a line a term, so that a search is a substring scan.

    starts: offset of each line; owners: by line, the unit row, or number of units + building row;
    kinds: by line, what the term is.
    """

    city: City
    text: str
    starts: list[int]
    owners: list[int]
    kinds: bytes

    @classmethod
    def of(cls, city: City) -> Finder:
        """Fold every name and code of a city."""
        lines, owners, kinds = [], [], bytearray()
        for owner, kind, term in _terms(city):
            folded = fold(term)
            if folded:
                lines.append(folded)
                owners.append(owner)
                kinds.append(kind)
        starts, at = [], 1
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        return cls(city, "\n" + "\n".join(lines) + "\n", starts, owners, bytes(kinds))

    def search(self, words: str, language: str) -> list[Found]:
        """The best answers to some words, at most `LIMIT`, best first."""
        query = fold(words)[:MAX_WORDS]
        if not query:
            return []
        ranks: dict[int, tuple[int, int]] = {}
        for line, rank in self._matches(query):
            owner = self.owners[line]
            key = (rank, line)
            ranks[owner] = min(key, ranks.get(owner, key))
        best = sorted(ranks, key=ranks.__getitem__)[:LIMIT]
        return [self._found(owner, language) for owner in best]

    def _matches(self, query: str) -> Iterator[tuple[int, int]]:
        """Lines and ranks: first those that begin with the query, then any that contain it."""
        for needle in (f"\n{query}\n", f"\n{query}", query):
            at, seen = -1, 0
            while seen < SCAN and (at := self.text.find(needle, at + 1)) >= 0:
                seen += 1
                line = bisect.bisect_right(self.starts, at + needle.startswith("\n")) - 1
                yield line, self._rank(line, query)

    def _rank(self, line: int, query: str) -> int:
        start, kind = self.starts[line], self.kinds[line]
        if not self.text.startswith(query, start):
            return WITHIN
        if kind == ESTATE:
            return WITHIN
        if kind == INITIALS:
            return INITIAL
        return EXACT if self.text.startswith("\n", start + len(query)) else PREFIX

    def _found(self, owner: int, language: str) -> Found:
        units = len(self.city.tree)
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


def fold(text: str) -> str:
    """The text without differences of case, width or spacing, on one line."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _terms(city: City) -> Iterator[tuple[int, int, str]]:
    """Owner, kind and term; units first, so that they win among equals."""
    columns = ((CODE, "code"), (NAME, "name_zh"), (NAME, "name_en"), (INITIALS, "initials"))
    for kind, column in columns:
        for unit, term in enumerate(city.places[column]):
            yield unit, kind, str(term)
    units = len(city.places)
    for kind, column in columns[:3]:
        for building, term in enumerate(city.buildings[column]):
            yield units + building, kind, str(term)
    yield from _estate_terms(city, units)


def _estate_terms(city: City, units: int) -> Iterator[tuple[int, int, str]]:
    if city.estates is None:
        return
    names = {
        str(code): (str(zh), str(en))
        for code, zh, en in zip(
            city.estates["code"], city.estates["name_zh"], city.estates["name_en"], strict=True
        )
    }
    for building, estate in enumerate(city.buildings["estate"]):
        for term in names.get(str(estate), ()):
            yield units + building, ESTATE, term
