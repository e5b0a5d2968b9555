"""Every metric: names, unit, which way is good, and how it is computed from the engine's counts."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final, overload

import numpy as np
import pandas as pd

from geodata.metrics import assessed, evasion, funnel, routing, service, volume, workload
from geodata.metrics.metric import Form, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geodata.model.schemes import Scheme

    Floats = npt.NDArray[np.float64]
    Known = float | pd.Series | npt.NDArray[np.float64] | npt.NDArray[np.int64] | None

__all__ = ["METRICS", "Metric", "registry_hash", "sample", "value"]

ALL: Final = (  # in the order in which they are listed to people
    *volume.REPORTED,
    *service.IN_TIME,
    *volume.UNFINISHED,
    *service.OUTCOME,
    *service.MINUTES,
    *service.HANDLING,
    *volume.BACKLOG,
    *evasion.LATE,
    *evasion.SHARES,
    *assessed.ALL,
    *funnel.FUNNEL,
    *routing.ROUTING,
    *workload.WORKLOAD,
)
ALONE: Final = (Form.COUNT, Form.SHARE)  # made of a row's own columns
METRICS: Final[dict[str, Metric]] = {metric.key: metric for metric in ALL}


@overload
def value(
    metric: Metric | str,
    numbers: pd.DataFrame,
    *,
    people: Known = ...,
    area: Known = ...,
    norm: Known = ...,
) -> pd.Series: ...


@overload
def value(
    metric: Metric | str,
    numbers: pd.Series,
    *,
    people: Known = ...,
    area: Known = ...,
    norm: Known = ...,
) -> float: ...


def value(
    metric: Metric | str,
    numbers: pd.DataFrame | pd.Series,
    *,
    people: Known = None,
    area: Known = None,
    norm: Known = None,
) -> pd.Series | float:
    """Compute a metric for one row of counts (a float) or for each row of a frame (a Series).

    Args:
        metric: itself or its key.
        numbers: a row or frame with the engine's columns.
        people: inhabitants, for what is counted by people; unknown = −1 or NaN.
        area: square kilometres, for what is counted by area.
        norm: expected number of cases, where `numbers` has no column `norm`.

    Returns:
        NaN where the metric has nothing to be computed from.

    Raises:
        KeyError: there is no such metric, or a column or argument it needs is not given.
    """
    metric = _metric(metric)
    if isinstance(numbers, pd.Series) and metric.form in ALONE:
        return _of_row(metric, numbers)
    top = _sum(numbers, metric.numerator)
    if metric.form is Form.COUNT:
        return _like(numbers, top)
    if metric.form is Form.PER_PEOPLE:
        return _like(numbers, _ratio(top, _given(people, "people")) * 1000)
    if metric.form is Form.PER_AREA:
        return _like(numbers, _ratio(top, _given(area, "area")))
    if metric.form is Form.DEVIATION:
        expected = _sum(numbers, ("norm",)) if norm is None else _given(norm, "norm")
        return _like(numbers, (_ratio(top, expected) - 1) * 100)
    share = _ratio(top, _sum(numbers, metric.denominator)) * 100
    return _like(numbers, np.minimum(share, metric.cap) if metric.cap else share)


@overload
def sample(metric: Metric | str, numbers: pd.DataFrame) -> pd.Series: ...


@overload
def sample(metric: Metric | str, numbers: pd.Series) -> float: ...


def sample(metric: Metric | str, numbers: pd.DataFrame | pd.Series) -> pd.Series | float:
    """Count the cases a value rests on; below `minimum` it is shown as too few."""
    metric = _metric(metric)
    if isinstance(numbers, pd.Series) and metric.form in ALONE:
        return _added(numbers, metric.counted)
    counted = _sum(numbers, metric.counted)
    if metric.form is Form.DEVIATION and "norm" in numbers:
        # Three cases where fifty are expected is a finding, not a small sample.
        counted = np.fmax(counted, _sum(numbers, ("norm",)))
    return _like(numbers, counted)


def registry_hash(schemes: Iterable[Scheme] = ()) -> str:
    """Name the state of all definitions and schemes, for exports and for noticing a change."""
    return hashlib.sha256(repr((ALL, tuple(schemes))).encode()).hexdigest()[:12]


def _metric(metric: Metric | str) -> Metric:
    return METRICS[metric] if isinstance(metric, str) else metric


def _of_row(metric: Metric, row: pd.Series) -> float:
    """The same of one row, without arrays of one number: a page asks for hundreds of them."""
    top = _added(row, metric.numerator)
    if metric.form is Form.COUNT:
        return top
    bottom = _added(row, metric.denominator)
    share = top / bottom * 100 if bottom > 0 else math.nan
    return metric.cap if metric.cap and share > metric.cap else share


def _added(row: pd.Series, names: tuple[str, ...]) -> float:
    return sum((float(row[name]) for name in names), 0.0)


def _sum(numbers: pd.DataFrame | pd.Series, names: tuple[str, ...]) -> Floats:
    columns = [np.asarray(numbers[name], dtype=np.float64) for name in names]
    return np.asarray(np.sum(columns, axis=0))


def _given(known: Known, name: str) -> Floats:
    if known is None:
        raise KeyError(name)
    return np.asarray(known, dtype=np.float64)


def _ratio(top: Floats, bottom: Floats) -> Floats:
    """Divide; NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def _like(numbers: pd.DataFrame | pd.Series, values: Floats) -> pd.Series | float:
    if isinstance(numbers, pd.Series):
        return float(values)
    return pd.Series(values, index=numbers.index)
