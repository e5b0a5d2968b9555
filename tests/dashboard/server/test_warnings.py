"""The judging of what arrives: one process at a time, its age is known, the past stays."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.server import cities, warnings
from geodata.judged import Standing
from geodata.model.periods import DAY
from geodata.model.schemas import MOMENTS
from geodata.store.months import write_day
from geodata.store.snapshots import FEED, open_city
from geodata.store.tables import IMPORTED, LIVE_WARNINGS, write_warnings
from tests.browser.tiny import publish_tiny

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def living(tmp_path: Path) -> Path:
    publish_tiny(tmp_path)
    return tmp_path


def burst(folder: Path, count: int) -> int:
    """Write cases of the last minutes at one house into the feed; gives when they begin."""
    city = open_city(folder)
    month = pq.read_table(city.incident_files()[-1])
    at = int(city.meta["last"])
    one = month.slice(len(month) - 1, 1).to_pandas()
    site = int(np.flatnonzero(city.sites["building"] >= 0)[0])
    rows = pd.concat([one] * count, ignore_index=True).assign(
        id=10_000 + np.arange(count), site=site, lon=np.nan, lat=np.nan,
        **{name: pd.array([pd.NA] * count, dtype="UInt32") for name in MOMENTS},
    )  # fmt: skip
    rows["reported"] = pd.array(at + 60 * np.arange(1, count + 1), dtype="UInt32")
    day = time.strftime("%Y-%m-%d", time.gmtime(at))
    write_day(folder / FEED / city.id, day, rows)
    return at


def test_what_arrived_raises_an_alert_and_one_process_judges(living: Path) -> None:
    at = burst(living, 9)
    city = open_city(living)
    before = city.alerts
    first, second = (warnings.Keeper(living, cities.Cities(living)) for _ in range(2))
    assert first.look()
    assert not second.look()
    fresh = city.alerts[city.alerts["raised"] > at]
    assert fresh["cases"].max() >= 9
    assert fresh["cleared"].isna().any()
    imported = before[before["kind"] == IMPORTED]
    assert set(imported["title_zh"]) <= set(city.alerts["title_zh"])
    assert not first.late()
    first.judged = first.started = time.monotonic() - 3600
    assert first.late()
    assert not second.late()
    first.let_go()
    assert second.look()


def test_an_open_alert_is_told_until_it_is_quiet_however_long_that_lasts(living: Path) -> None:
    """Nothing is lost at a restart either: the table alone says how things stand."""
    at = burst(living, 9)
    city = open_city(living)
    standing = Standing(city)
    assert standing.look(None, at + 600)
    fresh = standing.table[standing.table["raised"] > at]
    fresh = fresh[fresh["cleared"].isna()]
    assert len(fresh)
    write_warnings(living / FEED / city.id / LIVE_WARNINGS, standing.table, standing.until)
    again = Standing(city)
    assert not again.look(None, at + 600)
    for day in range(1, 10):
        again.look(None, at + day * DAY)
    later = again.table[again.table["raised"].isin(fresh["raised"])]
    assert later["title_zh"].tolist() == fresh["title_zh"].tolist()
    assert (later["cleared"] == later["ends"]).all()
    assert (later["cleared"] > at + 6 * 3600).all()


def test_the_first_judging_agrees_with_the_publication(living: Path) -> None:
    city = open_city(living)
    standing = Standing(city)
    published = standing.table
    assert not standing.look(None, city.now())
    pd.testing.assert_frame_equal(standing.table, published)


def test_an_unreadable_table_is_written_anew_and_an_equal_one_is_not(living: Path) -> None:
    burst(living, 9)
    city = open_city(living)
    path = living / FEED / city.id / LIVE_WARNINGS
    path.write_bytes(b"PAR1")
    keeper = warnings.Keeper(living, cities.Cities(living))
    keeper.look()
    known = len(city.alerts)
    assert path.read_bytes()[:8] != b"PAR1"
    stamp = city.alerts_version()
    keeper.look()
    assert city.alerts_version() == stamp
    assert len(city.alerts) == known


def test_a_city_that_cannot_be_judged_is_told_once(
    living: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (living / "live.json").write_text("{", encoding="utf-8")
    keeper = warnings.Keeper(living, cities.Cities(living))
    keeper.attempt()
    keeper.attempt()
    assert sum("could not be judged" in record.message for record in caplog.records) == 1


def test_where_no_city_is_there_is_nothing_to_judge(tmp_path: Path) -> None:
    assert not warnings.Keeper(tmp_path, cities.Cities(tmp_path)).look()
