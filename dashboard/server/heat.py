"""`/heat/…`: where cases happen, as a picture over the box of a place."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
from flask import Response, request

from dashboard.access import Live, live
from dashboard.place import THEMES, Place, from_query
from dashboard.server.answers import refuse
from dashboard.theme import token
from geodata.engine import Request
from geodata.model.errors import UnknownPlaceError
from geodata.model.periods import DAY, HOUR, Window, read_period
from geodata.tiles.heat import frame

if TYPE_CHECKING:
    import pandas as pd
    from flask import Flask

    from geodata.store.snapshots import City

HOURLY_UP_TO: Final = 14 * DAY  # a longer period is played day by day
COLOURS: Final = ("h1", "h2", "h3", "h4", "h5")
OPACITY: Final = (0.42, 0.90)  # of the weakest and the strongest class
KEEP_S: Final = 60

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Asked:
    """What a picture shows: cases of a request, over a box of degrees."""

    request: Request
    box: Box


def install(server: Flask) -> None:
    """Answer the route."""
    server.add_url_rule("/heat/<snapshot>", view_func=serve)


def serve(snapshot: str) -> Response:
    """The picture of the address; 404 for another snapshot or an unknown place."""
    here = live()
    if snapshot != here.city.id:
        return refuse(HTTPStatus.NOT_FOUND)
    place = from_query(request.query_string.decode("ascii", "replace"))
    played = request.args.get("play", "")
    asked = ask(place, here.city, int(played) if played else None)
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
        UnknownPlaceError: no unit and no building has the place's code.
    """
    now = city.now()
    period = place.period or city.profile.default_period
    window = read_period(period, now, ZoneInfo(city.profile.time_zone))
    if played is not None:
        length = DAY if window.length > HOURLY_UP_TO else HOUR
        window = Window(max(0, played - length), max(0, played))
    unit = _unit(place.at, city)
    return Asked(
        Request(
            place=unit,
            level=city.tree.level(unit),
            start=window.start,
            end=window.end,
            now=now,
            categories=_rows(city.categories, place.categories),
            departments=_rows(city.departments, place.departments),
            sources=_rows(city.sources, place.sources),
        ),
        _box(city, unit),
    )


def paint(asked: Asked, here: Live, theme: str) -> bytes:
    """The picture as PNG, on the fixed scale, in the colours of a theme."""
    lon, lat = here.engine.points(asked.request)
    hours = max(1, asked.request.end - asked.request.start) / HOUR
    return frame(lon, lat, asked.box, hours, palette(theme))


def palette(theme: str) -> list[tuple[int, int, int, int]]:
    """The heat colours of a theme as RGBA, the stronger the less transparent."""
    opacities = np.linspace(*OPACITY, len(COLOURS)) * 255
    found = []
    for name, opacity in zip(COLOURS, opacities, strict=True):
        red, green, blue = bytes.fromhex(token(theme, name).removeprefix("#"))
        found.append((red, green, blue, round(float(opacity))))
    return found


def _unit(code: str, city: City) -> int:
    unit = city.tree.find(code) if code else 0
    if unit is None and (building := city.building(code)) is not None:
        unit = int(city.buildings["unit"].to_numpy()[building])
    if unit is None:
        message = f"no unit and no building has the code {code}"
        raise UnknownPlaceError(message)
    return unit


def _box(city: City, unit: int) -> Box:
    """The box of the unit, or of what is below it, or of the city."""
    subtree = city.tree.subtree(unit)
    for rows in ([unit], list(subtree), list(range(len(city.tree)))):
        west, south, east, north = city.places.iloc[rows].total_bounds.tolist()
        if np.isfinite([west, south, east, north]).all():
            return west, south, east, north
    message = f"snapshot {city.id} has no unit with a shape"
    raise UnknownPlaceError(message)


def _rows(codes: pd.DataFrame, keys: tuple[str, ...]) -> tuple[int, ...]:
    index = {str(key): row for row, key in enumerate(codes["key"])}
    return tuple(index[key] for key in keys if key in index)
