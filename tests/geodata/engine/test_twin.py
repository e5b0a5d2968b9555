"""The twin on PostgreSQL besides its numbers: lists, what arrives, and what happens without it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from geodata.engine import Engine, Request, open_engine
from geodata.engine import twin as twins
from geodata.engine.late import Late
from geodata.engine.twin import TwinEngine, fill
from geodata.model.schemas import LATER_COLUMNS
from geodata.warehouse import session
from tests.geodata.engine.city import HandMade, make_city
from tests.geodata.engine.oracle import (
    DAY,
    NOW,
    Case,
    overlay,
    published,
    random_incidents,
)
from tests.geodata.engine.twins import Twin, twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geodata.model.overlay import Overlay

CASE = Case(5, 600, (0, 0, 20), "street", 30.0, 0.0, (), (), (), "", "closed", "Asia/Shanghai")
MONTH = Request(0, "street", NOW - 30 * DAY, NOW, NOW)
ALL = replace(MONTH, start=0, end=NOW + 9 * DAY, now=NOW + 9 * DAY)
REQUESTS = (
    MONTH,
    replace(MONTH, place=1, level="building", categories=(0, 2), now=NOW - 3 * DAY),
    replace(MONTH, division="police", level="police", departments=(-1, 1), sources=(2,)),
    replace(MONTH, division="2025-03-01", place=1, level="grid"),
    replace(MONTH, division="2026-02-01", place=1, level="building"),
)
NOWHERE = "postgresql+psycopg://tests:secret@/cities?host=/nowhere"


@pytest.fixture(params=[False, True], ids=["published", "live"])
def both(
    tmp_path: Path, warehouse: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Twin, Engine]]:
    """The twin and the files, asked about the same."""
    incidents = random_incidents(CASE)
    before, arrived = published(incidents) if request.param else (incidents, None)
    city = make_city(tmp_path, before)
    made = twin(warehouse, city, lambda: arrived)
    yield made, Engine(city, grain_s=1, live=lambda: arrived)
    made.close()


@pytest.fixture
def city(tmp_path: Path) -> HandMade:
    return make_city(tmp_path, random_incidents(CASE))


def test_every_list_is_that_of_the_files(both: tuple[Twin, Engine]) -> None:
    mine, theirs = both
    for request in REQUESTS:
        listed = mine.incidents(request, 400, 3)
        assert len(listed) > 3
        pd.testing.assert_frame_equal(listed, theirs.incidents(request, 400, 3))
        pd.testing.assert_frame_equal(mine.cells(request), theirs.cells(request))
        points = [np.sort(engine.points(request)) for engine in both]
        np.testing.assert_array_equal(*points)
        pairs = [set(zip(*map(np.ndarray.tolist, e.met(request)), strict=True)) for e in both]
        assert pairs[0] == pairs[1] != set()
        order = ["site", "matter", "category"]
        traits = [engine.traits(request, 10_000).sort_values(order).to_numpy() for engine in both]
        np.testing.assert_array_equal(*traits)
        assert len(mine.traits(request, 3)) == 3
    pd.testing.assert_frame_equal(*(engine.building_cases(4, NOW, 100) for engine in both))
    weeks = [engine.building_weeks([6, 4, 77], NOW, 100) for engine in both]
    np.testing.assert_array_equal(*weeks)
    assert weeks[0].sum() > 0


def test_the_past_is_as_fresh_as_it_was(both: tuple[Twin, Engine]) -> None:
    mine, theirs = both
    for now in (NOW, NOW + 3_600, NOW + 9 * DAY, NOW - 50 * DAY, NOW - 500 * DAY):
        assert mine.freshness(now) == theirs.freshness(now)
    assert mine.freshness(NOW).newest > NOW - DAY


def test_what_arrives_counts_and_only_differences_are_written(
    tmp_path: Path, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, arrived = published(random_incidents(CASE))
    city = make_city(tmp_path, before)
    frame = arrived.table().to_pandas().astype({"closed": "UInt32"})
    new = frame.index[~frame["id"].isin(before["id"])]
    closed = frame.assign(closed=frame["closed"].where(frame.index != new[0], NOW - 5))
    fewer, fewest = frame.drop(new[2]), closed.drop(new[1])
    states = [overlay(f, str(n)) for n, f in enumerate((fewer, frame, closed, fewest))]
    shown: list[Overlay | None] = [None]
    written: list[int] = []
    copy = session.copy
    monkeypatch.setattr(session, "copy", lambda *a: written.append(len(a[2])) or copy(*a))
    mine = twin(warehouse, city, lambda: shown[-1])
    theirs = Engine(city, grain_s=1, live=lambda: shown[-1])
    for state in (None, *states, None):
        shown.append(state)
        pd.testing.assert_series_equal(mine.screen(MONTH).total, theirs.screen(MONTH).total)
        pd.testing.assert_frame_equal(mine.incidents(ALL, -1), theirs.incidents(ALL, -1))
    mine.close()
    days = sum(len(pd.read_parquet(p)) for p in city.incident_files() if len(p.stem) > 7)
    assert written[0] == days  # what a feed still writes is not in the warehouse
    assert 0 < written[1] < len(frame)
    assert written[2:4] == [1, 1]  # one came, one was closed; another was taken back


def test_a_column_that_came_later_is_not_known_in_older_days(city: HandMade) -> None:
    for path in city.incident_files():
        pq.write_table(pq.read_table(path).drop_columns(list(LATER_COLUMNS)), path)
    found = Late(city).with_live(None)  # type: ignore[arg-type]
    assert found is not None
    for name, missing in LATER_COLUMNS.items():
        assert set(found.columns[name].tolist()) == {missing}, name


def test_threads_share_an_engine(city: HandMade, warehouse: str) -> None:
    made = twin(warehouse, city)
    asked = [replace(MONTH, place=p, end=NOW - s) for p in (0, 1, 2, 6) for s in range(2)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda request: made.screen(request).total, asked))
    theirs = Engine(city, grain_s=1)
    for request, total in zip(asked, together, strict=True):
        pd.testing.assert_series_equal(total, theirs.screen(request).total)
    made.close()


def test_until_it_is_loaded_the_files_answer(
    city: HandMade, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOOK_AGAIN_S", 0.0)
    city.id = "toy-0"
    made = TwinEngine(city, warehouse, grain_s=1)
    theirs = Engine(city, grain_s=1)
    asked: list[str] = []
    ask = made._warehouse.ask  # noqa: SLF001 - to see who answers
    monkeypatch.setattr(made._warehouse, "ask", lambda *a: asked.append(a[0]) or ask(*a))  # noqa: SLF001
    first = made.screen(MONTH)
    assert not asked
    fill(city, warehouse)
    again = made.screen(replace(MONTH, now=NOW + 1))
    assert asked
    assert made.fault == ""
    pd.testing.assert_series_equal(first.total, theirs.screen(MONTH).total)
    pd.testing.assert_series_equal(again.total, theirs.screen(replace(MONTH, now=NOW + 1)).total)
    made.close()


def test_without_a_server_the_files_answer(
    city: HandMade, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made, theirs = TwinEngine(city, NOWHERE, grain_s=1), Engine(city, grain_s=1)
    tried: list[int] = []
    loaded = made._warehouse.loaded  # noqa: SLF001 - to see how often it is tried
    monkeypatch.setattr(made._warehouse, "loaded", lambda: tried.append(1) or loaded())  # noqa: SLF001
    pd.testing.assert_frame_equal(made.screen(MONTH).cells, theirs.screen(MONTH).cells)
    pd.testing.assert_frame_equal(made.incidents(MONTH), theirs.incidents(MONTH))
    assert made.freshness(NOW) == theirs.freshness(NOW)
    assert "/nowhere" in made.fault
    assert "secret" not in made.fault + caplog.text
    assert len(tried) == 1  # a server that is not there is left alone for a while
    assert len(caplog.records) == 1
    monkeypatch.setattr(twins, "REST_S", 0.0)
    monkeypatch.setattr(session, "LOOK_AGAIN_S", 0.0)
    monkeypatch.setattr(made, "_rest_until", 0.0)
    made.cells(MONTH)
    made.freshness(NOW)
    assert len(tried) == 3
    assert len(caplog.records) == 1  # told once, however often it fails


def test_one_setting_chooses(
    city: HandMade, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOOK_AGAIN_S", 0.0)
    begun = []
    behind = twins.fill_behind
    monkeypatch.setattr(twins, "fill_behind", lambda *a: begun.append(behind(*a)))
    city.id = "toy-1"
    made = open_engine(city, "postgresql", warehouse=warehouse)
    assert type(made) is TwinEngine
    begun[0].join()
    assert made._warehouse.loaded()  # noqa: SLF001 - whoever opens a city first loads it
    made.close()
