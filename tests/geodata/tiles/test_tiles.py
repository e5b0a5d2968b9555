"""Tiles read back by an independent decoder."""

from __future__ import annotations

from math import asinh, pi, radians, tan
from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geodata.model.errors import RequestError
from geodata.tiles import pyramid
from geodata.tiles.encode import tile
from geodata.tiles.mercator import project, tile_box
from geodata.tiles.mvt import EXTENT, Features, encode
from geodata.tiles.pyramid import BANDS, EXACT, make, shared_lines
from geodata.tiles.sheets import MARGIN
from tests.geodata.tiles.shapes import CELLS, PROFILE, SIDE, SOUTH, WEST, Sketch, make_sketch

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

Layer = dict[int, Any]


@pytest.fixture
def city(tmp_path: Path) -> Sketch:
    return make_sketch(tmp_path)


def tile_of(z: int, lon: float, lat: float) -> tuple[int, int]:
    side = 1 << z
    return int((lon + 180) / 360 * side), int((1 - asinh(tan(radians(lat))) / pi) / 2 * side)


def read(data: bytes) -> dict[str, Any]:
    decoded: dict[str, Any] = mapbox_vector_tile.decode(
        data, default_options={"y_coord_down": True}
    )
    return decoded


def shapes(layer: dict[str, Any]) -> Layer:
    return {feature["id"]: shape(feature["geometry"]) for feature in layer["features"]}


