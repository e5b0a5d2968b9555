"""Valid files with bytes changed, cut, doubled or put in: read or refused, and nothing else."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import formats
from geodata.formats import FileRefusedError, Limits
from tests.geodata.formats.writing import (
    GML,
    KML,
    OPEN311,
    SQUARE,
    collection,
    dbf,
    feature,
    ods,
    points_shp,
    xlsx,
    zipped,
)

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits(bytes=8 << 20, inflated=8 << 20, columns=200)
AREA = {"type": "Polygon", "coordinates": SQUARE}
ESRI = b'{"spatialReference":{"wkid":4490},"features":[{"attributes":{"a":1},"geometry":{"rings":[[[0,0],[0,1],[1,1],[0,0]]]}}]}'  # noqa: E501
TABLE = dbf([("名", "C", 8), ("N", "N", 8)], [("东".encode("gbk"), b"1"), (b"x", b"2.50")])
SHP, SHX = points_shp([(1.0, 2.0), (3.0, 4.0)])
LAYER = {"a.shp": SHP, "a.shx": SHX, "a.dbf": TABLE}


def written(kind: str) -> bytes:
    out = io.BytesIO()
    frame = gpd.GeoDataFrame({"a": ["东"]}, geometry=[shapely.Point(1, 2)], crs=4490)
    if kind == "parquet":
        frame.to_parquet(out)
    else:
        frame.to_file(out, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    return out.getvalue()


SEEDS = {
    "a.geojson": collection(feature({"a": 1, "名": "东"}, AREA), feature(None)),
    "a.json": ESRI,
    "a.csv": 'a,b\n1,"东\n西"\n3,4\n'.encode("gb18030"),
    "a.csv.gz": gzip.compress(b"a,b\n1,2\n"),
    "a.dbf": TABLE,
    "a.shp": SHP,
    "a.zip": zipped(LAYER),
    "a.xlsx": xlsx([["标题", None], ["a", "b"], ["x", 2], ["y", 3]], ["A1:B1"]),
    "a.ods": ods([["a", "b"], ["1", "2"]]),
    "a.kml": KML.encode(),
    "a.gml": GML.encode(),
    "a.xml": OPEN311.encode(),
    "a.xls": b"<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>",
    "a.parquet": written("parquet"),
    "a.fgb": written("fgb"),
}
PIECES = [b"", b"\0", b"\xff", b"[", b"{", b'"', b"<", b"-1", b"1e999", b"\xff\xff\xff\x7f", b"NaN"]
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 8), st.sampled_from(PIECES) | st.binary(max_size=6)),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, piece in changes:
        at = int(where * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


@pytest.mark.parametrize("name", SEEDS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES)
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    path = tmp_path / name
    path.write_bytes(changed(SEEDS[name], changes))
    try:
        sheet = formats.read(path, limits=LIMITS)
    except FileRefusedError:
        return
    assert len(sheet.rows) == len(sheet.frame)
    assert (sheet.rows >= 1).all()
    rejected = [row for r in sheet.remarks if r.action == "rejected" for row in r.rows]
    assert not set(rejected) & set(sheet.rows.tolist())


@pytest.mark.parametrize("name", SEEDS)
def test_the_files_are_right_before_they_are_damaged(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(SEEDS[name])
    assert len(formats.read(tmp_path / name, limits=LIMITS).frame) > 0
