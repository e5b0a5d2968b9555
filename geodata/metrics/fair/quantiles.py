"""Intervals of medians and ninetieth percentiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import bdtr, bdtrik, ndtri

from geodata.metrics.fair.shrink import LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

P90: Final = 0.9
TO_P90: Final = float(ndtri(P90))  # standard deviations above the median


def order_ranks(n: npt.ArrayLike, share: float, level: float = LEVEL) -> tuple[Ints, Ints]:
    """Ranks (from 1) of the values between which a quantile lies, whatever the distribution.

    Rank 0: no value bounds it from below; rank n + 1: none from above, as n is too small.
    """
    size = np.asarray(n, dtype=np.int64)
    low = _binomial((1 - level) / 2, size, share)
    high = _binomial((1 + level) / 2, size, share) + 1
    none = size <= 0
    return (
        np.where(none, 0, np.maximum(low, 0)).astype(np.int64),
        np.where(none, 1, np.minimum(high, size + 1)).astype(np.int64),
    )


def _binomial(chance: float, n: Ints, share: float) -> Floats:
    """The least number of successes of n that is reached with a chance."""
    found = np.ceil(bdtrik(chance, n, share))
    before = np.maximum(found - 1, 0)
    return np.asarray(np.where(bdtr(before, n, share) >= chance, before, found))


def of_values(
    groups: Sequence[npt.ArrayLike], share: float, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Interval of a quantile by group of values, free of assumptions; ±inf where n is too small."""
    arrays = [np.sort(np.asarray(values, dtype=np.float64)) for values in groups]
    low, high = order_ranks([len(values) for values in arrays], share, level)
    padded = [np.concatenate([[-np.inf], values, [np.inf]]) for values in arrays]
    return (
        np.array([values[rank] for values, rank in zip(padded, low, strict=True)]),
        np.array([values[rank] for values, rank in zip(padded, high, strict=True)]),
    )


def of_two(
    median: npt.ArrayLike, p90: npt.ArrayLike, n: npt.ArrayLike, share: float, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Interval of the median (share 0.5) or p90 (0.9) from both, as if logarithms were normal.

    An approximation for tables that hold no more; `of_values` needs no such assumption.
    """
    middle, upper = np.asarray(median, np.float64), np.asarray(p90, np.float64)
    size = np.asarray(n, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.log(upper / middle) / TO_P90
        at = ndtri(share)
        density = np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
        error = spread * np.sqrt(share * (1 - share) / size) / density
        known = (middle > 0) & (upper >= middle) & (size > 0)
        value = np.where(known, middle if share < P90 else upper, np.nan)
        factor = np.exp(ndtri((1 + level) / 2) * error)
        return value / factor, value * factor
