"""A confirmed proposal changes every number, and taking it back restores them exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pandas as pd
import pytest

from geodata.duplicates import confirmed, undone
from geodata.engine import Request
from geodata.engine.duck import Engine
from geodata.journal.codes import Codes
from geodata.journal.events import read
from geodata.journal.journal import Entry
from geodata.journal.opening import cases_of
from geodata.store.snapshots import open_city
from tests.browser.tiny import NOW, publish_tiny

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.duplicates.events import Case
    from geodata.engine.numbers import Numbers
    from geodata.journal.cases import Cases
    from geodata.store.snapshots import City

ASKED = Request(0, "street", NOW - 30 * 86_400, NOW, NOW)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder: Path = tmp_path_factory.mktemp("city")
    publish_tiny(folder)
    return open_city(folder)


def kept(cases: Cases, city: City, *events: dict[str, object]) -> None:
    batch = read([orjson.dumps(event) for event in events], Codes(city), NOW)
    assert not batch.refused
    assert not batch.remarks
    seq = cases.version[1]
    cases.apply([Entry(seq + n, event.text) for n, event in enumerate(batch.events, 1)])


def numbers(city: City, cases: Cases) -> Numbers:
    return Engine(city, live=cases.overlay).screen(ASKED)


def assert_equal(one: Numbers, other: Numbers) -> None:
    for name in ("cells", "departments", "categories", "trend", "sparks", "steps"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_series_equal(one.total, other.total)
    counts = [each.sources.drop(columns="newest") for each in (one, other)]
    pd.testing.assert_frame_equal(*counts)


def test_confirmed_and_undone(city: City) -> None:
    cases = cases_of(city)
    before = numbers(city, cases)
    first, second = _two(city)
    kept(cases, city, confirmed(second, first, NOW - 60))
    while_merged = numbers(city, cases)
    assert while_merged.total["reported"] == before.total["reported"] - 1
    assert while_merged.total["duplicates"] == before.total["duplicates"] + 1
    kept(cases, city, undone(second, NOW - 60))
    assert_equal(numbers(city, cases), before)
    kept(cases, city, confirmed(second, first, NOW - 30), undone(second, NOW - 20, first))
    assert_equal(numbers(city, cases), while_merged)  # as a source had said it before


def _two(city: City) -> tuple[Case, Case]:
    """Two cases of the window that count, by source and number."""
    found = pd.concat([pd.read_parquet(path) for path in city.incident_files()])
    found = found[found["reported"].between(ASKED.start, NOW - 86_400) & found["voided"].isna()]
    keys = city.sources["key"].tolist()
    rows = found[found["duplicate_of"] < 0].drop_duplicates("source").head(2)
    (one, other) = zip(rows["source"], rows["key"], strict=True)
    return (keys[one[0]], str(one[1])), (keys[other[0]], str(other[1]))
