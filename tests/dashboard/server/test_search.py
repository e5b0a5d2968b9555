from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dashboard.server.search import LIMIT, Finder, fold
from geodata.publish.numbering import initials

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geodata.store.snapshots import City


@pytest.fixture(scope="module")
def finder(city: City) -> Finder:
    return Finder.of(city)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("992", "992"),
        ("B991110", "B991110"),
        ("b991110", "B991110"),
        ("鹤湾", "991"),
        ("hwjd", "991"),
        ("HWJD", "991"),
        ("ｈｗｊｄ", "991"),
        ("danping", "992"),
        ("湾街", "991"),
        (" 丹坪街道 ", "992"),
    ],
)
def test_the_best_answer_comes_first(finder: Finder, words: str, first: str) -> None:
    assert finder.search(words, "zh")[0]["code"] == first


def test_an_exact_code_beats_a_prefix_and_a_prefix_what_merely_contains_it(finder: Finder) -> None:
    codes = [found["code"] for found in finder.search("99", "zh")]
    assert codes[0] == "99"
    assert codes.index("991") < codes.index("B991110")


def test_the_buildings_of_an_estate_are_found_by_its_name(finder: Finder) -> None:
    found = finder.search("锦园2", "zh")
    assert found
    assert {x["code"][:4] for x in found} == {"B992"}


def test_an_answer_says_where_it_is_in_the_language_asked(finder: Finder) -> None:
    (found, *_) = finder.search("B991110", "en")
    assert found == {
        "code": "B991110",
        "name": "Block 1",
        "where": "Hewan, First, Grid 1",
        "level": "building",
    }


def test_spaces_do_not_matter(finder: Finder, city: City) -> None:
    name = "".join(str(city.buildings["name_zh"].iloc[0]).split())
    spaced = f" {name[:2]} {name[2:]} "
    found = finder.search(spaced, "zh")
    assert found
    assert found == finder.search(name, "zh")


def test_initials_find_an_estate_and_a_number_one_of_its_buildings(
    finder: Finder, city: City
) -> None:
    assert city.estates is not None
    estate = city.estates.iloc[0]
    own = set(city.buildings.loc[city.buildings["estate"] == estate["code"], "code"])
    letters = initials(str(estate["name_zh"]))
    assert {found["code"] for found in finder.search(letters, "zh")} & own


def test_initials_with_a_number_find_that_building(city: City) -> None:
    buildings = pd.DataFrame(
        {
            "code": ["X1", "X2", "X3"],
            "name_zh": ["鹤园 1 栋", "鹤园 2 栋", "鹤园 12 栋"],
            "name_en": "",
            "estate": "E1",
            "unit": np.zeros(3, dtype=int),
        }
    )
    estates = pd.DataFrame({"code": ["E1"], "name_zh": ["鹤园"], "name_en": ["He Garden"]})
    some = SimpleNamespace(places=city.places, tree=city.tree, buildings=buildings,
                           estates=estates, departments=city.departments)  # fmt: skip
    finder = Finder.of(some)  # type: ignore[arg-type]
    assert [x["code"] for x in finder.search("hy2", "zh")] == ["X2"]
    assert [x["code"] for x in finder.search("hy1", "zh")] == ["X1", "X3"]
    assert {x["code"] for x in finder.search("hy", "zh")} >= {"X1", "X2", "X3"}
    assert {x["code"] for x in finder.search("he garden", "zh")} >= {"X1", "X2", "X3"}


class Paths(list[list[int]]):
    """A tree by the path down to each unit."""

    def path(self, unit: int) -> list[int]:
        return self[unit]


def test_of_equals_streets_and_departments_go_before_villages_and_buildings() -> None:
    places = pd.DataFrame({
        "code": ["1", "11", "111", "12"], "name_zh": ["市", "甲街道", "云畔社区", "玉畔街道"],
        "name_en": "", "initials": ["s", "jjd", "ypsq", "ypjd"], "level": "unit",
    })  # fmt: skip
    buildings = pd.DataFrame({"code": ["YP1"], "name_zh": ["一栋"], "name_en": "", "estate": "",
                              "unit": [2]})  # fmt: skip
    departments = pd.DataFrame({"key": ["d"], "name_zh": ["园牌局"], "name_en": ["Signs"]})
    some = SimpleNamespace(places=places, tree=Paths([[0], [0, 1], [0, 1, 2], [0, 3]]),
                           buildings=buildings, estates=None, departments=departments)  # fmt: skip
    found = Finder.of(some).search("yp", "zh")  # type: ignore[arg-type]
    assert [each["code"] for each in found if each["code"] != "YP1"] == ["12", "d", "111"]


