"""The wall's structure: the map and empty slots, which `assets/wall` paints; no callback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.access import live
from dashboard.components.map import city_map
from dashboard.components.marks import attributes
from dashboard.ids import Wall

if TYPE_CHECKING:
    from dashboard.components.marks import Node

PATH: Final = "/wall"
PANELS: Final = ("figures", "trend", "map", "alerts", "departments")


def layout() -> Node:
    """The empty page, with the map at the city's box."""
    west, south, east, north = (float(edge) for edge in live().city.places.total_bounds)
    box = (west, south, east, north)
    slots = [_slot("header", "head"), *(_slot("section", name, "wall-panel") for name in PANELS)]
    ground = html.Div(city_map(Wall.MAP, box), className="wall-ground")
    return html.Div([*slots, ground, _slot("aside", "focus", "wall-card")], id=Wall.PAGE)


def _slot(kind: str, name: str, names: str = "") -> Node:
    made = {"header": html.Header, "section": html.Section, "aside": html.Aside}[kind]
    return made(
        className=f"wall-slot {names} wall-{name}".replace("  ", " "),
        **attributes({"data-wall": name}),
    )
