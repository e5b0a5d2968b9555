from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geodata.duplicates import Reports

if TYPE_CHECKING:
    from collections.abc import Callable

METRE = 1 / 111_320.0
MADE = {"lon": 0.0, "lat": 0.0, "category": 0, "matter": 0, "floor": 0, "room": 0, "site": 0}


def make_reports(rows: list[dict[str, Any]]) -> Reports:
    """Reports at metres (x, y) east and north of a corner, `reported` in minutes."""
    table = pd.DataFrame([MADE | {"source": n % 2} | row for n, row in enumerate(rows)])
    table["id"] = np.arange(len(table)) + 100
    for name, axis in (("lon", "x"), ("lat", "y")):
        table[name] = table[axis] * METRE if axis in table else table[name]
    table["reported"] = 1_760_000_000 + 60 * table["reported"]
    occurred = table["occurred"] if "occurred" in table else pd.Series(pd.NA, table.index)
    table["occurred"] = (1_760_000_000 + 60 * occurred.astype("Int64")).astype("UInt32")
    return Reports.of(table.sample(frac=1, random_state=1))


@pytest.fixture(scope="session")
def reports() -> Callable[[list[dict[str, Any]]], Reports]:
    return make_reports
