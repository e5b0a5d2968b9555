from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shapely

from geodata.wizard import Draft, guess, look_folder
from tests.geodata.wizard.sample import boundaries, cases, geojson, square, table

if TYPE_CHECKING:
    from pathlib import Path


def drafted(folder: Path) -> Draft:
    return guess(look_folder(folder), folder=folder.name)


def columns(draft: Draft, file: str) -> dict[str, str]:
    return {ours: found.value for ours, found in draft.file(file).columns}


def test_levels_come_in_order_with_their_parents(exported: Path) -> None:
    draft = drafted(exported)
    levels = [(level.key, level.units, level.parents.value) for level in draft.levels]
    assert levels == [("district", 1, "root"), ("street", 2, "column"), ("grid", 6, "prefix")]
    assert columns(draft, "街道.geojson") == {
        "code": "编码",
        "name_zh": "名称",
        "parent": "上级编码",
    }
    assert columns(draft, "网格.geojson")["parent"] == "GRID_CODE"
    assert dict(draft.file("网格.geojson").code_digits) == {"parent": 9}
    assert draft.city.name_zh.value == "试验区"
    assert draft.ready


def test_a_guess_says_why_in_both_languages(exported: Path) -> None:
    found = dict(drafted(exported).file("网格.geojson").columns)["code"]
    assert found.zh == "“GRID_CODE”列有 6 个不同的值，0 行为空，没有重复，像是编号"
    assert found.en == "column GRID_CODE: 6 different values, 0 blank, none twice: a code"
    assert found.sure


def test_cases_find_their_columns_times_places_and_states(exported: Path) -> None:
    draft = drafted(exported)
    plan = draft.file("案件.csv")
    assert plan.role.value == "incidents"
    assert columns(draft, "案件.csv") == {
        "key": "任务号",
        "matter": "小类名称",
        "category": "大类名称",
        "department": "处置部门",
        "source": "问题来源",
        "status": "案件状态",
        "reported": "上报时间",
        "closed": "结案时间",
        "place": "所属网格",
        "lon": "经度",
        "lat": "纬度",
    }
    assert plan.encoding.value == "gb18030"
    assert plan.time_formats == ("%Y/%m/%d %H:%M:%S",)
    assert (plan.place_level, plan.place_by) == ("grid", "code")
    assert plan.status_open == ("处理中",)


def test_coordinates_go_before_a_column_that_names_higher_units(tmp_path: Path) -> None:
    boundaries(tmp_path)
    rows = [{**row, "所属网格": f"{'甲乙'[n % 2]}街道"} for n, row in enumerate(cases())]
    table(tmp_path / "案件.csv", rows)
    plan = drafted(tmp_path).file("案件.csv")
    assert (plan.column("place"), plan.coarse, plan.place_level) == ("", "所属网格", "street")
    bare = [{**row, "经度": "", "纬度": ""} for row in rows]
    table(tmp_path / "案件.csv", bare)
    plan = drafted(tmp_path).file("案件.csv")
    assert (plan.column("place"), plan.place_by) == ("所属网格", "name")


def test_lists_come_from_files_then_from_values_and_want_a_look(exported: Path) -> None:
    draft = drafted(exported)
    offices = [(entry.key, entry.name_zh, entry.name_en) for entry in draft.departments]
    assert offices == [
        ("cg", "城管执法局", "Chengguan Law Enforcement Bureau"),
        ("sw", "水务局", "Shuiwu Bureau"),
    ]
    assert {entry.name_zh for entry in draft.categories} == {"市容环境", "公共设施", "矛盾纠纷"}
    assert sum(entry.rows for entry in draft.categories) == 40
    assert all(entry.translated and entry.key.isascii() for entry in draft.categories)


def test_shifted_coordinates_are_named_and_never_applied(exported: Path) -> None:
    draft = drafted(exported)
    assert any("GCJ-02" in question.en for question in draft.questions)
    assert all("GCJ" not in plan.crs.value for plan in draft.files)


def test_without_boundaries_a_person_is_told(tmp_path: Path) -> None:
    table(tmp_path / "案件.csv", cases())
    draft = drafted(tmp_path)
    assert not draft.ready
    assert draft.levels == ()


def test_several_units_at_the_top_get_a_root(tmp_path: Path) -> None:
    boundaries(tmp_path)
    (tmp_path / "区.geojson").unlink()
    draft = drafted(tmp_path)
    assert [level.key for level in draft.levels] == ["city", "street", "grid"]
    assert draft.levels[0].files == ()


