from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from geodata.wizard import (
    Choice,
    ChoiceError,
    Draft,
    changed,
    guess,
    look,
    look_folder,
    lost_columns,
    toml,
)
from tests.geodata.wizard.sample import boundaries, cases, table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    folder = tmp_path_factory.mktemp("city")
    boundaries(folder)
    table(folder / "案件.csv", cases())
    return guess(look_folder(folder), folder="试验区")


def test_a_choice_stands_and_the_rest_is_guessed_around_it(draft: Draft) -> None:
    made = changed(
        draft,
        [
            Choice("案件.csv", "column:place", ""),
            Choice("案件.csv", "column:department", "问题来源"),
            Choice("案件.csv", "crs", "GCJ-02"),
            Choice("", "name_en", "Trial District"),
        ],
    )
    plan = made.file("案件.csv")
    assert plan.column("department") == "问题来源"
    assert plan.column("source") == ""
    assert plan.column("place") == ""
    assert plan.crs.value == "GCJ-02"
    assert made.city.name_en.value == "Trial District"
    assert {entry.name_zh for entry in made.departments} == {"12345热线", "网格上报"}
    assert draft.file("案件.csv").crs.value != "GCJ-02", "the draft itself must not change"


def test_a_role_can_be_chosen_and_taken_back(draft: Draft) -> None:
    without = changed(draft, [Choice("网格.geojson", "role", "unused")])
    assert [level.key for level in without.levels] == ["district", "street"]
    assert without.file("案件.csv").place_level != "grid"
    again = changed(without, [Choice("网格.geojson", "role", "")])
    assert again.levels == draft.levels
    assert again.files == draft.files


def test_a_level_can_be_named(draft: Draft) -> None:
    made = changed(draft, [Choice("网格.geojson", "level", "片区")])
    assert [level.name_zh for level in made.levels] == ["区", "镇街", "片区"]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (
            Choice("案件.csv", "column:department", "承办"),
            "案件.csv: has no column 承办; it has 任务号",
        ),
        (Choice("无.csv", "role", "level"), "there is no file 无.csv"),
        (Choice("案件.csv", "role", "map"), "map is none of level"),
        (Choice("案件.csv", "column:parent", "任务号"), "a file used as incidents has no parent"),
        (Choice("案件.csv", "column:colour", "任务号"), "colour is nothing that can be chosen"),
        (Choice("案件.csv", "crs", "EPSG:1"), "CRS EPSG:1 is not known"),
        (Choice("案件.csv", "place_level", "ward"), "ward is none of district, street, grid"),
        (Choice("", "time_zone", "Asia/Peking"), "time zone Asia/Peking is not known"),
        (Choice("", "language", "fr"), "fr is none of zh, en"),
        (Choice("", "colour", "red"), "colour is nothing that can be chosen"),
        (Choice("", "colours:name_zh:x", "red"), "colours:name_zh:x is nothing that can be"),
        (Choice("", "departments:key:x", "red"), "departments:key:x is nothing that can be"),
    ],
)
def test_what_cannot_be_is_refused_with_file_and_column(
    draft: Draft, choice: Choice, said: str
) -> None:
    with pytest.raises(ChoiceError, match=said) as refused:
        changed(draft, [choice])
    assert refused.value.file == choice.file
    assert refused.value.zh


def test_a_file_is_looked_at_again_under_another_encoding(tmp_path: Path) -> None:
    path = table(tmp_path / "案件.csv", cases(), "gb18030")
    chosen = [Choice("案件.csv", "encoding", "gb18030")]
    wrong = changed(guess([look(path, encoding="big5")], folder="x"), chosen)
    assert wrong.file("案件.csv").column("reported") != "上报时间"
    made = changed(guess([look(path, encoding="gb18030")], folder="x"), chosen)
    assert made.file("案件.csv").column("reported") == "上报时间"
    assert made.file("案件.csv").encoding.value == "gb18030"


def test_what_the_files_name_can_be_given_names(draft: Draft) -> None:
    made = changed(
        draft,
        [
            Choice("", "categories:name_zh:市容环境", "市容市貌"),
            Choice("", "categories:name_en:市容环境", "Street scene"),
            Choice("", "departments:name_en:水务局", "Water Bureau"),
            Choice("", "departments:name_en:没有的局", "None"),
        ],
    )
    named = {entry.found: entry for entry in (*made.categories, *made.departments)}
    street, water = named["市容环境"], named["水务局"]
    assert (street.name_zh, street.name_en) == ("市容市貌", "Street scene")
    assert street.key == "市容环境", "its rows are known by what the files write"
    assert (water.name_zh, water.name_en, water.translated) == ("水务局", "Water Bureau", False)
    assert water.key == next(e.key for e in draft.departments if e.found == "水务局")
    written = tomllib.loads(toml(made))
    assert {"key": "市容环境", "name_zh": "市容市貌", "name_en": "Street scene"} in written[
        "categories"
    ]


def test_an_entry_of_a_list_of_its_own_keeps_the_key_of_that_list(exported: Path) -> None:
    chosen = [Choice("", "departments:name_zh:水务局", "水利局")]
    made = changed(guess(look_folder(exported)), chosen)
    assert [e.key for e in made.departments if e.found == "水务局"] == ["sw"]


def test_a_field_that_lost_its_column_is_known(draft: Draft) -> None:
    found = draft.look("案件.csv")
    lost = lost_columns(found, "incidents", {"source": "处置部门"})
    assert lost == {"department": ("处置部门", "source")}
    assert lost_columns(found, "incidents", {"source": "处置部门", "department": ""}) == {}
    assert lost_columns(found, "incidents", {}) == {}
