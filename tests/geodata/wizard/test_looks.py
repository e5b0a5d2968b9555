from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.wizard import guess, look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    assert found.fault.reason == "damaged"
    assert found.rows == 0


def test_a_name_that_a_profile_would_read_as_a_variable_is_refused(written: Written) -> None:
    fault = look(written("${HOME}.csv", [{"id": "1"}])).fault
    assert fault
    assert "rename it" in fault.said("en")
    assert "修改文件名" in fault.said("zh")


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


def test_text_that_was_broken_before_is_told(written: Written) -> None:
    broken = "北京市朝阳区建国路".encode().decode("gbk", errors="ignore")
    rows: list[dict[str, object]] = [{"编码": f"9901{n:02}", "名称": broken} for n in range(4)]
    draft = guess([look(written("街道.csv", rows))])
    (asked,) = [question for question in draft.questions if "损坏" in question.zh]
    assert (asked.file, asked.must) == ("街道.csv", False)
    assert asked.zh.startswith("4 行")
