from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geodata.ingest import draft_from_profile
from geodata.wizard import Draft, guess, look_folder, toml

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.model.draft import Draft as City

pytestmark = pytest.mark.real


def drafted(folder: Path) -> Draft:
    assert folder.is_dir()
    return guess(look_folder(folder), folder=folder.name)


def imported(draft: Draft, folder: Path, tmp_path: Path) -> City:
    path = tmp_path / "draft.toml"
    path.write_text(toml(draft, str(folder)), encoding="utf-8")
    return draft_from_profile(path)


def roles(draft: Draft) -> dict[str, str]:
    return {plan.name: plan.role.value for plan in draft.files}


def test_baltimore(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "us_baltimore_311"
    draft = drafted(folder)
    assert roles(draft) == {
        "311_sample.csv.gz": "incidents",
        "baltimore.geojson.gz": "level",
        "baltimore.metadata.json": "unused",
    }
    assert [level.key for level in draft.levels] == ["city", "neighborhood"]
    cases = draft.file("311_sample.csv.gz")
    assert (cases.place_level, cases.place_by) == ("neighborhood", "name")
    assert cases.time_formats == ("%m/%d/%Y %I:%M:%S %p",)
    assert cases.status_open == ("Open", "New", "Pending", "In Progress")
    assert all("Duplicate" in status for status in cases.status_void)
    assert (len(draft.departments), len(draft.sources)) == (16, 8)
    assert draft.city.time_zone.value == "America/New_York"
    assert len(imported(draft, folder, tmp_path).units) == 279


def test_beijing(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "cn_beijing_subdistricts"
    draft = drafted(folder)
    assert [(level.key, level.units) for level in draft.levels] == [
        ("city", 1),
        ("district", 6),
        ("street", 122),
    ]
    streets = draft.file("subdistrict/pinggu-all.geojson")
    assert {ours: found.value for ours, found in streets.columns} == {
        "code": "code",
        "name_zh": "Name",
        "parent": "parentCode",
    }
    assert dict(streets.code_digits) == {"code": 9, "parent": 6}
    units = imported(draft, folder, tmp_path).units
    assert len(units) == 129
    parents = units[units["level"] == "street"]
    assert (parents["parent"] == parents["code"].str[:6]).all()


def test_new_york_boundaries(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "us_nyc_boundaries"
    draft = drafted(folder)
    assert [(level.key, level.units, level.division) for level in draft.levels] == [
        ("city", 1, False),
        ("borough", 5, False),
        ("neighborhood", 195, False),
        ("tract", 2165, False),
        ("community-district", 71, True),
    ]
    assert draft.file("nyct2010.zip").crs.value == "EPSG:2263"
    assert draft.file("community-districts.geojson").role.value == "unused"
    unread = draft.look("borough.topo.json").fault
    assert unread is not None
    assert "TopoJSON" in unread.detail
    assert any(question.column == "GEOCODE" for question in draft.questions)
    assert len(imported(draft, folder, tmp_path).units) == 1 + 5 + 195 + 2165


def test_cases_alone_want_boundaries(real_data: Path) -> None:
    draft = drafted(real_data / "us_nyc_311")
    assert set(roles(draft).values()) == {"incidents"}
    assert [question.must for question in draft.questions][:2] == [True, False]
