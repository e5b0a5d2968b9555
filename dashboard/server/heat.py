"""`/heat/…`: where cases happen, as a picture over the box of a place."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import numpy as np
from flask import Response, request

from dashboard import boxes, question
from dashboard.access import Live, live
from dashboard.place import SUM, THEMES, Place, from_query
from dashboard.server.answers import refuse
from dashboard.theme import token
from geodata.model.errors import UnknownPlaceError
from geodata.model.periods import HOUR
from geodata.store import under
from geodata.tiles.heat import frame, scale

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.boxes import Box
    from geodata.engine import Request
    from geodata.store.snapshots import City

COLOURS: Final = ("h1", "h2", "h3", "h4", "h5")
OPACITY: Final = (0.06, 0.38, 0.60, 0.80, 0.92)  # by class: the weakest melts into the ground
KEEP_S: Final = 60


@dataclass(frozen=True)
class Asked:
    """What a picture shows: cases of a request, over a box of degrees.

    seen: the part of the box that the map opens at, by which the scale is chosen.
    """

    request: Request
    box: Box
    seen: Box


def install(server: Flask) -> None:
    """Answer the route."""
    server.add_url_rule("/heat/<snapshot>", view_func=serve)


def serve(snapshot: str) -> Response:
    """The picture of the address; 404 for another snapshot or an unknown place."""
    here = live()
    if under.named(here.city, snapshot) is None:
        return refuse(HTTPStatus.NOT_FOUND)
    place = from_query(request.query_string.decode("ascii", "replace"))
    played = request.args.get("play", "")
    asked = ask(place, here.city, None if played in {"", SUM} else int(played))
    response = Response(paint(asked, here, place.theme or THEMES[0]), mimetype="image/png")
    # Windows reach up to now, so that a picture of a living city soon shows too little.
    response.headers["Cache-Control"] = f"private, max-age={KEEP_S}"
    return response


def ask(place: Place, city: City, played: int | None) -> Asked:
    """The question behind a picture.

    Args:
        place: where, which period and which filters.
        city: whose cases.
        played: end of the played window in epoch seconds, or None for the whole period.

    Raises:
        UnknownPlaceError: no unit and no building has the place's code, or nothing has a shape.
        RequestError: the address asks for what this city does not have.
    """
    asked = question.exact(question.ask(place, city, played), place)
    box = boxes.heat_box(asked.city, asked.unit)
    if not np.isfinite(box).all():
        message = f"snapshot {city.id} has no unit with a shape"
        raise UnknownPlaceError(message)
    return Asked(asked.request, box, boxes.built_box(asked.city, asked.unit))


def paint(asked: Asked, here: Live, theme: str) -> bytes:
    """The picture as PNG, on the fixed scale, in the colours of a theme."""
    lon, lat = here.engine.points(asked.request)
    hours = max(1, asked.request.end - asked.request.start) / HOUR
    found = scale(asked.seen, hours, here.city.profile.heat_factor)
    return frame(lon, lat, asked.box, hours, palette(theme), found.breaks, blur_m=found.blur_m)


def palette(theme: str) -> list[tuple[int, int, int, int]]:
    """The heat colours of a theme as RGBA, the stronger the less transparent."""
    found = []
    for name, opacity in zip(COLOURS, OPACITY, strict=True):
        red, green, blue = bytes.fromhex(token(theme, name).removeprefix("#"))
        found.append((red, green, blue, round(opacity * 255)))
    return found
