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
    backlog_from: int
    then: int  # the moment the window before is judged at
    held_s: int  # how old a case of the backlog may be
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
    """Add what rows first to last are worth for norm, trend and backlog; among: see `tally`."""
    site, reported, ripe, duplicate = rows.site, rows.reported, rows.ripe, rows.stages.duplicate
    category, department, source = rows.category, rows.department, rows.source
    pattern, valid = rows.pattern, rows.valid
    voided, closed, resolved = rows.stages.voided, rows.stages.closed, rows.stages.resolved
    due = rows.stages.due
    categories, departments, sources = asked.categories, asked.departments, asked.sources
    cells, first_site, asof, by_resolved = (
        asked.cells, asked.first_site, asked.asof, asked.by_resolved,
    )  # fmt: skip
    low, high, backlog_from, held_s = time.low, time.high, time.backlog_from, time.held_s
    starts, ends = time.from_, time.to
    by_quarter, by_cell, by_category = past.quarters, past.cells, past.categories
    by_department, earlier = past.departments, past.earlier
    origin, every = low // quarter_s, len(among) == 0
    for k in range(first, last):
        i = k if every else whole(among[k])
        came = whole(reported[i])
        inside, held = low <= came < high, came >= backlog_from
        if came > asof or not (inside or held):
            continue
        c, d = category[i] + 1, department[i] + 1
        cell = cells[site[i] - first_site]
        if cell < 0 or not (categories[c] and departments[d] and sources[source[i] + 1]):
            continue
        usual, settled = whole(pattern[i]), ripe[i] <= asof
        if usual != ODD and settled:
            counts = valid[usual]
        else:
            counts = duplicate[i] == 0 and voided[i] > asof
        if inside and counts:
            by_quarter[came // quarter_s - origin] += 1
            for number in range(len(starts)):
                if starts[number] <= came < ends[number]:
                    earlier[number] += 1
                    by_cell[cell] += 1
                    by_category[c] += 1
                    by_department[d, 0] += 1
        if not held or duplicate[i] != 0:
            continue
        for place in range(2):
            moment = asof if place == 0 else time.then
            if came <= moment - held_s or came > moment or voided[i] <= moment:
                continue
            if closed[i] > moment:
                by_department[d, 1 + 2 * place] += 1
                if due[i] < moment and not (by_resolved and resolved[i] <= moment):
                    by_department[d, 2 + 2 * place] += 1


def warm() -> None:
    """Call the kernel once with the types it is given in earnest."""
    rows, asked = tiny()
    none = np.zeros(1, np.int64)
    past = Past(none, none, none, none, np.zeros((1, 5), np.int64))
    count_past(rows, 0, 0, EVERY, asked, Stretches(0, 1, 0, 1, 1, none, none), 1, past)
