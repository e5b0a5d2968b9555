"""Sheets cut by kernels beside those cut by GEOS, read back by an independent decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from geodata.kernels.settings import COMPILED
from geodata.tiles import sheets
from geodata.tiles.mercator import Box, project
from geodata.tiles.mvt import EXTENT
from geodata.tiles.sheets import MARGIN, FlatSheet, ShapeSheet, sheet
from tests.geodata.kernels.shapes import SIZE, in_general, seeds
from tests.geodata.tiles.shapes import make_places

if TYPE_CHECKING:
    import numpy.typing as npt

Shape = Any
SIDE = 4.0  # of a tile over the random shapes
RIM = MARGIN * SIDE / EXTENT
UNIT = SIDE / EXTENT
corners = st.tuples(st.floats(-2, SIZE - 2), st.floats(-2, SIZE - 2))


def box_at(corner: tuple[float, float]) -> Box:
    return Box(corner[0], corner[1], corner[0] + SIDE, corner[1] + SIDE)


def objects(*shapes: Any) -> npt.NDArray[np.object_]:  # noqa: ANN401
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def read(data: bytes) -> list[dict[str, Any]]:
    layers = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    return [feature for layer in layers.values() for feature in layer["features"]]


def on_plane(feature: dict[str, Any], box: Box) -> Any:  # noqa: ANN401
    """The geometry of a feature back in the plane."""
    return shapely.affinity.affine_transform(
        shape(feature["geometry"]), [UNIT, 0, 0, -UNIT, box.west, box.north]
    )


def rings_of(feature: dict[str, Any]) -> list[list[npt.NDArray[np.float64]]]:
    geometry = feature["geometry"]
    several = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if several else [geometry["coordinates"]]
    return [[np.array(ring, dtype=float) for ring in polygon] for polygon in polygons]


def turning(ring: npt.NDArray[np.float64]) -> float:
    """Twice the surface as it is drawn, y downwards: positive where it runs clockwise."""
    x, y = ring[:-1].T, ring[1:].T
    return float((x[0] * y[1] - y[0] * x[1]).sum())


@settings(max_examples=120, deadline=None)
@given(in_general, corners)
def test_a_tile_shows_what_lies_in_it(drawn: Shape, corner: tuple[float, float]) -> None:
    box = box_at(corner)
    features = read(FlatSheet.of("cells", objects(drawn), np.array([7])).tile(box))
    window = shapely.box(*box.grown(RIM))
    wanted = shapely.intersection(drawn, window)
    if not features:
        # Nothing is dropped that is thicker than a unit of the tile.
        assert shapely.buffer(wanted, -UNIT).is_empty
        return
    (feature,) = features
    assert feature["id"] == 7
    found = shapely.make_valid(on_plane(feature, box))
    # A corner moves by half a unit each way, and its edges with it.
    assert shapely.covers(shapely.buffer(wanted, UNIT), found)
    assert shapely.covers(shapely.buffer(found, UNIT), shapely.buffer(wanted, -UNIT))
    for polygon in rings_of(feature):
        assert turning(polygon[0]) > 0
        assert all(turning(hole) < 0 for hole in polygon[1:])
        assert all(len(ring) > 3 for ring in polygon)


@settings(max_examples=60, deadline=None)
@given(seeds, corners)
def test_both_sheets_agree(seed: int, corner: tuple[float, float]) -> None:
    """Many features of three types, some missing or empty, each with a kind."""
    rng = np.random.default_rng(seed)
    drawn: list[Any] = [None, shapely.Polygon(), shapely.GeometryCollection()]
    drawn += list(shapely.box(*rng.uniform(0, 8, (2, 30)), *rng.uniform(8.1, SIZE, (2, 30))))
    drawn += list(shapely.linestrings(rng.uniform(0, SIZE, (30, 6, 2))))
    drawn += list(shapely.points(rng.uniform(0, SIZE, (30, 2))))
    drawn.append(shapely.MultiPoint(rng.uniform(0, SIZE, (9, 2))))
    drawn.append(shapely.GeometryCollection([drawn[4], drawn[40]]))
    ids = rng.permutation(len(drawn)) + 100_000
    kinds = np.array([f"k{number}" for number in rng.integers(0, 5, len(drawn))], dtype=object)
    box = box_at(corner)
    ours = read(FlatSheet.of("mixed", objects(*drawn), ids, kinds).tile(box))
    known = read(ShapeSheet.of("mixed", objects(*drawn), ids, kinds).tile(box))
    assert [(f["id"], f["properties"]) for f in ours] == [(f["id"], f["properties"]) for f in known]
    for one, other in zip(ours, known, strict=True):
        a, b = shape(one["geometry"]), shape(other["geometry"])
        assert shapely.get_dimensions(a) == shapely.get_dimensions(b)
        assert shapely.hausdorff_distance(a, b) <= 1
        assert a.area == pytest.approx(b.area, abs=a.length + 1)


def test_more_kinds_than_a_byte_counts() -> None:
    box = Box(0, 0, EXTENT, EXTENT)
    lines = [shapely.LineString([(0, row), (100, row)]) for row in range(0, 2000, 5)]
    words = np.array([f"路{row}" for row in range(400)], dtype=object)
    for kind in (FlatSheet, ShapeSheet):
        features = read(kind.of("names", objects(*lines), np.arange(400), words).tile(box))
        assert [f["properties"]["k"] for f in features] == list(words)


def test_holes_go_with_their_own_piece() -> None:
    """A frame cut in two: each half keeps its hole, and a hole at the rim opens."""
    halves = shapely.box(-10, 0, 10, 100).union(shapely.box(2000, 0, 2100, 100))
    bridge = shapely.box(0, 5000, 2100, 5100)
    legs = shapely.box(0, 0, 10, 5100).union(shapely.box(2000, 0, 2100, 5100))
    whole = shapely.union_all([halves, legs, bridge])
    holed = whole - shapely.box(2040, 40, 2060, 60) - shapely.box(-5, 40, 5, 60)
    (feature,) = read(FlatSheet.of("x", objects(holed), np.array([1])).tile(Box(0, 0, 4096, 4096)))
    polygons = rings_of(feature)
    assert sorted(len(polygon) for polygon in polygons) == [2, 2]
    for polygon in polygons:
        outer, hole = (shapely.Polygon(ring) for ring in polygon)
        assert outer.contains(hole)


def test_specks_go_and_take_their_holes_along() -> None:
    box = Box(0, 0, EXTENT * 10, EXTENT * 10)
    speck = shapely.box(11, 11, 13, 13) - shapely.box(11.5, 11.5, 12.5, 12.5)
    flat = shapely.box(100, 100, 900, 103)
    pair = shapely.MultiPolygon([speck, shapely.box(200, 200, 400, 400)])
    features = read(FlatSheet.of("x", objects(speck, flat, pair), np.arange(3)).tile(box))
    assert [feature["id"] for feature in features] == [2]
    assert shape(features[0]["geometry"]).area == 400


def test_a_long_ring_needs_more_room_than_is_kept_ready() -> None:
    turns = np.linspace(0, 2 * np.pi, 9000, endpoint=False)
    ring = np.column_stack([np.cos(turns), np.sin(turns)]) * (1900, 1900) + 2048
    ring[::2] = (ring[::2] - 2048) * 0.5 + 2048
    for size in (4096, 2600):
        box = Box(0, 0, size, size)
        (ours,) = read(FlatSheet.of("x", objects(shapely.Polygon(ring)), np.array([1])).tile(box))
        (known,) = read(ShapeSheet.of("x", objects(shapely.Polygon(ring)), np.array([1])).tile(box))
        a, b = (shapely.make_valid(shape(f["geometry"])) for f in (ours, known))
        assert shapely.symmetric_difference(a, b).area < 1e-3 * b.area


def test_thousands_of_features_are_found_block_by_block() -> None:
    cells = np.array(
        [shapely.box(x, y, x + 1, y + 1) for x in range(60) for y in range(60)], dtype=object
    )
    made = FlatSheet.of("cells", cells, np.arange(3600))
    box = Box(20.5, 30.5, 24.5, 34.5)
    found = {feature["id"] for feature in read(made.tile(box))}
    window = shapely.box(*box.grown(RIM))
    assert found == set(np.flatnonzero(shapely.intersects(cells, window)))


def test_neighbours_share_their_border_in_every_tile() -> None:
    """What two cells have in common has the same points on both sides."""
    places = make_places()
    cells = project(np.asarray(places.geometry.array, dtype=object)[1:-1])
    west, south, east, north = shapely.total_bounds(cells)
    middle, size = ((west + east) / 2, (south + north) / 2), (east - west) / 3
    box = Box(middle[0] - size, middle[1] - size, middle[0] + size, middle[1] + size)
    whole = [
        shape(f["geometry"]).buffer(0)
        for f in read(FlatSheet.of("x", cells, np.arange(len(cells))).tile(box))
    ]
    total = shapely.area(np.array(whole)).sum()
    assert shapely.union_all(whole).area == pytest.approx(total, rel=2e-4)


def test_without_compiled_kernels_sheets_are_cut_by_geos(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMPILED
    assert isinstance(sheet("x", objects(), np.empty(0, dtype=np.int64)), FlatSheet)
    monkeypatch.setattr(sheets, "COMPILED", False)
    assert isinstance(sheet("x", objects(), np.empty(0, dtype=np.int64)), ShapeSheet)


def test_a_sheet_of_nothing_is_an_empty_tile() -> None:
    for kind in (FlatSheet, ShapeSheet):
        for nothing in (objects(), objects(None, shapely.Polygon())):
            made = kind.of(
                "x", nothing, np.arange(len(nothing)), np.full(len(nothing), "a", dtype=object)
            )
            assert made.tile(Box(0, 0, 1, 1)) == b""
