"""Ratings of departments as people write them, and what is wrong with some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.ingest.ratings import month_of, score_of
from tests.geodata.ingest.conftest import PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("bare")
CODE = "东片"
HEADS = ["when", "where", "whom", "score", "n"]
LAYER = """
[[departments]]
key = "urban"
name_zh = "城管执法局"
name_en = "Urban Management"

[[ratings]]
path = "ratings.csv"
[ratings.columns]
month = "when"
unit = "where"
department = "whom"
score = "score"
cases = "n"
"""


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2026-10", "2026-10"), ("2026年3月", "2026-03"), ("2026/3/1", "2026-03"),
        ("202612", "2026-12"), ("2026-10-31 00:00:00", "2026-10"),
        ("2026-13", ""), ("2026-00", ""), ("10月", ""), ("2026", ""), ("", ""),
    ],
)  # fmt: skip
def test_months_are_read_as_they_are_written(written: str, month: str) -> None:
    assert month_of(written) == month


@pytest.mark.parametrize(
    ("written", "score"),
    [("92.5", 92.5), ("100", 100.0), ("0", 0.0), ("８８分", 88.0), ("100.1", np.nan),
     ("-3", np.nan), ("good", np.nan), ("", np.nan)],
)  # fmt: skip
def test_scores_are_read_as_they_are_written(written: str, score: float) -> None:
    assert score_of(written) == pytest.approx(score, nan_ok=True)


def test_every_rating_is_published_or_rejected_with_its_reason(
    files: Any,  # noqa: ANN401
    account: Callable[..., dict[tuple[str, str], int]],
) -> None:
    good = ["2026-10", CODE, "城管执法局", "81.5", "40"]
    wrong = [[*good[:at], each, *good[at + 1 :]]
             for at, each in enumerate(("soon", "nowhere", "nobody", "101", ""))]  # fmt: skip
    frame = pd.DataFrame([good, *wrong], columns=HEADS)
    frame.to_csv(files.folder / "ratings.csv", index=False)
    city = files.publish(PROFILE + LAYER)
    unit = city.tree.find(CODE)
    assert city.ratings.to_numpy().tolist() == [["2026-10", unit, 0, 81.5, 40]]
    found = account(city.findings[city.findings["file"].str.startswith("ratings")])
    assert {reason: n for (action, reason), n in found.items() if action == "rejected"} == {
        "rating_month_unreadable": 1, "rating_unit_unknown": 1, "rating_department_unknown": 1,
        "rating_score_unreadable": 1, "rating_cases_missing": 1,
    }  # fmt: skip