def test_the_same_units_twice_are_used_once(tmp_path: Path) -> None:
    boundaries(tmp_path)
    shapes = [({"name": f"s{s}"}, square(3 * s, 0, 3, 4)) for s in range(2)]
    geojson(tmp_path / "more.geojson", shapes)
    draft = drafted(tmp_path)
    assert draft.file("more.geojson").role.value == "unused"
    assert "街道.geojson" in draft.file("more.geojson").role.en


def test_units_that_cross_the_levels_are_a_division(tmp_path: Path) -> None:
    boundaries(tmp_path)
    beats = [({"code": f"P{n}", "name": f"警务区{n}"}, square(0, n, 6, 1)) for n in range(4)]
    geojson(tmp_path / "police.geojson", beats)
    draft = drafted(tmp_path)
    assert draft.file("police.geojson").role.value == "division"
    assert [level.key for level in draft.levels if not level.division] == [
        "district",
        "street",
        "grid",
    ]


def test_parents_by_polygon_where_no_code_tells(tmp_path: Path) -> None:
    boundaries(tmp_path)
    (tmp_path / "网格.geojson").unlink()
    wards = [({"WGBM": f"W{9 - n}", "名称": f"片{n}网格"}, square(n, 0, 1, 4)) for n in range(6)]
    geojson(tmp_path / "网格.geojson", wards)
    draft = drafted(tmp_path)
    assert [level.parents.value for level in draft.levels] == ["root", "column", "polygon"]


def test_a_list_of_a_whole_country_is_cut_to_this_city(tmp_path: Path) -> None:
    boundaries(tmp_path)
    (tmp_path / "网格.geojson").unlink()
    rows: list[dict[str, object]] = [
        {
            "code": f"{area}00{s}{n:03}",
            "name": f"{n}社区",
            "streetCode": f"{area}00{s}",
            "areaCode": area,
        }
        for area in ("990101", "990102", "990103")
        for s in range(2)
        for n in range(20)
    ]
    table(tmp_path / "社区.csv", rows)
    draft = drafted(tmp_path)
    plan = draft.file("社区.csv")
    assert plan.where == (("areaCode", "990101"),)
    assert plan.column("parent") == "streetCode"
    assert draft.levels[-1].key == "community"
    assert not draft.levels[-1].geometry


def test_codes_filled_up_with_noughts_are_cut(tmp_path: Path) -> None:
    geojson(
        tmp_path / "a.geojson", [({"code": 990101000000, "Name": "试验区"}, square(0, 0, 2, 1))]
    )
    streets = [
        (
            {"code": 990101001000 + 1000 * n, "Name": f"{n}镇", "parentCode": 990101000000},
            square(n, 0, 1, 1),
        )
        for n in range(2)
    ]
    geojson(tmp_path / "b.geojson", streets)
    draft = drafted(tmp_path)
    assert dict(draft.file("a.geojson").code_digits) == {"code": 6}
    assert dict(draft.file("b.geojson").code_digits) == {"code": 9, "parent": 6}


def test_a_crs_that_is_not_declared_is_told_by_the_other_files(tmp_path: Path) -> None:
    import geopandas as gpd  # noqa: PLC0415 (only this test writes with it)

    boundaries(tmp_path)
    grids = gpd.read_file(tmp_path / "网格.geojson").to_crs("EPSG:4547")
    (tmp_path / "网格.geojson").unlink()
    grids.to_file(tmp_path / "grid.shp", encoding="utf-8")
    (tmp_path / "grid.prj").unlink()
    draft = drafted(tmp_path)
    plan = draft.file("grid.shp")
    assert plan.crs.value == "EPSG:4547"
    assert not plan.crs.sure
    assert draft.levels[-1].files == ("grid.shp",)


def test_a_crs_that_nothing_tells_must_be_decided(tmp_path: Path) -> None:
    shape = shapely.box(450_000, 4_400_000, 460_000, 4_410_000)
    arcs = {"rings": [[list(point) for point in shape.exterior.coords]]}
    document = {
        "geometryType": "esriGeometryPolygon",
        "fields": [{"name": "code", "type": "esriFieldTypeString", "alias": "code"}],
        "features": [{"attributes": {"code": "1"}, "geometry": arcs}],
    }
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    draft = drafted(tmp_path)
    assert draft.file("a.json").role.value == "level"
    must = [question for question in draft.questions if question.must]
    assert [question.file for question in must] == ["a.json"]
    assert "EPSG:4547" in must[0].zh


def test_floors_are_numbers_with_their_word_behind_them(tmp_path: Path) -> None:
    boundaries(tmp_path)
    houses = [
        ({"编号": f"L{n:04}", "层数": f"{n % 9 + 1}层"}, square(0.1 * n, 1, 0.05, 0.05))
        for n in range(20)
    ]
    geojson(tmp_path / "楼栋.geojson", houses)
    assert columns(drafted(tmp_path), "楼栋.geojson")["floors"] == "层数"
