"""What the map can be coloured by: values, samples, classes and palette of each measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from dashboard.screens.overview.scene import BUILDING
from geodata.metrics.registry import value

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.screens.overview.scene import Scene

    Floats = npt.NDArray[np.float64]
    Bytes = npt.NDArray[np.uint8]

Kind = Literal["rate", "count", "minutes", "share"]
NO_DATA: Final = 255
TOO_FEW: Final = 254
FEW: Final = 20  # a rate on fewer cases is hatched …
FEW_WHERE_RARE: Final = 5  # … or on fewer than this where hardly any cell has more
WEEK_BREAKS: Final = (8.0, 11.0, 15.0, 20.0)  # cases per 1,000 people in 7 days
TARGET_FACTORS: Final = (2 / 3, 5 / 6, 28 / 30, 32 / 30, 1.5, 2.0)
SHARE_STEPS: Final = (4.0, 2.0, 0.5, -0.5, -3.0, -7.0)  # above and below the target
SEQUENTIAL: Final = ("s1", "s2", "s3", "s4", "s5")
DIVERGING: Final = ("d1", "d2", "d3", "d4", "d5", "d6", "d7")


@dataclass(frozen=True)
class Measure:
    """A measure by its key in the URL.

    metric: its key in the registry; sample: column that counts the cases behind a value.
    """

    key: str
    metric: str
    kind: Kind
    sample: str


MEASURES: Final = {
    measure.key: measure
    for measure in (
        Measure("density", "density_people", "rate", "reported"),
        Measure("arrival", "arrival_median_min", "minutes", "arrival_n"),
        Measure("arrival_p90", "arrival_p90_min", "minutes", "arrival_n"),
        Measure(
            "resolution", "resolution_median_min", "minutes", "resolution_n"
        ),
        Measure("resolution_p90", "resolution_p90_min", "minutes", "resolution_n"),
        Measure("on_time", "on_time_rate", "share", "due"),
        Measure("count", "reported", "count", "reported"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How values become colours.

    breaks: upper ends of all classes but the last, ascending; tokens: names of the colours;
    target: where the middle class stands, or None; few: fewer cases than this are hatched.
    """

    breaks: tuple[float, ...]
    tokens: tuple[str, ...]
    target: float | None
    few: int

    @property
    def diverging(self) -> bool:
        """Whether the colours run from better to worse around a target."""
        return len(self.tokens) == len(DIVERGING)


def chosen(scene: Scene) -> Measure:
    """The measure asked for; response time where one department is looked at."""
    default = "density" if scene.department is None else "arrival"
    return MEASURES[scene.place.measure or default]


def values(measure: Measure, tally: pd.DataFrame, scene: Scene) -> pd.Series:
    """The measure by row of a tally whose index is units (buildings have plain counts)."""
    found = value(measure.metric, tally, people=people(tally.index, scene))
    return pd.Series(found, index=tally.index)


def people(units: pd.Index, scene: Scene) -> Floats:
    """People by unit; NaN where not known, so that no rate is made of it."""
    if scene.level == BUILDING and scene.building is not None:
        return np.full(len(units), np.nan)
    known = scene.city.places["people"].to_numpy(dtype=np.float64)
    found = np.where(units >= 0, known[np.clip(units, 0, len(known) - 1)], np.nan)
    return np.where(found > 0, found, np.nan)


def usable(scene: Scene) -> Measure:
    """The chosen measure, or plain counts where nobody knows how many people live there."""
    measure = chosen(scene)
    if measure.kind != "rate":
        return measure
    if scene.level == BUILDING:
        return MEASURES["count"]
    cells = scene.numbers.cells.index
    return measure if np.isfinite(people(cells, scene)).any() else MEASURES["count"]


def scale(measure: Measure, scene: Scene) -> Scale:
    """The classes of a measure: fixed where they must mean the same tomorrow."""
    cells = scene.numbers.cells
    few = _few(cells.loc[cells.index >= 0, measure.sample])
    target = target_of(measure, scene)
    if measure.kind == "rate" and scene.window.days >= 1:
        return Scale(_rate_breaks(scene), SEQUENTIAL, None, few)
    if measure.kind == "minutes" and target:
        return Scale(tuple(target * factor for factor in TARGET_FACTORS), DIVERGING, target, few)
    if measure.kind == "share" and target:
        steps = tuple(sorted(target + step for step in SHARE_STEPS))
        return Scale(steps, tuple(reversed(DIVERGING)), target, few)
    found = values(measure, cells, scene).to_numpy()
    return Scale(_quantiles(found), SEQUENTIAL, None, 1 if measure.kind == "count" else few)


def target_of(measure: Measure, scene: Scene) -> float | None:
    """The target of a measure in its own unit, where the city has set one."""
    return scene.city.profile.targets.get(measure.metric)


def classes(measure: Measure, scale_: Scale, scene: Scene) -> Bytes:
    """The class of every cell, in the order of `numbers.cells` without the unknown place."""
    cells = scene.numbers.cells
    cells = cells[cells.index >= 0]
    found = values(measure, cells, scene).to_numpy(dtype=np.float64)
    known = np.isfinite(found)
    out = np.full(len(found), NO_DATA, dtype=np.uint8)
    out[known] = np.searchsorted(np.array(scale_.breaks), found[known], side="right")
    samples = cells[measure.sample].to_numpy(dtype=np.float64)
    out[known & (samples < scale_.few)] = TOO_FEW
    if measure.kind == "minutes":  # no arrivals at all: nothing to be slow about
        out[samples == 0] = TOO_FEW if scene.has_cases else NO_DATA
    return out if scene.has_cases else np.full_like(out, NO_DATA)


def _few(samples: pd.Series) -> int:
    middle = float(samples.median()) if len(samples) else 0.0
    return FEW if middle >= FEW else FEW_WHERE_RARE


def _rate_breaks(scene: Scene) -> tuple[float, ...]:
    """The weekly breaks for this length of time, to two digits."""
    weeks = scene.window.days / 7
    return tuple(float(f"{limit * weeks:.2g}") for limit in WEEK_BREAKS)


def _quantiles(found: Floats) -> tuple[float, ...]:
    known = found[np.isfinite(found) & (found > 0)]
    if not len(known):
        return (1.0, 2.0, 3.0, 4.0)
    edges = [float(f"{edge:.2g}") for edge in np.quantile(known, (0.2, 0.4, 0.6, 0.8))]
    steps = sorted(set(edges))
    while len(steps) < len(edges):  # equal quantiles of small counts: go on upwards
        steps.append(steps[-1] + 1)
    return tuple(steps)
