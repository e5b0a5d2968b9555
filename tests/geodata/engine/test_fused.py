"""What only the fused scan does: buckets for many cases, and months kept between questions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geodata.columns import build_columns
from geodata.engine import Engine, Request, open_engine, shares
from geodata.engine import scan as scanning
from geodata.engine.fused import FusedEngine
from geodata.engine.numbers import BACKLOG, TALLY
from geodata.kernels.spread import BUCKETS, bucket, by_group, edge, estimate, fill
from tests.geodata.engine.city import HandMade, make_city
from tests.geodata.engine.oracle import DAY, NOW, Case, overlay, random_incidents

if TYPE_CHECKING:
    from pathlib import Path

CASE = Case(11, 900, (0, 0, 20), "street", 30.0, 0.0, (), (), (), "", "closed", "Asia/Shanghai")
LONG = Request(0, "street", NOW - 120 * DAY, NOW, NOW)
WIDTH = 2.0**-6  # of a bucket, at most


@pytest.fixture
def city(tmp_path: Path) -> HandMade:
    made = make_city(tmp_path, random_incidents(CASE))
    build_columns(made)
    return made


def same(mine: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Counts alike; durations within the width of a bucket."""
    assert list(mine.index) == list(theirs.index)
    exact = [n for n in (*TALLY, *BACKLOG, "norm", "arrival_n", "n", "at") if n in mine]
    np.testing.assert_array_equal(mine[exact], theirs[exact])
    rest = [n for n in mine.select_dtypes("number") if n not in exact]
    np.testing.assert_allclose(
        mine[rest].to_numpy(float), theirs[rest].to_numpy(float), rtol=WIDTH, atol=0.02
    )


