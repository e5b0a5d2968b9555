"""Photograph one panel in every state it can be in: `python -m docs.make_states`."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from dash import Dash, html
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from dashboard.access import NOBODY
from dashboard.components.panels import Head
from dashboard.factory import ASSETS
from dashboard.i18n import TAGS
from dashboard.place import Place
from dashboard.screens.overview import bullets, scene, states
from dashboard.server import bundle, opening
from docs.make_shots import FLAGS, OUT
from geodata.engine import Engine
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene

SIZE: Final = (1440, 640)
KEY: Final = "departments"
LATE: Final = 4  # times the interval of the quickest source: late, but not yet worn
LOOKS: Final = (("zh", "dark"), ("en", "light"))
PAGE: Final = """<!DOCTYPE html>
<html {%lang%}><head>{%metas%}<title>{%title%}</title>{%css%}<style>STYLE
.side.six { grid-template-columns: repeat(3, 1fr); gap: 24px 12px; padding: 24px; }
.side.six { overflow: visible; }
.six > .panel { height: 282px; }
</style></head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body></html>"""


def panels(live: Live, language: str, theme: str) -> list[Node]:
    """The panel as it is usually, loading, empty, stale, failed, denied."""
    usual = scene.read(Place(language=language, theme=theme, period="30d"), live)
    age = LATE * int(live.city.sources["interval_s"].min())
    late = replace(usual, numbers=replace(usual.numbers, newest=usual.now - age))
    return [
        bullets.bullets(replace(usual, numbers=replace(usual.numbers, newest=usual.now))),
        _loading(),
        bullets.bullets(_quiet(live, language, theme)),
        bullets.bullets(late),
        states.guarded(_broken, KEY, usual),
        states.denied(
            Head(KEY, usual.t(f"panel.{KEY}"), usual.name(1)), usual, usual.t("role.street_duty")
        ),
    ]


def _loading() -> Node:
    """The shape of the panel as it stands until the first answer."""
    rows = [html.Div(_bones(3), className="bar-row") for _ in range(opening.ROWS)]
    parts = [html.Div(_bones(2), className="panel-head"), html.Div(rows, className="bones")]
    return html.Section(parts, className=f"panel panel-{KEY} loading opening")


def _bones(count: int) -> list[Node]:
    return [html.I(className="bone") for _ in range(count)]


def _broken(_scene: Scene) -> Node:
    message = "the disk does not answer"
    raise OSError(message)


def _quiet(live: Live, language: str, theme: str) -> Scene:
    """The first of the smallest places and kinds of case of which a day has none."""
    codes = live.city.places["code"].iloc[::-1]
    for code in codes:
        place = Place(at=str(code), period="24h", language=language, theme=theme,
                      categories=(str(live.city.categories["key"].iloc[0]),))  # fmt: skip
        found = scene.read(place, live)
        if not found.numbers.total["reported"]:
            return found
    message = "every place has cases of every kind"
    raise LookupError(message)


def application(live: Live, language: str, theme: str) -> Dash:
    """A page of nothing but the six panels."""
    style = bundle.make(ASSETS).files["yiping.css"].decode()
    page = PAGE.replace("{%lang%}", f'lang="{TAGS[language]}" data-theme="{theme}"')
    page = page.replace("STYLE", style.replace("../", "/assets/"))
    app = Dash("states", assets_folder=str(ASSETS), assets_ignore=r".*\.(js|css)$",
               index_string=page)  # fmt: skip
    app.layout = html.Div(_nameless(panels(live, language, theme)), className="side six")
    return app


def _nameless(node: Node) -> Node:
    """The same without ids, of which a page may have each but once."""
    for each in node if isinstance(node, (list, tuple)) else [node]:
        if getattr(each, "children", None) is not None:
            _nameless(each.children)
        if getattr(each, "id", None):
            del each.id
    return node


def main() -> None:
    """Take a picture of each look."""
    city = open_city(Path(os.environ.get("YIPING_DATA_DIR", "data")))
    live: Any = SimpleNamespace(city=city, engine=Engine(city), actor=NOBODY)
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for language, theme in LOOKS:
            server = make_server("127.0.0.1", 0, application(live, language, theme).server)
            Thread(target=server.serve_forever, daemon=True).start()
            page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
            page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="networkidle")
            page.wait_for_timeout(500)
            page.screenshot(path=OUT / f"states-{language}-{theme}.png")
            page.close()
            server.shutdown()
            sys.stdout.write(f"states-{language}-{theme}.png\n")
        browser.close()


if __name__ == "__main__":
    main()
