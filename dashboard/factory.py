"""Build the Dash app; the only module that knows every screen."""

from __future__ import annotations

import contextlib
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from dash import html
from flask import Flask
from flask_compress import Compress

from dashboard import access
from dashboard.i18n import LANGUAGES, t
from dashboard.ids import Import
from dashboard.place import Place
from dashboard.screens import DUPLICATES, tabs
from dashboard.screens.imports import callbacks as imports_callbacks
from dashboard.screens.imports import layout as imports_layout
from dashboard.screens.imports import where as imports_where
from dashboard.screens.overview import callbacks, layout, scene, tables, view
from dashboard.screens.overview.department import order
from dashboard.screens.planner import pages as planner
from dashboard.screens.wall import keeper as walls
from dashboard.screens.wall import layout as wall_layout
from dashboard.screens.wall.readings import Readings
from dashboard.server import (
    ahead,
    answers,
    arrivals,
    briefs,
    bundle,
    cities,
    definitions,
    duplicates,
    export,
    feed,
    handouts,
    headers,
    health,
    heat,
    live,
    met,
    orders,
    pages,
    personal,
    tiles,
    turns,
    warm,
)
from dashboard.server.api import alerts, events, open311
from dashboard.server.guard import Guard
from dashboard.server.planning import outward
from dashboard.server.planning import pages as planning
from dashboard.server.planning.desks import Desks
from dashboard.server.planning.routes import Routes
from dashboard.server.press import Press
from dashboard.server.wall import pin, remote, state
from geodata.engine import load
from geodata.journal.arriving import Arriving, at_once
from geodata.journal.tail import Tail
from geodata.model.errors import NoCityError

if TYPE_CHECKING:
    from dash import Dash
    from flask.json.provider import DefaultJSONProvider

    from dashboard.settings import Settings

ROOT: Final = Path(__file__).parent.parent
ASSETS: Final = ROOT / "assets"
FOLD_S: Final = 0.25  # that a page waits for the fold of what has arrived
ALGORITHMS: Final = ("zstd", "br", "gzip")
INDEX: Final = """<!DOCTYPE html>
<html {%lang%}>
<head>
{%metas%}
<title>{%title%}</title>
{%css%}
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def create_app(settings: Settings) -> Dash:
    """The whole application, ready to serve; without a city it offers to bring one.

    Raises:
        SnapshotError: what is published in the data directory cannot be read.
        WarehouseError: the URL of the engine's database cannot be used.
    """
    logging.getLogger("dashboard").setLevel(logging.DEBUG if settings.debug else logging.INFO)
    # A server without a city opens its first one inside a request.
    load(settings.engine, settings.warehouse)
    tail = Tail(settings.data_dir, settings.journal, FOLD_S)
    holder = cities.Cities(
        settings.data_dir,
        settings.engine,
        lambda city: Arriving(tail, city).overlay,
        settings.warehouse,
        tail.ready,
    )
    build = live.build_of((Path(__file__).parent, ASSETS))
    server = _server(settings, holder, build, tail)
    own = bundle.make(ASSETS)
    bundle.install(server, own)
    definitions.install(server, own.style)
    duplicates.install(server, settings.data_dir, own.style, _tabs)
    personal.install(server, own.style)
    desks = Desks(settings.data_dir)
    Routes(desks).install(server)
    outward.install(server, desks, Press(settings.fonts), settings.data_dir)
    planning.install(server, desks, own, build, planning.Screen(planner.listed, planner.desk))
    app = pages.Application(
        _pages(),
        build,
        own,
        name="yiping",
        server=server,
        assets_folder=str(ASSETS),
        index_string=INDEX,
        title=t("screens.product", LANGUAGES[0]),
        update_title="",
        serve_locally=True,
        suppress_callback_exceptions=False,
        include_pages_meta=False,
    )
    with server.app_context():
        app.layout = html.Div()  # Dash wants one; each page has its own, and needs a city for it
        callbacks.connect(app)
        imports_callbacks.connect(app)
    headers.install(server, app.csp_hashes())
    _warm(server)
    if settings.feed:
        feed.Keeper(settings.data_dir, holder).start()
    return app


def _pages() -> tuple[pages.Page, ...]:
    """Every screen, the overview first."""
    return (
        pages.Page("/", layout.layout, began=ahead.Ahead(scene.read).begin, of_city=True),
        pages.Page(wall_layout.PATH, wall_layout.layout, of_city=True),
        pages.Page(imports_where.PATH, imports_layout.layout, frozenset(Import)),
    )


def _tabs(rights: frozenset[str], place: Place, language: str) -> list[tuple[str, str, bool]]:
    """The way from the duplicates to every screen: name, address, is this one."""
    kept = Place(
        at=place.at, period=place.period, language=place.language, theme=place.theme
    ).href()
    return [
        (t(f"screens.{screen.key}", language), path, screen.key == DUPLICATES)
        for screen, path in tabs(rights, kept)
    ]


def _server(settings: Settings, holder: cities.Cities, build: str, tail: Tail) -> Flask:
    """Flask with its gate and our own routes; Dash adds the rest."""
    server = Flask("yiping", static_folder=None)
    cast("DefaultJSONProvider", server.json).ensure_ascii = False
    access.connect(server.extensions, holder)
    Guard(settings).install(server)
    line = turns.Turns()
    line.install(server)
    answers.install(server)
    _compress(server)
    tiles.install(server)
    heat.install(server)
    met.install(server)
    taken = {panel: partial(tables.table, panel) for panel in tables.KEYS}
    export.install(server, taken, tables.shapes)
    press = Press(settings.fonts)
    briefs.install(server, press)
    orders.install(server, press, order.sheet)
    live.install(server, build)
    health.install(server, settings.data_dir)
    arrivals.install(server, settings.data_dir)
    place = f"http://{settings.host}:{settings.port}{events.PATH}"
    events.install(server, settings.data_dir, settings.journal, place, tail)
    alerts.install(server, settings.data_dir)
    open311.install(server)
    handouts.install(server)
    readings = Readings(holder, first=line.before_others, at_once=at_once)
    keeper = walls.Keeper(settings.data_dir, holder, build, readings=readings)
    state.install(server, keeper)
    own = pin.Pin(settings.wall_pin.get_secret_value(), lambda: keeper.secret(pin.made))
    remote.install(server, own)
    return server


def _compress(server: Flask) -> None:
    server.config["COMPRESS_ALGORITHM"] = list(ALGORITHMS)
    server.config["COMPRESS_ALGORITHM_STREAMING"] = list(ALGORITHMS[:2])
    compress = Compress()
    compress.init_app(server)
    compress.compress_mimetypes_set.update({tiles.MVT, tiles.SEVERAL, "text/csv"})


def _warm(server: Flask) -> None:
    """Let Dash finish its set-up before threads can race, and the first visitor not wait."""
    server.test_client().get("/healthz")
    with server.app_context(), contextlib.suppress(NoCityError):
        warm.warm(access.live(), scene.read, view.ready)
