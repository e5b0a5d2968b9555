"""Links to what can be taken along: tables, shapes and orders of what is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dash import html

from dashboard.place import to_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

TABLES: Final = ("csv", "xlsx")
SHAPES: Final = ("geojson", "gpkg")
LISTED: Final = "case_list"


def to_files(scene: Scene, files: Iterable[tuple[str, str]]) -> list[Node]:
    """Links to files of panels, each as (panel, form)."""
    query = to_query(scene.place.moved(table=""))
    return [
        html.A(
            scene.t("panel.case_list" if panel == LISTED else f"panel.{form}"),
            href=f"/export/{panel}.{form}{query}",
            download=f"{panel}.{form}",
        )
        for panel, form in files
    ]


def to_order(scene: Scene) -> Node:
    """The link to the supervision order of the case in view, or of what is overdue."""
    query = to_query(scene.place.moved(table="", sort="", theme=""))
    return html.A(scene.t("panel.order"), href=f"/order{query}", target="_blank", rel="noopener")
