"""The same questions to the fused scan, to DuckDB and to PostgreSQL, in turns; pytest -m bench -s.

YIPING_DATA_DIR names a data directory with a published city.
"""

# ruff: noqa: T201 - measurements are printed
from __future__ import annotations

import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geodata.columns import build_columns
from geodata.engine import Engine, Request
from geodata.engine.fused import FusedEngine
from geodata.engine.numbers import BACKLOG, TALLY
from geodata.engine.twin import TwinEngine, fill
from geodata.model.periods import DAY
from tests.postgres import postgres_server, warehouse

if TYPE_CHECKING:
    from geodata.store.snapshots import City

__all__ = ["postgres_server", "warehouse"]

pytestmark = pytest.mark.bench
ROUNDS = 4


def questions(city: City, now: int) -> dict[str, Request]:
    level, finest = city.tree.level_keys[1], city.tree.level_keys[-1]
    part = int(city.tree.cells(0, level)[0])
    whole = Request(0, level, now - DAY, now, now)
    return {
        "city 1 d": whole,
        "city 7 d": replace(whole, start=now - 7 * DAY),
        "city 7 d by grid": replace(whole, start=now - 7 * DAY, level=finest),
        "city 90 d": replace(whole, start=now - 90 * DAY),
        "city 2 y": replace(whole, start=now - 730 * DAY),
        "street 30 d": replace(whole, start=now - 30 * DAY, place=part, level=finest),
        "street 2 y": replace(whole, start=now - 730 * DAY, place=part, level=finest),
    }


def test_three_engines_give_one_answer(city: City, warehouse: str) -> None:
    build_columns(city)
    begun = time.perf_counter()
    fill(city, warehouse)
    print(f"\n{city.meta['counts']['incidents']} cases loaded {time.perf_counter() - begun:.0f} s")
    twin = TwinEngine(city, warehouse, grain_s=1)
    engines = (FusedEngine(city, grain_s=1), Engine(city, grain_s=1), twin)
    counted = [*TALLY, *BACKLOG]
    for name, asked in questions(city, min(city.now(), int(time.time()))).items():
        times: list[list[float]] = [[] for _ in engines]
        for number in range(ROUNDS):
            moved, answers = replace(asked, now=asked.now + number, end=asked.now + number), []
            for engine, taken in zip(engines, times, strict=True):
                begun = time.perf_counter()
                answers.append(engine.screen(moved))
                taken.append((time.perf_counter() - begun) * 1000)
            for answer in answers[1:]:
                pd.testing.assert_series_equal(answer.total[counted], answers[0].total[counted])
        fused, duck, sql = (statistics.median(taken[1:]) for taken in times)
        assert not twin.fault
        print(f"{name:17} fused {fused:6.0f}  DuckDB {duck:6.0f}  PostgreSQL {sql:6.0f} ms")
    twin.close()
