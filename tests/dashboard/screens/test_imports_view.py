"""What the import screen says at every step, from what was found."""

from __future__ import annotations

from dataclasses import asdict, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from dash import html, no_update

from dashboard.errors import Notice
from dashboard.screens.imports import callbacks, where
from dashboard.screens.imports.publishing import asking
from dashboard.screens.imports.state import Standing, State, read
from dashboard.screens.imports.view import failed, lost, view
from geodata.desk import Job
from geodata.desk.past import Past
from geodata.desk.waiting import Waiting
from geodata.model.errors import ImportRefusedError
from geodata.report import Unused
from geodata.store import arrivals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NONE = {"value": "", "confidence": 1.0, "zh": "", "en": ""}
FILE: dict[str, Any] = {
    "name": "街道.shp", "file": "街道.shp", "kind": "shp", "rows": 3, "fault": None,
    "role": {"value": "level", "confidence": 0.9, "zh": "面", "en": "areas"},
    "encoding": {"value": "gb18030", "confidence": 0.7, "zh": "能读通", "en": "reads"},
    "encodings": ["gb18030", "utf-8"],
    "crs": {"value": "EPSG:4490", "confidence": 0.7, "zh": "经纬度", "en": "degrees"},
    "offered": [{"value": "EPSG:4490", "name": ""}, {"value": "GCJ-02", "name": ""}],
    "ours": ["name_zh", "code", "kind"], "lost": {}, "left": ["备注", "电话"],
    "mapped": {"code": {"value": "CODE", "sure": False, "zh": "都不同", "en": "unique"}},
    "theirs": [{"name": "CODE", "filled": 1.0, "samples": ["1", "2"]}],
    "head": [["1", "东风街道"]], "columns": ["CODE", "名称"], "remarks": [],
}  # fmt: skip
BOARD: dict[str, Any] = {
    "ready": True,
    "city": dict.fromkeys(("key", "time_zone"), NONE)
    | dict.fromkeys(("name_zh", "name_en"), NONE | {"value": "Xincheng"})
    | {"language": NONE | {"value": "zh"}, "as_of": NONE | {"value": "now"}},
    "levels": [{"name_zh": "街道", "name_en": "Street", "units": 3}],
    "files": [FILE],
    "lists": {"categories": [], "departments": [], "sources": []},
    "questions": [{"file": "街道.shp", "column": "", "must": True, "zh": "请选择", "en": "choose"}],
    "faults": [],
}  # fmt: skip
SAID = {"found": "编号重复", "times": "3 行", "where": "第 4, 9 行", "cure": "保留一行"}
TOLD = {"found": "number twice", "times": "3 rows", "where": "rows 4, 9", "cure": "keep one row"}
OUTCOME: dict[str, Any] = {
    "counts": {"units": 3, "buildings": 0, "incidents": 12_000},
    "files": [
        {
            "zh": "案件.csv", "en": "案件.csv", "read": 12_003, "imported": 12_000, "repaired": 2,
            "kept": 0, "rejected": 3, "set_aside": 0,
            "reasons": [{"action": "rejected", "zh": SAID, "en": TOLD}],
        },
        {
            "zh": "镇街（本层级）", "en": "Street: the level as a whole", "read": 0, "imported": 0,
            "repaired": 0, "kept": 0, "rejected": 0, "set_aside": 0, "reasons": [],
        },
    ],
}  # fmt: skip
FAULT = {
    "reason": "damaged", "detail": "line 3 breaks off", "zh": "文件已损坏", "en": "damaged file",
    "cure_zh": "请重新导出", "cure_en": "export it again",
}  # fmt: skip


def shown(text: Callable[..., str], state: State, language: str = "zh", file: str = "") -> str:
    return text(view(where.Where(state.id, file), state, language))


def test_at_first_there_is_only_a_place_for_files(text: Callable[..., str]) -> None:
    said = shown(text, State())
    assert "把文件拖到这里" in said
    assert "试导入结果" not in said
    assert State().step == "files"


