"""The overview's wiring: one callback; look and map take what they are told in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, ctx
from dash.exceptions import PreventUpdate

from dashboard.access import live
from dashboard.components.light import Light, light
from dashboard.components.marks import Node
from dashboard.ids import Overview
from dashboard.place import from_query
from dashboard.screens.overview.broken import broken
from dashboard.screens.overview.view import view

if TYPE_CHECKING:
    from dash import Dash

Part = Light | list[Node]


def connect(app: Dash) -> None:
    """Connect the overview's components."""
    app.callback(
        Output(Overview.FRAME, "children"),
        Output(Overview.BODY, "children"),
        Output(Overview.TIMELINE, "children"),
        Output(Overview.MAP_STATE, "data"),
        Input(Overview.URL, "search"),
        Input(Overview.REFRESH, "data"),
    )(show)


def show(search: str | None, refresh: object) -> tuple[Part, Part, Part, dict[str, Any]]:
    """Answer one address; a question that cannot be answered is told in its place."""
    place, here = from_query(search or ""), None
    try:
        here = live()
        shown = view(place, here)
    except Exception as error:
        told = broken(error, place, here.city.profile if here else None)
        if refresh and ctx.triggered_id == Overview.REFRESH:
            raise PreventUpdate from error  # what is on the screen is still worth reading
        return told
    parts = light(shown.frame), light(shown.body), light(shown.timeline)
    return *parts, shown.map_state
