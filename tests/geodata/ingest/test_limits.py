"""Deadlines that an import reckons, and those that it must not touch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from tests.geodata.ingest.conftest import FEED, PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

    Account = Callable[[pd.DataFrame], dict[tuple[str, str], int]]

CLOCK = """
categories = [{key = "c", name_zh = "c", name_en = "c"}]
[[matters]]
key = "hole"
name_zh = "h"
name_en = "Hole"
category = "c"
limit = 4
limit_kind = "working_hours"
[[matters]]
key = "talk"
name_zh = "t"
name_en = "Talk"
category = "c"
[clock]
calendar = "china"
"""


def at(written: str) -> int:
    zone = ZoneInfo("America/New_York")
    return int(datetime.fromisoformat(written).replace(tzinfo=zone).timestamp())


def test_the_limit_of_a_matter_makes_a_deadline(files: Any, account: Account) -> None:  # noqa: ANN401
    friday = {"in": "2026-11-20 16:00", "what": "hole"}
    files.cases(
        [
            {"no": "ours", **friday},
            {"no": "theirs", **friday, "due": "2026-11-20 17:00"},
            {"no": "free", **friday, "what": "talk"},
            {"no": "unnamed", **friday, "what": ""},
            {"no": "late", **friday, "in": "2026-12-31 16:00"},
        ]
    )
    city = files.publish(PROFILE + CLOCK + FEED)
    rows = pd.concat([pd.read_parquet(path) for path in city.incident_files()]).set_index("key")
    due = rows["due"].fillna(0).astype(int).to_dict()
    assert due == {
        "ours": at("2026-11-23 10:00"),
        "theirs": at("2026-11-20 17:00"),
        "free": 0,
        "unnamed": 0,
        "late": at("2027-01-01 10:00"),  # a holiday that no calendar knows yet
    }
    assert rows["due_original"].isna().all()
    found = city.findings
    counts = account(found)
    assert counts["read", "deadline_reckoned"] == 2
    assert counts["kept", "deadline_beyond_calendar"] == 1
    (told,) = found[found["reason"] == "deadline_beyond_calendar"].to_dict("records")
    assert "china.toml" in told["detail"]
    assert (city.matters.loc[0, "limit"], city.matters.loc[0, "limit_kind"]) == (4, "working_hours")


def test_an_original_deadline_is_read_where_the_file_has_one(files: Any) -> None:  # noqa: ANN401
    files.cases([{"no": "a", "in": "2026-11-20 16:00", "due": "2026-11-25 12:00",
                  "how": "2026-11-24 12:00"}])  # fmt: skip
    feed = FEED.replace('source = "how"', 'due_original = "how"')
    city = files.publish(PROFILE + feed)
    (row,) = pd.read_parquet(city.incident_files()[0]).to_dict("records")
    assert (row["due_original"], row["due"]) == (at("2026-11-24 12:00"), at("2026-11-25 12:00"))
