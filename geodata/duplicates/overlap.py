"""Who reports what others report too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def overlap(cases: Ints, source: Ints, duplicate: Ints, first: Ints, sources: int) -> Ints:
    """Count matters by pair of sources that have both reported them.

    Args:
        cases: ids of the reports, each once.
        source: row of the source of each.
        duplicate: ids of the reports that repeat another one.
        first: id of the first report of each of these; may be one that is repeated itself.
        sources: how many there are.

    Returns:
        A square: row and column = sources; on the diagonal all matters that a source has reported.
    """
    # By hashes: of a city's cases one in twenty is linked to another, and sorting all takes long.
    known = (pd.Series(duplicate).isin(cases) & pd.Series(first).isin(cases)).to_numpy()
    duplicate, first = duplicate[known], first[known]
    linked = pd.Series(cases).isin(np.concatenate([duplicate, first])).to_numpy()
    lone = np.bincount(source[~linked], minlength=sources)  # most: a matter of one source each
    cases, source = cases[linked], source[linked]
    order = np.argsort(cases, kind="stable")
    matter = np.arange(len(cases))
    mine, theirs = (order[np.searchsorted(cases, ids, sorter=order)] for ids in (duplicate, first))
    matter[mine] = theirs
    while not np.array_equal(matter[matter], matter):
        matter = matter[matter]
    told = np.unique(matter * sources + source)  # a matter and a source, once
    by, whom = np.divmod(told, sources)
    several = np.bincount(by, minlength=len(cases))[by] > 1
    row = np.unique(by[several], return_inverse=True)[1]
    table = np.zeros((int(row.max(initial=-1)) + 1, sources), dtype=np.int64)
    table[row, whom[several]] = 1
    found = table.T @ table
    np.fill_diagonal(found, np.bincount(whom, minlength=sources) + lone)
    return np.asarray(found)
