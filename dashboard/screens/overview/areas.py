"""What a city without cases can tell of a place: its parts, and how large they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.components.marks import Node, attributes, link
from dashboard.components.panels import Head, panel
from dashboard.i18n.amounts import count, rate
from dashboard.screens.overview.places_list import is_listed
from geodata.model.places import BUILDING

if TYPE_CHECKING:
    from dashboard.screens.overview.scene import Scene

MOST: Final = 200
WHOLE_KM2: Final = 10.0  # from which on no area of a list needs a decimal


def areas(scene: Scene) -> Node:
    """The direct children as links, the largest first; nothing where the map lists them already."""
    below = scene.city.tree.next_level(scene.unit)
    places = scene.city.places.iloc[scene.city.tree.children(scene.unit)]
    if below in {"", BUILDING} or not len(places) or is_listed(scene):
        return None
    key = "people" if (places["people"] > 0).any() else "area_km2"
    shown = places.sort_values([key, "code"], ascending=[False, True]).head(MOST)
    plural = scene.level_name if len(places) == 1 else scene.level_plural
    title = scene.t("map.cells", n=count(len(places), scene.language), level=plural(below).lower())
    sizes = shown[key].to_numpy(dtype=float)
    exact = key == "area_km2" and bool((sizes < WHOLE_KM2).any())
    rows = [
        _row(scene, int(unit), size, exact=exact)
        for unit, size in zip(shown.index, sizes, strict=True)
    ]
    head = Head("areas", title, scene.t(f"panel.by_{key}"))
    return panel(head, [html.Ul(rows, className="rows")], scene.language)


def _row(scene: Scene, unit: int, size: float, *, exact: bool) -> Node:
    said = rate(size) if exact else count(round(size), scene.language)
    name = scene.name(unit) if scene.language == "zh" else scene.short(unit)
    return html.Li(
        [
            link(name, scene.href(at=scene.city.tree.codes[unit], level="")),
            html.Span(said if size > 0 else ""),
        ],
        **attributes({"data-unit": str(unit)}),
    )
