"""Points that lie in no unit: turned round, or outside the city; and what the file can do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.ingest import astray, measures
from geodata.ingest.files import read_layer
from geodata.model.profile import Layer

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.store.snapshots import City

pytestmark = pytest.mark.usefixtures("bare")
SPOTS = """  {key = "spot", name_zh = "点", name_en = "Spot", sources = [
    {path = "spots.geojson", columns = {name_zh = "name", code = "id"}}]},
]

"""
AT = {"in": "2024-07-01 10:00"}
BEIJING = {
    "type": "Polygon",
    "coordinates": [[[116.1, 40.1], [116.3, 40.1], [116.3, 40.3], [116.1, 40.3], [116.1, 40.1]]],
}
TURNED = {
    "type": "Polygon",
    "coordinates": [[[y, x] for x, y in BEIJING["coordinates"][0]]],  # type: ignore[misc]
}


def told(city: City, file: str) -> dict[str, tuple[str, int, str]]:
    mine = city.findings[city.findings["file"] == file]
    columns = zip(mine["reason"], mine["action"], mine["rows"], mine["detail"], strict=True)
    return {str(r): (str(a), int(n), str(d)) for r, a, n, d in columns}


def sites(city: City) -> dict[str, str]:
    rows = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    units = city.sites["unit"].iloc[rows["site"]].to_numpy()
    return dict(zip(rows["key"], city.places["name_zh"].to_numpy()[units], strict=True))


def test_degrees_that_only_make_sense_turned_round_are_told_and_not_turned(files: Any) -> None:  # noqa: ANN401
    files.areas(
        [{"type": "Feature", "properties": {"name": "昌平", "id": "c"}, "geometry": BEIJING}]
    )
    files.cases(
        [
            {"no": "right", "x": "116.2", "y": "40.2", **AT},
            {"no": "turned", "x": "40.2", "y": "116.2", **AT},
            {"no": "nowhere", "x": "400", "y": "116.2", **AT},
        ]
    )
    city = files.publish()
    found = told(city, "cases.csv")
    assert found["coordinates_swapped"] == ("kept", 1, "3")
    assert found["coordinates_not_on_earth"] == ("kept", 1, "4")
    assert sites(city) == {"right": "昌平", "turned": "试验市", "nowhere": "试验市"}


def test_points_inside_the_city_only_when_turned_round(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    # Both ways round they are on earth: longitude 50 to 51, latitude 0 to 1.
    files.areas([feature("东", 50)])
    files.cases(
        [
            {"no": "right", "x": "50.5", "y": "0.5", **AT},
            {"no": "turned", "x": "0.5", "y": "50.5", **AT},
            {"no": "off", "x": "51.01", "y": "0.5", **AT},
            {"no": "far", "x": "52", "y": "0.5", **AT},
            {"no": "blank", **AT},
        ]
    )
    city = files.publish()
    found = told(city, "cases.csv")
    assert found["coordinates_swapped"] == ("kept", 1, "3")
    action, rows, detail = found["point_outside_city"]
    assert (action, rows) == ("kept", 2)
    numbers, distances = measures.parts(detail)
    assert numbers == "4, 5"
    measured = measures.read(distances)
    assert measured is not None
    assert measured[1]["smallest"] == pytest.approx(1_113, rel=0.01)
    assert measured[1]["largest"] == pytest.approx(111_300, rel=0.01)
    assert found["place_unknown"] == ("kept", 1, "6")
    assert sites(city)["turned"] == "试验市"


def test_a_point_abroad_is_told_and_left_out_though_its_row_names_a_place(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    files.areas([feature("东", 50)])
    files.cases(
        [
            {"no": "right", "where": "东", "x": "50.5", "y": "0.5", **AT},
            {"no": "abroad", "where": "东", "x": "30", "y": "0.5", **AT},
            {"no": "turned", "where": "东", "x": "0.5", "y": "50.5", **AT},
            {"no": "unnamed", "x": "30", "y": "0.5", **AT},
        ]
    )
    city = files.publish()
    found = told(city, "cases.csv")
    action, rows, detail = found["point_outside_city"]
    assert (action, rows, measures.parts(detail)[0]) == ("kept", 2, "3, 5")
    assert found["coordinates_swapped"] == ("kept", 1, "4")
    assert "place_unknown" not in found
    at = sites(city)
    assert at == {"right": "东", "abroad": "东", "turned": "东", "unnamed": "试验市"}
    cases = pd.concat([pd.read_parquet(path) for path in city.incident_files()]).set_index("key")
    assert cases.loc["right", ["lon", "lat"]].tolist() == [50.5, 0.5]
    assert cases.loc[["abroad", "turned"], ["lon", "lat"]].isna().all(axis=None)


def test_a_named_place_is_believed_where_the_border_of_the_city_is_not_known(
    files: Any,  # noqa: ANN401
    feature: Callable[..., dict[str, object]],
) -> None:
    files.areas([feature("东", 50), feature("西", 40) | {"geometry": None}])
    files.cases([{"no": "open", "where": "西", "x": "40.5", "y": "0.5", **AT}])
    city = files.publish()
    assert "point_outside_city" not in told(city, "cases.csv")
    cases = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    assert cases["lon"].tolist() == [40.5]


def test_units_that_lie_in_those_above_only_when_turned_round(files: Any) -> None:  # noqa: ANN401
    def piece(name: str, x: float, y: float) -> dict[str, object]:
        shape = json.loads(shapely.to_geojson(shapely.box(x, y, x + 0.4, y + 0.4)))
        return {"type": "Feature", "properties": {"name": name, "id": name}, "geometry": shape}

    files.areas([piece("东", 50, 0)])
    files.areas([piece("甲", 50.1, 0.1), piece("乙", 0.1, 50.1)], "spots.geojson")
    files.cases([])
    text = files.profile().read_text(encoding="utf-8")
    text = text.replace("]\n\n[[incidents]]", f"{SPOTS}[[incidents]]")
    found = told(files.publish(text), "spots.geojson")
    assert found["coordinates_swapped"] == ("kept", 1, "2")


def test_a_profile_that_says_so_turns_points_and_shapes_round(files: Any) -> None:  # noqa: ANN401
    (files.folder / "p.csv").write_text("x,y\n40.2,116.2\n", encoding="utf-8")
    columns = {"lon": "x", "lat": "y"}
    frame = read_layer(Layer(path="p.csv", columns=columns, swapped=True), files.folder, "").frame
    assert frame.loc[0, ["lon", "lat"]].tolist() == ["116.2", "40.2"]
    files.areas([{"type": "Feature", "properties": {}, "geometry": TURNED}], "t.geojson")
    read = read_layer(Layer(path="t.geojson", swapped=True), files.folder, "EPSG:4326")
    assert read.shapes.iloc[0].bounds == pytest.approx((116.1, 40.1, 116.3, 40.3))
    assert read.remarks == ()


def test_a_shape_beyond_the_pole_is_told_and_taken_away(files: Any) -> None:  # noqa: ANN401
    shapes = [TURNED, BEIJING, {"type": "Point", "coordinates": [200, 200]}]
    files.areas(
        [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes], "t.geojson"
    )
    read = read_layer(Layer(path="t.geojson"), files.folder, "EPSG:4326")
    assert [(r.action, r.reason, r.rows) for r in read.remarks] == [
        ("kept", "coordinates_swapped", [1]),
        ("kept", "coordinates_not_on_earth", [3]),
    ]
    assert read.shapes.isna().tolist() == [True, False, True]


def test_what_has_no_place_on_the_map_has_no_distance() -> None:
    places = gpd.GeoDataFrame(
        {"parent": np.array([-1, 0])},
        geometry=[shapely.box(0, 0, 2, 1), shapely.box(0, 0, 1, 1)],
        crs=4326,
    )
    points = gpd.GeoSeries([shapely.Point(3, 0.5), shapely.Point(), None], crs=4326)
    off = astray.off_m(places, points)
    assert off[0] == pytest.approx(111_300, rel=0.01)
    assert np.isnan(off[1:]).all()
    assert not astray.turned(places, points)[1:].any()
    assert np.isnan(
        astray.off_m(places.assign(geometry=None).set_geometry("geometry"), points)
    ).all()