@pytest.mark.parametrize("later", [0, 3 * DAY, 40 * DAY])
def test_many_cases_are_put_into_buckets(
    city: HandMade, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    monkeypatch.setattr(scanning, "EXACT_UP_TO", 10)
    fused, database = FusedEngine(city, grain_s=1), Engine(city, grain_s=1)
    for place in (0, 1, 6):
        for filters in ({}, {"categories": (1,)}, {"departments": (0, 2)}):
            asked = replace(LONG, place=place, now=NOW + later, **filters)
            for _ in range(2):  # the second time the months are known
                mine, theirs = fused.screen(asked), database.screen(asked)
                same(mine.total.to_frame().T, theirs.total.to_frame().T)
                for name in ("cells", "departments", "categories", "sources", "sparks", "trend"):
                    same(getattr(mine, name), getattr(theirs, name))
                assert mine.norm == pytest.approx(theirs.norm, nan_ok=True)
                asked = replace(asked, now=asked.now + 60)


def test_months_are_kept_for_a_later_moment(
    city: HandMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "EXACT_UP_TO", 10)
    made = []
    real = shares.share_of
    monkeypatch.setattr(
        shares, "share_of", lambda *each, lean: made.append(lean) or real(*each, lean=lean)
    )
    engine = FusedEngine(city, grain_s=1)
    asked = replace(LONG, now=NOW + 40 * DAY, end=NOW + 40 * DAY)
    first = engine.screen(asked)
    assert made
    made.clear()
    again = engine.screen(replace(asked, now=asked.now + 60))
    assert not made
    np.testing.assert_array_equal(first.cells["reported"], again.cells["reported"])


def test_a_case_that_arrives_counts_at_once_and_replaces_its_published_row(city: HandMade) -> None:
    incidents = random_incidents(CASE)
    states = [overlay(incidents.iloc[:0], "0")]
    engine = FusedEngine(city, grain_s=1, live=lambda: states[-1])
    before = engine.screen(LONG)
    gone = incidents[incidents["reported"] > NOW - 90 * DAY].iloc[[0]]
    new = gone.assign(id=10**15, voided=pd.NA, duplicate_of=-1, reported=NOW - DAY)
    void = gone.assign(voided=gone["reported"], duplicate_of=-1)
    states.append(overlay(pd.concat([new, void]).astype({"voided": "UInt32"}), "1"))
    after = engine.screen(LONG)
    whole = ["reported", "voided", "duplicates"]
    assert after.total[whole].sum() == before.total[whole].sum() + 1
    assert after.version != before.version


@pytest.mark.parametrize("department", [-1, 0, 1, 2])
def test_one_department_is_counted_from_its_own_rows(city: HandMade, department: int) -> None:
    arrived = overlay(random_incidents(replace(CASE, seed=12)).iloc[::4])
    fused, database = (
        kind(city, grain_s=1, live=lambda: arrived) for kind in (FusedEngine, Engine)
    )
    for place, division in ((0, ""), (1, ""), (4, "police")):
        for days in (1, 30):
            asked = replace(
                LONG, place=place, division=division, start=NOW - days * DAY,
                departments=(department,),
            )  # fmt: skip
            mine, theirs = fused.screen(asked), database.screen(asked)
            same(mine.total.to_frame().T, theirs.total.to_frame().T)
            for name in ("cells", "departments", "categories", "sources", "sparks", "trend"):
                same(getattr(mine, name), getattr(theirs, name))
            assert (mine.norm, mine.norm_weeks) == pytest.approx(
                (theirs.norm, theirs.norm_weeks), nan_ok=True
            )
            hours = [engine.handling(asked).hours for engine in (fused, database)]
            pd.testing.assert_frame_equal(*hours, check_dtype=False)


def test_what_is_open_is_as_of_the_moment_whatever_was_asked_before(city: HandMade) -> None:
    fused, database = FusedEngine(city, grain_s=1), Engine(city, grain_s=1)
    hours = (0, 30, -50, 1, 5, 24 * 20, -1)
    for now in (NOW + 3_600 * each for each in hours):
        for filters in ({}, {"departments": (1,)}, {"categories": (1,)}, {"place": 1}):
            asked = replace(LONG, now=now, end=now, **filters)
            mine, theirs = fused.handling(asked).open, database.handling(asked).open
            assert len(mine) > 0
            pd.testing.assert_frame_equal(mine, theirs, check_like=True, check_dtype=False)
            assert fused.called(asked)["id"].tolist() == database.called(asked)["id"].tolist()


def test_a_case_is_open_no_more_once_its_closing_has_arrived(city: HandMade) -> None:
    incidents = random_incidents(CASE)
    states = [overlay(incidents.iloc[:0], "0")]
    engine = FusedEngine(city, grain_s=1, live=lambda: states[-1])
    before = engine.handling(LONG).open
    chosen = int(before["id"].iloc[0])
    closed = incidents[incidents["id"] == chosen].assign(closed=NOW - 60)
    states.append(overlay(closed.astype({"closed": "UInt32"}), "1"))
    after = engine.handling(LONG).open
    assert after["id"].tolist() == [each for each in before["id"] if each != chosen]
    opened = engine.handling(replace(LONG, now=NOW - 120)).open
    assert chosen in set(opened["id"])
    assert engine.routes(LONG)["cases"].sum() >= 0


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("back", [0, 50])
def test_points_and_meetings_are_those_of_the_database(
    city: HandMade,
    live: bool,  # noqa: FBT001
    back: int,
) -> None:
    arrived = overlay(random_incidents(replace(CASE, seed=12)).iloc[::4]) if live else None
    engines = [kind(city, grain_s=1, live=lambda: arrived) for kind in (FusedEngine, Engine)]
    for place, division in ((0, ""), (1, ""), (1, "police"), (4, "police"), (1, "2025-03-01")):
        asked = replace(LONG, place=place, division=division, departments=(-1, 1)[back == 0 :])
        asked = replace(asked, now=NOW - back * DAY, end=NOW - 2 * DAY)
        mine, theirs = (np.sort(each.points(asked)) for each in engines)
        np.testing.assert_array_equal(mine, theirs)
        pairs = [set(zip(*map(np.ndarray.tolist, e.met(asked)), strict=True)) for e in engines]
        traits = [
            e.traits(asked, 10_000).sort_values(["site", "matter", "category"]) for e in engines
        ]
        np.testing.assert_array_equal(traits[0], traits[1])
        assert len(engines[0].traits(asked, 3)) == 3
        assert pairs[0] == {pair for pair in pairs[1] if pair[0] >= 0}
        assert len(mine[0]) > 0


def test_one_setting_chooses(city: HandMade) -> None:
    assert type(open_engine(city, "duckdb")) is Engine
    assert type(open_engine(city, "fused")) is FusedEngine
    assert type(open_engine(city)) is FusedEngine


def test_buckets_hold_what_they_say() -> None:
    values = np.unique(np.geomspace(1, 2**31 - 2, 5_000).astype(np.int64))
    for value in [0, *values.tolist()]:
        number = bucket(value)
        assert 0 <= number < BUCKETS
        assert edge(number) <= value
        assert value < edge(number + 1) or value == 0


@pytest.mark.parametrize("count", [1, 2, 3, 50, 4_000])
def test_quantiles_are_those_of_numpy(count: int) -> None:
    rng = np.random.default_rng(count)
    values = rng.lognormal(7, 2, count).astype(np.int32)
    values[rng.random(count) < 0.1] = -1
    groups = rng.integers(-1, 3, count).astype(np.int32)
    exact, about = np.empty((3, 3)), np.empty((3, 3))
    by_group(values, groups, exact)
    table = np.zeros((3, BUCKETS), np.int32)
    fill(values, groups, table)
    estimate(table, about)
    for group in range(3):
        mine = values[(groups == group) & (values >= 0)]
        wanted = [len(mine), *(np.quantile(mine, [0.5, 0.9]) if len(mine) else [np.nan] * 2)]
        np.testing.assert_allclose(exact[group], wanted)
        np.testing.assert_allclose(about[group], wanted, rtol=WIDTH, atol=1)
