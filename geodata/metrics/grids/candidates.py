"""Which units to split, to give more hands, or to merge, each with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geodata.metrics.classes import LEAST_CASES
from geodata.metrics.fair.quantiles import of_two
from geodata.metrics.grids.load import MEAN

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import pandas as pd

    from geodata.model.tuning import Evaluation

Action = Literal["split", "staff", "merge"]
ACTIONS: Final[tuple[Action, ...]] = ("split", "staff", "merge")


@dataclass(frozen=True)
class Limits:
    """What units are judged by.

    rules: of the city; households: of a unit at most, 0 = no rule; arrival_min: the target, None =
        the city has none.
    """

    rules: Evaluation
    households: int = 0
    arrival_min: float | None = None


@dataclass(frozen=True)
class Reason:
    """One reason: what was found, and the limit it is beyond; n: cases it rests on, 0 = none.

    key: households | load | nobody | staff | slow | light.
    """

    key: str
    value: float
    limit: float
    n: int = 0


@dataclass(frozen=True)
class Candidate:
    """What is worth a decision; other: with which unit to merge, −1 = none.

    severity: how far beyond its limit the furthest reason is, 1 = at it.
    """

    unit: int
    action: Action
    reasons: tuple[Reason, ...]
    severity: float
    other: int = -1


def candidates(
    units: pd.DataFrame, limits: Limits, pairs: Iterable[tuple[int, int]]
) -> list[Candidate]:
    """Judge units; the first to look at come first: splits, then hands, then mergers.

    Args:
        units: index = unit: households, people, load_index, staff, staff_load, and of the arrival
            arrival_n, arrival_median_min, arrival_p90_min; NaN = not known.
        limits: of the city and the level.
        pairs: units that share a border and a parent.
    """
    rows = zip(
        units.index.tolist(), units.to_dict("records"), _slow(units, limits).tolist(), strict=True
    )
    judged = [_judged(int(unit), row, limits, slow=slow) for unit, row, slow in rows]
    found = [each for each in judged if each is not None]
    found += _mergers(units, limits, pairs, taken={each.unit for each in found})
    return sorted(found, key=lambda each: (ACTIONS.index(each.action), -each.severity, each.unit))


def _slow(units: pd.DataFrame, limits: Limits) -> pd.Series:
    """Where arrival is surely beyond what is allowed, and not by the luck of few cases."""
    enough = units["arrival_n"].fillna(0) >= LEAST_CASES
    if limits.arrival_min is None:
        return enough & False
    low, _ = of_two(
        units["arrival_median_min"], units["arrival_p90_min"], units["arrival_n"], 0.5
    )  # fmt: skip
    return enough & (np.nan_to_num(low) > limits.rules.slow_from * limits.arrival_min)


def _judged(
    unit: int, row: Mapping[Hashable, float], limits: Limits, *, slow: bool
) -> Candidate | None:
    rules, split, staff = limits.rules, [], []
    if limits.households and row["households"] > limits.households:
        split.append(Reason("households", float(row["households"]), limits.households))
    if row["load_index"] >= MEAN * rules.split_from:
        split.append(Reason("load", float(row["load_index"]), MEAN * rules.split_from))
    if row["staff"] == 0 and row["load_index"] > 0:
        staff.append(Reason("nobody", float(row["load_index"]), MEAN))
    if row["staff_load"] >= MEAN * rules.staff_from:
        staff.append(Reason("staff", float(row["staff_load"]), MEAN * rules.staff_from))
    if slow and limits.arrival_min:
        allowed = rules.slow_from * limits.arrival_min
        staff.append(
            Reason("slow", float(row["arrival_median_min"]), allowed, int(row["arrival_n"]))
        )
    reasons = (*split, *staff)
    if not reasons:
        return None
    severity = max(each.value / each.limit for each in (split or staff))
    return Candidate(unit, "split" if split else "staff", reasons, severity)


def _mergers(
    units: pd.DataFrame, limits: Limits, pairs: Iterable[tuple[int, int]], taken: set[int]
) -> list[Candidate]:
    """Neighbours that carry little, the lightest first; each unit is proposed once."""
    most = MEAN * limits.rules.merge_to
    light = (units["load_index"] <= most) & (units[["households", "people"]].max(axis=1) > 0)
    load, homes = units["load_index"].to_dict(), units["households"].fillna(0).to_dict()
    fitting = [
        (load[a] + load[b], a, b) for a, b in pairs
        if light[a] and light[b] and load[a] + load[b] <= MEAN
        and (not limits.households or homes[a] + homes[b] <= limits.households)
    ]  # fmt: skip
    found = []
    for both, a, b in sorted(fitting):
        if not {a, b} & taken:
            taken |= {a, b}
            reasons = tuple(Reason("light", float(load[each]), most) for each in (a, b))
            found.append(Candidate(a, "merge", reasons, 2 - both / MEAN, b))
    return found
