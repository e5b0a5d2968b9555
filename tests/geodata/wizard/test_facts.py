from __future__ import annotations

import pandas as pd
import pytest

from geodata.wizard.facts import describe


def column(*cells: str, name: str = "c") -> pd.Series:
    return pd.Series(list(cells), name=name, dtype="string")


def test_a_key_is_unique_and_filled() -> None:
    found = describe(column("A-1", "A-2", "A-3"))
    assert (found.kind, found.unique, found.distinct, found.filled) == ("code", True, 3, 1.0)
    again = describe(column("A-1", "A-1", "A-3"))
    assert not again.unique


def test_an_empty_column_is_told_as_such() -> None:
    found = describe(column("", "  ", ""))
    assert (found.kind, found.filled, found.distinct) == ("empty", 0.0, 0)


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (("2026-03-01 10:00:00", "2026-03-02 11:30:00"), ("%Y-%m-%d %H:%M:%S",)),
        (("03/14/2025 1:20", "3/1/2025 23:59"), ("%m/%d/%Y %H:%M",)),
        (("14/03/2025 01:20", "01/03/2025 23:59"), ("%d/%m/%Y %H:%M",)),
        (("04/12/2018 11:11:26 AM", "04/13/2018 11:11:26 PM"), ("%m/%d/%Y %I:%M:%S %p",)),
        (("2026年3月1日 10:00", "2026年12月31日 09:05"), ("%Y年%m月%d日 %H:%M",)),
        (("2026-03-01T10:00:00Z", "2026-03-01T10:00:00+0800"), ("%Y-%m-%dT%H:%M:%S%z",)),
    ],
)
def test_times_are_known_by_how_they_are_written(
    cells: tuple[str, ...], formats: tuple[str, ...]
) -> None:
    found = describe(column(*cells))
    assert found.kind == "time"
    assert found.formats == formats


def test_day_and_month_that_may_be_swapped_are_both_named() -> None:
    found = describe(column("03/04/2025", "05/06/2025"))
    assert {*found.formats, *found.also} >= {"%m/%d/%Y", "%d/%m/%Y"}
    assert describe(column("03/14/2025", "05/06/2025")).also == ()


def test_two_ways_to_write_times_in_one_column_are_both_found() -> None:
    found = describe(column(*["2026-03-01"] * 1, "2026-03-02 10:00:00", "2026-03-03 11:00:00"))
    assert set(found.formats) == {"%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}


def test_a_column_named_for_times_is_one_also_where_some_cells_are_none() -> None:
    cells = [f"2026-03-{day:02} 10:00" for day in range(1, 10)]
    cells += ["2026.3.10 10:00", "2026年3月11日 9时30分", "soon", "?"]
    named = describe(column(*cells, name="上报时间"))
    assert named.kind == "time"
    assert set(named.formats) == {"%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M", "%Y年%m月%d日 %H时%M分"}
    assert describe(column(*cells, name="备注")).kind == "text"


def test_digits_are_a_time_only_in_a_column_of_times() -> None:
    assert describe(column("20260301", "20260302", name="上报时间")).formats == ("%Y%m%d",)
    assert describe(column("20260301", "20260302", name="编号")).kind == "code"


def test_coordinates_are_told_from_numbers_by_their_names() -> None:
    assert describe(column("116.31", "116.32", name="经度")).kind == "lon"
    assert describe(column("40.31", "40.32", name="LATITUDE")).kind == "lat"
    assert describe(column("40.31", "40.31", name="面积")).kind == "number"


def test_shapes_spelt_out_are_known() -> None:
    assert describe(column("POLYGON ((0 0, 1 0, 1 1, 0 0))")).kind == "shape"
