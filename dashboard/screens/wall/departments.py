"""How long departments take, the slowest first, against the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.components.tree import Tree, part, sized
from dashboard.i18n.amounts import minutes, together
from dashboard.screens.overview import bullets
from dashboard.screens.overview.registered import definition
from dashboard.screens.wall.panels import head, mark, nothing
from geodata.metrics import deviation

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.screens.overview.scene import Scene

ROWS: Final = 8
FAR: Final = 3.0  # times the longest median; a whisker beyond it is cut


def departments(scene: Scene) -> list[Tree]:
    """The head and one row each; the browser shows as many as have room."""
    kind = bullets.measured(scene)
    measure = scene.t(f"wall.departments_{kind}")
    note = scene.t("wall.departments_note", measure=measure, period=scene.period_word())
    slow = deviation.slowest(scene.numbers.departments, f"{kind}_median_min").head(ROWS)
    if not scene.has_cases or not len(slow):
        title = scene.t(f"bullets.name_{kind}")
        return [head(title, note), nothing(scene.t("wall.departments_none"))]
    rows = _rows(scene, kind, slow)
    name = scene.t(f"wall.departments_{kind}_short")
    about = definition(f"{kind}_median_min", scene)
    found = head(bullets.title(scene, kind), note, name, about)
    return [found, part("div", "wall-departments", *rows)]


def _rows(scene: Scene, kind: str, slow: pd.DataFrame) -> list[Tree | None]:
    target = float(scene.city.profile.targets.get(f"{kind}_median_min", 0))
    medians = slow[f"{kind}_median_min"]
    ninths = slow[f"{kind}_p90_min"]
    longest = max(min(float(ninths.max()), FAR * float(medians.max())), target) * 1.02
    figures, unit = together(medians.tolist(), scene.language)
    rows = []
    for row, figure, median, ninth in zip(slow.index, figures, medians, ninths, strict=True):
        over = bool(target) and round(median) > round(target)
        value = scene.t("wall.within", figure=figure, unit=unit)
        shape = mark(2, scene) if over else None
        bar = part("span", "bar", part("i", "median"), part("i", "to"),
                   style=sized(median=median / longest, to=ninth / longest))  # fmt: skip
        name = part("span", "name", scene.entry(scene.city.departments, int(row)))
        key = str(scene.city.departments["key"].iloc[int(row)])
        names = "wall-department over" if over else "wall-department"
        rows.append(part("li", names, name, bar, part("span", "value", shape, value), key=key))
    return [part("ol", "wall-rows", *rows), _target(scene, target, longest)]


def _target(scene: Scene, target: float, longest: float) -> Tree | None:
    """Where the target stands, as a line through all rows with its word."""
    if not target:
        return None
    word = scene.t("kpi.within", target=minutes(target, scene.language)).removeprefix("✓ ")
    return part("div", "wall-target", part("span", "", word), style=sized(x=target / longest))
