"""A level without geometry drills as a list, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, link
from dashboard.i18n.amounts import count
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

MOST: Final = 500


def places_list(scene: Scene) -> Node:
    """The direct children as links, where the level has no shapes to click on; else nothing."""
    if not is_listed(scene):
        return None
    below = scene.city.tree.next_level(scene.unit)
    rows = [_row(scene, unit) for unit in _ranked(scene)[:MOST]]
    lost = scene.children.cells["reported"].get(-1, 0)
    if scene.has_cases and lost:
        rows.append(
            html.Li([html.Span(scene.t("place.unknown_place")),
                     html.Span(count(lost, scene.language), className="n")])
        )  # fmt: skip
    note = scene.t("map.no_shapes", level=scene.level_plural(below))
    return html.Section([html.P(note), html.Ul(rows, className="rows")], className="places")


def is_listed(scene: Scene) -> bool:
    """Whether the list stands over the map now."""
    return scene.mode == "cells" and needs_list(scene)


def needs_list(scene: Scene) -> bool:
    """Whether the children have no shapes."""
    below = scene.city.tree.next_level(scene.unit)
    if below in {"", BUILDING}:
        return False
    children = scene.city.tree.children(scene.unit)
    return bool(scene.city.places.geometry.iloc[children].isna().all())


def _ranked(scene: Scene) -> list[int]:
    """The children, most cases first; in their own order where no cases are kept."""
    units = [int(unit) for unit in scene.city.tree.children(scene.unit)]
    if not scene.has_cases:
        return units
    return sorted(units, key=lambda unit: -scene.children.cells["reported"].get(unit, 0))


def _row(scene: Scene, unit: int) -> Node:
    cells = scene.children.cells
    shown = ""
    if scene.has_cases:
        shown = count(float(cells["reported"].get(unit, float("nan"))), scene.language)
    return html.Li(
        [
            link(scene.name(unit), scene.href(at=scene.city.tree.codes[unit], level="")),
            html.Span(shown, className="n") if shown else None,
        ],
        **attributes({"data-unit": str(unit)}),
    )
