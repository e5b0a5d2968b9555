"""`/tiles/…` and `/units/…`: geometry and names of one snapshot, cached for ever."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from flask import Response, jsonify, request

from dashboard.access import live
from dashboard.server.answers import refuse
from dashboard.server.headers import ETERNAL
from geodata.model.places import BUILDING
from geodata.tiles.encode import tile

if TYPE_CHECKING:
    import pandas as pd
    from flask import Flask

    from geodata.store.snapshots import City

MVT: Final = "application/vnd.mapbox-vector-tile"
FIXED_LAYERS: Final = ("base", "buildings", "estates")


def install(server: Flask) -> None:
    """Answer the two routes."""
    server.add_url_rule("/tiles/<snapshot>/<layer>/<int:z>/<int:x>/<int:y>", view_func=serve_tile)
    server.add_url_rule("/units/<snapshot>/<level>.json", view_func=serve_units)


def serve_tile(snapshot: str, layer: str, z: int, x: int, y: int) -> Response:
    """One vector tile; 204 where it is empty, 404 for another snapshot or layer."""
    city = live().city
    if snapshot != city.id or layer not in layers(city) or max(x, y) >= 1 << z:
        return refuse(HTTPStatus.NOT_FOUND)
    data = tile(city, layer, z, x, y)
    response = Response(data, mimetype=MVT) if data else Response(status=HTTPStatus.NO_CONTENT)
    response.headers["Cache-Control"] = ETERNAL
    return response


def serve_units(snapshot: str, level: str) -> Response:
    """Names, codes, label points and boxes of a level's units, or of a unit's buildings."""
    city, unit = live().city, int(request.args.get("unit", 0))
    known = level == BUILDING or level in city.tree.level_keys
    if snapshot != city.id or not known or unit >= len(city.tree):
        return refuse(HTTPStatus.NOT_FOUND)
    answer = buildings(city, unit) if level == BUILDING else units(city, level, unit)
    response = jsonify(answer)
    response.headers["Cache-Control"] = ETERNAL
    return response


def layers(city: City) -> tuple[str, ...]:
    """The tile layers a city has."""
    return (*FIXED_LAYERS, *city.tree.level_keys)


def units(city: City, level: str, unit: int = 0) -> dict[str, list[Any]]:
    """The units of a level inside a unit as columns; null where one has no geometry."""
    rows = city.tree.cells(unit, level)
    places = city.places.iloc[rows]
    return {
        "unit": rows.tolist(),
        **_names(places),
        "lon": _numbers(places["label_lon"].to_numpy()),
        "lat": _numbers(places["label_lat"].to_numpy()),
        "parent": [city.tree.parent(int(row)) for row in rows],
        "box": [
            None if np.isnan(box).any() else [round(float(edge), 6) for edge in box]
            for box in places.geometry.bounds.to_numpy()
        ],
    }


def buildings(city: City, unit: int) -> dict[str, list[Any]]:
    """The buildings of a unit as columns."""
    subtree = city.tree.subtree(unit)
    found = city.buildings[city.buildings["unit"].between(subtree.start, subtree.stop - 1)]
    return {
        "building": found["building"].tolist(),
        **_names(found),
        "lon": _numbers(found["lon"].to_numpy()),
        "lat": _numbers(found["lat"].to_numpy()),
    }


def _names(rows: pd.DataFrame) -> dict[str, list[Any]]:
    columns = {"code": "code", "zh": "name_zh", "en": "name_en"}
    return {name: rows[column].tolist() for name, column in columns.items()}


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 6) for value in values]
