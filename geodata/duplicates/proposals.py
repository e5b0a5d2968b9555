"""Which report is likely a second one of which case, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.duplicates.compare import LEVELS, around, compare
from geodata.duplicates.pairs import REACH_S, distance_m, near_pairs, of_two_sources

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.duplicates.reports import Reports
    from geodata.duplicates.weights import Weights

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

LEAST: Final = 0.75  # probability from which on a pair is proposed
NEGLIGIBLE: Final = 1e-3  # odds that take nothing from other candidates
ROUNDS: Final = 3  # of finding matters: a third report has two to repeat
BITS: Final = "bits_"  # how columns with the weight of a level are called


def propose(
    reports: Reports, weights: Weights, *, since: int = 0, least: float = LEAST
) -> pd.DataFrame:
    """Propose for each report since a moment the earlier one of another source that it repeats.

    Earlier reports are given too, as they say how much is usual where: some weeks, at least the
    day before. Whoever is marked as a duplicate already is proposed as well.

    Returns:
        id; like: id of the report it is most alike; first: id of the first report of them all;
        probability; distance_m, lag_s; a column of LEVELS each, by number (see `evidence`), and
        its weight in bits. In order of the reports.
    """
    begin = int(np.searchsorted(reports.reported, since - 2 * REACH_S))
    recent = reports.rows(np.arange(begin, len(reports)))
    first, later = near_pairs(recent)
    near = around(reports, first, later, begin)
    first, later = of_two_sources(recent, first, later)
    asked = recent.reported[later] >= since
    first, later = first[asked], later[asked]
    levels = compare(recent, near, first, later)
    odds = weights.odds(levels)
    some = np.flatnonzero(odds > NEGLIGIBLE)
    chance, best, root = _chosen(odds[some], first[some], later[some], len(recent), least)
    chance, best = chance[best], some[best]
    first, later = first[best], later[best]
    levels = {name: level[best] for name, level in levels.items()}
    bits = {BITS + name: values for name, values in weights.bits(levels).items()}
    found: dict[str, npt.NDArray[np.generic]] = {
        "id": recent.id[later],
        "like": recent.id[first],
        "first": recent.id[root[later]],
        "probability": chance,
        "distance_m": distance_m(recent, first, later),
        "lag_s": recent.reported[later] - recent.reported[first],
    }
    return pd.DataFrame(found | levels | bits)


def evidence(proposal: pd.Series) -> dict[str, tuple[str, float]]:
    """What speaks for one row of proposals, the weightiest first: level by name, and its bits."""
    found = {
        name: (names[int(proposal[name])], float(proposal[BITS + name]))
        for name, names in LEVELS.items()
        if BITS + name in proposal
    }
    return dict(sorted(found.items(), key=lambda each: -abs(each[1][1])))


def _chosen(
    odds: Floats, first: Ints, later: Ints, count: int, least: float
) -> tuple[Floats, Ints, Ints]:
    """Probability by pair, the pairs proposed, and the first report of each report's matter.

    Earlier reports of one matter do not compete: it is the same one whichever is repeated.
    """
    root, chance, best = np.arange(count), odds, np.zeros(0, np.int64)
    for _ in range(ROUNDS):
        chance = _only_one(odds, root[first], later, count)
        best = _best(chance, later, least)
        root = _roots(first[best], later[best], count)
    return chance, best, root


def _only_one(odds: Floats, matter: Ints, later: Ints, count: int) -> Floats:
    """Probabilities by pair, as a report repeats at most one matter, or none."""
    kinds, kind = np.unique(later * count + matter, return_inverse=True)
    strongest = np.zeros(len(kinds))
    np.maximum.at(strongest, kind, odds)
    total = np.bincount(kinds // max(count, 1), strongest, count)
    return np.asarray(odds / (1 + total[later]))


def _best(chance: Floats, later: Ints, least: float) -> Ints:
    """The most likely pair of each later report, where it is likely enough."""
    order = np.lexsort((-chance, later))
    ends = np.append(True, np.diff(later[order]) != 0)[: len(order)]
    best = order[ends]
    return np.asarray(best[chance[best] >= least])


def _roots(first: Ints, later: Ints, count: int) -> Ints:
    """The first report of the chain that each report is in, by report."""
    above = np.arange(count)
    above[later] = first
    while True:
        higher = above[above]
        if np.array_equal(higher, above):
            return higher
        above = higher
