"""The map: a bare dash-leaflet map that `assets/map/` fills; none else imports dash-leaflet."""

from __future__ import annotations

from typing import Any, Final

import dash_leaflet as dl
from dash import html

Box = tuple[float, float, float, float]  # west, south, east, north

HOST: Final = "city-map"  # class by which assets/map/scene.js knows its maps
MAX_ZOOM: Final = 19
MIN_ZOOM: Final = 7
ROAM: Final = 1.5  # how far beyond its box the map can be dragged, as a share of its longer side


def city_map(component_id: str, box: Box) -> html.Div:
    """A map of the city's box, without any tile service; it waits to be told a state."""
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
    return html.Div(leaflet, className="map-host")


def _widened(box: Box) -> Box:
    west, south, east, north = box
    far = max(east - west, north - south) * ROAM  # a high place may stand aside in a wide map
    return west - far, south - far, east + far, north + far


def _corners(box: Box) -> list[list[Any]]:
    west, south, east, north = box
    return [[south, west], [north, east]]
