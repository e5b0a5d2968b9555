"""What the cases of some segments are worth: counts, and durations to take quantiles of.

Months that lie wholly in the past and wholly inside a window are worth the same whenever they are
asked for; what they are worth together is kept by whoever asks again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.kernels.judge import LANES
from geodata.kernels.share import Buckets, share
from geodata.kernels.spread import BUCKETS, by_group, estimate, fill
from geodata.kernels.tally import EVERY, STEPS, Asked, Counts, Picked, counted, steps_of, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from geodata.columns import Book, Segment
    from geodata.model.periods import Window

    Ints = npt.NDArray[np.int32]
    Among = tuple[int, int, Ints]  # places of the first and the last of some rows, and these
    Rows = Callable[["Question", Segment], Among]
    Floats = npt.NDArray[np.float64]

EXACT_UP_TO: Final = 50_000  # cases; above, quantiles come of buckets 1.1 to 1.6 % wide
BUCKETED_UP_TO: Final = 2_000  # cells whose buckets are worth their memory
NO_EDGES: Final = np.empty(0, np.int64)
MEASURES: Final = ("arrival", "settled")


@dataclass(frozen=True)
class Question:
    """What to count: filters and look-up for the kernels, cells in the order of the look-up.

    key: the same for questions that differ in their moments only; masks: of the patterns.
    """

    asked: Asked
    sites: tuple[int, int]
    cells: Ints
    key: tuple[object, ...]
    masks: npt.NDArray[np.uint32]

    def asof(self, moment: int) -> Question:
        """The same question as of another moment."""
        asked = self.asked._replace(asof=moment)
        return Question(asked, self.sites, self.cells, self.key, self.masks)


@dataclass(frozen=True)
class Durations:
    """Durations in seconds by group: as they are (few), or as numbers in buckets (many)."""

    values: Sequence[Ints]
    groups: Sequence[Ints]
    table: Ints | None = None

    def quantiles(self, count: int) -> Floats:
        """Number, median and p90 by group."""
        out = np.empty((count, 3))
        many = sum(map(len, self.values)) > EXACT_UP_TO and count <= BUCKETED_UP_TO
        if self.table is not None or many:
            estimate(self._filled(count), out)
            return out
        empty = np.empty(0, np.int32)
        by_group(np.concatenate([empty, *self.values]), np.concatenate([empty, *self.groups]), out)
        return out

    def with_table(self, table: Ints | None) -> Durations:
        """The same with more, which stands in buckets already."""
        return self if table is None else Durations(self.values, self.groups, table)

    def _filled(self, count: int) -> Ints:
        table = np.zeros((count, BUCKETS), np.int32) if self.table is None else self.table.copy()
        for values, groups in zip(self.values, self.groups, strict=True):
            fill(values, groups, table)
        return table


class Part:
    """Rows of one segment that were picked, with what they are worth."""

    def __init__(
        self,
        question: Question,
        segment: Segment,
        window: Window,
        edges: npt.NDArray[np.int64] = NO_EDGES,
        among: Among | None = None,
    ) -> None:
        """Read the segment once; among: the rows of it that may be asked for, where known."""
        asked = question.asked
        sizes = sizes_of(question, max(len(edges) - 1, 0))
        usual = Counts(*(np.zeros((size, len(question.masks)), np.uint32) for size in sizes))
        odd = Counts(*(np.zeros((size, LANES), np.uint32) for size in sizes))
        rows = among or every(question, segment)
        picked = _room(rows[1] - rows[0])
        found = tally(
            segment.rows, *rows, asked, window.start, window.end, edges, usual, odd, picked
        )
        self._segment, self._asof = segment, asked.asof
        self._picked = Picked._make(column[:found].copy() for column in picked)
        self.counts = _lanes(usual, odd, question.masks)

    def durations(self, measure: str, by: str) -> tuple[Ints, Ints]:
        """Seconds and groups; a day counts whether or not it lies in the window."""
        picked = self._picked
        if by == "day":
            return getattr(picked, measure), picked.day
        groups = np.zeros_like(picked.cell) if by == "all" else getattr(picked, by)
        return getattr(picked, measure), np.where(picked.inside, groups, np.int32(-1))

    def step(self, number: int) -> Ints:
        """Seconds of one step of the ladder, of cases inside the window."""
        rows = self._picked.row[self._picked.inside]
        out = np.empty(len(rows), np.int32)
        return out[: steps_of(self._segment.rows, rows, number, self._asof, out)]


@dataclass(frozen=True)
class Share:
    """What whole months are worth together.

    cells, departments: buckets of arrival and settlement by group, cells None where there are too
    many or nobody asks; steps: buckets of each step.
    """

    counts: Counts
    cells: Ints | None
    departments: Ints
    steps: Ints

    def __add__(self, other: Share) -> Share:
        """Both together."""
        counts = Counts(*(a + b for a, b in zip(self.counts, other.counts, strict=True)))
        cells = None if self.cells is None or other.cells is None else self.cells + other.cells
        return Share(counts, cells, self.departments + other.departments, self.steps + other.steps)

    @property
    def weight(self) -> int:
        """Bytes held, about."""
        tables = [getattr(self, field.name) for field in fields(self) if field.name != "counts"]
        return 1_000 + sum(int(t.nbytes) for t in [*self.counts, *tables] if t is not None)


def share_of(question: Question, segment: Segment, *, lean: bool) -> Share:
    """What one whole segment is worth; lean: by department only, without the steps."""
    sizes = sizes_of(question, 0)
    departments = len(question.asked.departments)
    if lean:
        sizes = (0, departments, 0, 0, 0)
    cells = sizes[0] if bucketed(question) else 0
    usual = Counts(*(np.zeros((size, len(question.masks)), np.uint32) for size in sizes))
    odd = Counts(*(np.zeros((size, LANES), np.uint32) for size in sizes))
    groups = (len(MEASURES), cells), (len(MEASURES), departments), (0 if lean else STEPS,)
    buckets = Buckets._make(np.zeros((*shape, BUCKETS), np.int32) for shape in groups)
    first, last = segment.between(*question.sites)
    share(segment.rows, first, last, question.asked, usual, odd, buckets)
    segment.rest()
    counts = _lanes(usual, odd, question.masks)
    return Share(counts, buckets.cells if cells else None, buckets.departments, buckets.steps)


def bucketed(question: Question) -> bool:
    """Whether the cells are few enough for buckets."""
    return len(question.cells) <= BUCKETED_UP_TO


def together(
    question: Question,
    segments: Sequence[Segment],
    each: Callable[[Callable[[Segment], Share], Sequence[Segment]], Sequence[Share]],
    *,
    lean: bool,
) -> Share:
    """What several segments are worth; `each` applies a function to all of them."""
    shares = each(lambda segment: share_of(question, segment, lean=lean), segments)
    whole = shares[0]
    for more in shares[1:]:
        whole += more
    return whole


def every(question: Question, segment: Segment) -> Among:
    """All rows of a segment that a question may ask for."""
    return (*segment.between(*question.sites), EVERY)


def listed(
    question: Question, book: Book, start: int, end: int, rows: Rows = every
) -> list[tuple[Segment, Ints]]:
    """Segments with the rows that `reported` counts, of what was reported from start to end.

    rows: which of a segment may be among them.
    """
    found = []
    for segment in book.segments:
        if segment.first < end and segment.last > start:
            first, last, among = rows(question, segment)
            out = np.empty(last - first, np.int32)
            count = counted(segment.rows, first, last, among, question.asked, start, end, out)
            found.append((segment, out[:count]))
    return found


def sizes_of(question: Question, days: int) -> tuple[int, ...]:
    """How many groups there are by cell, department, category, source and day."""
    asked = question.asked
    codes = (len(asked.departments), len(asked.categories), len(asked.sources))
    return (len(question.cells) + 1, *codes, days)


def _lanes(usual: Counts, odd: Counts, masks: npt.NDArray[np.uint32]) -> Counts:
    """Cases by pattern made into counts, those judged one by one added; exact below 2⁵³."""
    bits = (masks[:, None] >> np.arange(LANES, dtype=np.uint32) & 1).astype(np.float64)
    return Counts(
        *(
            (table.astype(np.float64) @ bits).astype(np.uint32) + more
            for table, more in zip(usual, odd, strict=True)
        )
    )


def _room(size: int) -> Picked:
    ints = np.empty((6, size), np.int32)
    return Picked._make([*ints[:4], np.empty(size, np.bool_), *ints[4:]])
