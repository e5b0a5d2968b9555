"""`/live/state`: the small versioned state that open pages poll."""

from __future__ import annotations

import hashlib
import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, jsonify, redirect, request

from dashboard import divided
from dashboard.i18n import LANGUAGES, catalogue
from dashboard.i18n.moments import full_stamp
from dashboard.place import DESK, Place, from_query, to_query
from dashboard.server.answers import language
from dashboard.server.cities import held
from geodata.model.errors import NoCityError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from dashboard.server.cities import Held

TEXTS: Final = "server.live_"


def install(server: Flask, build: str) -> None:
    """Answer the state, the build, short links and the search."""
    server.add_url_rule("/live/state", "live", lambda: serve_state(build))
    server.add_url_rule("/version", "version", lambda: serve_version(build))
    server.add_url_rule("/b/<code>", view_func=serve_building)
    server.add_url_rule("/dept/<key>", view_func=serve_department)
    server.add_url_rule("/search", view_func=serve_search)


def serve_state(build: str) -> Response:
    """What is live, unless the page has it already (304)."""
    told = _told(build)
    response = jsonify(told)
    parts = {key: part for key, part in told.items() if key != "now"}
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    response.set_etag(digest.hexdigest()[:20], weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Yiping-Now"] = str(told["now"])  # also told with a 304
    response.make_conditional(request)
    return response


def state(here: Held, build: str) -> dict[str, Any]:
    """The state: moments in epoch seconds, texts of the client in both languages."""
    city, ages = here.city, here.freshness.ages()
    return {
        "version": ages.version,
        "snapshot": city.id,
        "build": build,
        "now": city.now(),
        "newest": ages.newest,
        "clock": city.profile.as_of,
        "sources": [
            {"key": str(key), "newest": newest, "interval_s": int(interval)}
            for key, interval, newest in zip(
                city.sources["key"], city.sources["interval_s"], ages.sources, strict=True
            )
        ],
        "text": {
            each: _texts(each, full_stamp(ages.newest, city.profile.time_zone, each))
            for each in LANGUAGES
        },
    }


def _told(build: str) -> dict[str, Any]:
    """The state; before the first city it says so, since the import screen is open already."""
    try:
        return state(held(), build)
    except NoCityError:
        return {
            "version": "",
            "snapshot": "",
            "build": build,
            "now": int(time.time()),
            "newest": 0,
            "clock": "now",
            "sources": [],
            "text": {each: _texts(each) for each in LANGUAGES},
        }


def serve_version(build: str) -> Response:
    """The names of the build and of the live snapshot, "" before the first one."""
    told = _told(build)
    return jsonify(build=build, snapshot=told["snapshot"])


def serve_building(code: str) -> AnyResponse:
    """Step from a short link to the overview at that building."""
    return redirect("/" + to_query(Place(at=code)), HTTPStatus.FOUND)


def serve_department(key: str) -> AnyResponse:
    """Step from a lasting address to the department's desk; the page says what is not known."""
    place = from_query(request.query_string.decode("ascii", "replace"))
    desk = place.moved(arrangement=DESK, departments=(key,))
    return redirect("/" + to_query(desk), HTTPStatus.FOUND)


def serve_search() -> Response:
    """Units and buildings by words, best first; of other boundaries, where `bv` names them."""
    here = held()
    try:
        division = divided.find(request.args.get("bv", ""), here.city, here.city.now())
    except KeyError:  # the page says so; what it shows is today's
        division = None
    finder = here.finder(division.key if division else divided.TODAY)
    return jsonify(finder.search(request.args.get("q", ""), language()))


def build_of(folders: Iterable[Path]) -> str:
    """A short name of the code and the assets: changes whenever a page should be loaded anew."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _texts(each: str, until: str = "") -> dict[str, str]:
    """The texts of the client; `until`: the moment the data reach to."""
    return {
        key.removeprefix(TEXTS): text[each].replace("{date}", until)
        for key, text in catalogue().items()
        if key.startswith(TEXTS)
    }
