"""`/tiles/…` and `/units/…`: geometry and names of one snapshot, cached for ever."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from flask import Response, jsonify, request

from dashboard.access import live
from dashboard.levels import MOST_ASKED, count_cells
from dashboard.server.answers import refuse
from dashboard.server.headers import ETERNAL
from geodata.model.places import BUILDING
from geodata.store import under
from geodata.tiles.encode import tile

if TYPE_CHECKING:
    import pandas as pd
    from flask import Flask

    from geodata.store.snapshots import City

MVT: Final = "application/vnd.mapbox-vector-tile"
SEVERAL: Final = "application/vnd.yiping.tiles"  # per layer its length in four bytes, and its MVT
FIXED_LAYERS: Final = ("base", "buildings", "estates")


def install(server: Flask) -> None:
    """Answer the two routes."""
    server.add_url_rule("/tiles/<snapshot>/<layer>/<int:z>/<int:x>/<int:y>", view_func=serve_tile)
    server.add_url_rule("/units/<snapshot>/<level>.json", view_func=serve_units)


def serve_tile(snapshot: str, layer: str, z: int, x: int, y: int) -> Response:
    """One tile of one layer or of several with commas between; 204 where all are empty.

    A layer by itself comes as MVT, several as `SEVERAL`; 404 for another snapshot or layer.
    """
    city, asked = under.named(live().city, snapshot), layer.split(",")
    if city is None or not set(asked) <= set(layers(city)) or max(x, y) >= 1 << z:
        return refuse(HTTPStatus.NOT_FOUND)
    response = packed([tile(city, each, z, x, y) for each in asked])
    response.headers["Cache-Control"] = ETERNAL
    return response


def packed(parts: list[bytes]) -> Response:
    """The tiles of several layers as one answer; 204 where all are empty."""
    if not any(parts):
        return Response(status=HTTPStatus.NO_CONTENT)
    if len(parts) == 1:
        return Response(parts[0], mimetype=MVT)
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return Response(framed, mimetype=SEVERAL)


def serve_units(snapshot: str, level: str) -> Response:
    """Names, codes, label points and boxes of a level's units, or of a unit's buildings."""
    city, unit = under.named(live().city, snapshot), int(request.args.get("unit", 0))
    if city is None or unit >= len(city.tree) or level not in {*city.tree.level_keys, BUILDING}:
        return refuse(HTTPStatus.NOT_FOUND)
    if level == BUILDING and (fault := _fault_of_buildings(city, unit)):
        return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, fault)
    answer = buildings(city, unit) if level == BUILDING else units(city, level, unit)
    response = jsonify(answer)
    response.headers["Cache-Control"] = ETERNAL
    return response


def _fault_of_buildings(city: City, unit: int) -> str:
    """Why the buildings are not listed: nobody said whose, or they are a whole city's."""
    if "unit" not in request.args:
        return "unit: needed for buildings"
    if count_cells(BUILDING, city, unit) > MOST_ASKED:
        return f"unit: it has more than {MOST_ASKED} buildings; ask for a smaller one"
    return ""


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
