"""`/met/<snapshot>.json`: in which cells of a screen each department has any case."""

from __future__ import annotations

import base64
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from flask import Response, jsonify, request

from dashboard.access import Live, live
from dashboard.place import from_query
from dashboard.question import ask
from dashboard.server.answers import refuse
from geodata.store import under

if TYPE_CHECKING:
    from flask import Flask

    from geodata.engine import Request

KEEP_S: Final = 60


def install(server: Flask) -> None:
    """Answer the route."""
    server.add_url_rule("/met/<snapshot>.json", "met", serve)


def serve(snapshot: str) -> Response:
    """The departments of the address; 404 for another snapshot."""
    here = live()
    if under.named(here.city, snapshot) is None:
        return refuse(HTTPStatus.NOT_FOUND)
    place = from_query(request.query_string.decode("ascii", "replace"))
    response = jsonify(found(ask(place, here.city).request, here))
    response.headers["Cache-Control"] = f"private, max-age={KEEP_S}"
    return response


def found(asked: Request, here: Live) -> dict[str, str]:
    """By row of the department: a bit for every cell, in the order of the screen's cells."""
    asked = replace(asked, departments=())
    listed = here.engine.cells(asked).index
    cells, departments = here.engine.met(asked)
    place = listed[listed >= 0].get_indexer(pd.Index(cells))
    bits = np.zeros((len(here.city.departments), int((listed >= 0).sum())), dtype=bool)
    known = (place >= 0) & (departments >= 0)
    bits[departments[known], place[known]] = True
    packed = np.packbits(bits, axis=1)
    return {str(row): base64.b64encode(packed[row].tobytes()).decode() for row in range(len(bits))}
