"""Rules of planning as files: what ships is cited, what is wrong is named by file and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.demo.codes import PROFILES
from geodata.model.errors import ProfileError
from geodata.model.profile import read_profile
from geodata.planner.ground import Barrier
from geodata.planner.rules import FOLDER, Cited, all_rules, read_rules, rules_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shipped_rules_are_those_of_five_cities_with_the_usual_ones_first() -> None:
    keys = [each.key for each in all_rules()]
    assert keys[0] == "shuangliu"
    assert set(keys) == {"shuangliu", "longgang", "shenzhen", "changping", "dongying"}
    assert all((FOLDER / f"{key}.toml").exists() for key in keys)


def test_every_value_of_the_shipped_rules_says_where_it_comes_from() -> None:
    for rules in all_rules():
        cited = [getattr(rules, name) for name in type(rules).model_fields]
        values = [each for each in cited if isinstance(each, Cited)]
        assert len(values) >= 7
        assert all(each.cited_zh.strip() and each.cited_en.strip() for each in values)


def test_what_each_city_is_known_for_is_in_its_rules() -> None:
    assert rules_of("changping").community_most is not None
    assert rules_of("changping").community_most.value == 5000  # type: ignore[union-attr]
    one = rules_of("dongying").one_net
    assert one is not None
    assert (one.kinds.value, one.grids.value) == (16, 946)
    nested = rules_of("longgang").nested
    assert nested is not None
    assert len(nested.levels) == 3
    aims = rules_of("longgang").weights
    assert aims.territory == aims.radius == aims.industries == aims.density > 0
    assert rules_of("longgang").walls is Barrier.RIVER
    five = rules_of("shenzhen")
    assert [each.name_zh for each in five.principles] == [
        "属地管理", "街巷定界", "规模适度", "无缝衔接", "动态调整"
    ]  # fmt: skip
    assert five.professional == "1:N"


def test_a_city_may_name_rules_and_a_limit_of_its_own() -> None:
    profile = read_profile(PROFILES / "lanting.toml")
    limit = next(level.max_households for level in profile.levels if level.key == "grid")
    assert rules_of("", profile).most == limit != rules_of().most
    assert rules_of("shenzhen", profile).most == 500  # a scenario that names rules gets these
    chosen = rules_of("", profile.model_copy(update={"plan_rules": "longgang"}))
    assert (chosen.key, chosen.most) == ("longgang", limit)
    small = [level.model_copy(update={"max_households": 100}) for level in profile.levels]
    tight = rules_of("", profile.model_copy(update={"levels": tuple(small)}))
    assert tight.least < tight.most == 100


def test_rules_that_there_are_not_are_named_with_those_that_there_are() -> None:
    with pytest.raises(ProfileError, match=r"'atlantis'; there are changping, .*shuangliu"):
        rules_of("atlantis")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 1000", "value = -1", r"mine\.toml: households_most\.value: .*greater than"),
        ('hard = ["arterial"', 'hard = ["railway"', r"mine\.toml: hard\.0: "),
        ("[households_least]", "[households_fewest]", r"households_fewest: Extra inputs"),
        ("value = 500", "value = 5000", r"mine\.toml: .*households_least: is not below"),
        ("value = 0.1", "value = 10", r"tolerance: is a share between 0 and 1"),
        ('key = "shuangliu"', "key = shuangliu", r"mine\.toml: is not valid TOML"),
    ],
)
def test_a_fault_is_told_by_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "shuangliu.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ProfileError, match=said):
        read_rules(path)


def test_a_principle_without_its_check_and_a_missing_file_are_told(tmp_path: Path) -> None:
    text = (FOLDER / "shenzhen.toml").read_text("utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('["inside_connected"]', '["beauty"]'), "utf-8")
    with pytest.raises(ProfileError, match=r"principles\.0: .*no check is called 'beauty'"):
        read_rules(path)
    with pytest.raises(ProfileError, match="cannot be read"):
        read_rules(tmp_path / "none.toml")
