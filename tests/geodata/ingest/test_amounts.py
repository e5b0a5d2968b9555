"""Whole numbers as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import shapely

from geodata.ingest.amounts import whole
from tests.geodata.ingest.conftest import FEED, PROFILE, square
from tests.geodata.ingest.test_things import thing

if TYPE_CHECKING:
    from collections.abc import Callable

    Account = Callable[..., dict[tuple[str, str], int]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6", 6), ("6.0", 6), ("1e3", 1000), ("6层", 6), (" 6 层 ", 6), ("12,345", 12345),
        ("12，345", 12345), ("１２", 12), ("1.2万", 12000), ("1.2万人", 12000), ("230户", 230),
        ("6F", 6), ("2005年", 2005), ("1,234,567 people", 1234567),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, number: int) -> None:
    values, unread = whole(pd.Series([text], dtype="string"), "int32", -1)
    assert (values.tolist(), unread.tolist()) == ([number], [False])


@pytest.mark.parametrize(
    "text", ["many", "6-8层", "1,23", "6 of 8", "-5", "99999999999", "inf", "0x10", "1_000"]
)
def test_what_is_no_number_is_told(text: str) -> None:
    values, unread = whole(pd.Series([text], dtype="string"), "int32", -1)
    assert (values.tolist(), unread.tolist()) == ([-1], [True])


@pytest.mark.parametrize("text", ["", "-", "—", "/", "无", "null", "N/A", "-1"])
def test_what_says_that_there_is_none_is_not_told(text: str) -> None:
    values, unread = whole(pd.Series([text], dtype="string"), "int32", -1)
    assert (values.tolist(), unread.tolist()) == ([-1], [False])


@pytest.mark.usefixtures("bare")
def test_numbers_of_units_and_buildings_are_told_by_column_and_row(files: Any) -> None:  # noqa: ANN401
    files.areas([square("东片", 1, pop="12,345"), square("西片", 0, pop="plenty")])
    houses = [
        thing(code, shapely.box(0.1 * n, 0.4, 0.1 * n + 0.05, 0.5), cs=floors)
        for n, (code, floors) in enumerate({"a": "6层", "b": "tall", "c": ""}.items())
    ]
    files.areas(houses, "houses.geojson")
    files.cases([])
    people = PROFILE.replace('code = "id"', 'code = "id", people = "pop"')
    layer = '[[buildings]]\npath = "houses.geojson"\ncolumns = {code = "id", floors = "cs"}\n'
    city = files.publish(people + FEED + layer)
    places = city.places.set_index("name_zh")["people"]
    assert (places["东片"], places["西片"]) == (12_345, -1)
    floors = dict(zip(city.buildings["code"], city.buildings["floors"], strict=True))
    assert floors == {"a": 6, "b": 0, "c": 0}
    told = city.findings[city.findings["reason"] == "number_unreadable"]
    assert told[["file", "row", "action", "detail"]].to_numpy().tolist() == [
        ["areas.geojson", 2, "kept", "2; pop"],
        ["houses.geojson", 2, "kept", "2; cs"],
    ]
