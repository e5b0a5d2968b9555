"""Rates of many units drawn towards what is usual, the more so the fewer cases they rest on.

Each unit's hits are binomial, the units' rates beta distributed (mean `centre`, weight in cases
`strength`). Both are unknown and averaged over a grid, each node by its marginal likelihood, so
that the intervals also carry what few units leave open about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betaincinv, betaln, expit, logit

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LEVEL: Final = 0.95
STRENGTHS: Final = (0.0, 7.0)  # powers of ten, in cases
COARSE, FINE, CENTRES = 33, 15, 7  # nodes of the grids
LIKELY: Final = 10.0  # log likelihoods below the best that still count
FAR: Final = 3.5  # standard errors of the centre
LEAST_VARIANCE: Final = 1e-15


@dataclass(frozen=True, eq=False)
class Estimate:
    """Values between 0 and 1 with the ends of their interval, one each unit; NaN = unknown."""

    value: Floats
    low: Floats
    high: Floats


def shrunk(hits: npt.ArrayLike, n: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Estimate the rate of every unit from its hits out of n, and its credible interval.

    A unit without cases is what is usual. All are NaN where no unit has a case.
    """
    pairs = np.column_stack([np.asarray(n, np.float64), np.asarray(hits, np.float64)])
    # Equal counts are taken together, in order: neither the order of units nor who is who matters.
    kinds, back, count = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    cases, hit = kinds.T
    if not cases.sum() > 0:
        return Estimate(*np.full((3, len(pairs)), np.nan))
    centre, strength, weight = _nodes(hit, cases, count.astype(np.float64))
    posterior = (hit[:, None] + centre * strength) / (cases[:, None] + strength)
    scatter = posterior * (1 - posterior) / (cases[:, None] + strength + 1)
    mean = posterior @ weight
    variance = (scatter + (posterior - mean[:, None]) ** 2) @ weight
    low, high = _interval(mean, variance, level)
    where = back.reshape(-1)
    return Estimate(mean[where], low[where], high[where])


def _nodes(hit: Floats, cases: Floats, count: Floats) -> tuple[Floats, Floats, Floats]:
    """Centres and strengths that the counts make likely, and how likely each is."""
    coarse = np.logspace(*STRENGTHS, COARSE)
    middle, _ = _centre(hit, cases, count, coarse)
    told = _log_likelihood(hit, cases, count, middle, coarse) - np.log(coarse) / 2
    likely = coarse[told > told.max() - LIKELY]
    step = coarse[1] / coarse[0]
    strength = np.geomspace(likely.min() / step, likely.max() * step, FINE)
    middle, error = _centre(hit, cases, count, strength)
    offset = np.linspace(-FAR, FAR, CENTRES)
    centre = expit(logit(middle)[:, None] + error[:, None] * offset).ravel()
    strength = np.repeat(strength, CENTRES)
    told = _log_likelihood(hit, cases, count, centre, strength)
    # Flat in the centre and in strength^-1/2 (Gelman et al. 2013, 5.3), on this grid.
    told += np.log(centre * (1 - centre)) + np.log(np.repeat(error, CENTRES))
    told -= np.log(strength) / 2
    weight = np.exp(told - told.max())
    return centre, strength, weight / weight.sum()


def _centre(hit: Floats, cases: Floats, count: Floats, strength: Floats) -> tuple[Floats, Floats]:
    """The weighted mean rate by strength (Kleinman 1973), and its standard error as a logit."""
    alike = 1 / (1 + strength)
    weight = count[:, None] * cases[:, None] / (1 + (cases[:, None] - 1) * alike)
    rate = np.divide(hit, cases, out=np.zeros_like(hit), where=cases > 0)
    total = weight.sum(axis=0)
    middle = (rate @ weight + 0.5) / (total + 1)
    return middle, 1 / np.sqrt(middle * (1 - middle) * (total + 1))


def _log_likelihood(
    hit: Floats, cases: Floats, count: Floats, centre: Floats, strength: Floats
) -> Floats:
    """Of beta-binomial counts, but for what all nodes share."""
    a, b = centre * strength, (1 - centre) * strength
    each = betaln(hit[:, None] + a, (cases - hit)[:, None] + b)
    return np.asarray(count @ each - count.sum() * betaln(a, b))


def _interval(mean: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Ends of the beta distribution with this mean and variance."""
    strength = mean * (1 - mean) / np.maximum(variance, LEAST_VARIANCE) - 1
    a, b = mean * strength, (1 - mean) * strength
    return betaincinv(a, b, (1 - level) / 2), betaincinv(a, b, (1 + level) / 2)
