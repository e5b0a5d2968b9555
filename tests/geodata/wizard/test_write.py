from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from geodata.ingest import draft_from_profile
from geodata.model.profile import read_profile
from geodata.wizard import guess, look_folder, toml
from tests.geodata.wizard.sample import cases, geojson, square, table

if TYPE_CHECKING:
    from pathlib import Path


def test_the_draft_is_a_profile_that_imports(exported: Path, tmp_path: Path) -> None:
    draft = guess(look_folder(exported), folder=exported.name)
    path = tmp_path / "trial.toml"
    path.write_text(toml(draft, str(exported)), encoding="utf-8")
    profile = read_profile(path)
    assert [level.key for level in profile.levels] == ["district", "street", "grid"]
    assert profile.incidents[0].layer.encoding == "gb18030"
    city = draft_from_profile(path)
    assert len(city.units) == 9
    assert city.units.set_index("code").loc["990101001002", "parent"] == "990101001"
    named = set(city.code_lists["departments"]["key"])
    assert named == {"cg", "sw"}, "values of the cases must be entries of the list"


def test_what_wants_a_look_is_marked_in_the_language_asked_for(exported: Path) -> None:
    draft = guess(look_folder(exported), folder=exported.name)
    chinese, english = toml(draft), toml(draft, language="en")
    assert "# 请核对: 由中文名拼写而来" in chinese
    assert "# please check: spelt out from the Chinese name" in english
    assert tomllib.loads(chinese) == tomllib.loads(english)


def test_what_stands_in_a_file_cannot_leave_its_comment(tmp_path: Path) -> None:
    evil = 'x\nkey = "evil"\u2028[wall]'
    geojson(tmp_path / "a.geojson", [({"code": evil, "name": evil}, square(0, 0, 1, 1))])
    table(tmp_path / "案件.csv", [{**row, "小类名称": evil, "大类名称": evil} for row in cases()])
    draft = guess(look_folder(tmp_path), folder=evil)
    text = toml(draft)
    path = tmp_path / "t.toml"
    path.write_text(text, encoding="utf-8")
    assert read_profile(path).key != "evil"
    assert read_profile(path).wall.columns == 3840


def test_without_levels_the_profile_still_loads(tmp_path: Path) -> None:
    table(tmp_path / "案件.csv", cases())
    path = tmp_path / "t.toml"
    draft = guess(look_folder(tmp_path), folder="x")
    path.write_text(toml(draft), encoding="utf-8")
    assert read_profile(path).levels == ()
    assert "必须决定" in path.read_text(encoding="utf-8")
