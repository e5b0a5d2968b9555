"""What whole months are worth: every case read once, its durations put into buckets at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geodata.kernels.judge import LANES, judge
from geodata.kernels.settings import kernel, whole
from geodata.kernels.spread import BUCKETS, NONE, bucket
from geodata.kernels.tally import ODD, STEPS, Counts, add, tiny

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.kernels.tally import Asked, Rows

    Ints = npt.NDArray[np.int32]


class Buckets(NamedTuple):
    """Numbers of cases by bucket of their durations.

    cells, departments: of arrival and of settlement, by code + 1; steps: of each step. None of
    cells and of steps where nobody asks for them.
    """

    cells: Ints
    departments: Ints
    steps: Ints


@kernel
def share(
    rows: Rows, first: int, last: int, asked: Asked, usual: Counts, odd: Counts, buckets: Buckets
) -> None:
    """Count the rows first to last, of which none changes any more.

    usual, odd: as `tally` has them, without days; without cells, categories and sources where they
    have no rows.
    """
    site, reported, seconds = rows.site, rows.reported, rows.seconds
    category, department, source = rows.category, rows.department, rows.source
    pattern, known, stages = rows.pattern, rows.known, rows.stages
    categories, departments, sources = asked.categories, asked.departments, asked.sources
    cells, first_site, asof = asked.cells, asked.first_site, asked.asof
    by_cell, by_department, by_category = usual.cells, usual.departments, usual.categories
    by_source, steps = usual.sources, buckets.steps
    arrival_cells, settled_cells = buckets.cells[0], buckets.cells[1]
    arrival_departments, settled_departments = buckets.departments[0], buckets.departments[1]
    wide, celled, stepped = len(by_cell) > 0, len(arrival_cells) > 0, len(steps) > 0
    for i in range(first, last):
        if whole(reported[i]) > asof:  # of a case that a newer one stands for
            continue
        c, d, s = category[i] + 1, department[i] + 1, source[i] + 1
        if not (categories[c] and departments[d] and sources[s]):
            continue
        cell = cells[site[i] - first_site]
        if cell < 0:
            continue
        number = whole(pattern[i])
        if number != ODD:
            place = whole(known[number])
            by_department[d, place] += 1
            if wide:
                by_cell[cell, place] += 1
                by_category[c, place] += 1
                by_source[s, place] += 1
        else:
            mask = judge(stages, i, asof, asked.by_resolved, asked.whistle_s)[0]
            add(odd.departments, d, mask)
            if wide:
                add(odd.cells, cell, mask)
                add(odd.categories, c, mask)
                add(odd.sources, s, mask)
        arrival, settled = seconds[0, i], seconds[1, i]
        if arrival != NONE:
            slot = bucket(arrival)
            arrival_departments[d, slot] += 1
            if celled:
                arrival_cells[cell, slot] += 1
        if settled != NONE:
            slot = bucket(settled)
            settled_departments[d, slot] += 1
            if celled:
                settled_cells[cell, slot] += 1
        if stepped:
            for number in range(STEPS):
                spent = seconds[2 + number, i]
                if spent != NONE:
                    steps[number, bucket(spent)] += 1


def warm() -> None:
    """Call the kernel once with the types it is given in earnest."""
    rows, asked = tiny()
    counts = Counts(*(np.zeros((1, LANES), np.uint32) for _ in Counts._fields))
    tables = (np.zeros((count, 1, BUCKETS), np.int32) for count in (2, 2))
    steps = np.zeros((STEPS, BUCKETS), np.int32)
    cells, departments = tables
    buckets = Buckets(cells, departments, steps)
    share(rows, 0, 0, asked, counts, counts, buckets)
