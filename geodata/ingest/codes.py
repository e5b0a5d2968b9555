"""Code lists: those of the profile, then whatever else the data name, in order of appearance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geodata.ingest.names import slug
from geodata.model.schemas import CODE_LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geodata.model.profile import Profile

Entry = dict[str, object]


@dataclass
class CodeList:
    """One list; a value is known by its key or by either name, whatever its case."""

    entries: list[Entry] = field(default_factory=list)
    _rows: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, name_zh: str, name_en: str, **more: object) -> int:
        """Append an entry and return its row."""
        row = len(self.entries)
        self.entries.append({"key": key, "name_zh": name_zh, "name_en": name_en, **more})
        for name in (key, name_zh, name_en):
            self._rows.setdefault(name.strip().casefold(), row)
        return row

    def find(self, value: str) -> int:
        """Row of a value; −1 = not in the list."""
        return self._rows.get(value.strip().casefold(), -1)

    def rows(self, values: pd.Series, **more: object) -> npt.NDArray[np.int64]:
        """Row of each value; unknown ones are appended as they are written, "" is −1."""
        # The codes are given in the order of names, so that the order of rows does not matter.
        found = {value: self._row(value, more) for value in sorted(set(values))}
        return values.map(found).to_numpy(dtype=np.int64)

    def _row(self, value: str, more: dict[str, object]) -> int:
        if not value:
            return -1
        row = self.find(value)
        if row >= 0:
            return row
        key = slug(value) or value
        if self.find(key) >= 0:  # two spellings of one name are two entries
            key = f"{key}-{len(self.entries)}"
        return self.add(key, value, value, **more)


@dataclass
class CodeLists:
    """The four lists of a city while its data are read."""

    departments: CodeList
    categories: CodeList
    matters: CodeList
    sources: CodeList

    @classmethod
    def of(cls, profile: Profile) -> CodeLists:
        """Begin with what the profile names."""
        lists = cls(CodeList(), CodeList(), CodeList(), CodeList())
        for named in profile.departments:
            lists.departments.add(named.key, named.name_zh, named.name_en)
        for named in profile.categories:
            lists.categories.add(named.key, named.name_zh, named.name_en)
        for source in profile.sources:
            more = {"interval_s": source.interval_s}
            lists.sources.add(source.key, source.name_zh, source.name_en, **more)
        for matter in profile.matters:
            lists.matters.add(
                matter.key,
                matter.name_zh,
                matter.name_en,
                category=lists.categories.find(matter.category),
                department=lists.departments.find(matter.department),
                limit=matter.limit,
                limit_kind=matter.limit_kind,
            )
        return lists

    def tables(self) -> dict[str, pd.DataFrame]:
        """Make the tables of `schemas.CODE_LISTS`."""
        return {name: _table(getattr(self, name).entries, CODE_LISTS[name]) for name in CODE_LISTS}


def _table(entries: Iterable[Entry], schema: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(entries), columns=list(schema)).astype(schema)
