"""Pairs of reports worth comparing: near in place and time.

Four grids of squares twice as wide as the reach, each moved by half a square: two places within
the reach share a square of at least one. Reports without a place meet at their unknown place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.duplicates.reports import Reports

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

REACH_M: Final = 80.0
REACH_S: Final = 12 * 3600
SHIFTS: Final = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))


def near_pairs(reports: Reports, after_s: int = 0, within_s: int = REACH_S) -> tuple[Ints, Ints]:
    """Rows of the earlier and the later report of each pair, each pair once.

    The later one comes at least `after_s` and less than `after_s + within_s` seconds later; of
    reports of the same second the one of the lower number is the earlier.
    """
    located = np.flatnonzero(np.isfinite(reports.x) & np.isfinite(reports.y))
    lost = np.flatnonzero(~(np.isfinite(reports.x) & np.isfinite(reports.y)))
    squares = [_squares(reports.x[located], reports.y[located], shift) for shift in SHIFTS]
    found = []
    for number, square in enumerate(squares):
        first, later = _meet(square, reports.reported[located], after_s, within_s)
        for before in squares[:number]:  # met there already
            new = before[first] != before[later]
            first, later = first[new], later[new]
        first, later = located[first], located[later]
        near = distance_m(reports, first, later) <= REACH_M
        found.append((first[near], later[near]))
    first, later = _meet(reports.site[lost], reports.reported[lost], after_s, within_s)
    found.append((lost[first], lost[later]))
    firsts, laters = (np.concatenate(each) for each in zip(*found, strict=True))
    return firsts, laters


def of_two_sources(reports: Reports, first: Ints, later: Ints) -> tuple[Ints, Ints]:
    """Those of some pairs whose reports are of different sources, by the later one."""
    other = np.flatnonzero(reports.source[first] != reports.source[later])
    order = other[np.lexsort((first[other], later[other]))]
    return first[order], later[order]


def distance_m(reports: Reports, first: Ints, later: Ints) -> Floats:
    """Metres between the reports of each pair; NaN where one has no place."""
    return np.hypot(reports.x[first] - reports.x[later], reports.y[first] - reports.y[later])


def _squares(x: Floats, y: Floats, shift: tuple[float, float]) -> Ints:
    """Number the square of each point."""
    column, row = (
        np.floor(values / (2 * REACH_M) + part).astype(np.int64)
        for values, part in zip((x, y), shift, strict=True)
    )
    return column * 2**32 + row


def _meet(block: Ints, reported: Ints, after_s: int, within_s: int) -> tuple[Ints, Ints]:
    """Rows (in order of time) of the same block whose moments are so far apart."""
    if not len(block):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    number = pd.factorize(block)[0].astype(np.int64)
    moment = reported - reported.min()
    span = int(moment.max()) + after_s + within_s + 1  # so that no window reaches the next block
    key = number * span + moment
    order = np.argsort(key, kind="stable")
    key = key[order]
    own = np.arange(len(key))
    begin = np.maximum(np.searchsorted(key, key + after_s, side="left"), own + 1)
    count = np.maximum(np.searchsorted(key, key + after_s + within_s, side="left") - begin, 0)
    first = np.repeat(own, count)
    passed = np.repeat(np.cumsum(count) - count, count)
    later = np.repeat(begin, count) + np.arange(len(first)) - passed
    return order[first], order[later]
