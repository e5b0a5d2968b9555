"""What the import screen says at every step, from what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.screens.imports import where
from dashboard.screens.imports.state import State, read
from dashboard.screens.imports.view import lost, view
from geodata.desk import Job
from geodata.model.errors import ImportRefusedError
from geodata.store import arrivals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NONE = {"value": "", "confidence": 1.0, "zh": "", "en": ""}
FILE: dict[str, Any] = {
    "name": "街道.shp", "file": "街道.shp", "kind": "shp", "rows": 3, "fault": "",
    "role": {"value": "level", "confidence": 0.9, "zh": "面", "en": "areas"},
    "encoding": {"value": "gb18030", "confidence": 0.7, "zh": "能读通", "en": "reads"},
    "encodings": ["gb18030", "utf-8"],
    "crs": {"value": "EPSG:4490", "confidence": 0.7, "zh": "经纬度", "en": "degrees"},
    "offered": ["EPSG:4490", "GCJ-02"], "drawn": {"area": 3}, "ours": ["code", "name_zh"],
    "mapped": {"code": {"value": "CODE", "sure": False, "zh": "都不同", "en": "unique"}},
    "theirs": [{"name": "CODE", "filled": 1.0, "samples": ["1", "2"]}],
    "head": [["1", "东风街道"]], "columns": ["CODE", "名称"], "remarks": [],
}  # fmt: skip
BOARD: dict[str, Any] = {
    "ready": True,
    "city": dict.fromkeys(("key", "name_zh", "name_en", "time_zone"), NONE)
    | {"language": NONE | {"value": "zh"}, "as_of": NONE | {"value": "now"}},
    "levels": [{"name_zh": "街道", "name_en": "Street", "units": 3}],
    "files": [FILE],
    "questions": [{"file": "街道.shp", "column": "", "must": True, "zh": "请选择", "en": "choose"}],
    "faults": [],
}  # fmt: skip
OUTCOME: dict[str, Any] = {
    "counts": {"units": 3, "buildings": 0, "incidents": 12_000},
    "files": [
        {
            "name": "案件.csv", "read": 12_003, "repaired": 2, "rejected": 3, "set_aside": 0,
            "reasons": [
                {
                    "action": "rejected", "rows": 3, "where": "4, 9", "zh": "编号重复",
                    "en": "number twice", "cure_zh": "保留一行", "cure_en": "keep one row",
                }
            ],
        }
    ],
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
    for words in ("区划边界或名单", "GB18030", "东风街道", "都不同", "请选择", "街道.dbf"):
        assert words in said
    assert state.step == "check"


def test_a_file_that_cannot_be_read_says_why(text: Callable[..., str]) -> None:
    broken = FILE | {"fault": "is damaged; export it again"}
    state = State("a", {"街道.shp": 9}, Job("look"), BOARD | {"files": [broken]})
    assert "is damaged; export it again" in shown(text, state, file="街道.shp")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("读取 12,003 行", "编号重复", "保留一行", "12,000 件事件")),
        ("en", ("12,003 rows read", "number twice", "keep one row", "12,000 incidents")),
    ],
)
def test_a_trial_is_accounted_for(
    text: Callable[..., str], language: str, words: tuple[str, ...]
) -> None:
    state = State("a", {"x": 1}, Job("trial", snapshot="s"), BOARD, OUTCOME)
    said = shown(text, state, language).replace("\u2009", " ")
    assert all(word in said for word in words)
    assert state.step == "trial"


def test_a_change_after_the_trial_is_told(text: Callable[..., str]) -> None:
    state = State("a", {"x": 1}, Job("look"), BOARD, OUTCOME)
    assert "请重新试导入" in shown(text, state)


@pytest.mark.parametrize("fault", ["failed", "stopped", "interrupted", "file: is empty"])
def test_what_went_wrong_is_told(text: Callable[..., str], fault: str) -> None:
    said = shown(text, State("a", {"x": 1}, Job("look", fault=fault), BOARD))
    assert "没有完成" in said
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
    assert read(tmp_path, "") == State()


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
