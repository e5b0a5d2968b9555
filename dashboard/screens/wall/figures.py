"""Four figures of the whole place, as the overview counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.components.tree import Tree, part
from dashboard.i18n import catalogue
from dashboard.screens.overview import kpis
from dashboard.screens.overview.registered import definition
from dashboard.screens.wall.panels import head, mark, nothing

if TYPE_CHECKING:
    from dashboard.components.cards import Card
    from dashboard.screens.overview.scene import Scene

FIRST: Final = ("reported", "backlog_overdue", "on_time_rate", "whistle_rate")
FOUR: Final = 4


def figures(scene: Scene) -> list[Tree]:
    """The head and the four."""
    level = scene.level_name(scene.city.tree.level(scene.unit))
    title = scene.t("wall.figures", level=level[:1].upper() + level[1:])
    if not scene.has_cases:
        return [head(title), nothing(scene.t("wall.no_cases"))]
    shown = [_figure(kpis.card(kpi, scene), scene) for kpi in chosen(scene)]
    return [head(title, scene.period_word()), part("div", "wall-figures", *shown)]


def chosen(scene: Scene) -> list[kpis.Kpi]:
    """The wall's own four, with the overview's next ones for what a city does not keep."""
    usual = kpis.chosen(scene)
    of = {kpi.metric: kpi for kpi in usual if scene.keeps(kpi.metric)}
    order = [*(of[key] for key in FIRST if key in of), *usual]
    return list(dict.fromkeys(order))[:FOUR]


def _figure(card: Card, scene: Scene) -> Tree:
    own = f"wall.name_{card.key}"
    name = scene.t(own) if own in catalogue() else card.name
    worse = f" level-of-{card.level}" if card.level else ""
    return part(
        "div", f"wall-figure{worse}{' faint' if card.faint else ''}",
        part("span", "name", name),
        part("p", "number", part("b", "", card.figure), part("span", "unit", card.unit)),
        part("p", "against", mark(card.level, scene), card.against, card.sample),
        key=card.key, title=definition(card.key, scene),
    )  # fmt: skip
