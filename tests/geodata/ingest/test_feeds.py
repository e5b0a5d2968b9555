"""Quirks of incident files: dates that are none, days without times, several files and makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geodata.engine import Engine, Request
from geodata.ingest.moments import parse
from geodata.model.errors import ImportRefusedError
from geodata.model.schemas import DAY_BITS
from tests.geodata.ingest.conftest import FEED, PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

    Account = Callable[..., dict[tuple[str, str], int]]

pytestmark = pytest.mark.usefixtures("bare")
SEVERAL = FEED.replace('path = "cases.csv"', 'path = "cases-*.csv"')


def rows(city: Any) -> pd.DataFrame:  # noqa: ANN401
    return pd.concat([pd.read_parquet(path) for path in city.incident_files()]).set_index("key")


def mine(city: Any, name: str = "cases.csv") -> pd.DataFrame:  # noqa: ANN401
    found: pd.DataFrame = city.findings[city.findings["file"] == name]
    return found


def test_days_that_stand_for_none_are_not_known(files: Any, account: Account) -> None:  # noqa: ANN401
    files.cases(
        [
            {"no": "a", "in": "2024-07-02 10:00", "out": "1900-01-01 00:00", "due": "31/12/9999"},
            {"no": "b", "in": "30/12/1899"},
            {"no": "c", "in": "1 July"},
        ]
    )
    city = files.publish()
    assert rows(city).loc["a", ["closed", "due"]].isna().all()
    counts = account(mine(city))
    for expected in (
        ("kept", "closed_is_a_placeholder"), ("kept", "due_is_a_placeholder"),
        ("rejected", "reported_is_a_placeholder"), ("rejected", "reported_unreadable"),
    ):  # fmt: skip
        assert counts[expected] == 1, expected
    assert ("kept", "closed_unreadable") not in counts


def test_one_midnight_in_a_hundred_is_a_time_and_one_in_ten_is_a_date() -> None:
    clock = [f"2024-07-01 {hour:02}:30" for hour in range(1, 10)]
    written = ("%Y-%m-%d %H:%M",)
    few = parse(pd.Series([*clock * 11, "2024-07-01 00:00"]), written, "Asia/Shanghai")
    many = parse(pd.Series([*clock, "2024-07-01 00:00"]), written, "Asia/Shanghai")
    assert not few.by_day.any()
    assert many.by_day.tolist() == [False] * 9 + [True]


def test_no_minutes_come_of_dates_and_time_is_judged_by_the_day(files: Any) -> None:  # noqa: ANN401
    files.cases(
        [
            # closed on the day of the report, on the last day, and a day late
            {"no": "same", "in": "2024-07-02 10:00", "out": "02/07/2024", "due": "02/07/2024"},
            {"no": "last", "in": "2024-07-02 10:00", "out": "04/07/2024", "due": "04/07/2024"},
            {"no": "late", "in": "2024-07-02 10:00", "out": "05/07/2024", "due": "04/07/2024"},
            {"no": "exact", "in": "2024-07-02 10:00", "out": "2024-07-02 11:30"},
            {"no": "early", "in": "2024-07-02 10:00", "out": "01/07/2024"},
        ]
    )
    city = files.publish()
    found = rows(city)
    assert (found["by_day"] == DAY_BITS["closed"]).to_dict() == {
        "same": True, "last": True, "late": True, "exact": False, "early": True,
    }  # fmt: skip
    assert found.loc["same", "closed"] == found.loc["same", "reported"]
    said = mine(city).set_index("reason")
    assert said.loc["closed_before_reported", "rows"] == 1
    assert said.loc["dates_without_times", "rows"].sum() == 4 + 3
    now = int(found["closed"].max())
    total = Engine(city).screen(Request(0, "area", now - 30 * 86_400, now + 1, now)).total
    assert (total["resolution_n"], total["resolution_median_min"]) == (1, 90)
    assert (total["closed_on_time"], total["due"], total["closed"]) == (2, 3, 5)


def test_a_case_closed_before_its_report_has_no_minutes(files: Any) -> None:  # noqa: ANN401
    files.cases([{"no": "a", "in": "2024-07-02 10:00", "out": "2024-07-02 09:59"}])
    assert rows(files.publish()).loc["a", "by_day"] == DAY_BITS["closed"]


def test_places_are_brought_to_codes_and_unspecified_names_none(
    files: Any,  # noqa: ANN401
    account: Account,
) -> None:
    at = {"in": "2024-07-02 10:00"}
    files.cases(
        [{"no": str(n), "where": w, **at} for n, w in enumerate(("07 east", "Unspecified"))]
    )
    rules = FEED.replace("place_by", 'place_rules = [["0\\\\d (?i:EAST)", "东片"]]\nplace_by')
    city = files.publish(PROFILE + rules)
    units = city.sites["unit"].iloc[rows(city)["site"]].to_numpy()
    assert city.places["name_zh"].to_numpy()[units].tolist() == ["东片", "试验市"]
    counts = account(mine(city))
    assert counts["kept", "place_unspecified"] == 1
    assert ("kept", "place_not_found") not in counts


def test_the_point_decides_where_the_profile_says_so(files: Any) -> None:  # noqa: ANN401
    at = {"in": "2024-07-02 10:00", "where": "西片"}
    files.cases(
        [{"no": "a", "x": "1.5", "y": "0.5", **at}, {"no": "b", "x": "30.5", "y": "1", **at}]
    )
    for first, wanted in (("point", ["东片", "西片"]), ("place", ["西片", "西片"])):
        city = files.publish(
            PROFILE + FEED.replace("place_by", f'place_first = "{first}"\nplace_by')
        )
        units = city.sites["unit"].iloc[rows(city).sort_index()["site"]].to_numpy()
        assert city.places["name_zh"].to_numpy()[units].tolist() == wanted


def test_a_status_with_a_suffix_is_what_it_is_without(files: Any) -> None:  # noqa: ANN401
    at = {"in": "2024-07-02 10:00", "out": "2024-07-03 10:00"}
    files.cases(
        [{"no": s, "status": s, **at} for s in ("open (Transferred)", "done (x)", "void (y)")]
    )
    found = rows(files.publish())
    assert found["closed"].isna().to_dict() == {
        "open (Transferred)": True, "done (x)": False, "void (y)": False,
    }  # fmt: skip
    assert found["voided"].notna().to_dict()["void (y)"]


def test_a_column_without_a_value_is_told_once(files: Any) -> None:  # noqa: ANN401
    files.cases([{"no": "a", "in": "2024-07-02 10:00"}, {"no": "b", "in": "2024-07-02 10:00"}])
    (told,) = mine(files.publish()).query("reason == 'column_empty'").to_dict("records")
    assert told["detail"] == "out, due, status, dept, what, how, where, x, y"


def test_later_files_of_a_feed_are_the_newer_word(files: Any, account: Account) -> None:  # noqa: ANN401
    first = [{"no": n, "in": "2024-07-02 10:00", "dept": "old"} for n in ("a", "b", "a")]
    files.cases([*first, {"no": "", "in": "2024-07-02 10:00"}])
    (files.folder / "cases.csv").rename(files.folder / "cases-1.csv")
    files.cases([{"no": "b", "in": "2024-07-02 10:00", "dept": "new"}, {"in": "2024-07-02 11:00"}])
    (files.folder / "cases.csv").rename(files.folder / "cases-2.csv")
    city = files.publish(PROFILE + SEVERAL)
    found = rows(city)
    assert set(found.index) == {"a", "b", "cases-1.csv-row-5", "cases-2.csv-row-3"}
    assert city.departments["key"].iloc[int(found.loc["b", "department"])] == "new"
    old = account(mine(city, "cases-1.csv"))
    assert (old["read", "read"], old["rejected", "key_twice"], old["set_aside", "superseded"]) == (
        4,
        1,
        1,
    )
    assert files.publish(PROFILE + SEVERAL).id == city.id


def test_a_pattern_without_files_is_refused(files: Any) -> None:  # noqa: ANN401
    with pytest.raises(ImportRefusedError, match=r"cases-\*\.csv: no file fits"):
        files.publish(PROFILE + SEVERAL)


def test_files_of_another_make_have_a_mapping_of_their_own(files: Any) -> None:  # noqa: ANN401
    version = """
[[incidents.layer.versions]]
key = "case"
reported = "when"
"""
    (files.folder / "cases.csv").write_text("case,when\nz,2024-07-02 10:00\n", encoding="utf-8")
    assert list(rows(files.publish(PROFILE + FEED + version)).index) == ["z"]
    (files.folder / "cases.csv").write_text("case,at\nz,2024-07-02 10:00\n", encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"dept.*or, of its other versions, when; it has"):
        files.publish(PROFILE + FEED + version)
