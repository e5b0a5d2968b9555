"""Files of the same name, rows without a number, and numbers that come in two feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geodata.report.account import accounts
from tests.geodata.ingest.conftest import FEED, PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

    Account = Callable[..., dict[tuple[str, str], int]]

pytestmark = pytest.mark.usefixtures("bare")
MONTHS = FEED.replace('path = "cases.csv"', 'path = "*/cases.csv"')
BARE = MONTHS.replace('key = "no"\n', "")
AT = {"in": "2024-07-02 10:00"}


def month(files: Any, name: str, rows: list[dict[str, str]]) -> None:  # noqa: ANN401
    files.cases(rows)
    (files.folder / name).mkdir()
    (files.folder / "cases.csv").rename(files.folder / name / "cases.csv")


def feed(name: str, source: str = "") -> str:
    made = FEED.replace('path = "cases.csv"', f'path = "{name}/cases.csv"')
    if source:
        return made.replace('source = "how"\n', "").replace(
            "place_level", f'source = "{source}"\nplace_level'
        )
    return made


def keys(city: Any) -> list[str]:  # noqa: ANN401
    found = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    return sorted(found["key"])


def test_rows_without_a_number_are_replaced_by_no_other_row(files: Any) -> None:  # noqa: ANN401
    month(files, "2024-01", [AT, AT])
    month(files, "2024-02", [AT, AT, AT])
    city = files.publish(PROFILE + BARE)
    assert keys(city) == [f"2024-0{m}/cases.csv-row-{r}" for m in (1, 2) for r in range(2, m + 3)]
    assert "superseded" not in set(city.findings["reason"])


def test_what_looks_like_a_made_up_number_replaces_none(files: Any) -> None:  # noqa: ANN401
    month(files, "a", [{"no": "", **AT}])
    month(files, "b", [{"no": "a/cases.csv-row-2", **AT}])
    assert len(keys(files.publish(PROFILE + MONTHS))) == 2


def test_files_of_one_name_have_accounts_of_their_own(files: Any) -> None:  # noqa: ANN401
    month(files, "2024-01", [{"no": "a", **AT}, {"no": "a", **AT}])
    month(files, "2024-02", [{"no": "b", **AT}])
    city = files.publish(PROFILE + MONTHS)
    found = {each.name: (each.read, each.rejected) for each in accounts(city.findings)}
    assert found["2024-01/cases.csv"] == (2, 1)
    assert found["2024-02/cases.csv"] == (1, 0)


def test_a_number_in_two_feeds_of_one_source_is_told(files: Any) -> None:  # noqa: ANN401
    month(files, "a", [{"no": n, "how": "hotline", **AT} for n in "123"])
    month(files, "b", [{"no": n, "how": "hotline", **AT} for n in "234"])
    city = files.publish(PROFILE + feed("a") + feed("b"))
    assert len(keys(city)) == 6
    (told,) = city.findings[city.findings["reason"] == "key_in_other_feed"].to_dict("records")
    assert (told["file"], told["action"], told["rows"]) == ("b/cases.csv", "kept", 2)
    assert told["detail"] == "2, 3; a/cases.csv"


@pytest.mark.parametrize("mapped", [True, False])
def test_numbers_of_different_sources_are_different_cases(files: Any, *, mapped: bool) -> None:  # noqa: ANN401
    month(files, "a", [{"no": "1", "how": "hotline", **AT}, {"no": "", **AT}])
    month(files, "b", [{"no": "1", "how": "patrol", **AT}, {"no": "", **AT}])
    sources = ("", "") if mapped else ("hotline", "patrol")
    city = files.publish(PROFILE + feed("a", sources[0]) + feed("b", sources[1]))
    assert "key_in_other_feed" not in set(city.findings["reason"])
    assert len(set(keys(city))) == 3, "made-up numbers of two feeds are not the same"
