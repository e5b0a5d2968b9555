"""The fused scan: every case of a window read once, every count of a screen made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geodata.kernels.judge import LANES, NONE_S, STAGES, Stages, frozen, judge, step, tiny_stages
from geodata.kernels.settings import kernel, whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int32]
    Longs = npt.NDArray[np.int64]
    Moments = npt.NDArray[np.uint32]
    Patterns = npt.NDArray[np.uint16]

ODD: Final = 2**16 - 1
STEPS: Final = STAGES - 1
EVERY: Final = frozen(np.empty(0, np.int32))  # row, where none is named


class Rows(NamedTuple):
    """Cases as columns, sorted by site; what they are worth once nothing changes any more.

    pattern: which of the masks (bits for counts) a case has, ODD where it is none of the usual;
    valid: by pattern, whether it counts at all; known: by pattern, its row in the tables of counts;
    ripe: the moment from which pattern and seconds hold; seconds: arrival, settlement and the seven
    steps, one row each, NONE_S where they do not count.
    """

    site: Ints
    reported: Moments
    category: npt.NDArray[np.int16]
    department: npt.NDArray[np.int16]
    source: npt.NDArray[np.int8]
    pattern: Patterns
    valid: Bools
    known: Patterns
    ripe: Moments
    seconds: Ints
    stages: Stages


class Asked(NamedTuple):
    """What is counted: by when judged, filters by code + 1, and site → cell + 1.

    Of the cells 0 is none; cases of a site that has less are not asked for.
    """

    asof: int
    categories: Bools
    departments: Bools
    sources: Bools
    first_site: int
    cells: Ints
    by_resolved: bool
    whistle_s: int


class Counts(NamedTuple):
    """Counts by code + 1 and by day: of cases by pattern, or by lanes, one a bit of the mask."""

    cells: Moments
    departments: Moments
    categories: Moments
    sources: Moments
    days: Moments


class Picked(NamedTuple):
    """The cases that were counted, for what needs their durations; NONE_S where there is none."""

    row: Ints
    cell: Ints
    department: Ints
    day: Ints  # of the small lines, -1 = outside of them
    inside: Bools  # whether in the window itself
    arrival: Ints
    settled: Ints


# Columns are taken out of their tuples before a loop: a tuple handed on inside of it would be
# copied, and every array in it counted as used once more, for every row.


@kernel
def tally(
    rows: Rows,
    first: int,
    last: int,
    among: Ints,
    asked: Asked,
    start: int,
    end: int,
    edges: Longs,
    usual: Counts,
    odd: Counts,
    picked: Picked,
) -> int:
    """Count the rows first to last of the window, or of days before its end; how many were picked.

    among: rows to which alone first and last refer, in ascending order; none: every row.
    edges: of the days of the small lines, one more than days; none where no day is asked for.
    usual: a column a pattern; odd: what no pattern stands for, or is judged before it is ripe.
    """
    site, reported, ripe, seconds = rows.site, rows.reported, rows.ripe, rows.seconds
    category, department, source = rows.category, rows.department, rows.source
    pattern, known, stages = rows.pattern, rows.known, rows.stages
    categories, departments, sources = asked.categories, asked.departments, asked.sources
    cells, first_site, asof = asked.cells, asked.first_site, asked.asof
    by_cell, by_department, by_category = usual.cells, usual.departments, usual.categories
    by_source, by_day = usual.sources, usual.days
    rows_of, cells_of, departments_of = picked.row, picked.cell, picked.department
    days_of, insides, arrivals, ends = picked.day, picked.inside, picked.arrival, picked.settled
    found, low, high, every = 0, start, end, len(among) == 0
    if len(edges) > 0:
        low = min(start, edges[0])
    for k in range(first, last):
        i = k if every else whole(among[k])
        came = whole(reported[i])
        if came < low or came >= high or came > asof:
            continue
        c, d, s = category[i] + 1, department[i] + 1, source[i] + 1
        if not (categories[c] and departments[d] and sources[s]):
            continue
        cell, inside, day = cells[site[i] - first_site], start <= came < end, -1
        if cell < 0:
            continue
        if len(edges) > 0:
            day = _day(came, edges)
        usual_one = whole(pattern[i])
        if usual_one != ODD and ripe[i] <= asof:
            arrival, settled = seconds[0, i], seconds[1, i]
            place = whole(known[usual_one])
            if inside:
                by_cell[cell, place] += 1
                by_department[d, place] += 1
                by_category[c, place] += 1
                by_source[s, place] += 1
            if day >= 0:
                by_day[day, place] += 1
        else:
            mask, arrival, settled = judge(stages, i, asof, asked.by_resolved, asked.whistle_s)
            if inside:
                add(odd.cells, cell, mask)
                add(odd.departments, d, mask)
                add(odd.categories, c, mask)
                add(odd.sources, s, mask)
            if day >= 0:
                add(odd.days, day, mask)
        rows_of[found], cells_of[found], departments_of[found] = i, cell, d
        days_of[found], insides[found] = day, inside
        arrivals[found], ends[found] = arrival, settled
        found += 1
    return found


@kernel
def add(table: Moments, row: int, mask: int) -> None:
    """Add one case to a row of lanes."""
    for lane in range(LANES):
        table[row, lane] += np.uint32((mask >> lane) & 1)


@kernel
def _day(came: int, edges: Longs) -> int:
    """Which of the days a moment lies in; -1 where in none."""
    if len(edges) == 0 or came < edges[0] or came >= edges[-1]:
        return -1
    day = 0
    while came >= edges[day + 1]:
        day += 1
    return day


@kernel
def steps_of(rows: Rows, picked: Ints, number: int, asof: int, out: Ints) -> int:
    """Durations of one step of the ladder for rows that were picked; how many there are."""
    s = rows.stages
    stages = (
        s.reported, s.accepted, s.dispatched, s.taken,
        s.arrived, s.resolved, s.verified, s.closed,
    )  # fmt: skip
    before, after = stages[number], stages[number + 1]
    voided, duplicate, by_day = s.voided, s.duplicate, s.by_day
    ripe, ripe_s = rows.ripe, rows.seconds[2 + number]
    bits = 3 << number
    found = 0
    for k in range(len(picked)):
        i = picked[k]
        if ripe[i] <= asof:
            seconds = ripe_s[i]
        else:
            counts = voided[i] > asof and duplicate[i] == 0 and by_day[i] & bits == 0
            seconds = step(whole(before[i]), whole(after[i]), counts, asof)
        if seconds != NONE_S:
            out[found] = seconds
            found += 1
    return found


@kernel
def counted(
    rows: Rows, first: int, last: int, among: Ints, asked: Asked, start: int, end: int, out: Ints
) -> int:
    """Rows that `reported` counts, as places in the columns; how many; among: see `tally`."""
    reported, voided, duplicate = rows.reported, rows.stages.voided, rows.stages.duplicate
    category, department, source = rows.category, rows.department, rows.source
    categories, departments, sources = asked.categories, asked.departments, asked.sources
    site, cells, first_site, asof, found = rows.site, asked.cells, asked.first_site, asked.asof, 0
    every = len(among) == 0
    for k in range(first, last):
        i = k if every else whole(among[k])
        came = whole(reported[i])
        if came < start or came >= end or came > asof:
            continue
        if not (categories[category[i] + 1] and departments[department[i] + 1]):
            continue
        if cells[site[i] - first_site] < 0:
            continue
        if sources[source[i] + 1] and voided[i] > asof and duplicate[i] == 0:
            out[found] = i
            found += 1
    return found


def tiny() -> tuple[Rows, Asked]:
    """One case and one question, with the types that are given in earnest."""
    codes = (np.int16, np.int16, np.int8)
    kinds = (np.int32, np.uint32, *codes, np.uint16, np.bool_, np.uint16, np.uint32)
    columns = [frozen(np.zeros(1, kind)) for kind in kinds]
    columns.append(frozen(np.zeros((STAGES + 1, 1), np.int32)))
    every = np.ones(1, np.bool_)
    asked = Asked(1, every, every, every, 0, np.zeros(1, np.int32), by_resolved=False, whistle_s=1)
    return Rows._make([*columns, tiny_stages()]), asked


def warm() -> None:
    """Call the kernels once with the types they are given in earnest."""
    rows, asked = tiny()
    tables = Counts(*(np.zeros((1, LANES), np.uint32) for _ in Counts._fields))
    ints = [np.empty(1, np.int32) for _ in range(6)]
    picked = Picked._make([*ints[:4], np.empty(1, np.bool_), *ints[4:]])
    tally(rows, 0, 0, EVERY, asked, 0, 1, np.zeros(2, np.int64), tables, tables, picked)
    steps_of(rows, ints[0][:0], 0, 1, ints[1])
    counted(rows, 0, 0, EVERY, asked, 0, 1, ints[0])
