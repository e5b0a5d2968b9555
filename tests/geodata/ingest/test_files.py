"""Paths of a profile, and its files under our names and in WGS-84."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geodata import crs
from geodata.ingest.files import expand, read_layer
from geodata.model.errors import ImportRefusedError
from geodata.model.profile import Layer
from tests.geodata.formats.writing import collection, feature, zipped

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "${YIPING_REAL_DATA:-../../../shared/data}/town"


def test_a_relative_path_from_a_variable_counts_from_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIPING_REAL_DATA", "../shared/data")
    found = tmp_path / "geodata" / "profiles" / expand(TEXT)
    assert found.resolve() == tmp_path.parent / "shared" / "data" / "town"


def test_a_whole_path_from_a_variable_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIPING_REAL_DATA", "/srv/data")
    assert expand(TEXT) == "/srv/data/town"


def test_a_fallback_counts_from_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIPING_REAL_DATA", raising=False)
    assert expand(TEXT) == "../../../shared/data/town"


def test_a_variable_inside_a_path_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEAR", "2019")
    assert expand("cases-${YEAR}.csv") == "cases-2019.csv"


def test_a_variable_without_value_or_fallback_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIPING_REAL_DATA", raising=False)
    with pytest.raises(ImportRefusedError, match="YIPING_REAL_DATA"):
        expand("${YIPING_REAL_DATA}/town")


POINT = {"type": "Point", "coordinates": [116.4, 39.9]}


def test_rows_keep_their_numbers_and_remarks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("名,区\n东,1\n西,1,2\n南,2\n北,1\n".encode("gbk"))
    layer = Layer(path="a.csv", columns={"name_zh": "名"}, where={"区": "1"})
    read = read_layer(layer, tmp_path, "EPSG:4490")
    assert read.frame["name_zh"].tolist() == ["东", "北"]
    assert read.frame["row"].tolist() == [2, 5]
    assert (read.passed_over, read.encoding, read.crs) == (1, "gb18030", "")
    assert [(remark.reason, remark.rows) for remark in read.remarks] == [("row_too_long", [3])]


def test_the_profile_names_the_encoding_and_the_layer(tmp_path: Path) -> None:
    content = "名\n臺北\n".encode("big5")
    (tmp_path / "a.zip").write_bytes(zipped({"一.csv": content, "二.csv": b"x\n1\n"}))
    columns = {"name_zh": "名"}
    chosen = Layer(path="a.zip", layer="一", encoding="big5", columns=columns)
    assert read_layer(chosen, tmp_path, "").frame["name_zh"].tolist() == ["臺北"]
    with pytest.raises(ImportRefusedError, match=r"a\.zip.*name one of them as `layer`"):
        read_layer(Layer(path="a.zip", columns=columns), tmp_path, "")


def test_a_file_of_another_make_is_read_by_its_own_mapping(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("Unique Key\n1\n")
    (tmp_path / "new.csv").write_text("unique_key\n2\n")
    (tmp_path / "odd.csv").write_text("id\n3\n")
    layer = Layer(path="", columns={"key": "Unique Key"}, versions=({"key": "unique_key"},))
    for name, key in (("old.csv", "1"), ("new.csv", "2")):
        read = read_layer(layer.model_copy(update={"path": name}), tmp_path, "")
        assert read.frame["key"].tolist() == [key]
    with pytest.raises(ImportRefusedError, match=r"odd\.csv: has no column Unique Key.*it has id"):
        read_layer(layer.model_copy(update={"path": "odd.csv"}), tmp_path, "")


def test_shifted_coordinates_are_taken_back_when_the_profile_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(collection(feature({}, POINT), feature({})))
    shapes = read_layer(Layer(path="a.json", crs="GCJ-02"), tmp_path, "").shapes
    x, y = crs.to_wgs84("GCJ-02", np.array([116.4]), np.array([39.9]))
    assert (shapes.iloc[0].x, shapes.iloc[0].y) == (x[0], y[0])
    assert shapes.isna().tolist() == [False, True]
    metres = {"type": "Point", "coordinates": [500_000, 4_400_000]}
    (tmp_path / "b.json").write_bytes(collection(feature({}, metres)))
    with pytest.raises(ImportRefusedError, match="GCJ-02 has degrees, the file has metres"):
        read_layer(Layer(path="b.json", crs="GCJ-02"), tmp_path, "")


def test_a_column_of_well_known_text_is_a_shape(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,the_geom\n1,POINT (1 2)\n2,nonsense\n")
    layer = Layer(path="a.csv", columns={"code": "id", "geometry": "the_geom"})
    read = read_layer(layer, tmp_path, "EPSG:4326")
    assert [shape and (shape.x, shape.y) for shape in read.frame["geometry"]] == [(1, 2), None]
    assert read.crs == "EPSG:4326"
    [remark] = read.remarks
    assert (remark.reason, remark.rows) == ("geometry_not_understood", [3])


def test_an_answer_without_records_is_a_table_without_rows(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<service_requests/>")
    read = read_layer(Layer(path="a.xml", columns={"key": "id"}), tmp_path, "")
    assert (list(read.frame), len(read.frame)) == (["key", "row"], 0)
