"""Values of any type as text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geodata import formats
from geodata.formats.cells import written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(110114), "110114"),
        (Decimal("2.50"), "2.50"),
        (Decimal("NaN"), ""),
        (dt.timedelta(hours=6), "6:00:00"),
        (dt.timedelta(days=1, hours=6), "1 day, 6:00:00"),
        ([1, Decimal(2)], '[1, "2"]'),
        ({"a": None}, '{"a": null}'),
    ],
)
def test_only_lists_and_dictionaries_become_json(value: object, text: str) -> None:
    assert written(value) == text


def test_decimals_of_parquet_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"code": [Decimal(110114), None]}).to_parquet(path)
    assert formats.read(path).frame["code"].tolist() == ["110114", ""]
