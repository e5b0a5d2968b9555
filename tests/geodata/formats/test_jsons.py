"""JSON in all its shapes, and geometry that is not as it should be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from geodata.formats import FileRefusedError, Limits
from tests.geodata.formats.writing import SQUARE, collection, feature

if TYPE_CHECKING:
    from tests.geodata.formats.conftest import Reads

AREA = "POLYGON((0 0,1 0,1 1,0 1,0 0))"
AREAS = "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)))"
POINT = {"type": "Point", "coordinates": [1.5, 2.5]}


def reasons(sheet: Any) -> dict[str, list[int]]:  # noqa: ANN401
    return {remark.reason: remark.rows for remark in sheet.remarks}


def test_properties_become_text_and_lose_no_digit(read: Reads) -> None:
    given = {
        "code": 11011400100100000001,
        "n": 2.0,
        "f": 2.5,
        "t": True,
        "o": None,
        "d": {"a": ["b"]},
    }
    sheet = read("a.geojson", collection(feature(given, POINT)))
    assert sheet.frame.drop(columns="geometry").iloc[0].tolist() == [
        "11011400100100000001", "2", "2.5", "true", "", '{"a": ["b"]}',
    ]  # fmt: skip
    assert sheet.frame["geometry"].iloc[0].equals(shapely.Point(1.5, 2.5))
    assert (sheet.crs, sheet.remarks) == ("OGC:CRS84", ())


@pytest.mark.parametrize(
    "document",
    [
        [feature({"a": "1"}, POINT)],
        feature({"a": "1"}, POINT),
        {"features": [{"properties": {"a": "1"}, "geometry": POINT}]},
        {"type": "FeatureCollection", "features": feature({"a": "1"}, POINT)},
    ],
)
def test_features_are_found_however_they_are_wrapped(read: Reads, document: object) -> None:
    sheet = read("a.json", json.dumps(document).encode())
    assert sheet.frame["a"].tolist() == ["1"]
    assert sheet.frame["geometry"].iloc[0].equals(shapely.Point(1.5, 2.5))


def test_a_bare_geometry_is_one_row(read: Reads) -> None:
    sheet = read("a.json", json.dumps(POINT).encode())
    assert list(sheet.frame) == ["geometry"]


def test_the_id_of_a_feature_is_a_column_unless_its_properties_have_one(read: Reads) -> None:
    with_id = {"id": 7, **feature({"a": "1"}, POINT)}
    both = {"id": 7, **feature({"id": "x"}, POINT)}
    assert read("a.json", collection(with_id)).frame["id"].tolist() == ["7"]
    assert read("b.json", collection(both)).frame["id"].tolist() == ["x"]


def test_lines_of_json_are_read_and_broken_ones_named(read: Reads) -> None:
    lines = [
        json.dumps(feature({"a": "1"}, POINT)),
        '{"type": "Feat',
        json.dumps(feature({"a": "3"})),
    ]
    sheet = read("a.geojson", "\n".join(lines).encode())
    assert sheet.frame["a"].tolist() == ["1", "3"]
    assert sheet.rows.tolist() == [1, 3]
    [broken] = sheet.remarks
    assert (broken.action, broken.rows, broken.texts) == ("rejected", [2], ('{"type": "Feat',))


def test_records_are_found_in_the_answer_that_wraps_them(read: Reads) -> None:
    answer = {"code": 0, "data": {"total": 2, "list": [{"案卷号": 1}, {"案卷号": 2, "x": [1]}]}}
    sheet = read("a.json", json.dumps(answer).encode())
    assert sheet.frame.to_dict("list") == {"案卷号": ["1", "2"], "x": ["", "[1]"]}
    assert "geometry" not in sheet.frame


def test_several_lists_must_be_chosen_from(read: Reads) -> None:
    answer = json.dumps({"cases": [{"a": 1}], "streets": [{"b": 2}]}).encode()
    with pytest.raises(FileRefusedError, match="cases, streets") as refused:
        read("a.json", answer)
    assert refused.value.choices == ("cases", "streets")
    assert read("b.json", answer, layer="streets").frame["b"].tolist() == ["2"]


def test_what_is_no_feature_is_rejected_by_row(read: Reads) -> None:
    sheet = read("a.json", collection(feature({"a": "1"}), None, 5, feature({"a": "4"})))
    assert sheet.frame["a"].tolist() == ["1", "4"]
    assert sheet.rows.tolist() == [1, 4]
    [lost] = sheet.remarks
    assert (lost.reason, lost.rows, lost.texts) == ("feature_not_an_object", [2, 3], ("", "5"))


@pytest.mark.parametrize(
    ("geometry", "wkt", "reason"),
    [
        ({"type": "Polygon", "coordinates": [SQUARE[0][:4]]}, AREA, "ring_closed"),
        ({"type": "Polygon", "coordinates": SQUARE[0]}, AREA, "geometry_nesting"),
        (
            {"type": "Polygon", "coordinates": [SQUARE]},
            AREAS,
            "geometry_nesting",
        ),
        ({"type": "MultiPolygon", "coordinates": SQUARE}, AREA, "geometry_nesting"),
        ({"type": "Point", "coordinates": ["1.5", "2.5"]}, "POINT(1.5 2.5)", "coordinates_as_text"),
        (
            {"type": "GeometryCollection", "geometries": [POINT, {"type": "Line"}]},
            "GEOMETRYCOLLECTION(POINT(1.5 2.5))",
            "part_left_out",
        ),
    ],
)
def test_geometry_with_one_meaning_is_mended_and_told(
    read: Reads, geometry: object, wkt: str, reason: str
) -> None:
    sheet = read("a.json", collection(feature({}, POINT), feature({}, geometry)))
    assert sheet.frame["geometry"].iloc[1].equals_exact(shapely.from_wkt(wkt))
    assert reasons(sheet) == {reason: [2]}


@pytest.mark.parametrize(
    "geometry",
    [
        "POINT (1 2)",
        [],
        {"type": "Point"},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [float("nan"), 1]},
        {"type": "Point", "coordinates": [float("inf"), 1]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "LineString", "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": [None]},
    ],
)
def test_a_row_is_kept_without_a_geometry_that_makes_no_sense(
    read: Reads, geometry: object
) -> None:
    sheet = read("a.json", collection(feature({"a": "1"}, geometry), feature({"a": "2"}, POINT)))
    assert sheet.frame["a"].tolist() == ["1", "2"]
    assert sheet.frame["geometry"].isna().tolist() == [True, False]
    assert reasons(sheet) == {"geometry_not_understood": [1]}


def test_the_old_crs_member_counts(read: Reads) -> None:
    named = {"type": "name", "properties": {"name": "EPSG:4547"}}
    coded = {"type": "EPSG", "properties": {"code": 4490}}
    assert read("a.json", collection(feature({}, POINT), crs=named)).crs == "EPSG:4547"
    assert read("b.json", collection(feature({}, POINT), crs=coded)).crs == "EPSG:4490"
    assert read("c.json", collection(feature({}, POINT), crs=5)).crs == "OGC:CRS84"


def test_esri_json_has_holes_by_their_turn(read: Reads) -> None:
    outer = [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]
    hole = [[3, 3], [4, 3], [4, 4], [3, 4], [3, 3]]
    island = [[20, 0], [20, 1], [21, 1], [21, 0]]
    document = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 102100, "latestWkid": 3857},
        "features": [
            {
                "attributes": {"OBJECTID": 1, "名称": "甲"},
                "geometry": {"rings": [outer, hole, island]},
            },
            {"attributes": {"OBJECTID": 2, "名称": "乙"}, "geometry": {"x": "NaN", "y": "NaN"}},
        ],
    }
    sheet = read("a.json", json.dumps(document).encode())
    assert sheet.crs == "EPSG:3857"
    assert sheet.frame["名称"].tolist() == ["甲", "乙"]
    assert sheet.frame["geometry"].iloc[0].area == 81 - 1 + 1
    assert sheet.frame["geometry"].isna().tolist() == [False, True]
    assert reasons(sheet) == {"ring_closed": [1]}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "damaged"),
        (b'{"type": "FeatureCollection"}', "no_features"),
        (b'{"type": "FeatureCollection", "features": {}}', "no_features"),
        (b'{"type": "FeatureCollection", "features": null}', "no_features"),
        (b'{"type": "Topology", "objects": {}}', "unknown_kind"),
        (b'{"error": {"code": 498, "message": "Invalid token"}}', "server_error"),
        (b"[1, 2]", "no_features"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
    ],
)
def test_other_json_is_refused_with_its_reason(read: Reads, content: bytes, reason: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read("a.json", content)
    assert refused.value.reason == reason
    assert "a.json" in str(refused.value)


def test_limits_hold(read: Reads) -> None:
    many = collection(*[feature({str(i): 1}, POINT) for i in range(20)])
    with pytest.raises(FileRefusedError, match="20 features"):
        read("a.json", many, limits=Limits(features=19))
    with pytest.raises(FileRefusedError, match="different properties"):
        read("b.json", many, limits=Limits(columns=19))
    wide = collection(
        feature({}, {"type": "LineString", "coordinates": [[i, 0] for i in range(9)]})
    )
    with pytest.raises(FileRefusedError, match="feature 1 has a shape of 9 vertices"):
        read("c.json", wide, limits=Limits(shape_vertices=8))
    with pytest.raises(FileRefusedError, match="20 vertices"):
        read("d.json", many, limits=Limits(vertices=19))


def test_a_list_of_no_features_has_shapes_and_a_crs(read: Reads) -> None:
    sheet = read("a.json", collection())
    assert (list(sheet.frame), len(sheet.frame), sheet.crs) == (["geometry"], 0, "OGC:CRS84")


def test_open311_requests_are_records(read: Reads) -> None:
    request = {"service_request_id": "1", "lat": 37.7, "media": {"url": "x"}}
    sheet = read("a.json", json.dumps([request, {"service_request_id": "2"}]).encode())
    assert sheet.frame.to_dict("list") == {
        "service_request_id": ["1", "2"],
        "lat": ["37.7", ""],
        "media": ['{"url": "x"}', ""],
    }
    assert sheet.crs == ""


def test_a_line_of_json_may_hold_a_separator_of_lines(read: Reads) -> None:
    lines = ['{"a": "x\u2028y"}', '{"a": "\x85"}\r', '{"a": "z"}']
    sheet = read("a.json", "\n".join(lines).encode())
    assert sheet.frame["a"].tolist() == ["x\u2028y", "\x85", "z"]
    assert sheet.remarks == ()


def esri_page(**more: object) -> bytes:
    rows = [{"attributes": {"created": 1_730_419_200_000, "day": "x", "n": 1_730_419_200_000}}]
    fields = [
        {"name": "created", "type": "esriFieldTypeDate"},
        {"name": "day", "type": "esriFieldTypeDate"},
        {"name": "n", "type": "esriFieldTypeDouble"},
        "?",
        {"name": ["n"], "type": "esriFieldTypeDate"},
    ]
    return json.dumps({"fields": fields, "features": rows, **more}).encode()


def test_moments_of_esri_are_written_as_moments(read: Reads) -> None:
    sheet = read("a.json", esri_page(geometryType="esriGeometryPoint"))
    row = sheet.frame.drop(columns="geometry").iloc[0].tolist()
    assert row == ["2024-11-01T00:00:00+00:00", "x", "1730419200000"]


@pytest.mark.parametrize(
    ("moments", "texts"),
    [
        ([0, None, -1000], ["1970-01-01T00:00:00+00:00", "", "1969-12-31T23:59:59+00:00"]),
        ([1, 1000.0], ["1970-01-01T00:00:00.001000+00:00", "1970-01-01T00:00:01.000000+00:00"]),
        ([10**18, True, 1e300], ["1000000000000000000", "true", repr(1e300)]),
    ],
)
def test_moments_of_esri_of_every_kind(
    read: Reads, moments: list[object], texts: list[str]
) -> None:
    document = {
        "fields": [{"name": "at", "type": "esriFieldTypeDate"}],
        "features": [{"attributes": {"at": moment}} for moment in moments],
    }
    assert read("a.json", json.dumps(document).encode()).frame["at"].tolist() == texts


@pytest.mark.parametrize(
    "document",
    [
        esri_page(exceededTransferLimit=True),
        collection(feature({"a": 1}, POINT), exceededTransferLimit=True),
        collection(feature({"a": 1}, POINT), properties={"exceededTransferLimit": True}),
        collection(feature({"a": 1}, POINT), numberMatched=2, numberReturned=1),
    ],
)
def test_a_page_of_a_longer_answer_is_told(read: Reads, document: bytes) -> None:
    [remark] = read("a.json", document).remarks
    assert (remark.action, remark.reason, remark.rows) == ("kept", "answer_cut_off", [])


def test_a_whole_answer_is_not_called_cut_off(read: Reads) -> None:
    assert read("a.json", esri_page(exceededTransferLimit=False)).remarks == ()
    whole = collection(feature({"a": 1}, POINT), numberMatched=1, totalFeatures="unknown")
    assert read("b.json", whole).remarks == ()


@pytest.mark.parametrize("odd", [None, 5, "x"])
def test_one_odd_entry_does_not_hide_a_list_of_records(read: Reads, odd: object) -> None:
    answer = {"results": [{"a": 1}, odd, {"a": 3}]}
    sheet = read("a.json", json.dumps(answer).encode())
    assert sheet.frame["a"].tolist() == ["1", "3"]
    assert reasons(sheet) == {"feature_not_an_object": [2]}
    mostly = {"id": 7, "tags": ["x", "y", {"z": 1}]}
    assert read("b.json", json.dumps(mostly).encode()).frame["id"].tolist() == ["7"]


def test_a_feature_of_a_strange_type_costs_only_itself(read: Reads) -> None:
    strange = {"type": ["Polygon"], "coordinates": SQUARE}
    odd = [feature({"a": 1}, strange), {**feature({"a": 2}, POINT), "type": ["Feature"]}]
    within = {"type": "GeometryCollection", "geometries": [POINT, strange]}
    many = [*odd, feature({"a": 3}, POINT), {"type": {}, "a": 4}, feature({"a": 5}, within)]
    sheet = read("a.json", collection(*many))
    assert sheet.frame["a"].tolist() == ["1", "2", "3", "4", "5"]
    assert sheet.frame["geometry"].isna().tolist() == [True, False, False, True, False]
    assert reasons(sheet) == {"geometry_not_understood": [1], "part_left_out": [5]}
    document = {"type": ["FeatureCollection"], "features": [feature({"a": 1}, POINT)]}
    assert read("b.json", json.dumps(document).encode()).remarks == ()


def test_bytes_of_json_that_are_no_text_are_told(read: Reads) -> None:
    text = json.dumps({"rows": [{"a": "和平街道中心社区"}, {"a": "东?"}]}, ensure_ascii=False)
    sheet = read("a.json", text.encode().replace(b"?", b"\xe5\xb9"))
    assert reasons(sheet) == {"broken_text": [2]}


def test_half_a_pair_of_surrogates_is_told(read: Reads) -> None:
    sheet = read("a.json", b'[{"a": "x"}, {"a": "\\ud800y"}]')
    assert sheet.frame["a"].tolist() == ["x", "\ufffdy"]
    assert reasons(sheet) == {"broken_text": [2]}


def test_features_records_and_lines_are_told_apart(read: Reads) -> None:
    assert read("a.json", collection(feature({}, POINT))).numbered == "feature"
    assert read("b.json", b'[{"a": 1}, {"a": 2}]').numbered == "record"
    sheet = read("c.json", b'\n{"a": 1}\n\n{"a": 2}\n')
    assert (sheet.numbered, sheet.rows.tolist()) == ("row", [2, 4])
