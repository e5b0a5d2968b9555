"""One pass over the columns of a city, put into the tables that the statements of `sql` give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.engine.answer import SPREAD_KINDS, TALLY_KINDS
from geodata.engine.numbers import QUANTILES, TALLY
from geodata.engine.shares import (
    EXACT_UP_TO,
    MEASURES,
    NO_EDGES,
    Durations,
    Part,
    Question,
    bucketed,
    sizes_of,
)
from geodata.engine.tables import codes, kind_of, stacked
from geodata.kernels.judge import COUNTS, LANES
from geodata.kernels.tally import STEPS, Counts

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.columns import Book, Segment
    from geodata.engine.answer import Columns
    from geodata.engine.kept import Kept
    from geodata.model.periods import Window

    Ints = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]

NUMBER, MEDIAN, P90 = range(3)


class Tallied:
    """Counts and durations of one window."""

    def __init__(  # noqa: PLR0913 (what is read, and how much of it)
        self,
        question: Question,
        book: Book,
        window: Window,
        edges: npt.NDArray[np.int64] = NO_EDGES,
        kept: Kept | None = None,
        *,
        lean: bool = False,
    ) -> None:
        """Read every segment that the window or the days touch.

        lean: what whole months are worth is asked for by department only.
        """
        self.question = question
        low = min([window.start, *edges[:1].tolist()])
        touched = [s for s in book.segments if s.first < window.end and s.last > low]
        whole = [s for s in touched if _whole(s, window, edges, question)] if kept else []
        if sum(map(len, whole)) <= EXACT_UP_TO or not bucketed(question):
            whole = []
        self._parts = [
            Part(question, s, window, edges, None if kept is None else kept.rows(question, s))
            for s in touched
            if s not in whole
        ]
        self._share = kept.share(question, whole, lean=lean) if kept and whole else None
        sizes = sizes_of(question, max(len(edges) - 1, 0))
        self.counts = Counts(*(np.zeros((size, LANES), np.uint32) for size in sizes))
        for counts in [part.counts for part in self._parts]:
            _add(self.counts, counts)
        if self._share is not None:
            _add(self.counts, self._share.counts)

    def spreads(self, by: str, groups: int) -> Floats:
        """Number, median and p90 in seconds of arrival, then of settlement, by group.

        by: cell, department, day or all; those outside the window count for `day` only.
        """
        found = []
        for which, measure in enumerate(MEASURES):
            pairs = [part.durations(measure, by) for part in self._parts]
            durations = Durations([v for v, _ in pairs], [g for _, g in pairs])
            found.append(durations.with_table(self._table(by, which)).quantiles(groups))
        return np.stack(found)

    def _table(self, by: str, which: int) -> Ints | None:
        share = self._share
        if share is None or by == "day":
            return None
        if by == "cell":
            return None if share.cells is None else share.cells[which]
        departments: Ints = share.departments[which]
        return departments.sum(axis=0, keepdims=True) if by == "all" else departments

    def ladder(self) -> Floats:
        """Number, median and p90 in seconds of every step, of cases inside the window."""
        found = []
        for number in range(STEPS):
            values = [part.step(number) for part in self._parts]
            durations = Durations(values, [np.zeros(len(each), np.int32) for each in values])
            table = None if self._share is None else self._share.steps[number : number + 1]
            found.append(durations.with_table(table).quantiles(1))
        return np.stack(found)


def _add(counts: Counts, more: Counts) -> None:
    for table, rows in zip(counts, more, strict=True):
        if len(rows):
            np.add(table, rows, out=table)


def _whole(
    segment: Segment, window: Window, edges: npt.NDArray[np.int64], question: Question
) -> bool:
    """Whether all of a segment lies in the window, outside the days, and changes no more."""
    inside = window.start <= segment.first and segment.last <= window.end
    apart = len(edges) == 0 or segment.last <= edges[0]
    return inside and apart and segment.ripe <= question.asked.asof


def tally_tables(found: Tallied) -> tuple[Columns, Columns]:
    """The tables `tally` and `spread`."""
    cells = np.append(-1, found.question.cells).astype(np.float64)
    counts = found.counts
    parts = [
        ("all", np.zeros(1), counts.departments.sum(axis=0, keepdims=True, dtype=np.uint64)),
        ("cell", cells, counts.cells),
        ("department", codes(counts.departments), counts.departments),
        ("category", codes(counts.categories), counts.categories),
        ("source", codes(counts.sources), counts.sources),
    ]
    tallies = [kind_of(TALLY_KINDS[by], keys, _counts(table)) for by, keys, table in parts]
    spreads = [
        kind_of(SPREAD_KINDS[by], keys, quantiles(found.spreads(by, len(keys))))
        for by, keys, _ in parts
        if by in SPREAD_KINDS
    ]
    return stacked(tallies), stacked(spreads)


def cell_columns(found: Tallied) -> Columns:
    """The table of cells alone: `key`, TALLY and QUANTILES, those with cases only."""
    keys = np.append(-1, found.question.cells).astype(np.float64)
    table = {"key": keys} | _counts(found.counts.cells)
    table |= quantiles(found.spreads("cell", len(keys)))
    some = found.counts.cells[:, :COUNTS].any(axis=1)
    return {name: column[some] for name, column in table.items()}


def day_columns(found: Tallied) -> Columns:
    """The table `days`."""
    days = found.counts.days
    return (
        {"day": np.arange(len(days), dtype=np.float64)}
        | _counts(days)
        | quantiles(found.spreads("day", len(days)))
    )


def window_columns(found: Tallied) -> Columns:
    """The table of one whole window: one row."""
    whole = found.counts.departments.sum(axis=0, keepdims=True, dtype=np.uint64)
    return _counts(whole) | quantiles(found.spreads("all", 1))


def ladder_columns(found: Tallied) -> Columns:
    """The table `ladder`: one row."""
    steps = found.ladder()[:, 0]
    table: Columns = {}
    for number, (count, median, p90) in enumerate(steps):
        table |= {
            f"n_{number}": np.array([count]),
            f"median_{number}": np.array([median / 60]),
            f"p90_{number}": np.array([p90 / 60]),
        }
    return table


def quantiles(spreads: Floats) -> Columns:
    """QUANTILES in minutes."""
    arrival, settled = spreads
    columns = (
        arrival[:, NUMBER], arrival[:, MEDIAN] / 60, arrival[:, P90] / 60,
        settled[:, NUMBER], settled[:, MEDIAN] / 60, settled[:, P90] / 60,
    )  # fmt: skip
    return dict(zip(QUANTILES, columns, strict=True))


def _counts(table: npt.NDArray[np.unsignedinteger]) -> Columns:
    return {name: table[:, lane].astype(np.float64) for lane, name in enumerate(TALLY)}
