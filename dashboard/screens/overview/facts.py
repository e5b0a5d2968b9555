"""What stands out here: the places named in titles, and the steps that lose time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dashboard.screens.overview import measures
from geodata.metrics import deviation
from geodata.metrics.classes import LEAST_CASES
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.measures import Measure
    from dashboard.screens.overview.scene import Scene

ARRIVAL: Final = "arrival_median_min"
CLEARLY_ABOVE: Final = 1.25  # times the rate of the whole: from here on cases concentrate
AS_HIGH: Final = 0.95  # of the highest rate: to name that one alone would be chance
FAR_BEHIND: Final = 1.4  # times the median of the whole


def peaks(scene: Scene, measure: Measure | None = None, most: int = 2) -> list[int]:
    """The direct children that stand out by a measure (the map's by default), worst first.

    Where those are buildings there is none: their rows are no units, and hardly one has enough
    cases.
    """
    if _are_buildings(scene):
        return []
    chosen = measure or measures.usable(scene)
    return list(scene.once(("peaks", chosen, most), lambda: _peaks(scene, chosen, most)))


def _peaks(scene: Scene, measure: Measure, most: int) -> list[int]:
    tally = scene.children.cells
    tally = tally[(tally.index >= 0) & (tally[measure.sample] >= LEAST_CASES)]
    found = measures.values(measure, tally, scene).dropna()
    if len(found) < most + 1:
        return []
    found = found.sort_values(ascending=measure.kind == "share")
    return [int(unit) for unit in found.index[:most]]


def _are_buildings(scene: Scene) -> bool:
    """Whether right below the place there are buildings."""
    return scene.city.tree.next_level(scene.unit) == BUILDING


def concentrated(scene: Scene, measure: Measure) -> list[int]:
    """Of the peaks those that stand clearly above the whole; counts have none to stand above."""
    found = peaks(scene, measure)
    if measure.kind == "count":
        return found
    children = scene.children.cells
    shared = measures.shared_by(measure, children.index, scene)
    known = (children.index >= 0) & np.isfinite(shared)
    over = float(shared[known].sum())
    whole = float(children.loc[known, "reported"].sum()) / over if over else float("inf")
    rates = measures.values(measure, children, scene)
    return [unit for unit in found if float(rates[unit]) >= CLEARLY_ABOVE * whole]


def leading(scene: Scene, measure: Measure) -> list[int]:
    """The peaks that a title names: of rates a second one only if it stands out like the first."""
    found = peaks(scene, measure)
    if measure.kind not in {"rate", "per_area"}:
        return found
    clear, rates = (
        concentrated(scene, measure),
        measures.values(measure, scene.children.cells, scene),
    )
    return [
        unit for unit in found
        if unit == found[0] or unit in clear or rates[unit] >= AS_HIGH * rates[found[0]]
    ]  # fmt: skip


def lagging(scene: Scene) -> tuple[int, float] | None:
    """The direct child with by far the latest arrival, and its median in minutes."""
    if not scene.keeps(ARRIVAL) or _are_buildings(scene):
        return None
    children = scene.children.cells
    slow = deviation.slowest(children[children.index >= 0], ARRIVAL)
    whole = float(scene.numbers.total[ARRIVAL])
    slow = slow[slow["arrival_n"] >= LEAST_CASES]
    if not len(slow) or not float(slow[ARRIVAL].iloc[0]) >= FAR_BEHIND * whole:
        return None
    return int(slow.index[0]), float(slow[ARRIVAL].iloc[0])


@dataclass(frozen=True)
class Step:
    """One step of the ladder in minutes; target: what is allowed for it, or None."""

    first: str
    last: str
    cases: int
    median_min: float
    p90_min: float
    target: float | None

    @property
    def over(self) -> bool:
        """Whether the median is past the target."""
        return self.target is not None and self.median_min > self.target


def steps(scene: Scene) -> list[Step]:
    """The steps that any case has taken, in order."""
    table, targets = scene.numbers.steps, scene.city.profile.targets
    columns = (table[name] for name in ("from_stage", "to_stage", "n", "median_min", "p90_min"))
    return [
        Step(
            str(first),
            str(last),
            int(n),
            float(median),
            float(p90),
            targets.get(f"step_{last}_min"),
        )
        for first, last, n, median, p90 in zip(*columns, strict=True)
        if n > 0
    ]


def slow_step(scene: Scene) -> Step | None:
    """The step that loses most against its target."""
    late = [step for step in steps(scene) if step.over]
    return max(late, key=lambda step: step.median_min / (step.target or 1), default=None)
