from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.ingest.moments import parse
from geodata.model.schemas import SITE_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("bare")
NEW_YORK = ZoneInfo("America/New_York")


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp())


def rows(city: Any) -> pd.DataFrame:  # noqa: ANN401
    return pd.concat([pd.read_parquet(path) for path in city.incident_files()]).set_index("key")


def test_a_case_is_read_whole(files: Any) -> None:  # noqa: ANN401
    files.cases(
        [
            {
                "no": "A1", "in": "2024-07-01 10:00", "out": "2024-07-01 12:30",
                "due": "02/07/2024", "status": "done", "dept": "Parks & Co", "what": "Tree",
                "how": "Phone", "where": "西片", "x": "0.5", "y": "0.25",
            }
        ]
    )  # fmt: skip
    city = files.publish()
    case = rows(city).loc["A1"]
    assert case["reported"] == epoch("2024-07-01T10:00")
    assert case["closed"] == epoch("2024-07-01T12:30")
    assert case["due"] == epoch("2024-07-02T23:59:59")  # a day lasts until it ends
    assert (case["lon"], case["lat"]) == (0.5, 0.25)
    site = city.sites.iloc[int(case["site"])]
    assert city.places["name_zh"].iloc[int(site["unit"])] == "西片"
    assert site["kind"] == SITE_UNKNOWN
    assert city.departments.iloc[int(case["department"])].to_dict() == {
        "key": "parks-co",
        "name_zh": "Parks & Co",
        "name_en": "Parks & Co",
    }
    assert city.matters["key"].tolist() == ["tree"]
    assert city.matters[["category", "department"]].to_numpy().tolist() == [[0, 0]]
    assert city.categories["key"].tolist() == ["other"]
    assert city.sources["key"].tolist() == ["phone"]
    assert city.now() == epoch("2024-07-01T10:00")  # of the newest report: it closed hours later


