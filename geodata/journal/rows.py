"""Columns that grow with the number of cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.journal.facts import FIELDS
from geodata.model.schemas import INCIDENTS

if TYPE_CHECKING:
    import numpy.typing as npt

    Column = npt.NDArray[Any]
    Ints = npt.NDArray[np.int64]

FIRST: Final = 1_024
NO_BASE: Final = -1
UNPLACED: Final = -1
LATE: Final = 2**62  # no event has this number


@dataclass(eq=False)
class Copies:
    """Copies of published rows."""

    columns: dict[str, Column] = field(
        default_factory=lambda: {name: _blank(name, kind) for name, kind in INCIDENTS.items()}
    )
    count: int = 0

    def add(self, rows: dict[str, Column], count: int) -> Ints:
        """Take rows in; returns where each of them is now."""
        at = np.arange(self.count, self.count + count)
        self.count += count
        for name, kind in INCIDENTS.items():
            column = self.columns[name]
            if (more := self.count - len(column)) > 0:
                filling = _blank(name, kind)[0]
                self.columns[name] = column = _longer(column, max(more, len(column)), filling)
            column[at] = rows[name]
        return at


def _blank(name: str, kind: str) -> Column:
    """A column of INCIDENTS before anything is known; moments are 0 where there is none."""
    if kind == "string":
        return np.full(FIRST, "", dtype=object)
    unknown = {"lon": np.nan, "lat": np.nan, "duplicate_of": -1, "first_department": -1}
    return np.full(FIRST, unknown.get(name, 0), dtype=kind.lower())


@dataclass(eq=False)
class Rows:
    """By case: value and rank of every field, its row of INCIDENTS, and where it comes from."""

    value: Ints = field(default_factory=lambda: np.zeros((FIRST, len(FIELDS)), np.int64))
    rank: Ints = field(default_factory=lambda: np.zeros((FIRST, len(FIELDS)), np.int64))
    first: Ints = field(default_factory=lambda: np.full(FIRST, LATE))  # number of its first event
    base: Ints = field(default_factory=lambda: np.full(FIRST, NO_BASE))  # row of the base's copy
    placed: Ints = field(default_factory=lambda: np.full(FIRST, UNPLACED))  # spot its site is of
    shown: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(FIRST, np.bool_))
    out: dict[str, Column] = field(
        default_factory=lambda: {name: _blank(name, kind) for name, kind in INCIDENTS.items()}
    )

    def grow(self, count: int) -> None:
        """Make room for so many cases."""
        have = len(self.first)
        if count <= have:
            return
        more = max(count, 2 * have) - have
        for name in ("value", "rank", "first", "base", "placed", "shown"):
            setattr(self, name, _longer(getattr(self, name), more, _FILLING.get(name, 0)))
        for name, kind in INCIDENTS.items():
            self.out[name] = _longer(self.out[name], more, _blank(name, kind)[0])

    def merge(self, facts: Ints) -> None:
        """Let every fact stand whose rank is the highest of its case and field."""
        if not len(facts):
            return
        cell = facts[:, 0] * len(FIELDS) + facts[:, 1]
        order = np.lexsort((facts[:, 2], cell))
        last = np.append(np.diff(cell[order]) != 0, True)
        chosen = order[last]
        chosen = chosen[facts[chosen, 2] > self.rank.ravel()[cell[chosen]]]
        slot, number = facts[chosen, 0], facts[chosen, 1]
        self.rank[slot, number] = facts[chosen, 2]
        self.value[slot, number] = facts[chosen, 3]


_FILLING: Final = {"first": LATE, "base": NO_BASE, "placed": UNPLACED}


def _longer(column: Column, more: int, filling: object) -> Column:
    tail = np.full((more, *column.shape[1:]), filling, dtype=column.dtype)
    return np.concatenate([column, tail])
