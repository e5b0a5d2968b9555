"""Cases of one file as columns, made from a table; `columns.file` keeps them."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.kernels.alike import TRAITS, More
from geodata.kernels.judge import MOMENTS, NEVER, REPORTED, Stages, frozen, judge_all
from geodata.kernels.tally import ODD, STEPS, Rows
from geodata.model.schemas import LATER_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geodata.kernels.judge import Rules

    Arrays = dict[str, npt.NDArray[Any]]

PATTERNS: Final = 1_024
DURATIONS: Final = 2 + STEPS
SMALL: Final = ("settled_at", "returned", "satisfaction")
HAPPENING: Final = tuple(moment for moment in MOMENTS if moment != "due")
CODES: Final = ("category", "department", "source")
PLACED: Final = ("id", "lon", "lat")
MORE: Final = ("matter", "first_department", "occurred", "due_original")
READ: Final = ("site", *CODES, *PLACED, *MOMENTS, *SMALL, *MORE, *TRAITS, "duplicate_of", "by_day")
KINDS: Final[dict[str, Any]] = (
    {"site": np.int32, "category": np.int16, "department": np.int16, "source": np.int8}
    | {"id": np.int64, "lon": np.float32, "lat": np.float32, "by_day": np.int16, "matter": np.int16}
    | {"first_department": np.int16}
    | dict.fromkeys((*MOMENTS, "occurred", "due_original"), np.uint32)
    | dict.fromkeys((*SMALL, "duplicate"), np.int8)
)


@dataclass(frozen=True, eq=False)
class Segment:
    """Cases sorted by site; `first` and `last`: half-open span of the moments reported."""

    rows: Rows
    masks: npt.NDArray[np.uint32]  # by pattern
    tops: npt.NDArray[np.int64]  # newest moment of any stage, then newest report by source
    id: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float32]
    lat: npt.NDArray[np.float32]
    more: More
    first: int
    last: int
    ids: tuple[int, int]  # the lowest and the highest id
    ripe: int  # from when on nothing here changes
    token: object = field(default_factory=object)  # the same for the same cases
    whole: object = field(default_factory=object)  # the same whatever of its cases is gone
    mapped: mmap.mmap | None = None

    def __len__(self) -> int:
        """How many cases."""
        return len(self.id)

    @property
    def matter(self) -> npt.NDArray[np.int16]:
        """Code of the matter by row, -1 = none."""
        return self.more.matter

    def rest(self) -> None:
        """Give back the memory of what was read of the file; read again, it is there again."""
        if self.mapped is not None:
            self.mapped.madvise(mmap.MADV_DONTNEED)

    def between(self, low: int, high: int) -> tuple[int, int]:
        """Half-open range of the rows at sites low to high."""
        first, last = np.searchsorted(self.rows.site, [low, high])
        return int(first), int(last)

    @cached_property
    def _by_id(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
        order = np.argsort(self.id)
        return self.id[order], order

    def where(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
        """Rows of the cases with these ids, of those that are here."""
        low, high = self.ids
        near = ids[(ids >= low) & (ids <= high)]
        if not len(near):
            return np.empty(0, np.intp)
        known, order = self._by_id
        at = np.searchsorted(known, near).clip(max=len(known) - 1)
        rows: npt.NDArray[np.intp] = order[at[known[at] == near]]
        return rows

    def newest(self, now: int) -> int:
        """The newest moment of any stage that is not after `now`; 0 where there is none."""
        if self.tops[0] <= now:
            return int(self.tops[0])
        stages = self.rows.stages
        return max(_newest(getattr(stages, name), now) for name in HAPPENING)

    def newest_of(self, source: int, now: int) -> int:
        """The newest report of a source that is not after `now`; 0 where there is none."""
        if source + 1 >= len(self.tops):
            return 0
        if self.tops[source + 1] <= now:
            return int(self.tops[source + 1])
        return _newest(self.rows.reported[self.rows.source == source], now)

    def numbered(self, masks: npt.NDArray[np.uint32]) -> Segment:
        """The same cases with their patterns numbered as these masks are, which are in order."""
        known = frozen(np.searchsorted(masks, self.masks).astype(np.uint16))
        return replace(self, rows=self.rows._replace(known=known))

    def without(self, gone: npt.NDArray[np.intp]) -> Segment:
        """The same cases without some rows, which then count as never reported."""
        if not len(gone):
            return self
        reported = self.rows.reported.copy()
        reported[gone] = NEVER
        reported.flags.writeable = False
        stages = self.rows.stages._replace(reported=reported)
        rows = self.rows._replace(reported=reported, stages=stages)
        return replace(self, rows=rows, token=object())


def arrays_of(table: pa.Table) -> Arrays:
    """The columns of a table of INCIDENTS, in the order of places and then of time."""
    found: Arrays = {name: _column(table, name) for name in KINDS if name != "duplicate"}
    found["duplicate"] = (_plain(table["duplicate_of"], np.int64) >= 0).astype(np.int8)
    found["traits"] = np.zeros(len(table), np.uint8)
    for bit, name in enumerate(TRAITS):
        found["traits"] |= (_plain(table[name], np.int32) > 0).astype(np.uint8) << np.uint8(bit)
    order = np.lexsort((found["reported"], found["site"]))
    return {name: np.ascontiguousarray(column[order]) for name, column in found.items()}


def _column(table: pa.Table, name: str) -> npt.NDArray[Any]:
    """A column; of an older snapshot's files, which lack some, nothing of it is known."""
    kind = KINDS[name]
    if name in table.column_names:
        return _plain(table[name], kind, LATER_COLUMNS.get(name, 0))
    missing = NEVER if kind is np.uint32 else LATER_COLUMNS[name]
    return np.full(len(table), missing, kind)


