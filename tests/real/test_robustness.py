"""Files that others made wrong on purpose: what each becomes here, stated one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyproj import CRS

from geodata import formats
from geodata.formats import FileRefusedError, Sheet, safely

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

# Folder of the GeoJSON set → the files that are not simply read, and what is said of them.
REFUSED = {
    "invalid_featurecollcetion_features_is_object": "no_features",
    "invalid_featurecollcetion_no_features_member": "no_features",
    "invalid_featurecollection_feature_nullfeature": "no_features",
    "invalid_featurecollection_nulltype": "no_features",
    "invalid_featurecollection_type_lowercase": "no_features",
    "invalid_featurecollection_unknown_type": "no_features",
}
REMARKED = {
    "invalid_unclosed": "ring_closed",
    "invalid_feature_no_porperties": "ring_closed",
    "problematic_outside_lat_lon_boundaries": "ring_closed",
    "invalid_incorrect_geometry_data_type": "geometry_nesting",
    "invalid_geometry_depth_deep_point": "geometry_nesting",
    "invalid_geometry_depth_shallow_polygon": "geometry_nesting",
    "invalid_geometry_coordinates_string": "coordinates_as_text",
    "invalid_feature_geometry_is_string": "geometry_not_understood",
    "invalid_geometry_coordinates_1d": "geometry_not_understood",
    "invalid_geometry_coordinates_empty_position": "geometry_not_understood",
    "invalid_geometry_coordinates_missing": "geometry_not_understood",
    "invalid_geometry_depth_deep_polygon": "geometry_not_understood",
    "invalid_geometry_depth_shallow_linestring": "geometry_not_understood",
    "invalid_geometry_depth_shallow_multipolygon": "geometry_not_understood",
    "invalid_geometry_geometrycollection_null_geometry": "geometry_not_understood",
    "invalid_geometry_misslabeled_point": "geometry_not_understood",
}
ROWS = {
    "valid_featurecollection_bboxes": 2,
    "valid_featurecollection_empty_features": 0,
    "valid_featurecollection_multiple_feature_types": 4,
}
# Table → encoding told, and the text of its first row.
TABLES = {
    "cpg/big5.dbf": ("big5hkscs", "國語"),
    "cpg/euckr.dbf": ("euc_kr", "한국말"),
    "cpg/koi8r.dbf": ("koi8-r", "русский"),
    "cpg/latin2.dbf": ("iso8859-2", "čeština"),
    "cpg/shiftjis.dbf": ("shift_jis", "カタカナひらがな"),
    "cpg/win1251.dbf": ("cp1251", "РУССКИЙ"),
    "cpg/win874.dbf": ("cp874", "ภาษาไทย"),
    "gb2312.dbf": ("gb18030", "简体国语"),
    "gbk.dbf": ("gb18030", "简体国语"),
    "latin1.dbf": ("cp1252", "Peçeña México"),
    "ldid/chinese.dbf": ("gb18030", "简体"),
    "utf8.dbf": ("utf-8", "国语國語"),
    "comma_separated.dbf": ("utf-8", "68.5"),
}


@pytest.fixture(scope="module")
def geojson(real_data: Path) -> dict[str, Path]:
    """The GeoJSON set by name of the file."""
    folder = real_data / "robustness" / "geojson_validator"
    return {path.stem: path for path in sorted(folder.rglob("*.geojson"))}


def read(path: Path) -> Sheet | FileRefusedError:
    try:
        return formats.read(path)
    except FileRefusedError as error:
        return error


def test_every_geojson_is_read_or_refused_as_stated(geojson: dict[str, Path]) -> None:
    results = {name: read(path) for name, path in geojson.items()}
    refused = {n: r.reason for n, r in results.items() if isinstance(r, FileRefusedError)}
    assert refused == REFUSED
    sheets = {n: r for n, r in results.items() if isinstance(r, Sheet)}
    assert {n: s.remarks[0].reason for n, s in sheets.items() if s.remarks} == REMARKED
    assert all(len(s.frame) == ROWS.get(n, 1) for n, s in sheets.items())
    assert all(remark.rows == [1] for s in sheets.values() for remark in s.remarks)


def test_valid_geojson_is_read_without_a_remark(geojson: dict[str, Path]) -> None:
    valid = {name: path for name, path in geojson.items() if name.startswith("valid_")}
    assert len(valid) == 22
    sheets = {name: formats.read(path) for name, path in valid.items()}
    assert all(sheet.remarks == () for sheet in sheets.values())
    nowhere = {name for name, sheet in sheets.items() if sheet.frame["geometry"].isna().any()}
    assert nowhere == {
        "valid_feature_null_geometry",
        "valid_geometry_geometrycollection_empty_geometries",
    }


def test_metres_under_an_old_crs_member_keep_their_crs(geojson: dict[str, Path]) -> None:
    sheet = formats.read(geojson["invalid_featurecollection_crs_defined"])
    assert CRS.from_user_input(sheet.crs).to_epsg() == 32632


@pytest.mark.parametrize("name", TABLES)
def test_tables_say_their_encoding_and_read_right(real_data: Path, name: str) -> None:
    sheet = formats.read(real_data / "robustness" / "mapshaper" / "dbf" / name)
    encoding, text = TABLES[name]
    assert (sheet.encoding, sheet.frame.iloc[0, 0]) == (encoding, text)


@pytest.mark.parametrize(
    ("name", "encoding", "text"),
    [
        ("big5.dbf", "big5", "繁體國語"),
        ("shiftjis.dbf", "shift_jis", "ひたちなか市"),
        ("eucjp.dbf", "euc-jp", "ひたちなか市"),
    ],
)
def test_a_wrong_guess_is_put_right_by_the_profile(
    real_data: Path, name: str, encoding: str, text: str
) -> None:
    path = real_data / "robustness" / "mapshaper" / "dbf" / name
    assert formats.read(path).frame.iloc[0, 0] != text
    assert formats.read(path, encoding=encoding).frame.iloc[0, 0] == text


def test_text_of_no_likely_encoding_asks_for_it(real_data: Path) -> None:
    path = real_data / "robustness" / "mapshaper" / "dbf" / "periphereies.dbf"
    with pytest.raises(FileRefusedError, match="name its encoding"):
        formats.read(path)
    assert len(formats.read(path, encoding="cp1253").frame) > 0


def test_columns_of_one_name_are_told_apart(real_data: Path) -> None:
    sheet = formats.read(real_data / "robustness" / "mapshaper" / "dbf" / "duplicate_fields.dbf")
    assert [remark.reason for remark in sheet.remarks] == ["column_named_twice"]
    assert sheet.frame.columns.is_unique


# Answers of an Open311 server → rows, or why there are none.
OPEN311 = {
    "403.xml": "not_xml",
    "get_service_request.xml": 1,
    "get_service_request_not_found.xml": "server_error",
    "post_service_request.xml": 1,
    "request_id_from_token.xml": 1,
    "service_definition.xml": 1,
    "service_requests.xml": 2,
    "service_requests_empty.xml": 0,
    "services.xml": 36,
}


@pytest.mark.parametrize("name", OPEN311)
def test_answers_of_an_open311_server(real_data: Path, name: str) -> None:
    found = read(real_data / "open311" / "cfa_ruby_spec" / name)
    assert (found.reason if isinstance(found, FileRefusedError) else len(found.frame)) == (
        OPEN311[name]
    )


def test_open311_requests_keep_every_member(real_data: Path) -> None:
    frame = formats.read(real_data / "open311" / "cfa_ruby_spec" / "service_requests.xml").frame
    assert frame["service_request_id"].tolist() == ["638344", "638349"]
    assert frame["lat"].iloc[0] == "37.762221815"


def test_shapefiles_of_others_are_read_apart(real_data: Path) -> None:
    tracts = safely.read(real_data / "us_nyc_boundaries" / "nyct2010.zip")
    assert (len(tracts.frame), tracts.crs, tracts.remarks) == (2165, "EPSG:2263", ())
    plain = safely.read(real_data / "cn_shenzhen_districts10" / "pygeo_sz_shp" / "sz.shp")
    assert (plain.crs, plain.encoding) == ("", "utf-8")
    assert "罗湖" in plain.frame["qh"].tolist()


def test_a_long_list_is_read_apart_and_whole(real_data: Path) -> None:
    sheet = safely.read(real_data / "cn_admin_codes" / "villages.parquet")
    assert len(sheet.frame) == 620_573
    assert sheet.frame["code"].str.len().eq(12).all()
