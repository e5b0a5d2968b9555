from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata import crs
from geodata.ingest import measures, shift
from geodata.ingest.findings import Ledger

SIZE = 0.02  # degrees, about two kilometres


def squares(lon: float, lat: float) -> np.ndarray:
    """Nine squares with one corner there."""
    corners = [(lon + SIZE * x, lat + SIZE * y) for x in range(3) for y in range(3)]
    return np.array([shapely.box(x, y, x + SIZE, y + SIZE) for x, y in corners], dtype=np.object_)


def moved(shapes: np.ndarray, name: str = "GCJ-02") -> np.ndarray:
    return shapely.transform(
        shapes, lambda c: np.column_stack(crs.from_wgs84(name, c[:, 0], c[:, 1]))
    )


def test_a_shift_is_suspected_and_measured() -> None:
    known = squares(116.3, 39.9)
    fit = shift.areas(moved(known), known)
    assert fit is not None
    assert fit.suspect
    # Published for Beijing: some 550 m to the east and north.
    assert fit.offset_m == pytest.approx(547, abs=15)
    assert fit.before < 0.85
    assert fit.after > 0.9999
    assert measures.read(fit.detail) is not None


@pytest.mark.parametrize("metres", [0.0, 5.0, 60.0])
def test_other_differences_are_not_suspected(metres: float) -> None:
    known = squares(116.3, 39.9)
    off = shapely.transform(known, lambda c: c - metres / 111_000)
    fit = shift.areas(off, known)
    assert fit is not None
    assert not fit.suspect


def test_a_layer_of_other_ground_is_not_suspected() -> None:
    fit = shift.areas(moved(squares(116.3, 39.9)), squares(116.36, 39.9))
    assert fit is not None
    assert not fit.suspect


def test_there_is_nothing_to_suspect_abroad() -> None:
    known = squares(-74, 40.7)
    assert shift.areas(known, known) is None


def test_units_are_told_and_stay_where_they_are() -> None:
    known = squares(116.3, 39.9)
    parent = shapely.union_all(known)
    units = gpd.GeoDataFrame({"parent": ["p"] * 9}, geometry=moved(known), crs=4326)
    findings: list[dict[str, Any]] = []
    before = units.geometry.to_wkb().tolist()
    shift.note_units(units, {"p": parent}, Ledger("streets.geojson", 9, findings))
    assert units.geometry.to_wkb().tolist() == before
    (told,) = findings
    assert told["reason"] == "crs_suspected_gcj02"
    assert (told["file"], told["rows"]) == ("streets.geojson", 9)
    measured = measures.read(told["detail"])
    assert measured is not None
    assert measured[1]["offset"] == pytest.approx(547, abs=15)


@pytest.mark.parametrize("wrong", ["buildings", "roads"])
def test_roads_through_buildings_give_a_shift_away(wrong: str) -> None:
    # Blocks of 400 m with a street of 40 m between them: a shift of 550 m puts houses on streets.
    step = 0.004
    xs = [116.3 + step * n + 0.0001 * n * n for n in range(8)]
    ys = [39.9 + step * n for n in range(8)]
    houses = [shapely.box(x, y, x + step * 0.9, y + step * 0.9) for x in xs for y in ys]
    roads = [shapely.LineString([(x - step * 0.05, 39.9), (x - step * 0.05, 39.93)]) for x in xs]
    shapes = {"buildings": np.array(houses), "roads": np.array(roads)}
    shapes[wrong] = moved(shapes[wrong])
    frames = {k: gpd.GeoDataFrame(geometry=v, crs=4326) for k, v in shapes.items()}
    findings: list[dict[str, Any]] = []
    shift.note_roads(frames["buildings"], frames["roads"], findings)
    assert [told["file"] for told in findings] == [wrong]
    measured = measures.read(str(findings[0]["detail"]))
    assert measured is not None
    assert measured[1]["offset"] == pytest.approx(550, abs=50)
    quiet: list[dict[str, Any]] = []
    straight = [gpd.GeoDataFrame(geometry=np.array(v), crs=4326) for v in (houses, roads)]
    shift.note_roads(straight[0], straight[1], quiet)
    shift.note_roads(straight[0], None, quiet)
    assert quiet == []