def _plain(column: pa.ChunkedArray, kind: Any, none: int = 0) -> npt.NDArray[Any]:  # noqa: ANN401 - a numpy type
    missing = {np.uint32: NEVER, np.float32: np.nan}.get(kind, none)
    filled = column if column.null_count == 0 else pc.fill_null(column, missing)
    return np.asarray(filled.to_numpy(), dtype=kind)


def judged(arrays: Arrays, rules: Rules) -> Arrays:
    """Add what every case is worth once nothing about it changes any more."""
    count = len(arrays["site"])
    mask, ripe = np.empty((2, count), np.uint32)
    seconds = np.empty((DURATIONS, count), np.int32)
    held = {name: frozen(column) for name, column in arrays.items()}
    judge_all(_stages(held), rules.by_resolved, rules.whistle_s, mask, ripe, seconds)
    masks, pattern = _patterns(mask)
    found: Arrays = {"pattern": pattern, "masks": masks, "ripe": ripe, "seconds": seconds}
    return arrays | found | {"tops": _tops(arrays), "ends": _ends(arrays, ripe)}


def _ends(arrays: Arrays, ripe: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Half-open span of the reports, the lowest and the highest id, and when all are ripe."""
    reported, ids = arrays["reported"], arrays["id"]
    if not len(ids):
        return np.array([NEVER, 0, 0, -1, 0])
    span = (int(reported.min()), int(reported.max()) + 1)
    return np.array([*span, ids.min(), ids.max(), ripe.max()], np.int64)


def _tops(arrays: Arrays) -> npt.NDArray[np.int64]:
    """The newest moment that ever happens, and the newest report by source."""
    moments = [_newest(arrays[name], NEVER - 1) for name in HAPPENING]
    source, reported = arrays["source"], arrays["reported"]
    count = int(source.max(initial=-1)) + 1
    by_source = [_newest(reported[source == each], NEVER - 1) for each in range(count)]
    return np.array([max(moments), *by_source], np.int64)


def _newest(moments: npt.NDArray[np.uint32], now: int) -> int:
    return int(moments[moments <= now].max(initial=0))


def _patterns(
    mask: npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint16]]:
    """The usual masks, and which of them each case has; a city has a few hundred different ones."""
    masks, place, count = np.unique(mask, return_inverse=True, return_counts=True)
    usual = np.sort(np.argsort(-count, kind="stable")[:PATTERNS])
    number = np.full(len(masks), ODD, np.uint16)
    number[usual] = np.arange(len(usual))
    return masks[usual], number[place]


def segment(arrays: Arrays) -> Segment:
    """A segment in memory."""
    held = {name: frozen(column) for name, column in arrays.items()}
    reported, masks = held["reported"], held["masks"]
    rows = Rows(
        site=held["site"],
        reported=reported,
        category=held["category"],
        department=held["department"],
        source=held["source"],
        pattern=held["pattern"],
        valid=frozen(masks & REPORTED != 0),
        known=frozen(np.arange(len(masks), dtype=np.uint16)),
        ripe=held["ripe"],
        seconds=held["seconds"],
        stages=_stages(held),
    )
    first, last, lowest, highest, ripe = held["ends"].tolist()
    placed = (held["id"], held["lon"], held["lat"], More(*(held[name] for name in More._fields)))
    return Segment(rows, masks, held["tops"], *placed, first, last, (lowest, highest), ripe)


def read_month(path: Path, rules: Rules) -> Arrays:
    """Read a Parquet file of incidents into columns."""
    names = [name for name in pq.read_schema(path).names if name in READ]
    return judged(arrays_of(pq.read_table(path, columns=names)), rules)


def _stages(arrays: Arrays) -> Stages:
    return Stages(*(arrays[name] for name in Stages._fields))
