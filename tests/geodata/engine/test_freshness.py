"""How new the records are: right at every moment, and read once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geodata.engine import Engine
from geodata.engine.freshness import Records
from geodata.model.schemas import MOMENTS
from tests.geodata.engine.city import HandMade, make_city, write_days
from tests.geodata.engine.oracle import DAY, NOW, Case, random_incidents

if TYPE_CHECKING:
    from pathlib import Path

CASE = Case(7, 600, (0, 0, 20), "street", 30.0, 0.0, (), (), (), "", "closed", "Asia/Shanghai")
HAPPENED = [moment for moment in MOMENTS if moment not in {"occurred", "due"}]
AT = (NOW, NOW + 3_600, NOW + DAY, NOW + 9 * DAY, NOW - 3_600, NOW - 50 * DAY, NOW - 500 * DAY)


@pytest.fixture
def incidents() -> pd.DataFrame:
    return random_incidents(CASE)


@pytest.fixture
def city(tmp_path: Path, incidents: pd.DataFrame) -> HandMade:
    return make_city(tmp_path, incidents)


def newest(moments: pd.Series, now: int) -> int:
    known = moments.dropna().astype("int64")
    return int(known[known <= now].max()) if (known <= now).any() else 0


def test_it_is_the_newest_moment_that_has_happened(city: HandMade, incidents: pd.DataFrame) -> None:
    engine = Engine(city)
    for now in AT:
        fresh = engine.freshness(now)
        assert fresh.newest == max(newest(incidents[moment], now) for moment in HAPPENED)
        by_source = {
            source: newest(mine["reported"], now) for source, mine in incidents.groupby("source")
        }
        assert fresh.by_source == {source: at for source, at in by_source.items() if at}


def test_time_alone_makes_nothing_be_read_again(
    city: HandMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(city)
    first = engine.freshness(NOW)
    monkeypatch.setattr(Records, "_read", None)
    later = [engine.freshness(NOW + hours * 3_600).newest for hours in range(24)]
    assert first.newest <= later[0] < later[-1]
    assert later == sorted(later)


def test_a_file_that_changed_is_read_again(
    city: HandMade, incidents: pd.DataFrame, tmp_path: Path
) -> None:
    engine = Engine(city)
    end = NOW + 9 * DAY
    before = engine.freshness(end)
    one = incidents.iloc[[incidents["reported"].astype("int64").argmax()]].copy()
    one["closed"] = before.newest + 60
    one["source"] = 2
    write_days(tmp_path, pd.concat([incidents, one], ignore_index=True))
    for path in city.incident_files():
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    after = engine.freshness(end)
    assert after.newest == before.newest + 60
    assert after.by_source[2] == incidents["reported"].astype("int64").max()
