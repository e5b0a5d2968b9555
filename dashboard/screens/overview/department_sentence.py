"""What the one sentence says of a single department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.i18n.amounts import count, rate
from dashboard.screens.overview import facts, measures, spent
from dashboard.screens.overview.phrases import places, scope
from dashboard.screens.overview.registered import behind, is_small

if TYPE_CHECKING:
    from dashboard.screens.overview.phrases import Part
    from dashboard.screens.overview.scene import Scene

MOST_LETTERS: Final = 116  # of an English sentence in one line of a window of 1440


def slowest(scene: Scene) -> list[Part]:
    """Where arrival takes longest."""
    measure = measures.usable(scene, measures.MEASURES["arrival"])
    return places(scene, facts.peaks(scene, measure), "headline.slowest")


def department(scene: Scene, row: int) -> list[Part]:
    """How long a department takes against its target, where, and at which step."""
    total, target = scene.numbers.total, scene.city.profile.targets.get("arrival_median_min")
    name = scene.entry(scene.city.departments, row)
    if not scene.keeps("arrival_median_min"):
        return _resolution(scene, name)
    if few := _few(scene, name, "arrival"):
        return few
    median = float(total["arrival_median_min"])
    values = {"name": name, "n": rate(median, 0)}
    if target is None:
        parts = [(scene.t("headline.department", **values), "")]
    else:
        over = round(median) - round(target)
        key = "headline.department_over" if over > 0 else "headline.department_within"
        parts = [(scene.t(key, **values, over=abs(over), target=round(target)), "")]
    parts += slowest(scene)
    step = _step(scene)
    # English often has no room on the line for the step as well; its panel says it too.
    letters = sum(len(words) for words, _ in (*scope(scene), *parts, *step))
    return parts if scene.language == "en" and letters > MOST_LETTERS else [*parts, *step]


def _resolution(scene: Scene, name: str) -> list[Part]:
    if few := _few(scene, name, "resolution"):
        return few
    shown, unit = spent.written(scene, float(scene.numbers.total["resolution_median_min"]))
    time = scene.t("unit.figure", figure=shown, unit=unit)
    said = scene.t("headline.department_resolution", name=name, time=time)
    return [(said, ""), *slowest(scene)]


def _few(scene: Scene, name: str, kind: str) -> list[Part]:
    """How many cases there are where a median of them would say nothing, as in the figures."""
    metric, total = f"{kind}_median_min", scene.numbers.total
    if not is_small(metric, total):
        return []
    n = behind(metric, total)
    key = f"headline.few_{kind}" if n else f"headline.none_{kind}"
    return [(scene.t(key, name=name, n=count(n, scene.language)), "")]


def _step(scene: Scene) -> list[Part]:
    slow = facts.slow_step(scene)
    if slow is None:
        return []
    words = scene.t(
        "headline.step", a=scene.t(f"stage.{slow.first}"), b=scene.t(f"stage.{slow.last}")
    )
    return [(words, "")]
