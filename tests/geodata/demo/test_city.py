from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import pandas as pd
import pytest

from geodata.demo.city import Truth, demo_draft, land_draft, today
from geodata.demo.redrawn import Redrawn
from geodata.model.errors import ProfileError

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.demo.land import Land
    from geodata.model.draft import Arranged, Draft

UNTIL = date(2026, 11, 21)


@pytest.fixture
def land() -> Land:
    nothing: dict[str, Any] = dict.fromkeys(("units", "buildings", "estates", "outdoors"))
    centres = pd.DataFrame({"unit": ["9900002", "elsewhere"], "name_zh": ["党群服务中心", "无"]})
    before = Redrawn(gpd.GeoDataFrame(), ("9900001",), (("99000011", "99000012"),), ())
    tables = {"basemap": {}, "divisions": {}, "service_centres": centres, "before": before}
    return cast("Land", SimpleNamespace(**nothing, **tables))


@pytest.fixture
def truth() -> Truth:
    return Truth(seed=3, scale="district", until=UNTIL)


@pytest.fixture
def draft(land: Land, truth: Truth) -> Draft:
    return land_draft(land, truth)


def test_a_draft_tells_which_demo_it_is(draft: Draft) -> None:
    assert draft.notes == {"demo": {"seed": 3, "scale": "district", "until": "2026-11-21"}}
    assert draft.profile.key == "lanting"
    assert len(draft.code_lists["matters"]) == 83


def test_a_draft_knows_its_earlier_boundaries_and_keeps_no_others(draft: Draft, land: Land) -> None:
    assert draft.earlier == {date(2026, 7, 1): land.before.units}
    assert not draft.keeps_past  # the same seed makes the same city wherever it is published


def test_two_years_of_incidents_come_month_by_month(
    land: Land, truth: Truth, small: Arranged, tmp_path: Path
) -> None:
    told: list[float] = []
    draft = land_draft(land, truth, lambda _, share: told.append(share))
    frames = list(draft.incidents(small))
    months = [f"{pd.Timestamp(int(f['reported'].min()), unit='s'):%Y-%m}" for f in frames]
    assert months == sorted(set(months))
    assert (months[0], months[-1]) == ("2024-11", "2026-11")
    rows = pd.concat([frame[["id", "reported"]] for frame in frames])
    assert rows["id"].is_unique
    assert rows["reported"].is_monotonic_increasing
    # About 13.4 a week per 1,000 people, and what is planted.
    assert 20 * 13 * 104 < len(rows) < 20 * 13 * 104 * 1.7
    assert told == sorted(told)
    assert told[-1] == 1
    truth.write(tmp_path / "x.json")
    second = pd.read_parquet(tmp_path / "x.duplicates.parquet")
    assert second["id"].is_unique
    assert second[["id", "first"]].isin(rows["id"].to_numpy()).all(axis=None)
    marked = pd.concat([f[["id", "duplicate_of"]] for f in frames]).query("duplicate_of >= 0")
    assert set(second.loc[second["marked"], "id"]) == set(marked["id"])
    assert len(second) == pytest.approx(len(marked) / 0.65, rel=0.08)


def test_the_truth_is_written_once_it_is_known(
    draft: Draft, truth: Truth, small: Arranged, tmp_path: Path
) -> None:
    path = tmp_path / "planted" / "x.json"
    with pytest.raises(RuntimeError, match="publish first"):
        truth.write(path)
    assert draft.alerts(small).empty  # they come from the detectors alone
    next(iter(draft.incidents(small)))
    truth.write(path)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["slow_departments"] == ["urban", "housing"]
    assert told["worsening_area"] in set(small.places["code"])
    assert told["redrawn"] == {
        "until": "2026-07-01",
        "streets": ["9900001"],
        "split": [["99000011", "99000012"]],
        "recut": [],
    }
    own = [c for c in told["clusters"] if c["origin"] == "month" and c["first"] < "2026-11-21"]
    assert len(own) >= 30
    assert {"kind", "places", "first", "last", "cases", "difficulty"} <= set(own[0])
    assert sum(c["origin"] == "alert" for c in told["clusters"]) > 500


def test_the_further_tables_are_numbered(draft: Draft, small: Arranged) -> None:
    extras = draft.extras(small)
    assert set(extras) == {"rosters", "inspections", "ratings", "service_centres"}
    assert extras["service_centres"]["unit"].tolist() == [2, -1]


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ProfileError, match="district, nested, city"):
        demo_draft("village", 1)


def test_today_is_a_day() -> None:
    assert today("nested") >= date(2026, 1, 1)
