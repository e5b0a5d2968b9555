"""How long screens, tiles and pictures take on the demo city; run alone: pytest -m bench -s.

YIPING_DATA names a data directory with a published city.
"""

# ruff: noqa: T201 - measurements are printed
from __future__ import annotations

import os
import resource
import statistics
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from geodata.engine import Engine, Request
from geodata.model.periods import DAY
from geodata.store.snapshots import City, open_city
from geodata.tiles.encode import tile
from geodata.tiles.heat import frame
from geodata.tiles.mercator import WORLD_M, to_metres

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.bench
ROUNDS = 7
PERIODS = (1, 7, 30, 90, 365)
# A plain reading of the same columns and rows: what any answer must at least cost.
BARE = """
    SELECT category, department, count(*), count(closed), count(due), count(arrived),
        count(resolved), quantile_cont(arrived - reported, 0.5)
    FROM read_parquet($files) WHERE reported >= $lo AND reported < $hi
    GROUP BY GROUPING SETS ((), (category), (department), (site))
"""


@pytest.fixture(scope="module")
def city() -> City:
    folder = Path(os.environ.get("YIPING_DATA", Path(__file__).parents[2] / "data"))
    if not (folder / "live.json").exists():
        pytest.skip(f"{folder}: no city is published here; run `make run` first")
    return open_city(folder)


def median_ms(work: Callable[[int], object]) -> float:
    times = []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def test_screens(city: City) -> None:
    engine, now = Engine(city, grain_s=1), min(city.now(), int(time.time()))
    level = city.tree.level_keys[-1]
    bare = duckdb.connect()
    files = [str(path) for path in city.incident_files()]

    def screen(days: int, back: int) -> None:
        engine.screen(Request(0, level, now - back - days * DAY, now - back, now - back))

    def scan(days: int, _: int) -> None:
        bare.execute(BARE, {"files": files, "lo": now - days * DAY, "hi": now}).fetchall()

    print(f"\n{city.meta['counts'].get('incidents')} cases")
    for days in PERIODS:
        least, taken = median_ms(partial(scan, days)), median_ms(partial(screen, days))
        kept = median_ms(partial(lambda of, _: screen(of, 0), days))
        print(
            f"{days:4} d  screen {taken:6.0f} ms   kept {kept:6.2f} ms   "
            f"bare scan {least:5.0f} ms   ratio {taken / least:4.1f}"
        )
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def test_tiles(city: City) -> None:
    x, y = to_metres(*(city.buildings[[name]].median().to_numpy() for name in ("lon", "lat")))
    for layer, zooms in (("buildings", (14, 15, 16)), ("base", (12, 14)), ("grid", (11, 13))):
        for z in zooms:
            side = WORLD_M / (1 << z)
            column, row = int((x[0] + WORLD_M / 2) / side), int((WORLD_M / 2 - y[0]) / side)
            tile(city, layer, z, column - 1, row)

            def near(n: int, at: tuple[str, int, int, int] = (layer, z, column, row)) -> None:
                tile(city, at[0], at[1], at[2] + n, at[3])

            print(f"\n{layer} z{z}: {median_ms(near):.1f} ms", end="")


def test_heat(city: City) -> None:
    now = min(city.now(), int(time.time()))
    request = Request(0, city.tree.level_keys[0], now - 7 * DAY, now, now)
    lon, lat = Engine(city).points(request)
    west, south, east, north = city.places.geometry.total_bounds
    palette = [(250, 40 * step, 0, 110 + 30 * step) for step in range(5)]
    taken = median_ms(lambda _: frame(lon, lat, (west, south, east, north), 168.0, palette))
    print(f"\nheat of {len(lon)} cases: {taken:.0f} ms")
