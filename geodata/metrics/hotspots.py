"""Significant hot spots: cells that lie, with those round them, above the rate of the whole.

The local sum of Getis and Ord (Gi*, the cell itself included) of cases in proportion to people.
Counts are small and people few in many cells, so that the sum is not judged by a normal
distribution: rates scatter from cell to cell as a gamma distribution whose mean and variance are
estimated from the cells elsewhere (empirical Bayes, Marshall 1991), and counts are Poisson given
the rate, which makes the sum about negative binomial. Which cells are told is controlled by the
share of false ones among them (Benjamini and Hochberg 1995; Caldas de Castro and Singer 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betainc, gammainc, ndtri_exp
from shapely import STRtree

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

FALSE_SHARE: Final = 0.05  # of the cells told, at most, on average
LEAST_CELLS: Final = 10  # fewer say nothing about how rates scatter
LEAST_CASES: Final = 5  # in a cell that is told
TOUCHING: Final = 2e-5  # degrees, two metres: so near to each other cells share a border
HALF: Final = 0.5


@dataclass(frozen=True, eq=False)
class Hotspots:
    """By cell: z of its surroundings (NaN where nobody lives), and whether it is significant.

    basis: what the cases are held against: people, area or, where neither is known, cells.
    """

    z: Floats
    significant: npt.NDArray[np.bool_]
    basis: str


def borders(shapes: npt.NDArray[np.object_]) -> tuple[Ints, Ints]:
    """Pairs of cells that share a border, both ways."""
    one, other = STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCHING)
    apart = one != other
    return one[apart].astype(np.int64), other[apart].astype(np.int64)


def hotspots(counts: Floats, people: Floats, area: Floats, pairs: tuple[Ints, Ints]) -> Hotspots:
    """Judge every cell; pairs: rows of cells that share a border, both ways."""
    basis, held = _against(people, area)
    judged = np.isfinite(held) & (held > 0) & np.isfinite(counts)
    z, significant = np.full(len(counts), np.nan), np.zeros(len(counts), dtype=bool)
    if judged.sum() < LEAST_CELLS or not counts[judged].sum() > 0:
        return Hotspots(z, significant, basis)
    cases, held = np.where(judged, counts, 0.0), np.where(judged, held, 0.0)
    mean, variance = _scatter(cases, held, pairs)
    expected = mean * _sums(held, pairs)
    extra = variance * _sums(held**2, pairs)
    log_p = _log_tail(_sums(cases, pairs)[judged], expected[judged], extra[judged])
    z[judged] = -ndtri_exp(log_p)
    told = np.zeros(len(counts), dtype=bool)
    told[judged] = _controlled(np.exp(log_p))
    # Its surroundings alone make no cell hot that has no more than its own share.
    significant = told & (cases >= LEAST_CASES) & (cases > mean * held)
    return Hotspots(z, significant, basis)


def _against(people: Floats, area: Floats) -> tuple[str, Floats]:
    for basis, known in (("people", people), ("area", area)):
        if (known > 0).mean() > HALF:
            return basis, known.astype(np.float64)
    return "cells", np.ones(len(people))


def _scatter(counts: Floats, held: Floats, pairs: tuple[Ints, Ints]) -> tuple[Floats, Floats]:
    """By cell, mean and variance of the rates of all cells but itself and those round it."""

    def elsewhere(values: Floats) -> Floats:
        return np.asarray(np.maximum(values.sum() - _sums(values, pairs), 0.0))

    cells, people, cases = (
        elsewhere((held > 0).astype(np.float64)),
        elsewhere(held),
        elsewhere(counts),
    )
    people, cells = np.maximum(people, 1e-9), np.maximum(cells, 1.0)
    squares = elsewhere(
        np.asarray(np.divide(counts**2, held, out=np.zeros(len(held)), where=held > 0))
    )
    # Half a case: a rate of nought would make every case a wonder.
    mean = np.maximum(cases, HALF) / people
    among = (squares - 2 * mean * cases + mean**2 * people) / people
    return mean, np.maximum(among - mean * cells / people, 0.0)


def _sums(values: Floats, pairs: tuple[Ints, Ints]) -> Floats:
    """Of each cell and those that it has a border with."""
    one, other = pairs
    return np.asarray(values + np.bincount(one, weights=values[other], minlength=len(values)))


def _log_tail(counts: Floats, expected: Floats, extra: Floats) -> Floats:
    """How likely so many or more are (logarithm), where rates scatter by `extra` (variance)."""
    size = expected**2 / np.maximum(extra, 1e-12)
    # The upper tail of a negative binomial; `scipy.stats` says the same and is slow to load.
    tail = betainc(np.maximum(counts, 1), size, expected / (size + expected))
    tail = np.where(counts > 0, tail, 1.0)
    with np.errstate(divide="ignore"):
        scattered = np.log(tail)
    pure = np.log(np.maximum(gammainc(np.maximum(counts, 1e-9), expected), 1e-300))
    return np.asarray(np.minimum(np.where(extra > expected * 1e-6, scattered, pure), -1e-12))


def _controlled(p: Floats) -> npt.NDArray[np.bool_]:
    """Which are told, of whom at most `FALSE_SHARE` are so by chance."""
    order = np.argsort(p, kind="stable")
    passed = np.flatnonzero(p[order] <= FALSE_SHARE * np.arange(1, len(p) + 1) / len(p))
    last = p[order][passed[-1]] if len(passed) else -1.0
    return np.asarray(p <= last)
