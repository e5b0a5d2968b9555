"""The wall's map: the overview's, with fixed classes, few names and the outline of the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dashboard.components.tree import Tree, part
from dashboard.screens.overview import facts, legend, map_state, measures
from dashboard.screens.overview.registered import definition
from dashboard.screens.wall.panels import head, nothing

if TYPE_CHECKING:
    from dashboard.screens.overview.measures import Scale
    from dashboard.screens.overview.scene import Scene

MARKS: Final = 7
FEW: Final = {"minutes": "map_slow", "share": "map_low"}
LEFT_OUT: Final = ("page", "href", "hot", "sel", "selected", "title")


def painted(scene: Scene, scale: Scale) -> dict[str, Any]:
    """The map as `assets/map` paints it, but for what moves: marks and the focus."""
    state = map_state.map_state(scene, scale)
    kept = {name: value for name, value in state.items() if name not in LEFT_OUT}
    labels = [_label(label) for label in state["labels"]]
    # Nobody points at a wall: what would be told of each cell stays away.
    kept["cells"] = {**state["cells"], "text": [], "note": []}
    return kept | {"labels": labels, "href": {}, "strong": [], "marks": []}


def named(labels: list[dict[str, Any]], unit: int) -> list[dict[str, Any]]:
    """The names, of which that of the focus stands in any case."""
    return [each | {"strong": True} if each["unit"] == unit else each for each in labels]


def marked(scene: Scene) -> list[dict[str, Any]]:
    """The worst alerts where they are."""
    marks = map_state.marks(scene)[:MARKS]
    return [{name: mark[name] for name in mark if name != "href"} for mark in marks]


def _label(label: dict[str, Any]) -> dict[str, Any]:
    """A name; its value only where it is one of the highest."""
    shown = {name: value for name, value in label.items() if name != "href"}
    return shown if label.get("strong") or label.get("top") else shown | {"value": ""}


def panel(scene: Scene, scale: Scale) -> list[Tree]:
    """What stands out, what is shown, and the classes."""
    if not scene.has_cases:
        return [head(scene.name(scene.unit)), nothing(scene.t("wall.no_cases"))]
    measure = measures.usable(scene)
    about = definition(measure.metric, scene)
    found = head(_title(scene, measure), _note(scene), about=about)
    return [found, _legend(scene, measure, scale)]


def _title(scene: Scene, measure: measures.Measure) -> str:
    found = facts.leading(scene, measure)
    name = scene.t(f"wall.map_{measure.key}")
    if not found:
        return name[:1].upper() + name[1:]
    names = scene.t("wall.names_and").join(scene.short(unit) for unit in found)
    return scene.t(f"wall.{FEW.get(measure.kind, 'map_of')}", names=names, measure=name)


def _note(scene: Scene) -> str:
    cells = int((scene.numbers.cells.index >= 0).sum())
    level = scene.level_plural(scene.level)
    return scene.t("wall.map_note", period=scene.period_word(), n=cells, level=level)


def _legend(scene: Scene, measure: measures.Measure, scale: Scale) -> Tree:
    """The classes from the highest down, and what is hatched."""
    words = legend.ranges(measure, scale)
    rows = [
        part("li", "", part("i", "", data_token=token), word)
        for token, word in zip(scale.tokens, words, strict=True)
    ]
    few = part("li", "", part("i", "hatch"), scene.t("wall.few"))
    unit = part("li", "unit", legend.named(scene, measure, scale))
    shown = [unit, *reversed(rows), few if scale.few > 1 else None]
    return part("ul", "wall-legend", *shown, aria_label=scene.t("legend.name"))
