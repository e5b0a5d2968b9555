"""Which class of the map's scale a value falls into, and where the classes begin."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

NO_DATA: Final = 255
TOO_FEW: Final = 254
LEAST_CASES: Final = 20  # a value on fewer cases is hatched and not written
WEEK_DAYS: Final = 7.0
PER_THOUSAND_A_WEEK: Final = (8.0, 11.0, 15.0, 20.0)
# Units of so many people have some 200 cases a week: they differ less, and a tenth is no chance.
MANY_PEOPLE: Final = 20_000
PER_THOUSAND_OF_MANY: Final = (10.0, 11.0, 12.5, 15.0)
TARGET_MIN: Final = 30.0
MINUTES_AROUND_TARGET: Final = (20.0, 25.0, 28.0, 32.0, 45.0, 60.0)  # the middle holds the target
POINTS_AROUND_TARGET: Final = (-7.0, -3.0, -0.5, 0.5, 2.0, 4.0)  # of a share in per cent
PER_CENT_AROUND_NORM: Final = (-40.0, -20.0, -10.0, 10.0, 20.0, 40.0)
LOAD: Final = (50.0, 100.0, 150.0, 200.0)  # the mean is 100
LEAST_STEP: Final = 1e-9
NICE: Final = (1.0, 2.0, 5.0)
QUANTILES: Final = (0.2, 0.4, 0.6, 0.8)
NOTHING_KNOWN: Final = (1.0, 2.0, 3.0, 4.0)


def breaks(
    key: str,
    *,
    days: float,
    values: Sequence[float] | Floats = (),
    target: float | None = None,
    week: Sequence[float] = PER_THOUSAND_A_WEEK,
) -> tuple[float, ...]:
    """Give the edges between classes for a metric, lowest first: six around a middle, else four.

    Cases per 1,000 people have the fixed edges of a `week`, in proportion for other windows of a
    day or more, unless those are (), as where only a part of the cases is counted; minutes with a
    target seven classes around it, in proportion to 20, 25, 28 | 32, 45, 60 for 30 minutes; shares
    with a target and deviations from the norm seven around that. Everything else is cut at the
    quintiles of `values` above zero; the load of grids at fixed edges.
    """
    if METRICS[key].form is Form.DEVIATION or key == "load_index":
        return LOAD if key == "load_index" else PER_CENT_AROUND_NORM
    if target is not None and is_diverging(key, target):
        if METRICS[key].form is Form.SHARE:
            return tuple(target + points for points in POINTS_AROUND_TARGET)
        return tuple(edge * target / TARGET_MIN for edge in MINUTES_AROUND_TARGET)
    if key == "density_people" and days >= 1 and len(week):
        return nice([edge * days / WEEK_DAYS for edge in week])
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known) & (known > 0)]
    if not len(known):
        return NOTHING_KNOWN
    return _four(np.quantile(known, QUANTILES), whole=METRICS[key].unit_en == "cases")


def fixed_for(people: float) -> tuple[float, ...]:
    """The fixed edges of a week for a level whose middle unit has so many people."""
    return PER_THOUSAND_OF_MANY if people >= MANY_PEOPLE else PER_THOUSAND_A_WEEK


def _four(edges: Floats, *, whole: bool) -> tuple[float, ...]:
    """Round quintiles; where some are equal, as of small counts, go on upwards."""
    steps = list(nice(np.ceil(edges) if whole else edges))
    gap = max(1.0, steps[-1] - steps[-2] if len(steps) > 1 else 1.0)
    return tuple(steps + [steps[-1] + gap * more for more in range(1, len(edges) - len(steps) + 1)])


def is_diverging(key: str, target: float | None) -> bool:
    """Whether the scale has a middle: a target or the norm."""
    metric = METRICS[key]
    towards = metric.form is Form.SHARE or key.endswith("_min")
    around_target = target is not None and target > 0 and towards
    return around_target or metric.form is Form.DEVIATION


def nice(edges: Sequence[float] | Floats) -> tuple[float, ...]:
    """Round edges to a step that people can read, fine enough to keep them apart."""
    distinct = np.unique(np.asarray(edges, dtype=np.float64))
    if not len(distinct):
        return ()
    gaps = np.diff(distinct) if len(distinct) > 1 else np.abs(distinct)
    step = _nice_below(float(gaps.min()) / 2)
    rounded = np.round(distinct / step) * step if step > LEAST_STEP else distinct
    return tuple(sorted({round(float(edge), 10) for edge in rounded}))


def _nice_below(width: float) -> float:
    """Give the largest of 1, 2 or 5 times a power of ten that is not above a width."""
    if not width > 0:
        return 0.0
    power = 10.0 ** floor(log10(width))
    return max(power * digit for digit in NICE if digit <= max(width / power, 1))


def classify(
    values: Sequence[float] | Floats,
    n: Sequence[float] | Floats,
    edges: Sequence[float],
    minimum: int = LEAST_CASES,
) -> npt.NDArray[np.uint8]:
    """Number the class of each value from 0; 255 = no data, 254 = rests on too few cases.

    A value on an edge belongs to the class above it. No value because there were no cases at all
    is too few of them, not a lack of data.
    """
    known = np.asarray(values, dtype=np.float64)
    classes = np.searchsorted(np.asarray(edges), known, side="right").astype(np.uint8)
    cases = np.asarray(n, dtype=np.float64)
    classes[cases < minimum] = TOO_FEW
    classes[~np.isfinite(known) & (cases > 0)] = NO_DATA
    return classes