def test_a_file_shows_what_it_is_taken_for_and_its_first_rows(text: Callable[..., str]) -> None:
    state = State("a", {"街道.shp": 9, "街道.dbf": 9}, Job("look"), BOARD)
    said = shown(text, state, file="街道.shp")
    for words in ("区划边界或名单", "GB18030", "东风街道", "都不同", "请选择", "GCJ-02"):
        assert words in said
    assert state.step == "check"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("无法读取：文件已损坏", "处理办法：请重新导出")),
        ("en", ("It cannot be read: damaged file", "What to do: export it again")),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    text: Callable[..., str], language: str, words: tuple[str, ...]
) -> None:
    broken = FILE | {"fault": FAULT}
    state = State("a", {"街道.shp": 9}, Job("look"), BOARD | {"files": [broken]})
    said = shown(text, state, language, file="街道.shp")
    assert all(word in said for word in (*words, "line 3 breaks off"))
    assert "GB18030" in said, "under another encoding it may be read after all"
    packed = BOARD | {"files": [broken | {"encodings": []}]}
    assert "GB18030" not in shown(text, replace(state, board=packed), language, "街道.shp")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("读取 12,003 行", "编号重复", "保留一行", "案件 12,000 件", "镇街（本层级）")),
        ("en", ("Rows read: 12,003", "number twice", "keep one row", "cases: 12,000", "Street:")),
    ],
)
def test_a_trial_is_accounted_for(
    text: Callable[..., str], language: str, words: tuple[str, ...]
) -> None:
    state = State("a", {"x": 1}, Job("trial", snapshot="s"), BOARD, OUTCOME)
    said = shown(text, state, language).replace("\u2009", " ")
    assert all(word in said for word in words)
    assert state.step == "trial"


def test_parts_of_a_shapefile_are_not_listed(text: Callable[..., str]) -> None:
    state = State("a", {"街道.shp": 9, "街道.dbf": 9, "案件.csv": 9}, Job("look"), BOARD)
    said = shown(text, state).replace("\u2009", " ")
    assert "街道.dbf" not in said
    assert "全套 2 个文件" in said
    assert "案件.csv" in said


def test_fields_with_a_column_come_first_and_a_lost_one_says_who_has_it(
    text: Callable[..., str],
) -> None:
    lost = {"name_zh": {"column": "名称", "to": "kind"}}
    board = BOARD | {"files": [FILE | {"lost": lost}]}
    state = State("a", {"街道.shp": 9}, Job("look"), board)
    said = shown(text, state, file="街道.shp")
    assert "“名称”列已改用于“类型”" in said
    assert said.index("未对应的字段") < said.rindex("类型")
    plain = shown(text, State("a", {"街道.shp": 9}, Job("look"), BOARD), file="街道.shp")
    assert plain.index("编号") < plain.index("未对应的字段") < plain.index("中文名", 400)


def test_personal_fields_say_what_becomes_of_them(text: Callable[..., str]) -> None:
    ours = ["key", "reporter"]
    board = BOARD | {"files": [FILE | {"ours": ours, "mapped": {}}]}
    said = shown(text, State("a", {"街道.shp": 9}, Job("look"), board), file="街道.shp")
    assert said.count("原文封存") == 1
    assert said.index("上报人姓名") < said.index("原文封存")


def test_a_column_chosen_twice_is_told_at_both_fields(text: Callable[..., str]) -> None:
    choices = {"街道.shp": {"column:name_zh": "CODE"}}
    state = State("a", {"街道.shp": 9}, Job("look"), BOARD, choices=choices)
    said = shown(text, state, file="街道.shp")
    assert "“CODE”列同时用于“编号”" in said
    assert "“CODE”列同时用于“中文名”" in said


def test_names_of_what_the_files_name_can_be_written_over(text: Callable[..., str]) -> None:
    entry = {
        "key": "sw", "name_zh": "水务局", "name_en": "Shuiwu Bureau", "rows": 12,
        "translated": True, "found": "水务局", "listed": True,
    }  # fmt: skip
    board = BOARD | {"lists": BOARD["lists"] | {"departments": [entry]}}
    state = State("a", {"x": 1}, Job("look"), board)
    page = str(view(where.Where("a"), state, "zh"))
    assert "departments:name_en:水务局" in page
    assert "departments:name_zh:水务局" not in page, "its list is known by that name"
    chosen = {"": {"departments:name_en:水务局": "Water Bureau"}}
    assert "Water Bureau" in shown(text, State("a", {"x": 1}, Job("look"), board, {}, chosen))


