"""The map: a bare dash-leaflet map that `assets/map/` fills; none else imports dash-leaflet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import dash_leaflet as dl
from dash import ClientsideFunction, Input, Output, dcc, html

if TYPE_CHECKING:
    from dash import Dash

Box = tuple[float, float, float, float]  # west, south, east, north

HOST: Final = "city-map"  # class by which assets/map/scene.js knows its maps
MAX_ZOOM: Final = 19
MIN_ZOOM: Final = 7
ROAM: Final = 1.5  # how far beyond its box the map can be dragged, as a share of its longer side
APPLY: Final = ClientsideFunction("yiping_map", "apply")


def city_map(component_id: str, box: Box) -> html.Div:
    """A map of the city's box, without any tile service; it waits for a map state.

    Besides the map there is the store that `follow` needs as its output.
    """
    leaflet = dl.Map(
        id=component_id,
        className=HOST,
        bounds=_corners(box),
        maxBounds=_corners(_widened(box)),
        maxBoundsViscosity=0.8,
        minZoom=MIN_ZOOM,
        maxZoom=MAX_ZOOM,
        zoomSnap=0.25,
        zoomDelta=1,
        wheelPxPerZoomLevel=120,
        zoomControl=False,
        attributionControl=False,
        keyboard=False,
        preferCanvas=True,
        fadeAnimation=False,
        trackViewport=False,
    )
    return html.Div([leaflet, dcc.Store(id=applied(component_id))], className="map-host")


def applied(component_id: str) -> str:
    """Id of the store beside a map; nothing is ever written to it."""
    return f"{component_id}-applied"


def follow(app: Dash, component_id: str, state_store: str) -> None:
    """Let a map follow the map state in a store, in the browser alone."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        APPLY,
        Output(applied(component_id), "data"),
        Input(state_store, "data"),
    )


def _widened(box: Box) -> Box:
    west, south, east, north = box
    far = max(east - west, north - south) * ROAM  # a high place may stand aside in a wide map
    return west - far, south - far, east + far, north + far


def _corners(box: Box) -> list[list[Any]]:
    west, south, east, north = box
    return [[south, west], [north, east]]
