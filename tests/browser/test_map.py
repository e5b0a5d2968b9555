"""The map in a real browser, over a made-up coverage served by a stand-in for the city's server."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import numpy as np
import pytest
import shapely
from dash import Dash, Input, Output, dcc, html
from flask import Response, jsonify
from werkzeug.serving import make_server

from dashboard.components.map import city_map
from dashboard.components.told import Told
from dashboard.server.tiles import packed
from dashboard.theme.tokens import TOKENS, stylesheet
from geodata.tiles.mercator import project, tile_box
from geodata.tiles.mvt import Features, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

ACROSS, UP = 8, 6
ASSETS = Path(__file__).parents[2] / "assets"
SLOW_S = 0.25  # of a callback, so that what comes before its answer can be seen
WEST, SOUTH, STEP = 104.0, 30.5, 0.01
BOX = (WEST, SOUTH, WEST + ACROSS * STEP, SOUTH + UP * STEP)
EVIL = "<img src=x onerror=window.hacked=1>"
STYLE = "body{margin:0;background:#0E1624}#panel{position:absolute;inset:0}.map-host{height:100%}"
SCENE = "[...window.yiping.map.scenes][0]"


def corners() -> np.ndarray[Any, Any]:
    """The vertices of the coverage, shaken inside but straight at the rim."""
    rng = np.random.default_rng(7)
    x, y = np.meshgrid(np.arange(ACROSS + 1.0), np.arange(UP + 1.0))
    shake = rng.uniform(-0.22, 0.22, (2, *x.shape))
    shake[:, [0, -1], :] = 0
    shake[:, :, [0, -1]] = 0
    return np.stack([WEST + (x + shake[0]) * STEP, SOUTH + (y + shake[1]) * STEP], axis=-1)


def coverage() -> list[shapely.Polygon]:
    points = corners()
    return [
        shapely.Polygon(
            [points[j, i], points[j, i + 1], points[j + 1, i + 1], points[j + 1, i]],
        )
        for j in range(UP)
        for i in range(ACROSS)
    ]


CELLS: Final = coverage()
UNITS: Final = list(range(1, 1 + len(CELLS)))  # unit 0 is the whole


def code(unit: int) -> str:
    return "C" if unit == 0 else f"C{unit:03d}"


def name(unit: int) -> str:
    return EVIL if unit == UNITS[0] else f"社区{unit}"


FLAT: Final = {
    "community": (project(np.array(CELLS)), np.array(UNITS)),
    "district": (project(np.array([shapely.box(*BOX)])), np.array([0])),
    "street": (
        project(
            np.array(
                [
                    shapely.unary_union(
                        [
                            cell
                            for cell, unit in zip(CELLS, UNITS, strict=True)
                            if ((unit - 1) % ACROSS < ACROSS // 2) == west
                        ]
                    )
                    for west in (True, False)
                ]
            )
        ),
        np.array([101, 102]),
    ),
}


def tile(layer: str, z: int, x: int, y: int) -> bytes:
    if layer not in FLAT:
        return b""
    box = tile_box(z, x, y)
    wide = box.grown((box.east - box.west) / 64)
    shapes = shapely.clip_by_rect(FLAT[layer][0], *wide)
    seen = ~shapely.is_empty(shapes)
    lines = shapely.boundary(shapes[seen])
    ids = FLAT[layer][1][seen]
    return encode([Features("cells", shapes[seen], ids), Features("borders", lines, ids)], box)


def state(search: str, shift: int = 0) -> dict[str, Any]:
    query = {key: values[-1] for key, values in parse_qs(search.lstrip("?")).items()}
    at = query.get("at", "C")
    unit = 0 if at == "C" else int(at[1:])
    classes = bytes((unit + shift) % 5 for unit in UNITS)
    return {
        "snapshot": "s1", "lang": "zh", "theme": "dark", "motion": False, "fly": False,
        "at": {"unit": unit, "code": at, "level": "community" if unit else "district",
               "building": None},
        "box": BOX, "level": "community",
        "cells": {"unit": UNITS, "class": base64.b64encode(classes).decode(),
                  "text": [f"{unit}.0" for unit in UNITS], "note": ["n 30" for _ in UNITS]},
        "palette": [TOKENS["dark"][f"s{i}"] for i in range(1, 6)],
        "outlines": [], "labels": [], "marks": [], "discs": [], "heat": None,
        "show": {"buildings": False, "fill": True}, "selected": None, "sel": [],
        "href": {"cell": "?at={code}", **({"up": "?at=C"} if unit else {})}, "title": "map",
    }  # fmt: skip


def units() -> dict[str, Any]:
    points = [shape.centroid for shape in CELLS]
    return {
        "unit": UNITS, "code": [code(unit) for unit in UNITS],
        "zh": [name(unit) for unit in UNITS], "en": [name(unit) for unit in UNITS],
        "lon": [point.x for point in points], "lat": [point.y for point in points],
        "parent": [0] * len(UNITS), "box": [shape.bounds for shape in CELLS],
    }  # fmt: skip


def make_app() -> Dash:
    app = Dash("map_test", assets_folder=str(ASSETS), assets_path_ignore=["live", "screens"])
    app.index_string = app.index_string.replace(
        "{%css%}", f"{{%css%}}<style>{stylesheet()}{STYLE}</style>"
    )
    app.layout = html.Div([
        dcc.Location(id="url", refresh=False), Told(id="map-state"),
        html.Div(city_map("map", BOX), id="panel"),
        dcc.Graph(id="graph", figure={"data": [{"y": [1, 2]}]}, style={"display": "none"}),
    ])  # fmt: skip

    @app.callback(Output("map-state", "data"), Input("url", "search"))
    def read(search: str | None) -> dict[str, Any]:
        time.sleep(SLOW_S if search else 0)
        return state(search or "")

    server = app.server

    @server.get("/tiles/s1/<layers>/<int:z>/<int:x>/<int:y>")
    def tiles(layers: str, z: int, x: int, y: int) -> Response:
        return packed([tile(layer, z, x, y) for layer in layers.split(",")])

    @server.get("/units/s1/community.json")
    def names() -> Response:
        return jsonify(units())

    @server.get("/units/s1/street.json")
    def streets() -> Response:
        return jsonify(
            {
                "unit": [101, 102],
                "code": ["C101", "C102"],
                "zh": ["西", "东"],
                "lon": [WEST, WEST],
                "lat": [SOUTH, SOUTH],
            }
        )

    return app


@pytest.fixture(scope="module")
def mock_address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app().server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """One who has the files: the map keeps nothing in a browser."""
    context = browser.new_context(viewport={"width": 900, "height": 700})
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext, mock_address: str) -> Iterator[Page]:
    page = visitor.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(mock_address)
    page.wait_for_function(f"window.yiping.map.scenes.size > 0 && Boolean({SCENE}.stage.frame)")
    page.wait_for_function(f"{SCENE}.stage.tiles.pending.size === 0")
    page.wait_for_function("fetch('/units/s1/community.json').then(() => true)")
    page.wait_for_timeout(250)
    yield page
    page.close()
    assert faults == []


def centre(page: Page, unit: int) -> tuple[float, float]:
    point = CELLS[UNITS.index(unit)].centroid
    at = page.evaluate(
        f"(p) => {{ const q = {SCENE}.leaflet.latLngToContainerPoint([p[1], p[0]]);"
        " return [q.x, q.y]; }",
        [point.x, point.y],
    )
    return at[0], at[1]


def colour(page: Page, unit: int) -> list[int]:
    x, y = centre(page, unit)
    found: list[int] = page.evaluate(
        f"""([x, y]) => {{
          const stage = {SCENE}.stage, ratio = stage.frame.ratio;
          const canvas = stage.canvases.cells;
          const box = canvas.getBoundingClientRect();
          const context = canvas.getContext('2d');
          const spot = [(x - box.left) * ratio, (y - box.top) * ratio];
          return [...context.getImageData(...spot, 1, 1).data].slice(0, 3);
        }}""",
        [x, y],
    )
    return found


def rgb(token: str) -> list[int]:
    value = TOKENS["dark"][token]
    return [int(value[i : i + 2], 16) for i in (1, 3, 5)]


def wait_until(page: Page, script: str) -> None:
    page.wait_for_function(script, timeout=5_000)


def test_cells_have_the_colours_of_their_classes(page: Page) -> None:
    for unit in UNITS[::7]:
        assert colour(page, unit) == rgb(f"s{unit % 5 + 1}")


def test_from_close_by_cells_keep_the_colours_of_the_legend(page: Page) -> None:
    near = state("", shift=1) | {"show": {"buildings": True, "fill": False}}
    page.evaluate("(s) => window.yiping.map.apply(s)", near)
    page.wait_for_function(f"{SCENE}.stage.timer === null", timeout=5_000)
    for unit in UNITS[::7]:
        assert colour(page, unit) == rgb(f"s{(unit + 1) % 5 + 1}")
    canvas = f"{SCENE}.stage.canvases.cells"
    assert page.evaluate(f"getComputedStyle({canvas}).opacity") == "1"


def test_discs_are_signs_of_the_legend_even_where_they_are_crowded(page: Page) -> None:
    spot = CELLS[20].centroid
    crowd = [(0, 9), *[(STEP / 50, 4)] * 40]
    discs = [
        {"lon": spot.x + east, "lat": spot.y, "n": n, "href": "?", "text": str(n)}
        for east, n in (*crowd, (STEP * 2, 2))
    ]
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"discs": discs})
    numbers = page.locator(".map-disc-number").all_text_contents()
    assert numbers[-1] == "9"
    assert 1 < len(numbers) < len(crowd)
    assert page.locator(".map-disc-plate").count() == len(crowd)  # without room they are no dot
    assert page.locator(".map-disc-dot").count() == 1


def test_no_disc_is_cut_by_the_edge_of_the_map_or_by_a_card(page: Page) -> None:
    found = f"{SCENE}.leaflet.containerPointToLatLng([X, 150])"
    width = page.evaluate(f"{SCENE}.leaflet.getSize().x")
    spots = [page.evaluate(found.replace("X", str(x))) for x in (200, width - 2, 400)]
    discs = [
        {"lon": spot["lng"], "lat": spot["lat"], "n": n, "href": "?", "text": "x"}
        for spot, n in zip(spots, (5, 2, 1), strict=True)
    ]
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"discs": discs})
    assert page.locator(".map-disc-number").count() == 1
    assert page.locator(".map-disc-dot").count() == 1  # not the one at the edge
    page.evaluate(
        "() => { const cover = document.createElement('div'); cover.className = 'overlay';"
        " const card = document.createElement('div'); card.className = 'card';"
        " card.style.cssText = 'position:fixed;left:0;top:0;width:300px;height:300px';"
        " cover.appendChild(card); document.body.appendChild(cover); }"
    )
    page.evaluate(f"{SCENE}.signs.draw()")
    assert page.locator(".map-disc-plate").count() == 0
    assert page.locator(".map-disc-dot").count() == 1


def test_islets_as_small_as_a_speck_are_no_border(page: Page) -> None:
    ring = "(x, y, far) => [x, y, x + far, y, x + far, y + far, x, y + far, x, y]"
    halves = "[[900, 900, 920, 900, 920, 920], [900, 900, 900, 920, 920, 920]]"
    kept = page.evaluate(
        f"() => {{ const ring = {ring}; const lines = [ring(100, 100, 20), ring(500, 500, 400),"
        f" ...{halves}, [0, 30, 10, 30], [500, 500, 490, 495]];"
        " return window.yiping.map.withoutSpecks(lines, 4096)"
        ".map((line) => line[0] + ',' + line[2]); }"
    )
    # The large ring, what is joined to it, and what goes on in the next tile.
    assert sorted(kept) == ["0,10", "500,490", "500,900"]


@pytest.mark.parametrize("kind", ["card", "map-head"])
def test_no_name_lies_under_a_card(page: Page, kind: str) -> None:
    spot = CELLS[20].centroid
    label = {"unit": 0, "text": "x", "value": "", "strong": False, "lon": spot.x, "lat": spot.y}
    shown = state("") | {"labels": [label]}
    page.evaluate("(s) => window.yiping.map.apply(s)", shown)
    assert page.locator(".map-label").count() == 1
    page.evaluate(
        "(kind) => { const cover = document.createElement('div'); cover.className = 'overlay';"
        " const card = document.createElement('div'); card.className = kind;"
        " card.style.cssText = 'position:fixed;inset:0'; cover.appendChild(card);"
        " document.body.appendChild(cover); }",
        kind,
    )
    page.evaluate(f"{SCENE}.signs.draw()")
    assert page.locator(".map-label").count() == 0


def test_recolouring_fetches_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("(next) => window.yiping.map.apply(next)", state("", shift=2))
    for unit in UNITS[::7]:
        assert colour(page, unit) == rgb(f"s{(unit + 2) % 5 + 1}")
    assert asked == []


def test_every_point_hits_the_cell_that_covers_it(page: Page) -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform(BOX[:2], BOX[2:], (400, 2))
    wanted, kept = [], []
    for point in points:
        spot = shapely.Point(point)
        inside = [u for u, cell in zip(UNITS, CELLS, strict=True) if cell.contains(spot)]
        near_edge = any(cell.boundary.distance(spot) < STEP / 200 for cell in CELLS)
        if inside and not near_edge:
            wanted.append(inside[0])
            kept.append(point.tolist())
    found = page.evaluate(
        f"(points) => points.map((p) => {SCENE}.gestures.pick(L.latLng(p[1], p[0])).id)", kept
    )
    assert len(kept) > 200
    assert found == wanted


def test_outside_the_city_nothing_is_hit(page: Page) -> None:
    spot = [SOUTH - STEP, WEST - STEP]
    assert page.evaluate(f"(p) => {SCENE}.gestures.pick(L.latLng(p))", spot) is None


def test_hover_tells_name_value_and_note(page: Page) -> None:
    page.mouse.move(*centre(page, 12))
    wait_until(page, "document.querySelector('.map-tooltip:not([hidden])')")
    assert page.inner_text(".map-tooltip").split("\n") == ["社区12", "12.0", "n 30"]
    page.mouse.move(2, 2)
    assert page.is_hidden(".map-tooltip")


def test_markup_in_a_name_stays_text(page: Page) -> None:
    page.mouse.move(*centre(page, UNITS[0]))
    wait_until(page, "document.querySelector('.map-tooltip:not([hidden])')")
    assert page.inner_text(".map-tooltip-name") == EVIL
    labels = [{"unit": 1, "text": EVIL, "value": EVIL, "lon": WEST + STEP, "lat": SOUTH + STEP}]
    marks = [{"lon": WEST + 3 * STEP, "lat": SOUTH + STEP, "level": 1, "text": EVIL, "href": "?"}]
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": labels})
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"marks": marks})
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#panel img").count() == 0


def test_a_click_outlines_at_once_posts_once_and_back_returns(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.post_data or "") if r.method == "POST" else None)
    page.mouse.click(*centre(page, 20))
    assert page.evaluate(f"{SCENE}.focus.pending") == {"layer": "community", "id": 20}
    assert page.evaluate("location.search") == "?at=C020"
    wait_until(page, f"{SCENE}.state.at.unit === 20")
    assert len(posts) == 1
    assert "?at=C020" in posts[0]
    assert page.evaluate(f"{SCENE}.focus.pending") is None
    page.go_back()
    wait_until(page, f"{SCENE}.state.at.unit === 0")
    page.wait_for_timeout(2 * SLOW_S * 1_000)
    assert len(posts) == 2
    assert page.evaluate("location.search") == ""


def test_back_returns_to_the_view_that_was_left(page: Page) -> None:
    page.evaluate(f"{SCENE}.leaflet.setView([{SOUTH + STEP}, {WEST + STEP}], 14)")
    wait_until(
        page, f"{SCENE}.gestures.pick(L.latLng({CELLS[0].centroid.y}, {CELLS[0].centroid.x}))"
    )
    page.mouse.click(*centre(page, 1))
    wait_until(page, f"{SCENE}.state.at.unit === 1")
    page.go_back()
    wait_until(page, f"{SCENE}.state.at.unit === 0")
    assert page.evaluate(f"{SCENE}.leaflet.getZoom()") == 14


def test_a_sign_with_a_link_tells_itself_and_is_no_click_on_the_map(page: Page) -> None:
    x, y = centre(page, 20)
    spot = CELLS[UNITS.index(20)].centroid
    sign = {"lon": spot.x, "lat": spot.y, "kind": "overdue", "text": "甲\n乙", "href": "?c=7"}
    page.evaluate(f"(sign) => window.yiping.map.apply({{...{SCENE}.state, waiting: [sign]}})", sign)
    page.mouse.move(x, y)
    assert page.inner_text(".map-tooltip").split() == ["甲", "乙"]
    page.mouse.move(x + 30, y)
    assert "乙" not in page.inner_text(".map-tooltip")
    page.mouse.click(x, y)
    assert page.evaluate("location.search") == "?c=7"


def test_control_click_chooses_instead(page: Page) -> None:
    page.keyboard.down("Control")
    page.mouse.click(*centre(page, 9))
    assert page.evaluate("location.search") == "?sel=C009"
    wait_until(page, f"{SCENE}.state")
    page.mouse.click(*centre(page, 10))
    page.keyboard.up("Control")
    assert page.evaluate("location.search") == "?sel=C009,C010"


@pytest.mark.parametrize(("unit", "goal"), [(1, "C101"), (ACROSS, "C102")])
def test_a_click_leads_one_level_down_even_where_finer_cells_are_shown(
    page: Page, unit: int, goal: str
) -> None:
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"next": "street"})
    wait_until(page, f"{SCENE}.stage.parts('street', 'cells').length > 0")
    page.wait_for_function("fetch('/units/s1/street.json').then(() => true)")
    page.mouse.click(*centre(page, unit))
    wait_until(page, f"location.search === '?at={goal}'")


def test_hot_spots_are_numbered_outlined_and_lit_by_their_rows(page: Page) -> None:
    spots = [
        {"layer": "community", "id": unit, "n": number, "text": f"热点 {number}", "href": "?at=C",
         "lon": CELLS[UNITS.index(unit)].centroid.x, "lat": CELLS[UNITS.index(unit)].centroid.y}
        for number, unit in ((1, 12), (2, 13))
    ]  # fmt: skip
    lines = page.locator("path.map-spot-line")
    assert lines.count() == 0
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"hot": spots})
    assert lines.count() == 2
    for line in lines.all():
        box = line.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 30  # wide enough to be seen round its number
    assert sorted(page.locator(".map-spot").all_text_contents()) == ["1", "2"]
    page.evaluate("window.heard = []")
    page.evaluate("addEventListener('yiping:hover', (event) => heard.push(event.detail.id))")
    page.mouse.move(*centre(page, 12))
    wait_until(page, "window.heard.includes(12)")
    assert page.evaluate(f"{SCENE}.focus.hover") == {"layer": "community", "id": 12}


VIEW = (
    f"[{SCENE}.leaflet.getCenter().lat, {SCENE}.leaflet.getCenter().lng, {SCENE}.leaflet.getZoom()]"
)


def test_a_place_is_seen_alike_whatever_lies_over_the_map(page: Page) -> None:
    west, south, east, north = BOX
    rim = [[east, north], [west, north], [east, south], [west, south]]
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"rim": rim, "pad": {"top": 41}})
    page.wait_for_timeout(400)
    before = page.evaluate(VIEW)
    page.evaluate(
        "() => { for (const name of ['alerts', 'legend']) {"
        " const box = document.createElement('div'); box.className = name;"
        " box.style.cssText = 'position:fixed;right:16px;top:44px;width:400px;height:200px';"
        " document.body.appendChild(box); } }"
    )
    page.evaluate(f"{SCENE}.view.fit(false)")
    page.wait_for_timeout(400)
    assert page.evaluate(VIEW) == pytest.approx(before)
    zoom, home = page.evaluate(f"[{SCENE}.leaflet.getZoom(), {SCENE}.view.home]")
    assert zoom == pytest.approx(home)  # as it fits, not snapped


def test_a_border_in_a_corner_nudges_the_place_and_no_more(page: Page) -> None:
    west, _, east, north = BOX
    words = {"cases": True, "alerts": False}
    show = "(s) => window.yiping.map.apply(s)"
    page.evaluate(show, state("") | {"rim": [], "pad": {"top": 41}})
    page.wait_for_timeout(400)
    plain = page.evaluate(VIEW)
    rim = [[west + i * (east - west) / 200, north] for i in range(100)]
    page.evaluate(show, state("") | {"rim": rim, "pad": {"top": 42}, "page": words})
    page.wait_for_timeout(400)
    nudged = page.evaluate(VIEW)
    assert nudged[:2] != pytest.approx(plain[:2], abs=1e-6)
    assert plain[2] - nudged[2] < 0.2


def test_the_list_of_alerts_hides_no_border_that_little_size_brings_clear(page: Page) -> None:
    west, _, east, north = BOX
    show = "(s) => window.yiping.map.apply(s)"
    page.evaluate(show, state("") | {"rim": [], "pad": {"top": 41}})
    page.wait_for_timeout(400)
    plain = page.evaluate(VIEW)
    rim = [[east - i * (east - west) / 200, north] for i in range(100)]
    page.evaluate(show, state("") | {"rim": rim, "pad": {"top": 42}})
    page.wait_for_timeout(400)
    seen = page.evaluate(
        f"(rim) => rim.map(([x, y]) => {SCENE}.leaflet.latLngToContainerPoint([y, x]))"
        ".map((point) => [point.x, point.y])",
        rim,
    )
    width = page.evaluate(f"{SCENE}.leaflet.getSize().x")
    assert not [(x, y) for x, y in seen if x > width - 280 and y < 136]
    assert plain[2] - page.evaluate(VIEW)[2] < 0.3


def test_a_place_that_can_comes_clear_of_the_corners(page: Page) -> None:
    west, south, _, north = BOX
    east = west + 0.033  # high enough to leave room beside it, and wide enough to need all of it
    rim = [[x, y] for y in np.linspace(south, north, 60).tolist() for x in (west, east)]
    narrow = {"box": [west, south, east, north], "rim": rim, "pad": {"top": 41}}
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | narrow)
    page.wait_for_timeout(400)
    width, height = page.evaluate(f"[{SCENE}.leaflet.getSize().x, {SCENE}.leaflet.getSize().y]")
    seen = page.evaluate(
        f"(rim) => rim.map(([x, y]) => {SCENE}.leaflet.latLngToContainerPoint([y, x]))"
        ".map((point) => [point.x, point.y])",
        rim,
    )
    for x, y in seen:
        assert not (x < 310 and y < 80)
        assert not (x < 288 and y > height - 76)
        assert not (x < 332 and y > height - 42)
        assert not (x > width - 276 and y < 132)
        assert not (x > width - 58 and y > height - 162)


def test_no_card_of_signs_lies_on_the_border_of_a_place_among_buildings(page: Page) -> None:
    west, south, east, _ = BOX
    north = south + 0.03
    rim = [[x, south] for x in np.linspace(west, east - 2 * STEP, 60).tolist()]
    low = {"box": [west, south, east, north], "rim": rim, "level": "building", "next": "building"}
    page.set_viewport_size({"width": 900, "height": 420})
    wait_until(page, f"{SCENE}.view.size === '900x420'")
    alone = {"cases": True, "alerts": False}
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | low | {"page": alone})
    page.wait_for_timeout(400)
    seen = page.evaluate(
        f"(rim) => rim.map(([x, y]) => {SCENE}.leaflet.latLngToContainerPoint([y, x]))"
        ".map((point) => [point.x, point.y])",
        rim,
    )
    assert not [(x, y) for x, y in seen if x < 258 and y > 420 - 136]


def test_a_high_place_may_stand_aside_in_a_wide_map(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 420})
    wait_until(page, f"{SCENE}.view.size === '900x420'")
    corner = [[BOX[0], BOX[1]]] * 20  # where the legend lies if the place stands in the middle
    page.evaluate(
        "(s) => window.yiping.map.apply(s)", state("") | {"rim": corner, "pad": {"top": 41}}
    )
    page.wait_for_timeout(400)
    found = f"{SCENE}.leaflet.latLngToContainerPoint([{BOX[1]}, {BOX[0]}]).x"
    assert page.evaluate(found) >= 336


@pytest.mark.parametrize(
    ("at_the_right", "held", "moved"),
    [
        (True, {"cases": False, "alerts": True}, True),
        (True, {"cases": True, "alerts": False}, False),
        (False, {"cases": True, "alerts": False}, True),
        (False, {"cases": False, "alerts": True}, False),
    ],
)
def test_a_corner_that_holds_nothing_is_not_kept_free(
    page: Page, *, at_the_right: bool, held: dict[str, bool], moved: bool
) -> None:
    west, _, east, north = BOX
    show = "(s) => window.yiping.map.apply(s)"
    page.evaluate(show, state("") | {"rim": [], "pad": {"top": 41}})
    page.wait_for_timeout(400)
    plain = page.evaluate(VIEW)
    start, step = (east, -1) if at_the_right else (west, 1)
    rim = [[start + step * i * (east - west) / 200, north] for i in range(60)]
    page.evaluate(show, state("") | {"rim": rim, "pad": {"top": 41}, "page": held})
    page.evaluate(f"{SCENE}.view.fit(false)")
    page.wait_for_timeout(400)
    seen = page.evaluate(VIEW)
    assert (seen != pytest.approx(plain, abs=1e-6)) is moved


def test_a_whole_city_among_buildings_has_its_outline(page: Page) -> None:
    plain = state("") | {"show": {"buildings": True, "fill": False}, "cells": {
        "unit": [], "class": "", "text": [], "note": []}}  # fmt: skip
    drawn = """() => { const strokes = []; const old = CanvasRenderingContext2D.prototype.stroke;
        CanvasRenderingContext2D.prototype.stroke = function (...path) {
          strokes.push(this.strokeStyle); return old.apply(this, path); };
        const scene = SCENE; const canvas = document.createElement('canvas').getContext('2d');
        const frame = { within: (_, part, go) => go(1, part.layer), zoom: 11 };
        window.yiping.map.paintOuterBorders(canvas, frame, scene);
        CanvasRenderingContext2D.prototype.stroke = old; return strokes.length; }"""
    page.evaluate("(s) => window.yiping.map.apply(s)", plain | {"level": "building"})
    page.wait_for_timeout(400)
    wait_until(page, f"{SCENE}.stage.parts('district', 'borders').length > 0")
    assert page.evaluate(drawn.replace("SCENE", SCENE)) > 0


def _label(unit: int, here: int, **more: object) -> dict[str, Any]:
    spot = CELLS[UNITS.index(here)].centroid
    return {"unit": unit, "text": f"n{unit}", "value": "", "strong": False, "lon": spot.x,
            "lat": spot.y, **more}  # fmt: skip


def test_a_name_gives_way_within_its_own_place_only(page: Page) -> None:
    names = page.locator(".map-label-name")
    for unit in (20, 3):
        both = [_label(1, 20, strong=True), _label(unit, 20)]
        page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": both})
        assert names.all_text_contents() == ["n1", f"n{unit}"]
        assert _unit_below(page, ".map-label:last-of-type g") == unit


BOXES = (
    "(name) => [...document.querySelectorAll(name)].map((sign) => sign.getBoundingClientRect())"
    ".map((box) => [box.left, box.top, box.right, box.bottom])"
)


def _meet(a: list[float], b: list[float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_mark_and_a_name_share_no_pixel(page: Page, level: int) -> None:
    label = _label(20, 20, strong=True, text="社区", value="18.0")
    marks = [
        {"lon": label["lon"] + x * STEP / 3, "lat": label["lat"], "level": level, "text": "x",
         "href": "?"}
        for x in (-1, 0, 1)
    ]  # fmt: skip
    shown = state("") | {"labels": [label], "marks": marks}
    page.evaluate("(s) => window.yiping.map.apply(s)", shown)
    (name,), rings = page.evaluate(BOXES, ".map-label g"), page.evaluate(BOXES, ".map-mark-ring")
    assert len(rings) == len(marks) * (2 if level == 1 else 1)
    assert not any(_meet(name, ring) for ring in rings)
    host = page.locator("#map").bounding_box()
    assert host
    at = [(name[0] + name[2]) / 2 - host["x"], (name[1] + name[3]) / 2 - host["y"]]
    found = f"{SCENE}.gestures.pick({SCENE}.leaflet.containerPointToLatLng({at})).id"
    assert page.evaluate(found) == 20  # beside the mark, but at home


def test_a_name_without_room_in_its_own_place_is_left_out_but_if_the_title_speaks_of_it(
    page: Page,
) -> None:
    here = _label(20, 20)
    marks = [
        {"lon": here["lon"] + x * STEP / 5, "lat": here["lat"] + y * STEP / 5, "level": 2,
         "text": "x", "href": "?"}
        for x in (-1, 0, 1) for y in (-1, 0, 1)
    ]  # fmt: skip
    page.set_viewport_size({"width": 390, "height": 250})
    wait_until(page, f"{SCENE}.view.size === '390x250'")
    for strong, named in ((False, ["n2"]), (True, ["n20", "n2"])):
        labels = [here | {"strong": strong}, _label(2, 2, strong=True)]
        shown = state("") | {"labels": labels, "marks": marks}
        page.evaluate("(s) => window.yiping.map.apply(s)", shown)
        assert page.locator(".map-label-name").all_text_contents() == named


def test_a_name_of_the_title_stands_beside_its_place_where_it_has_no_room_there(
    page: Page,
) -> None:
    here = {"text": "社区二十", "value": "1.0"}
    cases = [
        {"lon": _label(20, 20)["lon"] + x * STEP / 8, "lat": _label(20, 20)["lat"] + y * STEP / 8,
         "kind": "worst", "text": "x", "href": "?"}
        for x in range(-4, 5) for y in range(-4, 5) if (x, y) != (0, 0)
    ]  # fmt: skip
    show = "(s) => window.yiping.map.apply(s)"
    for strong, said in ((True, ["社区二十"]), (False, [])):
        label = _label(20, 20, strong=strong, **here)
        page.evaluate(show, state("") | {"labels": [label], "waiting": cases})
        assert page.locator(".map-label-name").all_text_contents() == said
        assert page.locator(".map-label-value").count() == len(said)
        assert page.locator(".map-label-tie-line").count() == len(said)


def test_a_name_that_lies_mostly_beside_its_place_is_tied_to_it_where_no_mark_hides_the_end(
    page: Page,
) -> None:
    here = _label(20, 20, strong=True, text="一个很长的社区的名字" * 2)
    mark = {"lon": here["lon"], "lat": here["lat"], "level": 2, "text": "x", "href": "?"}
    page.evaluate(
        "(s) => window.yiping.map.apply(s)", state("") | {"labels": [here], "marks": [mark]}
    )
    (foot,), (ring,) = (
        page.evaluate(BOXES, ".map-label-foot"),
        page.evaluate(BOXES, ".map-mark-ring"),
    )
    assert not _meet(foot, ring)
    host = page.locator("#map").bounding_box()
    assert host
    at = [(foot[0] + foot[2]) / 2 - host["x"], (foot[1] + foot[3]) / 2 - host["y"]]
    found = f"{SCENE}.gestures.pick({SCENE}.leaflet.containerPointToLatLng({at})).id"
    assert page.evaluate(found) == 20


def test_a_name_stands_without_its_value_where_there_is_no_room_for_both(page: Page) -> None:
    label = _label(20, 20, strong=True, value="1" * 200)  # wider than the view
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": [label]})
    assert page.locator(".map-label-name").all_text_contents() == ["n20"]
    assert page.locator(".map-label-value").count() == 0


def test_a_name_stands_aside_from_what_is_outlined_but_its_own_place(page: Page) -> None:
    here, spots = _label(20, 20, top=True), []
    for outlined in ([], [20], [21]):
        strong = [{"layer": "community", "id": unit} for unit in outlined]
        page.evaluate("(s) => window.yiping.map.apply(s)",
                      state("") | {"labels": [here], "strong": strong})  # fmt: skip
        assert page.locator(".map-label-name").all_text_contents() == ["n20"]
        assert page.locator(".map-label-plate").count() == 0
        assert _unit_below(page, ".map-label g") == 20
        spots += page.evaluate(BOXES, ".map-label g")
    assert spots[1] == spots[0], "its own outline moves no name"
    inside = state("") | {"strong": [{"layer": "community", "id": 21}]}
    page.evaluate("(s) => window.yiping.map.apply(s)", inside | {"labels": [_label(20, 21)]})
    assert _unit_below(page, ".map-label g") == 20


def _unit_below(page: Page, sign: str) -> object:
    """The unit whose area the middle of a sign lies in."""
    (box,) = page.evaluate(BOXES, sign)
    host = page.locator("#map").bounding_box()
    assert host
    at = [(box[0] + box[2]) / 2 - host["x"], (box[1] + box[3]) / 2 - host["y"]]
    return page.evaluate(f"{SCENE}.gestures.pick({SCENE}.leaflet.containerPointToLatLng({at}))?.id")


@pytest.mark.parametrize("kind", ["strong", "top", ""])
def test_a_name_wider_than_its_place_is_not_taken_for_that_of_a_neighbour(
    page: Page, kind: str
) -> None:
    label = _label(
        20, 20, text="一个很长的社区名字" * 3, value="20.2", **({kind: True} if kind else {})
    )
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": [label]})
    # A plate and a line tell what it names; of an ordinary place nothing is said rather.
    assert page.locator(".map-label").count() == bool(kind)
    assert page.locator(".map-label-plate").count() == bool(kind)
    if kind:
        assert _unit_below(page, ".map-label-foot") == 20
        (plate,), (foot,) = (
            page.evaluate(BOXES, f".map-label-{part}") for part in ("plate", "foot")
        )
        assert not _meet(plate, foot)


def test_a_name_finds_the_corner_of_its_place_that_marks_leave(page: Page) -> None:
    west, south, east, north = CELLS[UNITS.index(20)].bounds
    spots = [(west + (east - west) * i / 6, south + (north - south) * j / 6)
             for i in range(1, 6) for j in range(1, 6) if not (i >= 4 and j >= 4)]  # fmt: skip
    shown = state("") | {"labels": [_label(20, 20, text="社", top=True)], "waiting": [
        {"lon": lon, "lat": lat, "kind": "worst", "text": "x", "href": "?"}
        for lon, lat in spots
    ]}  # fmt: skip
    page.evaluate("(s) => window.yiping.map.apply(s)", shown)
    assert page.locator(".map-label-plate").count() == 0
    assert _unit_below(page, ".map-label g") == 20


def test_names_give_way_to_the_worst_cases_and_lie_over_the_others(page: Page) -> None:
    here = _label(20, 20)
    case = {"lon": here["lon"], "lat": here["lat"], "text": "x", "href": "?"}
    sizes = {}
    for kind in ("overdue", "worst"):
        shown = state("") | {"labels": [here], "waiting": [case | {"kind": kind}]}
        page.evaluate("(s) => window.yiping.map.apply(s)", shown)
        (name,) = page.evaluate(BOXES, ".map-label g")
        (mark,) = page.evaluate(BOXES, f".map-wait-{kind}")
        sizes[kind] = mark[2] - mark[0]
        assert _meet(name, mark) == (kind == "overdue")
    assert sizes["worst"] > 1.5 * sizes["overdue"]


def test_names_of_the_title_never_lie_on_each_other(page: Page) -> None:
    labels = [_label(20, 20, strong=True, text="一个很长的社区名字" * 2) for _ in range(12)]
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": labels})
    names = page.evaluate(BOXES, ".map-label g")
    assert 1 <= len(names) < 12
    assert not any(_meet(a, b) for i, a in enumerate(names) for b in names[:i])


def test_a_name_at_the_edge_of_the_city_stays_within_it(page: Page) -> None:
    edge = WEST + STEP / 4  # nearer to the border than half of the name
    label = _label(1, 1, text="一个长社区名", lon=edge)
    left = f"{SCENE}.leaflet.latLngToContainerPoint([{SOUTH}, {WEST}]).x"
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": [label]})
    (name,) = page.evaluate(BOXES, ".map-label g")
    assert name[0] >= page.evaluate(left)


def test_a_place_too_small_for_its_name_has_it_beside_the_city(page: Page) -> None:
    spot = CELLS[0].centroid
    marks = [
        {"lon": spot.x + x * STEP / 4, "lat": spot.y + y * STEP / 4, "level": 2, "text": "x",
         "href": "?"}
        for x in (-1, 0, 1) for y in (-1, 0, 1)
    ]  # fmt: skip
    page.set_viewport_size({"width": 390, "height": 250})
    wait_until(page, f"{SCENE}.view.size === '390x250'")
    shown = state("") | {"labels": [_label(1, 1)], "marks": marks}
    page.evaluate("(s) => window.yiping.map.apply(s)", shown)
    (name,) = page.evaluate(BOXES, ".map-label g")
    point = f"{SCENE}.leaflet.latLngToContainerPoint([{SOUTH}, {WEST}])"
    x, y = page.evaluate(f"[{point}.x, {point}.y]")
    assert name[2] <= x or name[1] >= y


def test_a_few_roads_in_a_corner_are_no_net(page: Page) -> None:
    drawn = """(roads) => { const scene = SCENE; let strokes = 0;
      const layer = { extent: 4096, lines: () => [{ points: roads }],
                      kinds: () => new Map([['arterial', new Path2D()]]) };
      const tile = { span: 4096, x: 0, y: 0 };
      const pen = { stroke: () => { strokes += 1; }, setLineDash: () => null };
      const frame = { zoom: 12, within: (_, part, go) => go(1, part.layer) };
      const shown = { whole: () => true, scale: 1, colours: scene.colours, leaflet: scene.leaflet,
        state: { box: BOX }, stage: { parts: () => [{ tile, layer }] } };
      window.yiping.map.paintThinRoads(pen, frame, shown); return strokes; }"""
    wide = json.dumps([100.0, 30.0, 100.0 + 360 / 256, 31.2])  # as wide as a tile of this zoom
    script = drawn.replace("SCENE", SCENE).replace("BOX", wide)
    scratch = [[100 + i, 100] for i in range(300)]
    net = [[i, j] for i in range(0, 4096, 64) for j in range(0, 4096, 64)]
    assert page.evaluate(script, scratch) == 0
    assert page.evaluate(script, net) > 0


def test_no_name_lies_on_the_border_of_the_place(page: Page) -> None:
    label = _label(20, 20)
    line = [[label["lon"] + i * STEP / 30, label["lat"] + j * STEP / 10]
            for i in range(-30, 31) for j in range(-4, 5)]  # fmt: skip
    for at, rim, seen in (("?at=C020", [], 1), ("?at=C020", line, 0), ("", line, 1)):
        shown = state(at) | {"labels": [label], "rim": rim}
        page.evaluate("(s) => window.yiping.map.apply(s)", shown)
        wait_until(page, f"document.querySelectorAll('.map-label').length === {seen}")


def test_a_small_map_has_few_names_but_those_of_the_title(page: Page) -> None:
    labels = [
        {"unit": unit, "text": name(unit + 1), "value": "1.0", "strong": unit == UNITS[30],
         "lon": CELLS[i].centroid.x, "lat": CELLS[i].centroid.y}
        for i, unit in enumerate(UNITS[:40])
    ]  # fmt: skip
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": labels})
    wide = page.locator(".map-label").count()
    page.set_viewport_size({"width": 390, "height": 250})
    wait_until(page, f"{SCENE}.view.size === '390x250'")
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": labels})
    found = page.locator(".map-label-name").all_text_contents()
    assert len(found) < wide
    assert name(UNITS[30] + 1) in found


def test_names_wait_for_the_first_tiles(visitor: BrowserContext, mock_address: str) -> None:
    page = visitor.new_page()
    held: list[Route] = []
    page.route(re.compile("/tiles/"), lambda route: held.append(route))  # noqa: PLW0108 - no builtin takes marks
    page.goto(mock_address)
    page.wait_for_function(f"window.yiping.map.scenes.size > 0 && Boolean({SCENE}.stage.frame)")
    spot = CELLS[20].centroid
    label = {"unit": 0, "text": "x", "value": "", "strong": False, "lon": spot.x, "lat": spot.y}
    page.evaluate("(s) => window.yiping.map.apply(s)", state("") | {"labels": [label]})
    assert page.locator(".map-label").count() == 0
    for route in held:
        route.continue_()
    page.wait_for_selector(".map-label", state="attached")
    page.close()


def test_a_colour_that_the_theme_does_not_have_is_an_error(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.evaluate(f"{SCENE}.colours.get('t1')")
    assert said == []
    page.evaluate(f"{SCENE}.colours.get('no-such-colour')")
    assert said == ["error: the theme has no token --no-such-colour"]


def test_the_map_is_one_tab_stop_and_arrows_walk_among_neighbours(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('city-map')")
    page.keyboard.press("ArrowRight")
    now = page.evaluate(f"{SCENE}.focus.key.id")
    steps = {"ArrowRight": 1, "ArrowUp": ACROSS, "ArrowLeft": -1, "ArrowDown": -ACROSS}
    for key, step in steps.items():
        page.keyboard.press(key)
        now += step
        assert page.evaluate(f"{SCENE}.focus.key.id") == now
    assert page.text_content(".map-says") == f"社区{now}, {now}.0, n 30"
    page.keyboard.press("Enter")
    wait_until(page, f"{SCENE}.state.at.unit === {now}")
    page.keyboard.press("Escape")
    wait_until(page, f"{SCENE}.state.at.unit === 0")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('#panel').contains(document.activeElement)")


def test_charts_use_the_bundled_plotly_in_chinese(page: Page) -> None:
    wait_until(page, "document.querySelector('.js-plotly-plot')")
    loaded = json.loads(
        page.evaluate("JSON.stringify(performance.getEntriesByType('resource').map(r => r.name))")
    )
    assert page.evaluate("window.Plotly.version") == "4.1.1"
    assert [url for url in loaded if "plotly" in url and "/assets/lib/" not in url] == []


def test_back_before_the_answer_turns_the_flight_around(page: Page) -> None:
    before = page.evaluate(f"{SCENE}.leaflet.getZoom()")
    page.mouse.click(*centre(page, 20))
    page.wait_for_timeout(SLOW_S * 300)  # in flight, unanswered
    page.go_back()
    page.wait_for_timeout(SLOW_S * 3_000)
    assert page.evaluate("location.search") == ""
    assert page.evaluate(f"{SCENE}.state.at.unit") == 0
    assert page.evaluate(f"{SCENE}.leaflet.getZoom()") == pytest.approx(before, abs=0.02)
    assert page.evaluate(f"{SCENE}.view.goal") is None


# A flight by hand: two levels deeper, as far as `at` says, and whether it ends there.
FLOWN = """([at, ends]) => {
  const { stage, leaflet, view } = SCENE;
  if (!stage.ahead) {
    view.fitted = false; // it would come back to its place
    window.goal = { center: leaflet.getCenter(), zoom: leaflet.getZoom() + 2 };
    stage.fly(window.goal, 60);
    stage.settle();
  }
  leaflet._move(window.goal.center, window.goal.zoom - at);
  if (ends) leaflet._moveEnd(true);
}""".replace("SCENE", SCENE)


def test_a_flight_is_painted_towards_its_end_and_not_again_when_it_lands(page: Page) -> None:
    there, painted = f"{SCENE}.stage.frame.zoom === window.goal.zoom", "[data-painted]"
    page.evaluate(FLOWN, [1.0, False])
    wait_until(page, f"{SCENE}.stage.tiles.idle()")
    page.evaluate(FLOWN, [1.0, False])
    page.wait_for_timeout(400)  # longer than a painting with gaps is put off
    assert not page.evaluate(there), "what lies round the goal would be blank"
    page.evaluate(FLOWN, [0.1, False])
    assert page.evaluate(there)
    count = page.get_attribute(painted, "data-painted")
    page.evaluate(FLOWN, [0.0, True])
    page.wait_for_timeout(400)
    assert page.get_attribute(painted, "data-painted") == count
    assert page.evaluate(f"{SCENE}.stage.ahead") is None


# A click on a place whose answer puts it elsewhere in the panel than was thought, while one flies.
LED = """async () => {
  const scene = SCENE, { view, leaflet } = scene;
  const landed = [];
  leaflet.on('moveend', () => landed.push(leaflet.getZoom()));
  scene.state = { ...scene.state, fly: true, motion: true };
  const [west, south, east, north] = scene.state.box;
  const place = [west, south, (west + east) / 2, (south + north) / 2];
  view.depart(place);
  await new Promise((done) => setTimeout(done, 100));
  const aside = { left: 300, right: 10, top: 10, bottom: 10 };
  const at = { unit: 20, code: 'C20', level: 'community', building: null };
  window.yiping.map.apply({ ...scene.state, at, box: place, pad: aside });
  await new Promise((done) => setTimeout(done, 2000));
  const now = { center: leaflet.getCenter(), zoom: leaflet.getZoom() };
  return { landed, there: view.near(view.aim(scene.state.box), now) };
}""".replace("SCENE", SCENE)


def test_an_answer_leads_the_flight_to_its_end_instead_of_a_second_one(page: Page) -> None:
    seen = page.evaluate(LED)
    assert seen["there"]
    assert len(seen["landed"]) == 1


# How many tiles were on their way at once, at most.
TILES_FLYING = """(() => {
  const ask = window.fetch;
  let flying = 0;
  window.mostTiles = 0;
  window.fetch = (...asked) => {
    if (!String(asked[0]).includes('/tiles/')) return ask.apply(window, asked);
    window.mostTiles = Math.max(window.mostTiles, (flying += 1));
    return ask.apply(window, asked).finally(() => { flying -= 1; });
  };
})()"""


def test_a_tile_that_hangs_is_asked_for_again_and_no_more_are_asked_than_may_be(
    page: Page,
) -> None:
    asked: list[str] = []

    def hang(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()

    page.evaluate(TILES_FLYING)
    page.route("**/tiles/**", hang)
    page.evaluate("Object.assign(window.yiping.map.fetching, {atOnce: 1, lateMs: 1000})")
    page.evaluate(f"{SCENE}.leaflet.setZoom({SCENE}.leaflet.getZoom() + 2, {{animate: false}})")
    page.wait_for_function(f"{SCENE}.stage.tiles.idle()", timeout=20_000)
    assert asked.count(asked[0]) == 2
    assert len(asked) > 2, "more than the one that hung"
    assert page.evaluate("window.mostTiles") == 1
    page.unroute("**/tiles/**")


# A hand that moves the map while it flies and the answer is under way.
SEIZED = LED.replace(
    "const aside =", "leaflet.setZoom(leaflet.getZoom() - 1, { animate: false });\n  const aside ="
)


def test_a_hand_that_takes_over_in_flight_keeps_the_map(page: Page) -> None:
    assert SEIZED != LED
    seen = page.evaluate(SEIZED)
    assert not seen["there"]
    assert len(seen["landed"]) == 1


def test_a_hand_that_takes_over_is_not_taken_back(page: Page) -> None:
    page.mouse.click(*centre(page, 20))
    wait_until(page, f"{SCENE}.state.at.unit === 20")
    page.wait_for_timeout(1_500)  # landed
    page.evaluate(f"{SCENE}.leaflet.setZoom({SCENE}.leaflet.getZoom() - 1, {{animate: false}})")
    after = page.evaluate(f"{SCENE}.leaflet.getZoom()")
    page.wait_for_timeout(1_500)
    assert page.evaluate(f"{SCENE}.leaflet.getZoom()") == after


def test_a_click_and_a_pasted_address_look_at_the_same(page: Page) -> None:
    page.mouse.click(*centre(page, 20))
    wait_until(page, f"{SCENE}.state.at.unit === 20")
    page.wait_for_timeout(1_500)
    look = "((l) => [l.getCenter().lat, l.getCenter().lng, l.getZoom()])"
    seen = f"{look}({SCENE}.leaflet)"
    clicked = page.evaluate(seen)
    page.reload()
    wait_until(page, f"window.yiping && {SCENE} && {SCENE}.state && {SCENE}.state.at.unit === 20")
    page.wait_for_timeout(1_000)
    *middle, zoom = page.evaluate(seen)
    assert middle == pytest.approx(clicked[:2], abs=3e-4)  # degrees: some pixels
    assert zoom == pytest.approx(clicked[2], abs=0.02)