def test_names_of_levels_can_be_written_over(text: Callable[..., str]) -> None:
    entry = {
        "id": "street", "found": "街道.shp", "name_zh": "镇街", "name_en": "Subdistrict", "rows": 3,
        "translated": False, "listed": False,
    }  # fmt: skip
    board = BOARD | {"lists": {"levels": [entry, entry | {"id": "city", "found": ""}]}}
    state = State("a", {"x": 1}, Job("look"), board)
    page = str(view(where.Where("a"), state, "zh"))
    assert all(f"levels:{name}:street" in page for name in ("name_zh", "name_en"))
    assert "levels:name_zh:city" in page
    said = shown(text, state)
    assert all(word in said for word in ("层级（2 级）", "取自文件", "单元数", "街道.shp"))


def test_columns_that_nothing_uses_are_listed(text: Callable[..., str]) -> None:
    state = State("a", {"x": 1}, Job("look"), BOARD)
    assert "未使用的列：备注、电话" in shown(text, state, file="街道.shp")
    state = replace(state, choices={"街道.shp": {"column:kind": "备注"}})
    assert "Columns not used: 电话" in shown(text, state, "en", "街道.shp")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("未完成的接入", "a.csv、b.csv、c.csv 等 4 个文件", "待核对 · 2 小时前")),
        ("en", ("Unfinished imports", "and others, 4 files in all", "to be checked · 2 hours ago")),
    ],
)
def test_hand_ins_that_are_not_finished_are_listed(
    text: Callable[..., str], language: str, words: tuple[str, ...]
) -> None:
    left = Waiting("0" * 16, ("a.csv", "b.csv", "c.csv", "d.csv"), "check", 7_300)
    said = shown(text, State(waiting=(left,)), language).replace("\u2009", " ")
    assert all(word in said for word in words)
    assert "没有未完成的接入" in shown(text, State())


def test_a_refusal_while_trying_is_told_in_the_language_of_the_page(
    text: Callable[..., str],
) -> None:
    job = Job("trial", fault="a.csv: is empty", fault_zh="a.csv：文件为空")
    state = State("a", {"x": 1}, job, BOARD)
    assert "文件为空" in shown(text, state)
    assert "is empty" in shown(text, state, "en")


def test_a_change_after_the_trial_is_told(text: Callable[..., str]) -> None:
    state = State("a", {"x": 1}, Job("look"), BOARD, OUTCOME)
    assert "请重新试导入" in shown(text, state)


@pytest.mark.parametrize("fault", ["failed", "stopped", "interrupted", "file: is empty"])
def test_what_went_wrong_is_told(text: Callable[..., str], fault: str) -> None:
    said = shown(text, State("a", {"x": 1}, Job("look", fault=fault), BOARD))
    assert "未能完成" in said
    assert ("file: is empty" in said) == (fault == "file: is empty")


def test_published_leads_to_the_overview(text: Callable[..., str]) -> None:
    state = State("a", {"x": 1}, Job("published", snapshot="s"), BOARD, OUTCOME)
    assert "总览已显示新数据" in shown(text, state, file="街道.shp")
    assert state.step == "publish"


def test_an_import_that_is_gone_begins_anew(text: Callable[..., str], tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError):
        read(tmp_path, "0" * 16)
    assert "把文件拖到这里" in text(lost(where.Where("0" * 16), "gone", "zh"))


def test_an_import_is_read_from_its_folder(tmp_path: Path) -> None:
    arrival = arrivals.begin(tmp_path)
    home = arrivals.folder(tmp_path, arrival)
    arrivals.receive(home, "街道.shp", 0, 1, b"x")
    arrivals.note(home, "board", BOARD)
    state = read(tmp_path, arrival)
    assert state.files == {"街道.shp": 1}
    assert state.file("街道.shp") == FILE
    assert state.file("another") is None
    assert [each.id for each in read(tmp_path, "").waiting] == [arrival]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("?a=0123&f=网格.csv&lang=en", where.Where("0123", "网格.csv", "en", "")),
        ("?lang=xx&theme=pink&b=1", where.Where()),
        ("", where.Where()),
    ],
)
def test_an_address_is_read_and_written(search: str, expected: where.Where) -> None:
    found = where.read(search)
    assert found == expected
    assert where.read(found.href()) == found


CITY = State("a", {"街道.shp": 9}, Job("trial", snapshot="s"), BOARD, OUTCOME)
UNUSED = FILE | {"name": "b.csv", "role": NONE | {"value": "unused", "zh": "用途不明", "en": "?"}}


