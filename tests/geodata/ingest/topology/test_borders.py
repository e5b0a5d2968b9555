from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geodata.ingest.topology import survey

UTM = CRS(32650)
CORNER = np.array([400_000, 4_400_000])


def units(**shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    """Units in metres from a corner; `p…` are parents and `p1_a` is a unit of p1."""
    codes = list(shapes)
    moved = [shapely.transform(s, lambda c: c + CORNER) for s in shapes.values()]
    frame = gpd.GeoDataFrame(
        {
            "code": codes,
            "parent": [code.rpartition("_")[0] for code in codes],
            "level": ["unit" if "_" in code else "parent" for code in codes],
        },
        geometry=gpd.GeoSeries(moved, crs=UTM),
    )
    return frame.to_crs(4326)


def found(frame: gpd.GeoDataFrame) -> dict[tuple[str, str, str], float]:
    table = survey(frame, ["unit"], UTM)
    assert (table["level"] == "unit").all()
    keys = zip(table["kind"], table["unit"], table["other"], strict=True)
    return dict(zip(keys, table["area_m2"].round(1), strict=True))


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


def test_borders_that_meet_leave_nothing() -> None:
    frame = units(p=box(0, 0, 200, 100), p_a=box(0, 0, 100, 100), p_b=box(100, 0, 200, 100))
    assert found(frame) == {}


def test_overlaps_are_measured_once_for_each_pair() -> None:
    frame = units(p=box(0, 0, 200, 100), p_a=box(0, 0, 110, 100), p_b=box(100, 0, 200, 100))
    assert found(frame) == {("overlap", "p_a", "p_b"): 1000.0}
    inside = units(p=box(0, 0, 200, 100), p_a=box(0, 0, 200, 100), p_b=box(50, 50, 60, 60))
    assert found(inside) == {("overlap", "p_a", "p_b"): 100.0}


def test_a_hole_between_units_is_a_gap_and_one_at_the_rim_is_not_covered() -> None:
    ring = shapely.difference(box(0, 0, 100, 100), box(40, 40, 50, 60))
    frame = units(p=box(0, 0, 210, 100), p_a=ring, p_b=box(100, 0, 200, 100))
    assert found(frame) == {("gap", "", "p"): 200.0, ("uncovered", "", "p"): 1000.0}


def test_slivers_are_narrow_whatever_their_length() -> None:
    ring = shapely.difference(box(0, 0, 1000, 100), box(10, 50, 990, 51))
    table = survey(units(p=box(0, 0, 1000, 100), p_a=ring), ["unit"], UTM)
    assert table["sliver"].tolist() == [True]
    assert table["width_m"].iloc[0] == pytest.approx(2 * 980 / (2 * 981), rel=1e-3)
    wide = shapely.difference(box(0, 0, 1000, 100), box(10, 40, 30, 60))
    assert not survey(units(p_a=wide), ["unit"], UTM)["sliver"].any()


def test_an_exclave_is_a_fact_and_not_ground_left_uncovered() -> None:
    airport = box(40, 40, 60, 60)
    frame = units(
        p1=box(0, 0, 100, 100),
        p2=box(100, 0, 200, 100),
        p1_a=shapely.difference(box(0, 0, 100, 100), airport),
        p2_b=shapely.union(box(100, 0, 200, 100), airport),
    )
    table = found(frame)
    assert table.pop(("exclave", "p2_b", "p1")) == 400.0
    assert table.pop(("exclave", "p2_b", "")) == 400.0
    assert table == {}


def test_parts_among_others_are_exclaves_and_islands_are_not() -> None:
    two = shapely.union(box(0, 0, 100, 100), box(140, 40, 160, 60))
    among = shapely.difference(box(100, 0, 200, 100), box(140, 40, 160, 60))
    assert found(units(p_a=two, p_b=among)) == {("exclave", "p_a", ""): 400.0}
    island = shapely.union(box(0, 0, 100, 100), box(300, 0, 310, 10))
    assert found(units(p_a=island)) == {("multi_part", "p_a", ""): 100.0}


def test_ground_outside_the_parent_is_measured() -> None:
    frame = units(p=box(0, 0, 190, 100), p_a=box(0, 0, 100, 100), p_b=box(100, 0, 200, 100))
    assert found(frame) == {("outside_parent", "p_b", "p"): 1000.0}


def test_levels_without_polygons_have_nothing_to_survey() -> None:
    bare = gpd.GeoDataFrame(
        {"code": ["a"], "parent": [""], "level": ["unit"]}, geometry=[None], crs=4326
    )
    assert survey(bare, ["unit"]).empty
    assert survey(units(p=box(0, 0, 1, 1)), ["unit"]).empty


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_what_is_found_adds_up_to_the_parent(cuts: list[int], seed: int) -> None:
    """Strips with random gaps and overlaps: parent = units − overlaps + gaps."""
    source = np.random.default_rng(seed)
    west, strips = 0, {}
    for number, width in enumerate(cuts):
        start = west + int(source.integers(-5, 6)) if number else 0
        strips[f"p_{number}"] = box(start, 0, west + width + 50, 100)
        west += width + 50
    frame = units(p=box(0, 0, west, 100), **strips)
    table = survey(frame, ["unit"], UTM).groupby("kind")["area_m2"].sum()
    areas = sum(shape.area for shape in strips.values())
    missing = table.get("gap", 0.0) + table.get("uncovered", 0.0)
    whole = areas - table.get("overlap", 0.0) + missing
    assert whole == pytest.approx(west * 100, abs=0.5)
