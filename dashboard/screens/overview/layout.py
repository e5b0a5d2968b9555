"""The overview's structure, without data; what it shows arrives with the one callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from dashboard.access import live
from dashboard.components.map import city_map
from dashboard.components.marks import attributes
from dashboard.components.told import Told
from dashboard.i18n import t
from dashboard.ids import Overview

if TYPE_CHECKING:
    from dashboard.components.marks import Node


def layout() -> Node:
    """The empty page, with the map at the city's box."""
    city = live().city
    language = city.profile.language
    west, south, east, north = (float(edge) for edge in city.places.total_bounds)
    return html.Div(
        [
            dcc.Location(id=Overview.URL, refresh=False),
            Told(id=Overview.MAP_STATE),
            dcc.Store(id=Overview.REFRESH),
            html.A(t("screens.skip", language), href=f"#{Overview.MAIN}", className="skip"),
            html.Div(
                [
                    html.Div(id=Overview.FRAME, className="frame"),
                    html.Main(
                        [
                            html.Section(
                                city_map(Overview.MAP, (west, south, east, north)),
                                className="panel map-panel",
                                **attributes({"aria-label": t("panel.map", language)}),
                            ),
                            html.Div(id=Overview.BODY, className="body"),
                        ],
                        id=Overview.MAIN,
                        className="main body",
                    ),
                    html.Section(id=Overview.TIMELINE, className="panel timeline",
                                 **attributes({"aria-label": t("panel.timeline", language)})),
                ],
                id=Overview.PAGE,
                className="page",
            ),
            html.Dialog(id=Overview.HELP),  # its text comes with the frame
        ]
    )  # fmt: skip
