"""A table of units made into a ranking that says how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata.metrics.fair.quantiles import P90, of_two
from geodata.metrics.fair.ranks import ranks
from geodata.metrics.fair.shrink import LEVEL, Estimate, shrunk
from geodata.metrics.fair.standard import far_mix, odd_shares, standardised
from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS, Metric, sample, value
from geodata.model.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SATURATED: Final = 0.98  # of all cases: from here on misses tell more than hits
TEN_THOUSAND: Final = 10_000
PER_CENT: Final = 100.0


@dataclass(frozen=True, eq=False)
class Mix:
    """Hits and cases of the same units by matter: a row a unit, a column a matter."""

    hits: npt.NDArray[np.generic]
    n: npt.NDArray[np.generic]


def ranking(
    metric: Metric | str,
    units: pd.DataFrame,
    *,
    mix: Mix | None = None,
    odd: Mapping[str, tuple[str, str]] | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Rank units by a share or by minutes; the rows and their index stay as they are.

    Args:
        metric: itself or its key.
        units: the engine's columns; negative rows (nobody's) are left without a rank.
        mix: for shares: compare as if all had the same matters.
        odd: name → columns (part, whole) of a share that must be ordinary, as
            `{"whistle": ("whistled", "reported")}`.
        level: of the intervals.

    Returns:
        value, n as the registry has them; fair, low, high: in the metric's unit, shrunk for shares;
        few: fewer cases than the metric's minimum, without a rank; the columns of `ranks`;
        not_comparable: why, with commas ("mix", names of `odd`), "" = comparable.

    Raises:
        RequestError: the metric is neither a share nor a median or percentile of minutes.
    """
    metric = METRICS[metric] if isinstance(metric, str) else metric
    n = sample(metric, units)
    found = pd.DataFrame({"value": value(metric, units), "n": n}, index=units.index)
    estimate = _estimate(metric, units, mix, level)
    found["fair"], found["low"], found["high"] = estimate.value, estimate.low, estimate.high
    found["few"] = (n < metric.minimum).to_numpy()
    ranked = ~found["few"].to_numpy() & (np.asarray(units.index) >= 0)
    shown = np.where(ranked, estimate.value, np.nan)
    places = ranks(shown, estimate.low, estimate.high, falling=metric.direction == "down")
    found = found.join(places.set_index(units.index))
    return found.assign(not_comparable=_why_not(units, mix, odd or {}))


def _estimate(metric: Metric, units: pd.DataFrame, mix: Mix | None, level: float) -> Estimate:
    """Values in the metric's unit, as they are to be compared."""
    if metric.form is Form.SHARE:
        n = _added(units, metric.denominator)
        hits = _added(units, metric.numerator)
        if mix is not None:
            hits = np.nan_to_num(standardised(mix.hits, mix.n)) * n
        found = shrunk(np.clip(hits, 0, n), n, level)
        return Estimate(*(PER_CENT * each for each in (found.value, found.low, found.high)))
    head, ends = metric.key.rsplit("_", 2)[0], ("_median_min", "_p90_min")
    if not metric.key.endswith(ends):
        message = f"{metric.key} is no share and no time; rank by one of these"
        raise RequestError(message)
    share = P90 if metric.key.endswith(ends[1]) else 0.5
    median, p90 = (units[head + end].to_numpy(np.float64) for end in ends)
    low, high = of_two(median, p90, units[head + "_n"].to_numpy(np.float64), share, level)
    return Estimate(median if share < P90 else p90, low, high)


def _added(units: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    return np.asarray(units[list(names)].to_numpy(np.float64).sum(axis=1))


def _why_not(
    units: pd.DataFrame, mix: Mix | None, odd: Mapping[str, tuple[str, str]]
) -> npt.NDArray[np.str_]:
    flags = {"mix": far_mix(mix.n)} if mix is not None else {}
    for name, (part, whole) in odd.items():
        flags[name] = odd_shares(units[part].to_numpy(float), units[whole].to_numpy(float))
    rows = range(len(units))
    return np.array([",".join(name for name, flag in flags.items() if flag[row]) for row in rows])


def misses(hits: npt.ArrayLike, n: npt.ArrayLike, level: float = LEVEL) -> pd.DataFrame | None:
    """Misses per 10,000 cases: as counted, shrunk, and with interval; None unless rates saturate.

    They do where at least 98 % of all cases are hits: then a scale from 0 to 100 % shows nothing.
    """
    hit, cases = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    missed = cases - np.clip(hit, 0, cases)
    if not cases.sum() > 0 or 1 - missed.sum() / cases.sum() < SATURATED:
        return None
    found = shrunk(missed, cases, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(cases > 0, missed / cases, np.nan)
    columns = {"value": raw, "fair": found.value, "low": found.low, "high": found.high}
    return pd.DataFrame({name: column * TEN_THOUSAND for name, column in columns.items()})
