"""What the map can be coloured by: values, samples, classes and palette of each measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from dashboard.screens.overview import spent
from dashboard.screens.overview.spent import MINUTES
from geodata.metrics.classes import NO_DATA, breaks, classify, fixed_for, is_diverging
from geodata.metrics.metric import Form
from geodata.metrics.registry import METRICS, value
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.screens.overview.scene import Scene
    from dashboard.screens.overview.spent import Unit

    Floats = npt.NDArray[np.float64]
    Bytes = npt.NDArray[np.uint8]

Kind = Literal["rate", "per_area", "count", "minutes", "share", "index"]
SEQUENTIAL: Final = ("s1", "s2", "s3", "s4", "s5")
DIVERGING: Final = ("d1", "d2", "d3", "d4", "d5", "d6", "d7")


@dataclass(frozen=True)
class Measure:
    """A measure by its key in the URL.

    metric: its key in the registry; sample: column that counts the cases behind a value.
    without: key of the measure that takes its place in a city that does not keep `sample`.
    """

    key: str
    metric: str
    kind: Kind
    sample: str
    without: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it is a duration that may take hours or days."""
        return self.key.startswith("resolution")


MEASURES: Final = {
    measure.key: measure
    for measure in (
        Measure("density", "density_people", "rate", "reported", "area"),
        Measure("area", "density_area", "per_area", "reported", "count"),
        Measure("arrival", "arrival_median_min", "minutes", "arrival_n", "resolution"),
        Measure("arrival_p90", "arrival_p90_min", "minutes", "arrival_n", "resolution_p90"),
        Measure("resolution", "resolution_median_min", "minutes", "resolution_n"),
        Measure("resolution_p90", "resolution_p90_min", "minutes", "resolution_n"),
        Measure("on_time", "on_time_rate", "share", "due", "density"),
        Measure("absorbed", "local_rate", "share", "resolved", "density"),
        Measure("count", "reported", "count", "reported"),
        Measure("load", "load_index", "index", "reported"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How values become colours.

    breaks: upper ends of all classes but the last, ascending; tokens: names of the colours;
    target: where the middle class stands, or None; few: fewer cases than this are hatched;
    unit: in which durations are written, the values themselves being minutes.
    """

    breaks: tuple[float, ...]
    tokens: tuple[str, ...]
    target: float | None
    few: int
    unit: Unit = MINUTES

    @property
    def diverging(self) -> bool:
        """Whether the colours run from better to worse around a target."""
        return len(self.tokens) == len(DIVERGING)


def chosen(scene: Scene) -> Measure:
    """The measure asked for; of departments what they are judged by."""
    default = "density" if scene.department is None else "arrival"
    if scene.at_compare:
        default = "on_time"
    if scene.at_grids:
        default = "load"
    return MEASURES[scene.place.measure or default]


def values(measure: Measure, tally: pd.DataFrame, scene: Scene) -> pd.Series:
    """The measure by row of a tally whose index is units (buildings have plain counts)."""
    found = value(
        measure.metric, tally, people=people(tally.index, scene), area=areas(tally.index, scene)
    )
    return pd.Series(found, index=tally.index)


def people(units: pd.Index, scene: Scene) -> Floats:
    """People by unit; NaN where not known, so that no rate is made of it."""
    return _column(units, scene, "people")


def areas(units: pd.Index, scene: Scene) -> Floats:
    """Square kilometres by unit; NaN where there is no boundary to measure."""
    return _column(units, scene, "area_km2")


def shared_by(measure: Measure, units: pd.Index, scene: Scene) -> Floats:
    """What the cases of a unit are shared out over: its thousands of people, or its km²."""
    if METRICS[measure.metric].form is Form.PER_AREA:
        return areas(units, scene)
    return people(units, scene) / 1000


def _column(units: pd.Index, scene: Scene, name: str) -> Floats:
    if scene.level == BUILDING and scene.building is not None:
        return np.full(len(units), np.nan)
    places = scene.city.places
    known = scene.city.once(
        f"column {name} {scene.city.id}", lambda: places[name].to_numpy(dtype=np.float64)
    )
    found = np.where(units >= 0, known[np.clip(units, 0, len(known) - 1)], np.nan)
    return np.where(found > 0, found, np.nan)


def usable(scene: Scene, measure: Measure | None = None) -> Measure:
    """The chosen measure (or another), or what takes its place where nobody keeps it."""
    measure = measure or chosen(scene)
    while measure.without and not _kept(measure, scene):
        measure = MEASURES[measure.without]
    return measure


def _kept(measure: Measure, scene: Scene) -> bool:
    if METRICS[measure.metric].form not in {Form.PER_PEOPLE, Form.PER_AREA}:
        return scene.keeps(measure.metric)
    cells = scene.numbers.cells.index
    known = np.isfinite(shared_by(measure, cells, scene))
    return scene.level != BUILDING and bool(known.any())


def scale(measure: Measure, scene: Scene) -> Scale:
    """The classes of a measure: fixed where they must mean the same tomorrow."""
    cells = scene.numbers.cells
    few = METRICS[measure.metric].minimum
    target, unit = target_of(measure, scene), unit_of(measure, scene)
    found = values(measure, cells, scene).to_numpy()
    if not is_diverging(measure.metric, target):
        asked = scene.numbers.request
        part = bool(asked.categories or asked.departments or asked.sources)
        edges = breaks(
            measure.metric,
            days=scene.window.days,
            values=found / unit.minutes,
            week=() if part else fixed_for(_people_a_unit(scene)),
        )
        return Scale(tuple(edge * unit.minutes for edge in edges), SEQUENTIAL, None, few, unit)
    edges = breaks(measure.metric, days=scene.window.days, values=found, target=target)
    good_is_high = METRICS[measure.metric].direction == "up"
    return Scale(edges, DIVERGING[::-1] if good_is_high else DIVERGING, target, few, unit)


def _people_a_unit(scene: Scene) -> float:
    """The people of a middle unit of the level in the whole city, wherever one looks at it."""
    units = pd.Index(scene.city.tree.cells(0, scene.level) if scene.level != BUILDING else [])
    known = people(units, scene)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else 0.0


def unit_of(measure: Measure, scene: Scene) -> Unit:
    """The unit in which durations of the measure stand on this screen; minutes for others."""
    if not measure.is_long:
        return MINUTES
    return spent.unit(scene, float(scene.numbers.total[measure.metric]))


def is_alone(measure: Measure, scene: Scene) -> bool:
    """Whether there is but one cell, and classes that only comparing it with others would give."""
    if int((scene.numbers.cells.index >= 0).sum()) != 1:
        return False
    diverging = is_diverging(measure.metric, target_of(measure, scene))
    return not diverging and measure.kind != "rate"


def target_of(measure: Measure, scene: Scene) -> float | None:
    """The target of a measure in its own unit, where the city has set one."""
    return scene.city.profile.targets.get(measure.metric)


def classes(measure: Measure, scale_: Scale, scene: Scene) -> Bytes:
    """The class of every cell, in the order of `numbers.cells` without the unknown place."""
    cells = scene.numbers.cells
    cells = cells[cells.index >= 0]
    found = values(measure, cells, scene).to_numpy(dtype=np.float64)
    if not scene.has_cases or is_alone(measure, scene):
        return np.full(len(found), NO_DATA, dtype=np.uint8)
    samples = cells[measure.sample].to_numpy(dtype=np.float64)
    return classify(found, samples, scale_.breaks, scale_.few)
