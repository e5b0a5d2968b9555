"""Levels told by official division codes, and level names that a person writes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geodata.wizard import Choice, changed, guess, look_folder, toml
from tests.geodata.wizard.sample import geojson, square

if TYPE_CHECKING:
    from pathlib import Path


def drafted(folder: Path, files: dict[str, list[tuple[str, str]]]) -> Any:  # noqa: ANN401
    """A draft of files of areas in columns across the same ground, finer from file to file."""
    for name, units in files.items():
        width = 12 / len(units)
        rows: list[Any] = [
            ({"DM": code, "MC": title}, square(width * place, 0, width, 4))
            for place, (code, title) in enumerate(units)
        ]
        geojson(folder / name, rows)
    return guess(look_folder(folder))


def named(draft: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    return [(level.key, level.name_zh) for level in draft.levels]


def test_the_length_of_official_codes_tells_the_levels(tmp_path: Path) -> None:
    draft = drafted(
        tmp_path,
        {
            "a.geojson": [("110101", "东城")],
            "b.geojson": [("110101001", "甲片"), ("110101002", "乙片")],
            "c.geojson": [(f"11010100{s}00{n}", f"{s}{n}里") for s in (1, 2) for n in (1, 2, 3)],
        },
    )
    assert named(draft) == [("district", "区"), ("street", "镇街"), ("community", "社区（村）")]
    assert all(level.named for level in draft.levels)


@pytest.mark.parametrize(
    ("codes", "root", "own"),
    [
        (("110101001", "110101002"), "district", "street"),
        (("320102", "320104"), "city", "district"),
        (("110101", "110102"), "city", "district"),
        (("320100", "320200"), "province", "city"),
        (("320102000000", "320104000000"), "city", "district"),
    ],
)
def test_what_the_codes_share_tells_the_level_above(
    tmp_path: Path, codes: tuple[str, str], root: str, own: str
) -> None:
    draft = drafted(tmp_path, {"a.geojson": [(code, f"{code[:6]}片") for code in codes]})
    assert [level.key for level in draft.levels] == [root, own]


@pytest.mark.parametrize(
    "units",
    [
        [("360610001001", "Tract 1"), ("360610001002", "Tract 2")],  # of another country
        [("990101001", "甲片"), ("990101002", "乙片")],  # of no province
        [("1101010010", "甲片"), ("1101010020", "乙片")],  # of no such length
    ],
)
def test_other_codes_tell_no_level(tmp_path: Path, units: list[tuple[str, str]]) -> None:
    draft = drafted(tmp_path, {"a.geojson": units})
    assert not draft.levels[-1].named


def test_what_names_end_in_comes_before_their_codes(tmp_path: Path) -> None:
    grids = [("110101001001", "第一网格"), ("110101001002", "第二网格")]
    assert drafted(tmp_path, {"a.geojson": grids}).levels[-1].key == "grid"


def test_a_city_of_the_rank_of_a_district_is_one(tmp_path: Path) -> None:
    units = [("320583", "昆山市"), ("320582", "张家港市")]
    assert drafted(tmp_path, {"a.geojson": units}).levels[-1].key == "district"


def test_a_level_can_be_given_names(tmp_path: Path) -> None:
    draft = drafted(tmp_path, {"a.geojson": [("990101001", "甲片"), ("990101002", "乙片")]})
    own = draft.levels[-1].key
    names = {f"levels:name_zh:{own}": "片区", f"levels:name_en:{own}": "Locality"}
    mended = changed(draft, [Choice("", what, value) for what, value in names.items()])
    level = mended.levels[-1]
    assert (level.key, level.name_zh, level.name_en) == (own, "片区", "Locality")
    assert (level.plural_en, level.named) == ("Localities", True)
    assert 'plural_en = "Localities"' in toml(mended)
    back = changed(mended, [Choice("", what, "") for what in names])
    assert back.levels == draft.levels
