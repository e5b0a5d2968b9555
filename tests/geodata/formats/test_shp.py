"""Shapefiles and their tables: encodings, struck-out records, archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata import formats
from geodata.formats import FileRefusedError, Limits
from tests.geodata.formats.writing import dbf, points_shp, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.geodata.formats.conftest import Reads

FIELDS = [("名稱", "C", 8), ("CODE", "N", 20), ("DAY", "D", 8), ("OPEN", "L", 1)]
ROW = (b"11011400100100000001", b"20241130", b"T")
PRJ = b'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'  # noqa: E501


def layer(names: list[bytes], **how: object) -> dict[str, bytes]:
    shp, shx = points_shp([(float(i), 1.0) for i, _ in enumerate(names)])
    table = dbf(FIELDS, [(name, *ROW) for name in names], **how)  # type: ignore[arg-type]
    return {".shp": shp, ".shx": shx, ".dbf": table, ".prj": PRJ}


@pytest.mark.parametrize(
    ("written", "language", "cpg", "told"),
    [
        ("gbk", 0x4D, b"", "gb18030"),
        ("gbk", 0, b"", "gb18030"),
        ("gbk", 0x57, b"", "gb18030"),
        ("gbk", 0, b"GBK", "gb18030"),
        ("gbk", 0, b"936", "gb18030"),
        ("utf-8", 0, b"", "utf-8"),
        ("utf-8", 0x57, b"UTF-8", "utf-8"),
        ("big5", 0, b"950", "big5hkscs"),
    ],
)
def test_the_encoding_is_declared_or_found(  # noqa: PLR0913, PLR0917
    tmp_path: Path, read: Reads, written: str, language: int, cpg: bytes, told: str
) -> None:
    if cpg:
        (tmp_path / "a.CPG").write_bytes(cpg)
    names = ["東城".encode(written), "西城".encode(written)]
    sheet = read(
        "a.dbf", dbf(FIELDS, [(n, *ROW) for n in names], encoding=written, language=language)
    )
    assert sheet.encoding == told
    assert sheet.frame.iloc[0].tolist() == ["東城", "11011400100100000001", "2024-11-30", "true"]


def test_the_profile_overrides_a_wrong_declaration(tmp_path: Path, read: Reads) -> None:
    (tmp_path / "a.cpg").write_bytes(b"ISO-8859-1")
    table = dbf(FIELDS, [("东城".encode("gbk"), *ROW)])
    assert read("a.dbf", table).frame.iloc[0, 0] != "东城"
    assert read("a.dbf", table, encoding="gbk").frame.iloc[0, 0] == "东城"


def test_a_letter_cut_by_the_end_of_its_field_decides_nothing(read: Reads) -> None:
    cut = "东城区街道"
    for encoding, told in (("utf-8", "utf-8"), ("gbk", "gb18030")):
        fields = [("A", "C", 7)]
        sheet = read("a.dbf", dbf(fields, [(cut.encode(encoding)[:7],)], encoding=encoding))
        assert sheet.encoding == told
        assert sheet.frame["A"].tolist() == [cut[: 2 if encoding == "utf-8" else 3]]


def test_struck_out_records_are_left_out_and_told(tmp_path: Path, read: Reads) -> None:
    files = layer([b"a", b"b", b"c"], deleted=[1])
    for suffix, content in files.items():
        (tmp_path / f"x{suffix}").write_bytes(content)
    for sheet in (formats.read(tmp_path / "x.shp"), read("y.dbf", files[".dbf"])):
        assert sheet.frame.iloc[:, 0].tolist() == ["a", "c"]
        assert sheet.rows.tolist() == [1, 3]
        [struck] = sheet.remarks
        assert (struck.action, struck.reason, struck.rows) == ("rejected", "marked_deleted", [2])


def test_shapes_and_rows_belong_together(tmp_path: Path) -> None:
    for suffix, content in layer(["东".encode("gbk"), "西".encode("gbk")]).items():
        (tmp_path / f"X{suffix.upper()}").write_bytes(content)
    sheet = formats.read(tmp_path / "X.SHP")
    assert sheet.frame["名稱"].tolist() == ["东", "西"]
    assert [shape.x for shape in sheet.frame["geometry"]] == [0.0, 1.0]
    assert sheet.crs == "EPSG:4490"


def test_an_index_that_is_missing_is_made_elsewhere(tmp_path: Path) -> None:
    files = layer([b"a"])
    (tmp_path / "x.shp").write_bytes(files[".shp"])
    sheet = formats.read(tmp_path / "x.shp")
    assert len(sheet.frame) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["x.shp"]


def test_a_table_that_breaks_off_is_told(read: Reads) -> None:
    table = dbf(FIELDS, [(b"a", *ROW), (b"b", *ROW)])
    sheet = read("a.dbf", table[:-20])
    assert len(sheet.frame) == 1
    assert [remark.reason for remark in sheet.remarks] == ["file_breaks_off"]


def test_numbers_are_written_as_people_do(read: Reads) -> None:
    cells = [b"12.000", b"12.50", b"1.2e+15", b"****", b"", b"-0.5", b".5"]
    sheet = read("a.dbf", dbf([("N", "N", 10)], [(cell,) for cell in cells]))
    assert sheet.frame["N"].tolist() == ["12", "12.5", "1200000000000000.0", "", "", "-0.5", "0.5"]


def test_a_zipped_layer_is_read_past_what_macs_add(read: Reads) -> None:
    files = {f"街道/数据{suffix}": content for suffix, content in layer([b"a"]).items()}
    junk = {
        "__MACOSX/街道/._数据.shp": b"junk",
        "街道/.DS_Store": b"junk",
        "街道/说明.pdf": b"%PDF",
    }
    for gbk in (False, True):
        sheet = read(f"a{gbk}.zip", zipped({**files, **junk}, gbk=gbk))
        assert (len(sheet.frame), sheet.crs) == (1, "EPSG:4490")


def test_one_of_several_layers_is_chosen_by_its_true_name(read: Reads) -> None:
    files = {f"东{suffix}": content for suffix, content in layer([b"a"]).items()}
    files |= {f"西{suffix}": content for suffix, content in layer([b"b", b"c"]).items()}
    for gbk in (False, True):
        content = zipped(files, gbk=gbk)
        with pytest.raises(FileRefusedError, match=r"东\.shp, 西\.shp") as refused:
            read(f"a{gbk}.zip", content)
        assert refused.value.choices == ("东.shp", "西.shp")
        assert len(read(f"b{gbk}.zip", content, layer="西").frame) == 2


def test_archives_hold_other_files_too(read: Reads) -> None:
    assert read("a.zip", zipped({"x.csv": b"a\n1\n"})).frame["a"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"../x.shp": b"", "x.csv": b"a\n1"}, "leads_outside"),
        ({"/etc/x.csv": b"a\n1"}, "leads_outside"),
        ({"C:\\x.csv": b"a\n1"}, "leads_outside"),
        ({"a.txt.zip": zipped({"b.csv": b"a\n1"})}, "no_layer"),
        ({"a.csv": zipped({"b.csv": b"a\n1"})}, "nested_archive"),
        ({}, "no_layer"),
        ({"x.csv": b"a\n" + b"0" * 3_000_000}, "inflates_too_far"),
    ],
)
def test_archives_that_mean_harm_are_refused(
    read: Reads, files: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read("a.zip", zipped(files), limits=Limits(inflated=2_000_000))
    assert refused.value.reason == reason


def test_too_many_entries_are_refused(read: Reads) -> None:
    content = zipped({f"{i}.csv": b"a\n1" for i in range(11)})
    with pytest.raises(FileRefusedError, match="11 files"):
        read("a.zip", content, limits=Limits(entries=10))
