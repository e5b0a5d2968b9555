"""Seasonal bands: whether a unit has more cases than the same hours of earlier weeks let expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betainc

from geodata.model.periods import HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.warning.cases import Cases

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

WEEK_H: Final = 168
WEEKS: Final = 8
WINDOWS_H: Final = (24, 168)
EVERY_H: Final = 6
LEAST_USUAL: Final = 10.0  # cases: what has fewer is left to the scan
LEAST_TIMES: Final = 1.15  # the usual number; less is no news, however certain
NEVER: Final = 1e-300


@dataclass(frozen=True, eq=False)
class Excess:
    """Units above their band: unit, category (−1 = all), moment, window (s), and how rare that is.

    recurrence: days, decimal logarithm.
    """

    unit: Ints
    category: Ints
    moment: Ints
    window: Ints
    count: Ints
    expected: Floats
    recurrence: Floats


def bands(cases: Cases, levels: Ints, units: int, since: int, now: int) -> Excess:
    """Judge whole units every few hours from a moment on, category by category and all together.

    What is found of a moment does not depend on which others are judged with it.
    levels: the units of each case, unit level × case, −1 = none; units: how many there are.
    """
    step = EVERY_H * HOUR
    begin = -(-since // step) * step - (WEEKS + 1) * WEEK_H * HOUR
    hours = (now - begin) // HOUR
    judged = np.arange((WEEKS + 1) * WEEK_H, hours + 1, EVERY_H)
    if not len(judged):
        return _excess(begin, np.empty((7, 0)), np.empty(0))
    kinds = int(cases.category.max(initial=-1)) + 1
    known = (begin <= cases.reported) & (cases.reported < begin + hours * HOUR)
    found: list[Floats] = []
    tests = np.zeros(len(judged))
    for level in levels:
        mine = known & (level >= 0)
        hour = (cases.reported[mine] - begin) // HOUR
        for category in range(-1, kinds):
            of_it = mine[mine] if category < 0 else cases.category[mine] == category
            sums = _sums(level[mine][of_it], hour[of_it], units, int(hours))
            for window in WINDOWS_H:
                asked_of, part = _above(sums, judged, window)
                tests += asked_of
                asked = np.full((2, part.shape[1]), [[category], [window]])
                found.append(np.concatenate([part[:2], asked, part[2:]]))
    whole = np.concatenate([np.empty((7, 0)), *found], axis=1)
    a_day = np.maximum(tests * 24 / EVERY_H, 1.0)
    return _excess(begin, whole, a_day[((whole[1] - judged[0]) // EVERY_H).astype(np.int64)])


def _excess(begin: int, found: Floats, a_day: Floats) -> Excess:
    """What was found, with how rare it is where so many are asked a day."""
    unit, hour, kind, length, count, expected, p = found
    return Excess(
        unit.astype(np.int64),
        kind.astype(np.int64),
        begin + hour.astype(np.int64) * HOUR,
        length.astype(np.int64) * HOUR,
        count.astype(np.int64),
        expected,
        -np.log10(np.maximum(p, NEVER) * a_day),
    )


def _sums(unit: Ints, hour: Ints, units: int, hours: int) -> dict[int, Floats]:
    """Cases of each unit up to each hour; only of units that could reach the least."""
    rows = np.flatnonzero(np.bincount(unit, minlength=units) >= LEAST_USUAL * WEEKS)
    number = np.full(units, -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    mine = number[unit]
    cells = mine[mine >= 0] * hours + hour[mine >= 0]
    hourly = np.bincount(cells, minlength=len(rows) * hours).reshape(len(rows), hours)
    sums = np.zeros((len(rows), hours + 1))
    sums[:, 1:] = np.cumsum(hourly, axis=1)
    return dict(zip(rows.tolist(), sums, strict=True))


def _above(sums: dict[int, Floats], judged: Ints, window: int) -> tuple[Ints, Floats]:
    """How many units are asked at each hour; unit, hour, count, expected and chance of those above.

    How widely weeks scatter is measured from all units of the hour together, and from each itself.
    """
    rows = list(sums)
    if not rows:
        return np.zeros(len(judged), dtype=np.int64), np.empty((5, 0))
    whole = np.stack([sums[row] for row in rows])
    back = np.arange(1, WEEKS + 1) * WEEK_H
    past = whole[:, judged[:, None] - back] - whole[:, judged[:, None] - back - window]
    count = whole[:, judged] - whole[:, judged - window]
    usual = past.mean(axis=2)
    enough = usual >= LEAST_USUAL
    ratio = past.var(axis=2, ddof=1) / np.maximum(usual, 1.0)
    some = np.where(enough, ratio, np.nan)[:, enough.any(axis=0)]
    common = np.ones(len(judged))
    common[enough.any(axis=0)] = np.nanmedian(some, axis=0)
    scatter = np.maximum(np.maximum(ratio, common), 1.05)
    spread = usual * scatter * (1 + 1 / WEEKS)  # the norm itself is a mean of few weeks
    size = usual**2 / np.maximum(spread - usual, 1e-9)
    asked = enough & (count > LEAST_TIMES * usual)
    p = betainc(count[asked], size[asked], usual[asked] / (usual[asked] + size[asked]))
    row, column = np.nonzero(asked)
    unit = np.array(rows)[row]
    found = np.stack([unit, judged[column], count[asked], usual[asked], p])
    return enough.sum(axis=0), found
