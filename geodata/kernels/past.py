"""The past of a screen in one pass: norm, trend and backlog."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geodata.kernels.settings import kernel, whole
from geodata.kernels.tally import EVERY, ODD, tiny

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.kernels.tally import Asked, Rows

    Ints = npt.NDArray[np.int32]
    Longs = npt.NDArray[np.int64]


class Stretches(NamedTuple):
    """Stretches of time that the past is counted by."""

    low: int  # the past itself, half-open
    high: int
    from_: Longs  # earlier windows
    to: Longs


class Past(NamedTuple):
    """What the past is worth: by quarter of an hour, earlier window, cell, category, department."""

    quarters: Longs
    earlier: Longs
    cells: Longs
    categories: Longs
    departments: Longs  # columns: of the earlier windows, open and late now, open and late then


@kernel
def count_past(
    rows: Rows,
    first: int,
    last: int,
    among: Ints,
    asked: Asked,
    time: Stretches,
    quarter_s: int,
    past: Past,
) -> None:
    """Add what rows first to last are worth for norm and trend; among: see `tally`."""
    site, reported, ripe, duplicate = rows.site, rows.reported, rows.ripe, rows.stages.duplicate
    category, department, source = rows.category, rows.department, rows.source
    pattern, valid, voided = rows.pattern, rows.valid, rows.stages.voided
    categories, departments, sources = asked.categories, asked.departments, asked.sources
    cells, first_site, asof = asked.cells, asked.first_site, asked.asof
    low, high, starts, ends = time.low, time.high, time.from_, time.to
    by_quarter, by_cell, by_category = past.quarters, past.cells, past.categories
    by_department, earlier = past.departments, past.earlier
    origin, every = low // quarter_s, len(among) == 0
    for k in range(first, last):
        i = k if every else whole(among[k])
        came = whole(reported[i])
        if came < low or came >= high or came > asof:
            continue
        c, d = category[i] + 1, department[i] + 1
        cell = cells[site[i] - first_site]
        if cell < 0 or not (categories[c] and departments[d] and sources[source[i] + 1]):
            continue
        usual = whole(pattern[i])
        if usual != ODD and ripe[i] <= asof:
            counts = valid[usual]
        else:
            counts = duplicate[i] == 0 and voided[i] > asof
        if not counts:
            continue
        by_quarter[came // quarter_s - origin] += 1
        for number in range(len(starts)):
            if starts[number] <= came < ends[number]:
                earlier[number] += 1
                by_cell[cell] += 1
                by_category[c] += 1
                by_department[d, 0] += 1


@kernel
def unclosed(rows: Rows, first: int, end: int, out: Ints) -> int:
    """Rows reported before `end` that may count and were not closed at `first`; how many."""
    reported, of, found = rows.reported, rows.stages, 0
    closed, voided, duplicate = of.closed, of.voided, of.duplicate
    for i in range(len(reported)):
        if closed[i] > first and reported[i] < end and voided[i] > first and duplicate[i] == 0:
            out[found] = i
            found += 1
    return found


@kernel
def count_open(
    rows: Rows, picked: Ints, asked: Asked, moment: int, held_s: int, by_department: Longs
) -> None:
    """Add which of some rows, none of them a duplicate, were open at a moment, and which late.

    held_s: how old a case may be; by_department: two columns.
    """
    site, reported, of = rows.site, rows.reported, rows.stages
    category, department, source = rows.category, rows.department, rows.source
    categories, departments, sources = asked.categories, asked.departments, asked.sources
    cells, first_site, by_resolved = asked.cells, asked.first_site, asked.by_resolved
    closed, voided, resolved, due = of.closed, of.voided, of.resolved, of.due
    for k in range(len(picked)):
        i = whole(picked[k])
        c, d = category[i] + 1, department[i] + 1
        if not (departments[d] and categories[c] and sources[source[i] + 1]):
            continue
        came = whole(reported[i])
        if came <= moment - held_s or came > moment or came > asked.asof:
            continue
        if closed[i] <= moment or voided[i] <= moment or cells[site[i] - first_site] < 0:
            continue
        by_department[d, 0] += 1
        if due[i] < moment and not (by_resolved and resolved[i] <= moment):
            by_department[d, 1] += 1


def warm() -> None:
    """Call the kernels once with the types they are given in earnest."""
    rows, asked = tiny()
    none = np.zeros(1, np.int64)
    past = Past(none, none, none, none, np.zeros((1, 5), np.int64))
    count_past(rows, 0, 0, EVERY, asked, Stretches(0, 1, none, none), 1, past)
    unclosed(rows, 0, 0, np.empty(1, np.int32))
    count_open(rows, EVERY, asked, 0, 1, past.departments[:, 1:3])
