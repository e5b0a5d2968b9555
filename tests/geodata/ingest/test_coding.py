"""Codes that the profile does not have are named, with how many rows have them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from geodata.ingest import measures
from geodata.report.account import accounts

pytestmark = pytest.mark.usefixtures("bare")
AT = {"in": "2024-07-02 10:00", "where": "东片"}
SHORT = """
[[departments]]
key = "water"
name_zh = "水务局"
name_en = "Water"
"""


def lacking(city: Any) -> Any:  # noqa: ANN401
    (file,) = [file for file in accounts(city.findings) if file.name == "cases.csv"]
    return next((each for each in file.reasons if each.key == "codes_not_in_profile"), None)


def test_unknown_codes_are_named_and_counted(files: Any) -> None:  # noqa: ANN401
    given = ["城管局", "水务局", "园林局", "园林局"]
    files.cases([{"no": str(n), "dept": dept, "how": "热线", **AT} for n, dept in enumerate(given)])
    city = files.publish((files.profile().read_text(encoding="utf-8")) + SHORT)
    told = lacking(city)
    assert told.rows == 3
    assert told.place("zh") == "部门：园林局（2 件）、城管局（1 件）; 渠道：热线（4 件）"
    assert "departments = 园林局, 城管局; sources = 热线" in told.cure("en")
    assert "{" not in told.cure("zh") + told.cure("zh", on_page=True) + told.own_cure


def test_a_channel_that_no_column_tells_is_no_unknown_code(files: Any) -> None:  # noqa: ANN401
    files.cases([{"no": "a", **AT}, {"no": "b", **AT}])
    city = files.publish(files.profile().read_text(encoding="utf-8").replace('source = "how"', ""))
    assert lacking(city) is None
    assert city.sources[["key", "name_zh", "name_en"]].iloc[0].tolist() == [
        "unknown", "未注明", "Not stated",
    ]  # fmt: skip


def test_of_very_many_codes_the_most_frequent_are_named() -> None:
    detail = measures.codes("departments", {f"d{n:02}": n for n in range(40)})
    kind, told = measures.read(detail) or ("", {})
    assert (kind, told["codes"][0], told["more"]) == ("codes", ["d39", 39], 28)


def test_whom_a_case_was_first_dispatched_to_is_a_department(files: Any) -> None:  # noqa: ANN401
    pairs = [("水务局", "园林局"), ("水务局", ""), ("园林局", "园林局")]
    files.cases([{"no": str(n), "dept": d, "how": how, **AT} for n, (d, how) in enumerate(pairs)])
    profile = files.profile().read_text(encoding="utf-8")
    city = files.publish(profile.replace('source = "how"', 'first_department = "how"') + SHORT)
    rows = pd.read_parquet(city.incident_files()[0]).sort_values("key")
    assert rows["department"].tolist() == [0, 0, 1]
    assert rows["first_department"].tolist() == [1, -1, 1]
    assert lacking(city).place("zh") == "部门：园林局（2 件）"
