"""At which level cases are settled: one bar of at most four parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.components.panels import Head
from dashboard.i18n import named
from dashboard.i18n.amounts import rate
from dashboard.screens.overview import deadlines, states
from dashboard.screens.overview.registered import definition, figure, is_small
from dashboard.screens.overview.stack import stack

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

KEY: Final = "settlement"
METRIC: Final = "local_rate"
PARTS: Final = (1, 2, 3, 4)
STREET: Final = "street"
LEAST_LEVELS: Final = 3  # a city, its cells, and something between them


def settlement(scene: Scene) -> Node:
    """The panel; deadlines instead where the city keeps no level of settlement."""
    if not scene.keeps(METRIC):
        return deadlines.deadlines(scene)
    total = scene.numbers.total
    parts = [float(total[f"settled_{part}"]) for part in PARTS]
    head = Head(
        KEY, scene.t("settlement.name"), _note(scene), scene.href(table=KEY),
        definition(METRIC, scene),
    )  # fmt: skip
    if not sum(parts):
        return states.empty(head, scene, tight=True, metric=METRIC)
    if is_small(METRIC, total):  # a share of few cases is neither said nor judged
        return states.normal(head, stack(names(scene), parts), scene)
    share = figure(METRIC, total)
    head = Head(
        KEY, _found(scene, _written(share, scene)), _note(scene, share), head.table,
        head.definition,
    )  # fmt: skip
    return states.normal(head, stack(names(scene), parts), scene)


def _found(scene: Scene, share: str) -> str:
    level = local_level(scene)
    key = "settlement.found_of" if level else "settlement.found"
    return scene.t(key, share=share, level=level)


def names(scene: Scene) -> list[str]:
    """The parts in words; in a city without streets its own levels take their places."""
    said = [scene.t(f"settlement.part_{part}") for part in PARTS]
    level = local_level(scene)
    if not level:
        return said
    # Such a city is no part of a larger one: what stands above it is not "the city".
    return [said[0], level[:1].upper() + level[1:], said[3], scene.t("settlement.part_above")]


def local_level(scene: Scene) -> str:
    """The name of the level that takes the place of streets; "" in a city that has streets."""
    levels = scene.city.profile.levels
    keys = [level.key for level in levels]
    if STREET in keys or len(keys) < LEAST_LEVELS:
        return ""
    return named(levels[1], scene.language)


def _written(share: float, scene: Scene) -> str:
    """In whole per cents, unless these would reach a target that was missed."""
    target = scene.city.profile.targets.get(METRIC, 0)
    return rate(share, 1 if share < target <= round(share) else 0)


def _note(scene: Scene, share: float | None = None) -> str:
    target = scene.city.profile.targets.get(METRIC)
    period = scene.period_word("short_")
    if target is None:
        return period
    met = "\u00a0✓" if share is not None and share >= target else ""
    return scene.t("settlement.note", period=period, target=rate(target, 0)) + met
