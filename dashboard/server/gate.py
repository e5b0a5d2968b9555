"""Default-deny: every route and every callback that may be answered is listed here, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboard import place
from dashboard.ids import Import, Overview
from dashboard.place import THEMES
from dashboard.server import checks
from dashboard.server.planning.addresses import OUTWARD, PLANS
from dashboard.server.route import (
    DECIDE,
    IMPORT,
    INGEST,
    OPEN,
    READ,
    UNMASK,
    WALL,
    WRITE,
    Listed,
    Route,
)
from geodata.store import decisions

MAX_BODY: Final = 64 * 1024
ACTS: Final = ("look", "trial", "stop", "confirm", "remove", "discard")
UPDATE: Final = "/_dash-update-component"
CATCH_ALL: Final = "/<path:path>"  # Dash would show the page under every name; we say 404


def _outputs(*pairs: tuple[str, str]) -> str:
    """The output id Dash makes of several outputs."""
    return "..{}..".format("...".join(f"{component}.{prop}" for component, prop in pairs))


TILE: Final = {
    "snapshot": checks.snapshot,
    "layer": checks.keys,
    "z": checks.number(0, 20),
    "x": checks.number(0, 2**20),
    "y": checks.number(0, 2**20),
}
PACKAGE: Final = {"package_name": checks.file, "fingerprinted_path": checks.file}

ARRIVAL: Final = {"a": checks.arrival}
TAKEN: Final = {**ARRIVAL, "s": checks.snapshot, "lang": checks.language}
IMPORTING: Final = tuple(
    replace(route, right=IMPORT)
    for route in (
        Route("/import", lenient=True),
        Route("/import/_dash-layout"),
        Route("/import/_dash-dependencies"),
        Route(f"/import{UPDATE}", query={"endId": checks.words(256)}, methods=WRITE),
        Route(
            "/import/files",
            query={
                **ARRIVAL,
                "name": checks.words(256),
                "at": checks.number(0, 2**40),
                "size": checks.number(0, 2**40),
            },
            methods=WRITE,
        ),
        Route("/import/state", query=ARRIVAL),
        Route("/import/report.html", query=TAKEN),
        Route("/import/findings.csv", query=TAKEN),
        Route("/import/rejected.csv", query={**TAKEN, "file": checks.words(256)}),
        Route(
            "/import/choose",
            query={
                **ARRIVAL,
                "file": checks.words(256),
                "key": checks.choice,
                "value": checks.words(256),
            },
            methods=WRITE,
        ),
        Route(
            "/import/act",
            query={**ARRIVAL, "do": checks.one_of(ACTS), "file": checks.words(256)},
            methods=WRITE,
        ),
    )
)

API: Final = (
    Route("/api/v1/events", query={"lang": checks.language}, methods=WRITE, right=INGEST),
    Route("/api/v1/alerts", query={"lang": checks.language}, methods=WRITE, right=INGEST),
)
# Clients of Open311 send arguments of their own, as an api_key.
OPEN311: Final = tuple(
    Route(
        f"/open311/v2/{path}.<any(json, xml):form>",
        {name: checks.words(256) for name in ("code", "number")} | {"form": checks.anything},
        {
            "lang": checks.language,
            "jurisdiction_id": checks.words(128),
            "service_request_id": checks.words(16_384),
            "service_code": checks.words(4_096),
            **dict.fromkeys(("start_date", "end_date", "status"), checks.words(64)),
        },
        lenient=True,
    )
    for path in (
        "discovery",
        "services",
        "services/<path:code>",
        "requests",
        "requests/<path:number>",
        "request/<path:number>",
    )
)

TABLES: Final = ("csv", "xlsx")
SHAPES: Final = ("geojson", "gpkg")
CASE: Final = dict.fromkeys(("source", "number"), checks.words(128))
DUPLICATES: Final = (
    Route(
        "/duplicates",
        query={
            **checks.PLACE,
            "page": checks.number(1, 10_000),
            "done": checks.one_of((*decisions.SAID, "gone")),
        },
        lenient=True,
    ),
    Route(
        "/duplicates/decide",
        form={
            "do": checks.one_of(decisions.SAID),
            **CASE,
            **{f"first_{name}": check for name, check in CASE.items()},
            "back": checks.query,
        },
        methods=WRITE,
        right=DECIDE,
    ),
    Route("/duplicates/<panel>.csv", {"panel": checks.one_of(("pairs", "overlap"))}, checks.PLACE),
)
PERSONAL: Final = (
    Route("/personal", query=checks.PLACE),
    Route(
        "/personal/unmask",
        form={
            "snapshot": checks.snapshot,
            "case": checks.text(place.CASE),
            "reason": checks.words(1_000),
            "back": checks.query,
        },
        methods=WRITE,
        right=UNMASK,
    ),
)
WALLS: Final = (
    Route("/wall", lenient=True, on_wall=True),
    Route("/wall/_dash-layout", on_wall=True),
    Route("/wall/_dash-dependencies", on_wall=True),
    Route(
        "/wall/state",
        query={
            "lang": checks.language,
            "theme": checks.one_of(THEMES),
            "at": checks.code,
            "replay": checks.moment,
        },
        on_wall=True,
    ),
    Route("/wall/command", methods=WRITE, right=WALL),
    # Asks for its PIN itself: a phone at the wall has no token.
    Route("/wall/remote", query={"lang": checks.language}, methods=READ | WRITE, right=OPEN),
)
ROUTES: Final = (
    Route("/", lenient=True, query=checks.PLACE),
    Route(CATCH_ALL, lenient=True),
    Route(
        "/assets/<path:filename>", {"filename": checks.file}, {"m": checks.version}, on_wall=True
    ),
    Route("/assets/bundle/<name>", {"name": checks.file}, {"m": checks.version}, on_wall=True),
    Route(
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        PACKAGE,
        on_wall=True,
    ),
    Route("/_dash-layout"),
    Route("/_dash-dependencies"),
    Route(UPDATE, query={"endId": checks.words(256)}, methods=WRITE),
    Route("/_favicon.ico", query={"v": checks.version}, on_wall=True),
    Route("/tiles/<snapshot>/<layer>/<int:z>/<int:x>/<int:y>", TILE, on_wall=True),
    Route(
        "/units/<snapshot>/<level>.json",
        {"snapshot": checks.snapshot, "level": checks.key},
        {"unit": checks.number(0, 2**31)},
        on_wall=True,
    ),
    Route(
        "/heat/<snapshot>",
        {"snapshot": checks.snapshot},
        {**checks.PLACE, "play": checks.played},
    ),
    Route("/met/<snapshot>.json", {"snapshot": checks.snapshot}, checks.PLACE),
    Route(
        "/search",
        query={
            "q": checks.words(checks.SEARCH_MAX),
            "bv": checks.code,
            "lang": checks.language,
        },
    ),
    *(Route(f"/export/<panel>.{form}", {"panel": checks.key}, checks.PLACE) for form in TABLES),
    *(Route(f"/export/map.{form}", query=checks.PLACE) for form in SHAPES),
    Route("/b/<code>", {"code": checks.code}),
    Route("/dept/<key>", {"key": checks.code}, checks.PLACE),
    Route("/order", query=checks.PLACE),
    Route("/definitions", lenient=True),
    Route(
        "/brief",
        query={
            "at": checks.code,
            "t": checks.query,
            "lang": checks.language,
            "theme": checks.one_of(THEMES),  # of the screen it is asked from; paper is light
        },
    ),
    *IMPORTING,
    *API,
    *OPEN311,
    *DUPLICATES,
    *PERSONAL,
    *WALLS,
    *PLANS,
    *OUTWARD,
    Route("/live/state"),
    Route("/version", on_wall=True),
    Route("/healthz", right=OPEN),
    Route("/readyz", right=OPEN),
    Route("/robots.txt", right=OPEN),
)

CALLBACKS: Final = (
    Listed(
        _outputs(
            (Overview.FRAME, "children"),
            (Overview.BODY, "children"),
            (Overview.TIMELINE, "children"),
            (Overview.MAP_STATE, "data"),
        ),
        (
            (f"{Overview.URL}.search", checks.maybe(checks.query)),
            (f"{Overview.REFRESH}.data", checks.maybe(checks.version)),
        ),
    ),
    Listed(
        _outputs((Import.HEAD, "children"), (Import.MAIN, "children")),
        (
            (f"{Import.URL}.search", checks.maybe(checks.query)),
            (f"{Import.CHANGED}.data", checks.maybe(checks.version)),
        ),
        right=IMPORT,
    ),
)