def test_what_begins_with_the_words_goes_before_a_city_that_only_contains_them() -> None:
    places = pd.DataFrame({
        "code": ["1", "11", "12"], "name_zh": ["澜江市", "甲街道", "江畔街道"],
        "name_en": "", "initials": ["ljs", "jjd", "jpjd"], "level": "unit",
    })  # fmt: skip
    buildings = pd.DataFrame({"code": ["B"], "name_zh": ["临江楼"], "name_en": "", "estate": "",
                              "unit": [1]})  # fmt: skip
    departments = pd.DataFrame({"key": [], "name_zh": [], "name_en": []})
    some = SimpleNamespace(places=places, tree=Paths([[0], [0, 1], [0, 2]]),
                           buildings=buildings, estates=None, departments=departments)  # fmt: skip
    found = Finder.of(some).search("江", "zh")  # type: ignore[arg-type]
    assert [each["code"] for each in found] == ["12", "1", "B"]


def test_a_department_is_found_and_filters(finder: Finder, city: City) -> None:
    department = city.departments.iloc[0]
    first = finder.search(str(department["name_zh"])[:2], "zh")[0]
    assert (first["code"], first["level"]) == (department["key"], "department")


@pytest.fixture(scope="module")
def crowded(city: City) -> Finder:
    """A city in which more buildings than are looked at are called as a department is."""
    count = 500
    buildings = pd.DataFrame({
        "code": [f"X{n:05}" for n in range(count)], "name_zh": "城管执法局宿舍",
        "name_en": "Chengguan House", "estate": "", "unit": np.zeros(count, dtype=int),
    })  # fmt: skip
    departments = pd.DataFrame({
        "key": ["urban", "sea"], "name_zh": ["城管执法局", "海湾新区街道渔政局"],
        "name_en": ["Urban Management", "Fisheries of the Bay"],
    })  # fmt: skip
    some = SimpleNamespace(places=city.places, tree=city.tree, buildings=buildings, estates=None,
                           departments=departments)  # fmt: skip
    return Finder.of(some)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    ["城管执法局", "城管", "城管局", "chengguan", "chengguanju", "cgzfj", "cgj", "urb man"],
)
def test_a_department_is_found_by_what_people_call_it(crowded: Finder, words: str) -> None:
    assert crowded.search(words, "zh")[0]["code"] == "urban"


def test_a_department_that_fits_loosely_goes_after_all_places(crowded: Finder) -> None:
    found = [each["code"] for each in crowded.search("湾街", "zh")]
    assert found[0] == "991"
    assert found[-1] == "sea"


def test_what_lies_in_an_answer_comes_after_the_other_answers(finder: Finder, city: City) -> None:
    found = [each["code"] for each in finder.search("9", "zh")]
    rows = [row for code in found if (row := city.tree.find(code)) is not None]
    inside = [any(above in rows for above in city.tree.path(row)[:-1]) for row in rows]
    assert inside == sorted(inside)


@pytest.mark.parametrize("words", ["", "  ", "\n", "zzzz", "\x00", "%"])
def test_nothing_is_found_for_nothing(finder: Finder, words: str) -> None:
    assert finder.search(words, "zh") == []


def test_there_are_never_more_than_twenty(finder: Finder) -> None:
    assert len(finder.search("9", "zh")) <= LIMIT


def test_neither_spaces_nor_line_breaks_part_a_name() -> None:
    assert fold("a\nb\t c") == "abc"


def test_every_match_is_found_among_many(city: City) -> None:
    count = 500
    buildings = pd.DataFrame(
        {
            "code": [f"X{n:05}" for n in range(count)],
            "name_zh": "同名楼",
            "name_en": "",
            "estate": "",
            "unit": np.zeros(count, dtype=int),
        }
    )
    many = SimpleNamespace(places=city.places, tree=city.tree, buildings=buildings, estates=None,
                           departments=city.departments)  # fmt: skip
    finder = Finder.of(many)  # type: ignore[arg-type]
    assert [x["code"] for x in finder.search("x00499", "zh")] == ["X00499"]
    assert len(finder.search("同名楼", "zh")) == LIMIT


def test_the_route_answers(client: FlaskClient) -> None:
    assert client.get("/search", query_string={"q": "hwjd", "lang": "en"}).json == [
        {"code": "991", "name": "Hewan", "where": "", "level": "street"}
    ]
    assert client.get("/search").json == []