def all_tiles(z: int) -> list[tuple[int, int]]:
    west, north = tile_of(z, WEST - SIDE / 4, SOUTH + (CELLS + 0.2) * SIDE)
    east, south = tile_of(z, WEST + 7.6 * SIDE, SOUTH - SIDE / 4)
    return [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


@pytest.mark.parametrize("z", [9, 11, 13, 15])
def test_ids_and_surfaces(city: Sketch, z: int) -> None:
    exact = project(np.asarray(city.places.geometry.array, dtype=object)[1:-1])
    found: dict[int, float] = {}
    for x, y in all_tiles(z):
        box = tile_box(z, x, y)
        window = shapely.box(0, 0, EXTENT, EXTENT)
        cells = read(tile(city, "grid", z, x, y)).get("cells")
        for unit, polygon in shapes(cells or {"features": []}).items():
            inside = polygon.buffer(0).intersection(window).area
            scale = (box.east - box.west) / EXTENT
            found[unit] = found.get(unit, 0) + inside * scale**2
    assert sorted(found) == list(range(1, len(exact) + 1))
    pixel = 156_543 / 2**z
    for unit, area in found.items():
        outline = shapely.length(exact[unit - 1])
        assert area == pytest.approx(shapely.area(exact[unit - 1]), abs=outline * pixel / 2)


def test_winding_and_holes(city: Sketch) -> None:
    z = 12
    rings: list[tuple[float, bool]] = []
    for x, y in all_tiles(z):
        rings += signed_rings(tile(city, "grid", z, x, y))
    assert any(first for _, first in rings)
    assert any(not first for _, first in rings)
    assert all((area > 0) == first for area, first in rings)


def signed_rings(data: bytes) -> list[tuple[float, bool]]:
    """Surface of each ring as it is drawn (y downwards), and whether it begins a polygon."""
    found = []
    cells = read(data).get("cells", {"features": []})
    for feature in cells["features"]:
        geometry = feature["geometry"]
        several = geometry["type"] == "MultiPolygon"
        for polygon in geometry["coordinates"] if several else [geometry["coordinates"]]:
            for number, ring in enumerate(polygon):
                points = np.array(ring, dtype=float)
                x, y = points[:-1].T, points[1:].T
                found.append((float((x[0] * y[1] - y[0] * x[1]).sum()) / 2, number == 0))
    return found


@pytest.mark.parametrize("name", [*BANDS, EXACT])
def test_neighbours_share_their_border(city: Sketch, name: str) -> None:
    made = make(city.places, "grid", name)
    assert shapely.coverage_is_valid(made.cells)
    simple = project(np.asarray(city.places.geometry.array, dtype=object)[made.units])
    if name != EXACT:
        points = shapely.get_num_coordinates(made.cells).sum()
        assert points < shapely.get_num_coordinates(simple).sum()
    # Every border once: the outer rim counts for one cell, all else for two.
    rim = shapely.length(shapely.boundary(shapely.coverage_union_all(made.cells)))
    edges = shapely.length(made.cells).sum()
    assert shapely.length(made.borders).sum() == pytest.approx((edges + rim) / 2)


def test_tiles_meet_without_a_seam(city: Sketch) -> None:
    z = 13
    x, y = tile_of(z, WEST + 3.3 * SIDE, SOUTH + 3.3 * SIDE)
    left = shapes(read(tile(city, "grid", z, x, y))["borders"])
    right = shapes(read(tile(city, "grid", z, x + 1, y))["borders"])
    reach = MARGIN - 8
    strip = shapely.box(EXTENT - reach, 0, EXTENT + reach, EXTENT)
    ours = shapely.union_all([line.intersection(strip) for line in left.values()])
    theirs = shapely.union_all(
        [shapely.affinity.translate(line, EXTENT).intersection(strip) for line in right.values()]
    )
    assert ours.length > 0
    assert shapely.hausdorff_distance(ours, theirs) <= 2


def test_only_clipped_shapes_have_straight_edges_and_they_lie_outside(city: Sketch) -> None:
    z = 14
    for x, y in all_tiles(z):
        for polygon in shapes(
            read(tile(city, "grid", z, x, y)).get("cells", {"features": []})
        ).values():
            west, north, east, south = polygon.bounds
            assert min(west, north) >= -MARGIN
            assert max(east, south) <= EXTENT + MARGIN


def test_prepared_files_give_the_same_tiles(city: Sketch, tmp_path: Path) -> None:
    z = 11
    x, y = tile_of(z, WEST + SIDE, SOUTH + SIDE)
    lazy = tile(city, "grid", z, x, y)
    folder = tmp_path / "snapshot"
    folder.mkdir()
    places: gpd.GeoDataFrame = city.places
    places.to_parquet(folder / "places.parquet")
    heard: list[float] = []
    pyramid.prepare(folder, PROFILE, lambda _, share: heard.append(share))
    assert heard == sorted(heard)
    assert len(list((folder / "outlines").iterdir())) == 2 * (len(BANDS) + 1)
    prepared = Sketch(folder, city.places, city.buildings, None, city.layers)
    assert tile(prepared, "grid", z, x, y) == lazy
    assert tile(prepared, "list", z, x, y) == b""


def test_base_map_by_zoom(city: Sketch) -> None:
    def kinds(z: int, layer: str) -> set[str]:
        found: set[str] = set()
        for x, y in all_tiles(z):
            features = read(tile(city, "base", z, x, y)).get(layer, {"features": []})["features"]
            found |= {feature["properties"]["k"] for feature in features}
        return found

    assert kinds(10, "roads") == {"motorway"}
    assert kinds(11, "roads") == {"motorway", "secondary"}
    assert kinds(13, "roads") == {"motorway", "secondary", "lane"}
    assert kinds(10, "water") == {"lake"}
    assert kinds(11, "details") == set()
    assert kinds(13, "details") == {"garden"}
    assert kinds(15, "details") == {"garden", "path", "tree"}


def test_names_of_roads_by_zoom_in_both_languages(city: Sketch, tmp_path: Path) -> None:
    roads = city.layers["roads"].assign(name_zh="岚榆路", name_en="Lanyu Road")
    roads.loc[roads["cls"] == "lane", "name_zh"] = roads.loc[roads["cls"] == "lane", "name_en"] = ""
    roads.loc[roads["cls"] == "secondary", "name_en"] = None
    named = Sketch(tmp_path, city.places, city.buildings, None, {**city.layers, "roads": roads})

    def words(z: int) -> set[str]:
        return {
            feature["properties"]["k"]
            for x, y in all_tiles(z)
            for feature in read(tile(named, "base", z, x, y)).get("names", {"features": []})[
                "features"
            ]
        }

    assert words(12) == set()
    assert words(13) == {"motorway\n岚榆路\nLanyu Road", "secondary\n岚榆路\n"}
    assert words(15) == words(13)


def test_buildings_from_a_zoom_on(city: Sketch) -> None:
    z, (x, y) = 13, tile_of(13, WEST + 3 * SIDE, SOUTH + 3 * SIDE)
    layer = read(tile(city, "buildings", z, x, y))["buildings"]
    assert {feature["properties"]["k"] for feature in layer["features"]} == {"slab", "tower"}
    for feature in layer["features"]:
        assert feature["properties"]["k"] == city.buildings["kind"].iloc[feature["id"]]
    assert tile(city, "buildings", 12, *tile_of(12, WEST + 3 * SIDE, SOUTH + 3 * SIDE)) == b""
    assert tile(city, "estates", 15, 0, 0) == b""
    with pytest.raises(RequestError, match="galaxies"):
        tile(city, "galaxies", 3, 0, 0)


def test_types_and_degenerate_shapes() -> None:
    box = tile_box(0, 0, 0)
    unit = (box.east - box.west) / EXTENT
    collection = shapely.GeometryCollection(
        [shapely.MultiPoint([(0, 0), (unit * 5, 0)]), shapely.LineString([(0, 0), (unit * 9, 0)])]
    )
    dot = shapely.box(0, 0, unit / 9, unit / 9)
    given = np.array([collection, dot, shapely.LineString([(0, 0), (1, 1)]), None], dtype=object)
    data = encode([Features("mixed", given, np.array([300, 1, 2, 3]), ["水"] * 4)], box)
    features = read(data)["mixed"]["features"]
    assert [(f["id"], f["geometry"]["type"]) for f in features] == [
        (300, "MultiPoint"),
        (300, "LineString"),
    ]
    assert features[1]["geometry"]["coordinates"] == [[2048, 2048], [2057, 2048]]
    assert features[0]["properties"] == {"k": "水"}
    assert encode([Features("none", given[1:], np.array([1, 2, 3]))], box) == b""


def test_lines_between_cells_are_merged() -> None:
    cells = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    assert sorted(shapely.length(shared_lines(cells))) == [1, 3, 3]
