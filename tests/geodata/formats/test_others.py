"""GeoPackage, Parquet, FlatGeobuf, GML, KML and lists of records in XML."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata import formats
from geodata.formats import FileRefusedError, safely
from tests.geodata.formats.writing import GML, KML, OPEN311, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.geodata.formats.conftest import Reads

CODE = "11011400100100000001"


@pytest.fixture
def shapes() -> gpd.GeoDataFrame:
    rows = {"名称": ["东", "西"], "code": [CODE, None], "n": [1, 2], "f": [1.0, None]}
    at = pd.to_datetime(["2024-11-01 08:00:00", None])
    places = [shapely.Point(500_000, 4_400_000), None]
    return gpd.GeoDataFrame({**rows, "at": at}, geometry=places, crs="EPSG:4547")


@pytest.mark.parametrize("name", ["a.gpkg", "a.fgb", "a.parquet"])
def test_shapes_of_every_kind_of_file_say_the_same(
    tmp_path: Path, shapes: gpd.GeoDataFrame, name: str
) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        shapes.to_parquet(path)
    else:
        shapes.to_file(path, SPATIAL_INDEX="NO")
    sheet = formats.read(path)
    frame = sheet.frame
    assert frame["名称"].tolist() == ["东", "西"]
    assert frame["code"].tolist() == [CODE, ""]
    assert frame[["n", "f"]].to_numpy().tolist() == [["1", "1"], ["2", ""]]
    assert [text[:10] for text in frame["at"]] == ["2024-11-01", ""]
    assert frame["geometry"].iloc[0].equals(shapes.geometry.iloc[0])
    assert frame["geometry"].isna().tolist() == [False, True]
    assert (sheet.crs, sheet.remarks) == ("EPSG:4547", ())


def test_reading_leaves_gdal_as_it_was(tmp_path: Path, shapes: gpd.GeoDataFrame) -> None:
    shapes.to_file(tmp_path / "a.fgb", SPATIAL_INDEX="NO")
    before = pyogrio.list_drivers()
    formats.read(tmp_path / "a.fgb")
    assert pyogrio.list_drivers() == before


def test_one_of_several_layers_is_chosen(tmp_path: Path, shapes: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.gpkg"
    shapes.to_file(path, layer="街道")
    shapes.head(1).to_file(path, layer='社区 "一"')
    with pytest.raises(FileRefusedError, match="街道, 社区"):
        formats.read(path)
    assert len(formats.read(path, layer='社区 "一"').frame) == 1


def test_a_layer_that_is_a_query_is_refused(tmp_path: Path, shapes: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.gpkg"
    shapes.to_file(path, layer="t")
    with sqlite3.connect(path) as base:
        base.execute("CREATE VIEW v AS SELECT * FROM t")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('v', 'features', 'v')"
        )
    base.close()
    with pytest.raises(FileRefusedError, match="is a query"):
        formats.read(path, layer="v")


def test_geometry_that_is_broken_is_told_by_row(tmp_path: Path, shapes: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.gpkg"
    shapes.to_file(path, layer="t", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as base:
        base.execute("UPDATE t SET geom = x'00' WHERE fid = 2")
    base.close()
    [remark] = formats.read(path).remarks
    assert (remark.reason, remark.rows) == ("geometry_not_understood", [2])


def test_moments_of_parquet_are_written_as_people_do(tmp_path: Path) -> None:
    days = pd.to_datetime(["2024-11-01", None])
    frame = pd.DataFrame(
        {
            "day": days,
            "at": pd.to_datetime(["2024-11-01 08:00:00", None]),
            "fine": pd.to_datetime(["2024-11-01 08:00:00.25", None]),
            "zone": days.tz_localize("Asia/Shanghai"),
            "kind": pd.Categorical(["x", None]),
            "yes": pd.array([True, None], dtype="boolean"),
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    assert formats.read(tmp_path / "a.parquet").frame.iloc[0].tolist() == [
        "2024-11-01",
        "2024-11-01 08:00:00",
        "2024-11-01 08:00:00.250000000"[: len("2024-11-01 08:00:00.250000")],
        "2024-11-01 00:00:00+0800",
        "x",
        "true",
    ]
    assert formats.read(tmp_path / "a.parquet").frame.iloc[1].tolist() == [""] * 6


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_kml_placemarks_are_rows(read: Reads, encoding: str) -> None:
    sheet = read("a.kml", KML.replace("UTF-8", encoding).encode(encoding))
    frame = sheet.frame
    assert frame["name"].tolist() == ["网格一", "点"]
    assert frame[["folder", "code"]].to_numpy().tolist() == [["东片", "001"], ["", ""]]
    assert frame["geometry"].iloc[0].area == 1
    assert frame["geometry"].iloc[1].equals(shapely.Point(2, 3))
    [remark] = sheet.remarks
    assert (remark.reason, remark.rows) == ("ring_closed", [1])


def test_a_kmz_is_its_kml(read: Reads) -> None:
    sheet = read("a.kmz", zipped({"doc.kml": KML.encode(), "files/icon.png": b"x"}))
    assert sheet.frame["name"].tolist() == ["网格一", "点"]


def test_a_kml_that_only_links_is_refused(read: Reads) -> None:
    link = b"<kml><NetworkLink><Link><href>http://127.0.0.1/x.kml</href></Link></NetworkLink></kml>"
    with pytest.raises(FileRefusedError, match="only links to other files"):
        read("a.kml", link)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_gml_features_are_rows(read: Reads, encoding: str) -> None:
    sheet = read("a.gml", GML.replace("UTF-8", encoding).encode(encoding))
    assert sheet.frame["name"].tolist() == ["网格一"]
    assert sheet.frame["code"].tolist() == [CODE]
    assert sheet.frame["geometry"].iloc[0].equals(shapely.Point(116.2, 40.2))


def test_one_of_several_kinds_of_gml_features_is_chosen(read: Reads) -> None:
    member = GML[GML.index("<gml:featureMember>") : GML.index("</ogr:FeatureCollection>")]
    road = member.replace("ogr:grid", "ogr:road")
    both = GML.replace("</ogr:FeatureCollection>", road + "</ogr:FeatureCollection>")
    with pytest.raises(FileRefusedError, match="grid, road"):
        read("a.gml", both.encode())
    assert len(read("b.gml", both.encode(), layer="road").frame) == 1


def test_open311_requests_are_rows(read: Reads) -> None:
    frame = read("a.xml", OPEN311.encode()).frame
    assert frame.to_dict("list") == {
        "service_request_id": ["1", "2"],
        "status": ["open", "closed"],
        "lat": ["37.7", ""],
        "long": ["-122.4", ""],
    }


def test_an_error_message_is_no_list_of_requests(read: Reads) -> None:
    fault = b"<errors><error><code>404</code><description>not found</description></error></errors>"
    with pytest.raises(FileRefusedError, match="error message of a server \\(404 not found"):
        read("a.xml", fault)
    assert len(read("b.xml", b"<service_requests/>").frame) == 0


@pytest.mark.parametrize("name", ["a.kml", "a.gml", "a.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused_before_anything_expands(
    read: Reads, name: str, encoding: str
) -> None:
    body = {"a.kml": KML, "a.gml": GML, "a.xml": OPEN311}[name].partition("?>")[2]
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(FileRefusedError, match="document type"):
        read(
            name, (f'<?xml version="1.0" encoding="{encoding}"?>' + laughs + body).encode(encoding)
        )
    with pytest.raises(FileRefusedError, match="deeper than"):
        read(name, (body.replace("</", "<a>" * 99 + "</a>" * 99 + "</", 1)).encode())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.geojson", b"<OGRVRTDataSource><x/></OGRVRTDataSource>", "points_elsewhere"),
        ("a.kml", b"\n<!-- x --><OGRWFSDataSource/>", "points_elsewhere"),
        ("a.shp", b"<VRTDataset/>", "points_elsewhere"),
        ("a.gpkg", b"SQLite format 3\0" + b"x" * 100, "damaged"),
        ("a.fgb", b"fgb\x03fgb\0" + b"x" * 100, "no_layer"),
        ("a.parquet", b"PAR1xxxxPAR1", "damaged"),
        ("a.shp", b"\x00\x00\x27\x0a" + b"x" * 100, "damaged"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 1000, "damaged"),
        ("a.csv.gz", b"\x1f\x8b" + b"x" * 100, "damaged"),
        ("a.bin", b"\x7fELF", "unknown_kind"),
        ("a.csv", b"a,b\0\n1,2", "unknown_kind"),
        ("a.pdf", b"%PDF-1.7", "unknown_kind"),
        ("a.gpkg", b"a text", "not_geopackage"),
        ("a.shp", b"a text", "not_shapefile"),
        ("a.GEOJSON", b"a text", "not_json"),
        ("a.parquet", b"a text", "not_parquet"),
        ("a.xlsx", b"a text", "not_workbook"),
        ("a.xls", b"\0\0", "not_workbook"),
        ("a.zip", b"a text", "not_zip"),
        ("a.kml", b"a text", "not_xml"),
        ("a.fgb", b"a text", "not_flatgeobuf"),
        ("a.dbf", b"\0", "not_dbf"),
        ("a.csv.gz", b"a text", "not_gzip"),
    ],
)  # fmt: skip
def test_what_a_file_holds_decides_and_not_its_name(
    read: Reads, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read(name, content)
    assert refused.value.reason == reason
    assert name in str(refused.value)


def test_a_database_that_lists_no_layers_is_no_geopackage(read: Reads, tmp_path: Path) -> None:
    path = tmp_path / "plain.sqlite"
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE rows (code TEXT)")
        base.commit()
    with pytest.raises(FileRefusedError, match="is a database, but no GeoPackage") as refused:
        read("a.gpkg", path.read_bytes())
    assert refused.value.reason == "not_geopackage"


def test_a_refusal_says_what_the_name_promises(read: Reads) -> None:
    with pytest.raises(
        FileRefusedError, match=r"ends in \.gpkg, but its contents are no GeoPackage"
    ):
        read("文字.gpkg", "一段文字".encode())


def reasons(sheet: formats.Sheet) -> dict[str, list[int]]:
    return {remark.reason: remark.rows for remark in sheet.remarks}


def test_attributes_of_an_element_are_read(read: Reads) -> None:
    record = (
        '<r id="7"><location lat="40.1" lon="116.2"/><status code="3">open</status>'
        '<n type="integer">5</n><gone nil="true"/>'
        '<none xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></r>'
    )
    sheet = read("a.xml", f"<rs>{record * 2}</rs>".encode())
    assert sheet.frame.iloc[0].to_dict() == {
        "id": "7",
        "location": '{"lat": "40.1", "lon": "116.2"}',
        "status": "open",
        "status.code": "3",
        "n": "5",
        "gone": "",
        "none": "",
    }


def test_records_of_several_names_must_be_chosen_from(read: Reads) -> None:
    opened = "<open><id>1</id></open>" * 3
    closed = "<closed><id>2</id><at>x</at></closed>" * 2
    text = f"<cases>{opened}{closed}</cases>".encode()
    with pytest.raises(FileRefusedError, match="open, closed") as refused:
        read("a.xml", text)
    assert refused.value.choices == ("open", "closed")
    assert read("b.xml", text, layer="closed").frame["id"].tolist() == ["2", "2"]
    one = f"<cases>{opened}<closed><id>2</id></closed></cases>".encode()
    with pytest.raises(FileRefusedError, match="open, closed"):
        read("c.xml", one)


def test_what_stands_beside_the_records_is_told(read: Reads) -> None:
    head = "<head><from>指挥中心</from></head><count>2</count><empty/>"
    record = '<case id="1"/>'
    sheet = read("a.xml", f"<cases>{head}{record * 2}</cases>".encode())
    assert sheet.frame["id"].tolist() == ["1", "1"]
    [remark] = sheet.remarks
    assert (remark.reason, remark.rows) == ("beside_the_rows", [])
    assert remark.texts == ("head: 指挥中心", "count: 2")


def test_text_that_is_no_utf8_is_told(tmp_path: Path, shapes: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.gpkg"
    shapes.to_file(path, layer="t", SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as base:
        base.execute("UPDATE t SET 名称 = CAST(x'B6AB' AS TEXT) WHERE fid = 2")
    base.close()
    assert reasons(formats.read(path)) == {"broken_text": [2]}


def test_xml_with_bytes_that_are_no_text_is_told(read: Reads) -> None:
    text = OPEN311.replace("open", "和平街道中心社区?").encode().replace(b"?<", b"\xe5\xb9<")
    assert reasons(read("a.xml", text)) == {"broken_text": [1]}
    marks = KML.encode().replace("点".encode(), b"\xe5\xb9")
    assert reasons(read("a.kml", marks))["broken_text"] == [2]


def with_rows_beside(path: Path, folder: Path) -> None:
    """Copy a GeoPackage as it lies there while a program has it open."""
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA wal_autocheckpoint = 0")
    base.execute("UPDATE t SET n = 7 WHERE fid = 2")
    base.commit()
    for name in (path.name, f"{path.name}-wal"):
        (folder / name).write_bytes((path.parent / name).read_bytes())
    base.close()


@pytest.mark.parametrize("reading", [formats.read, safely.read])
def test_rows_that_lie_beside_a_geopackage_are_read(
    tmp_path: Path, shapes: gpd.GeoDataFrame, reading: Callable[..., formats.Sheet]
) -> None:
    shapes.to_file(tmp_path / "a.gpkg", layer="t", SPATIAL_INDEX="NO")
    folder = tmp_path / "copied"
    folder.mkdir()
    with_rows_beside(tmp_path / "a.gpkg", folder)
    kept = {each.name: each.read_bytes() for each in folder.iterdir()}
    packed = tmp_path / "a.zip"
    packed.write_bytes(zipped(kept))
    for path in (folder / "a.gpkg", packed):
        sheet = reading(path)
        assert sheet.frame["n"].tolist() == ["1", "7"]
        [remark] = sheet.remarks
        assert (remark.action, remark.reason, remark.rows) == ("repaired", "changes_beside", [])
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == kept