@pytest.mark.parametrize(
    ("standing", "language", "words"),
    [
        (None, "zh", ("Xincheng 12,000 件；另有 2 个文件未使用",)),
        (
            Standing("东城区", "Dongcheng", 3_000),
            "zh",
            ("东城区 3,000 件 → Xincheng 12,000 件；另有 2 个文件未使用", "snapshots use"),
        ),
        (
            Standing("东城区", "Dongcheng", 3_000),
            "en",
            ("Dongcheng: 3,000 cases → Xincheng: 12,000 cases; 2 more files", "snapshots use"),
        ),
    ],
)
def test_publishing_says_what_would_happen(
    standing: Standing | None, language: str, words: tuple[str, ...]
) -> None:
    files = [FILE, UNUSED, FILE | {"name": "c.csv", "fault": FAULT}]
    state = replace(CITY, board=BOARD | {"files": files}, standing=standing)
    said = asking(state, language).replace("\u2009", " ")
    assert all(word in said for word in words)
    assert ("snapshots use" in said) == bool(standing)


@pytest.mark.parametrize("field", ["name_zh", "name_en"])
@pytest.mark.parametrize("value", ["City", ""])
def test_a_city_nobody_named_is_neither_tried_nor_published(
    text: Callable[..., str], field: str, value: str
) -> None:
    state = replace(CITY, choices={"": {field: value}})
    assert state.unnamed
    assert not CITY.unnamed
    assert "只是占位" in shown(text, state)
    for act in ("trial", "confirm"):
        for each, disabled in ((state, True), (CITY, False)):
            (button,) = buttons(view(where.Where("a"), each, "zh"), act)
            assert button.disabled is disabled


def buttons(nodes: Any, act: str) -> list[Any]:  # noqa: ANN401
    found = html.Div(nodes)._traverse()  # noqa: SLF001
    return [node for node in found if getattr(node, "data-act", "") == act]


def test_files_that_are_not_used_are_told_with_the_trial(text: Callable[..., str]) -> None:
    unused = [
        Unused("b.csv", unreadable=False, zh="用途不明", en="?"),
        Unused("c.csv", unreadable=True, zh="已损坏", en="!", cure_zh="重新导出"),
    ]
    said = shown(
        text, replace(CITY, outcome=OUTCOME | {"unused": [asdict(each) for each in unused]})
    )
    said = said.replace("\u2009", " ")
    for words in ("另有 2 个文件未使用", "b.csv", "用途不明", "无法读取：已损坏", "重新导出"):
        assert words in said
    assert "个文件未使用" not in shown(text, CITY).replace("\u2009", " ")


def test_imports_of_the_past_are_listed_with_what_they_left(text: Callable[..., str]) -> None:
    one = Past(
        "x-1", ("report.html",), live=True, key="x", name_zh="东城区", name_en="Dongcheng",
        cases=3_000, made="2026-01-02 03:04", sheets=("坏行.csv",),
    )  # fmt: skip
    gone = Past("x-0", ("findings.csv",))
    state = State(past=(one, gone))
    said = shown(text, state).replace("\u2009", " ")
    for words in (
        "历次接入",
        "东城区 3,000 件",
        "2026-01-02 03:04 · 正在显示",
        "x-0",
        "坏行",
        "已清理",
    ):
        assert words in said
    page = str(view(where.Where(), state, "zh"))
    assert "/import/report.html?s=x-1&lang=zh" in page
    assert "/import/findings.csv?s=x-0" in page
    assert "历次接入" not in shown(text, State())


def test_a_page_that_failed_says_its_reference_and_how_to_see_more(
    text: Callable[..., str],
) -> None:
    told = Notice(HTTPStatus.INTERNAL_SERVER_ERROR, "服务器出错", "", "0badcafe")
    said = text(failed(where.Where("a"), told, "zh"))
    assert "编号 0badcafe；请刷新页面查看结果" in said.replace("\u2009", " ")


def test_a_callback_that_fails_is_told_in_the_page(
    text: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise OSError

    monkeypatch.setattr(callbacks, "house", fails)
    head, main = callbacks.show("?a=0&lang=en", None)
    assert head is no_update
    assert "reload the page" in text(main)


def test_a_corrected_sheet_is_told_from_files_not_looked_at(text: Callable[..., str]) -> None:
    state = State("a", {"坏行.csv": 9, "街道.shp": 9}, Job("look"), BOARD, mended=("坏行.csv",))
    assert "更正表" in shown(text, state)
    assert "更正表" not in shown(text, replace(state, mended=()))