def test_places_by_name_then_polygon_then_unknown(
    files: Any,  # noqa: ANN401
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    at = {"in": "2024-07-01 10:00"}
    files.cases(
        [
            {"no": "name", "where": "东片", "x": "0.5", "y": "0.5", **at},
            {"no": "point", "x": "1.5", "y": "0.5", **at},
            {"no": "stray", "where": "南片", "x": "0.4", "y": "0.5", **at},
            {"no": "blank", **at},
            {"no": "whole", "x": "39", "y": "-77", **at},
            {"no": "nought", "x": "0.0", "y": "0.0", **at},
            {"no": "moon", "x": "500", "y": "0.5", **at},
            {"no": "degrees", "x": "1.5\N{DEGREE SIGN}", "y": "0.5", **at},
            {"no": "minutes", "x": "1 30'", "y": "0.5", "where": "西片", **at},
            {"no": "abroad", "x": "30.5", "y": "0.5", **at},
        ]
    )
    city = files.publish()
    found = rows(city)
    units = city.sites["unit"].iloc[found["site"]].to_numpy()
    where = dict(zip(found.index, city.places["name_zh"].to_numpy()[units], strict=True))
    nowhere = dict.fromkeys(["blank", "whole", "nought", "moon", "abroad"], "试验市")
    assert where == {
        "name": "东片",
        "point": "东片",
        "stray": "西片",
        "degrees": "东片",
        "minutes": "西片",
        **nowhere,
    }
    assert found.loc[["blank", "whole", "nought", "moon"], ["lon", "lat"]].isna().all(axis=None)
    assert found.loc["abroad", "lon"] == 30.5
    mine = city.findings[city.findings["file"] == "cases.csv"]
    assert account(mine[mine["action"].isin(["repaired", "kept"])]) == {
        ("kept", "coordinates_missing"): 1,
        ("kept", "coordinates_unreadable"): 1,
        ("kept", "coordinates_rounded_away"): 2,
        ("kept", "coordinates_not_on_earth"): 1,
        ("kept", "place_not_found"): 1,
        ("kept", "point_outside_city"): 1,
        ("kept", "place_unknown"): 4,
    }


def test_moments_and_status_are_brought_in_order(
    files: Any,  # noqa: ANN401
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    files.cases(
        [
            {"no": "late", "in": "2024-07-02 10:00", "out": "2024-07-01 10:00", "status": "done"},
            {"no": "both", "in": "2024-07-02 10:00", "out": "2024-07-03 10:00", "status": "open"},
            {"no": "void", "in": "2024-07-02 10:00", "out": "2024-07-03 10:00", "status": "void"},
            {"no": "none", "in": "2024-07-02 10:00", "status": "done"},
            {"no": "odd", "in": "2024-07-02 10:00", "due": "soon"},
            {"no": "gone", "in": "yesterday"},
            {"no": "late", "in": "2024-07-02 10:00"},
            {"in": "2024-07-02 10:00"},
            {"no": "dst", "in": "2024-07-02 10:00", "due": "2025-03-09 02:30"},
            {"no": "never", "where": "东片"},
        ]
    )
    city = files.publish()
    found = rows(city)
    assert set(found.index) == {"late", "both", "void", "none", "odd", "row-9", "dst"}
    assert found.loc["late", "closed"] == found.loc["late", "reported"]
    assert pd.isna(found.loc["both", "closed"])
    assert found.loc["void", "voided"] == epoch("2024-07-03T10:00")
    assert pd.isna(found.loc["odd", "due"])
    assert found.loc["dst", "due"] == epoch("2025-03-09T03:00")
    mine = city.findings[city.findings["file"] == "cases.csv"]
    counts = account(mine)
    for expected in (
        ("rejected", "reported_unreadable"), ("rejected", "reported_missing"),
        ("rejected", "key_twice"), ("repaired", "key_missing"),
        ("kept", "due_unreadable"), ("repaired", "hour_skipped"),
        ("repaired", "closed_before_reported"), ("repaired", "open_but_closed"),
        ("kept", "closed_without_any_moment"),
    ):  # fmt: skip
        assert counts[expected] == 1, expected
    assert mine.set_index("reason").loc["key_twice", "row"] == 8


def test_parse_takes_the_first_format_that_fits_and_offsets() -> None:
    text = pd.Series(["2024-01-01 00:00", "01.02.2024", "2024-01-01T00:00:00+0800", "x", ""])
    formats = ("%Y-%m-%d %H:%M", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S%z")
    found = parse(text, formats, "Asia/Shanghai")
    assert found.seconds.tolist()[:3] == [1_704_038_400, 1_706_716_800, 1_704_038_400]
    assert found.seconds.isna().tolist() == [False, False, False, True, True]
    assert found.unreadable.tolist() == [False, False, False, True, False]


def test_the_hour_that_comes_twice_is_the_first() -> None:
    found = parse(pd.Series(["2024-11-03 01:30"]), ("%Y-%m-%d %H:%M",), "America/New_York")
    assert found.seconds.iloc[0] == epoch("2024-11-03T01:30")


TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "no": st.sampled_from(["", "1", "2", "3", "=x", "四"]),
        "in": st.sampled_from(["2024-07-02 10:00", "31/12/2024", "", "1 July", "1900-01-01 00:00"]),
        "out": st.sampled_from(["2024-07-03 10:00", "", "later"]),
        "status": st.sampled_from(["open", "void", "done", ""]),
        "where": st.sampled_from(["东片", "西片", "", "<b>"]),
        "x": st.sampled_from(["0.5", "1.5", "", "nan", "inf", "39", "1e400", "east"]),
        "y": st.sampled_from(["0.5", "", "-77", "7"]),
        "what": st.sampled_from(["Tree", "tree", "A-b", ""]),
        "dept": st.sampled_from(["", "X", "x "]),
    },
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TEXTS, max_size=12))
def test_what_is_read_is_kept_or_rejected(files: Any, cases: list[dict[str, str]]) -> None:  # noqa: ANN401
    files.cases(cases)
    city = files.publish()
    mine = city.findings[city.findings["file"] == "cases.csv"]
    read = mine.loc[mine["reason"] == "read", "rows"].sum()
    rejected = mine.loc[mine["action"] == "rejected", "rows"].sum()
    kept = city.meta["counts"]["incidents"]
    assert read == len(cases) == kept + rejected
    if kept:
        found = rows(city)
        assert found.index.is_unique
        assert found["site"].between(0, len(city.sites) - 1).all()
        assert (found["closed"].isna() | (found["closed"] >= found["reported"])).all()
        assert np.isfinite(found[["lon", "lat"]].dropna().to_numpy()).all()
