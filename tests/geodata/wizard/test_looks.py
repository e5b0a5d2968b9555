from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from geodata.wizard import look, look_folder, looks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Written = Callable[..., Path]


def test_a_table_in_gbk_is_shown_under_every_encoding_it_may_have(written: Written) -> None:
    path = written("案件.csv", [{"任务号": "1", "处置部门": "城管执法局"}], "gb18030")
    found = look(path)
    assert found.encoding == "gb18030"
    assert found.decodings[0].encoding == "gb18030"
    assert found.decodings[0].columns == ("任务号", "处置部门")
    assert found.decodings[0].rows == (("1", "城管执法局"),)
    assert all(not each.fits for each in found.decodings if each.encoding == "utf-8")


def test_another_encoding_can_be_asked_for(written: Written) -> None:
    path = written("部門.csv", [{"編號": "1", "部門": "環境保護"}], "big5")
    found = look(path, encoding="big5")
    assert [column.name for column in found.columns] == ["編號", "部門"]
    assert found.decodings[0].rows == (("1", "環境保護"),)


def test_plain_letters_need_no_choice(written: Written) -> None:
    found = look(written("a.csv", [{"id": "1", "name": "x"}]))
    assert len(found.decodings) == 1


def test_what_cannot_be_read_is_a_fault_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("{", encoding="utf-8")
    found = look(tmp_path / "a.geojson")
    assert found.fault
    assert found.rows == 0


def test_a_name_that_a_profile_would_read_as_a_variable_is_refused(written: Written) -> None:
    assert "rename it" in look(written("${HOME}.csv", [{"id": "1"}])).fault


def test_shapes_columns_and_crs_of_boundaries(exported: Path) -> None:
    found = look(exported / "网格.geojson", folder=exported)
    assert found.name == "网格.geojson"
    assert found.shapes is not None
    assert (found.shapes.kind, found.rows, found.shapes.missing) == ("area", 6, 0)
    assert found.spot.crs
    code = found.column("GRID_CODE")
    assert code is not None
    assert (code.unique, code.filled) == (True, 1.0)


def test_where_cases_lie_is_told_by_the_rows_that_have_coordinates(written: Written) -> None:
    rows: list[dict[str, object]] = [{"经度": 116.5, "纬度": 40.2}] * 20 + [
        {"经度": 0, "纬度": 0}
    ] * 3
    found = look(written("a.csv", rows))
    assert found.box is not None
    assert found.spot.crs == "EPSG:4490"


def test_a_folder_leaves_out_what_is_no_data(exported: Path) -> None:
    (exported / "LICENSE.txt").write_text("x", encoding="utf-8")
    (exported / "说明.docx").write_bytes(b"x")
    names = [each.name for each in look_folder(exported)]
    assert names == sorted(names)
    assert {"区.geojson", "街道.geojson", "网格.geojson", "部门.csv", "案件.csv"} == set(names)


def test_every_layer_of_a_file_is_looked_at(tmp_path: Path, exported: Path) -> None:
    import geopandas as gpd  # noqa: PLC0415 (only this test writes with it)

    folder = tmp_path / "layers"
    folder.mkdir()
    for name, layer in (("区", "district"), ("网格", "grid")):
        gpd.read_file(exported / f"{name}.geojson").to_file(folder / "all.gpkg", layer=layer)
    found = look_folder(folder)
    assert [each.name for each in found] == ["all.gpkg#district", "all.gpkg#grid"]
    assert [each.rows for each in found] == [1, 6]


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    folder.mkdir()
    with zipfile.ZipFile(folder / "x.zip", "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return folder


def test_an_encoding_chosen_for_a_layer_is_used(tmp_path: Path) -> None:
    text = "名称,说明\n东风,街道\n".encode("gb18030")
    folder = archive(tmp_path / "in", {"a.csv": text, "b.csv": text})
    before = [each.encoding for each in look_folder(folder)]
    for name in ("x.zip#a.csv", "x.zip#b.csv"):
        found = look_folder(folder, encodings={name: "big5"})
        assert [each.name for each in found] == ["x.zip#a.csv", "x.zip#b.csv"]
        changed = [e.name for e, was in zip(found, before, strict=True) if e.encoding != was]
        assert changed == [name]


def test_a_file_of_very_many_layers_is_looked_at_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "MOST_LAYERS", 2)
    folder = archive(tmp_path / "in", {f"{name}.csv": b"a\n1\n" for name in "abc"})
    *found, rest = look_folder(folder)
    assert [each.name for each in found] == ["x.zip#a.csv", "x.zip#b.csv"]
    assert rest.name == "x.zip"
    assert rest.fault == "has 3 layers, of which 2 are looked at; split it"
