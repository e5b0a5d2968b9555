"""A small synthetic city on which the demo's life is tried out."""

from __future__ import annotations

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from geodata.demo.plan import Plan, make_plan
from geodata.model.draft import Arranged

UNTIL = date(2026, 11, 21)
FAN_OUT = {"street": 12, "community": 5, "grid": 3}
LEVELS = ("district", "street", "community", "grid")


def make_arranged(people: int = 300_000, fan_out: dict[str, int] = FAN_OUT) -> Arranged:
    """Make a regular city: a tree of units, each grid with buildings, outdoor sites, an unknown."""
    rng = np.random.default_rng(3)
    units: list[dict[str, object]] = []
    sites: list[dict[str, object]] = []
    _grow(units, sites, -1, 0, fan_out, rng)
    frame = pd.DataFrame(sites)
    frame.insert(0, "site", np.arange(len(frame)))
    rows = np.flatnonzero(frame["kind"] == 0)
    frame["building"] = -1
    frame.loc[rows, "building"] = np.arange(len(rows))
    buildings = _buildings(frame.iloc[rows], people, rng)
    places = pd.DataFrame(units).assign(name_zh="")
    held = buildings.groupby("unit")["people"].sum().reindex(range(len(places)), fill_value=0)
    places["people"] = [_below(places, held, unit) for unit in range(len(places))]
    return Arranged(
        places=gpd.GeoDataFrame(places, geometry=[Point(0, 0)] * len(places), crs=4326),
        sites=frame,
        buildings=gpd.GeoDataFrame(buildings, geometry=[Point(0, 0)] * len(rows), crs=4326),
        estates=gpd.GeoDataFrame({"code": []}, geometry=[], crs=4326),
    )


def _grow(  # noqa: PLR0913, PLR0917
    units: list[dict[str, object]],
    sites: list[dict[str, object]],
    parent: int,
    depth: int,
    fan_out: dict[str, int],
    rng: np.random.Generator,
) -> None:
    row, level = len(units), LEVELS[depth]
    units.append({"unit": row, "code": f"99{row:05d}", "parent": parent, "level": level})
    units[row] |= {"site_from": len(sites), "area_km2": float(rng.uniform(2, 9))}
    if depth == len(LEVELS) - 1:
        centre = rng.uniform([104.0, 30.5], [104.2, 30.7])
        for number in range(60):
            spot = centre + rng.normal(0, 0.002, 2)
            kind = 0 if number < 45 else 1
            sites.append({"kind": kind, "unit": row, "lon": spot[0], "lat": spot[1]})
    else:
        sites.append({"kind": 2, "unit": row, "lon": np.nan, "lat": np.nan})
        for _ in range(fan_out[LEVELS[depth + 1]]):
            _grow(units, sites, row, depth + 1, fan_out, rng)
    units[row]["site_to"] = len(sites)


def _buildings(sites: pd.DataFrame, people: int, rng: np.random.Generator) -> pd.DataFrame:
    count = len(sites)
    kind = rng.choice(
        ["slab", "tower", "shop", "factory", "school"], count, p=[0.6, 0.2, 0.1, 0.06, 0.04]
    )
    home = np.isin(kind, ["slab", "tower"])
    weight = home * rng.uniform(0.5, 2, count)
    held = np.round(people * weight / weight.sum()).astype(int)
    return pd.DataFrame(
        {
            "building": np.arange(count),
            "name_zh": "",
            "code": [f"B{row:06d}" for row in range(count)],
            "estate": np.where(home, [f"E{row // 9:05d}" for row in range(count)], ""),
            "kind": kind,
            "floors": np.where(kind == "tower", 26, 6),
            "rooms_per_floor": home * 4,
            "households": held // 3,
            "people": held,
            "organisations": (~home) * rng.integers(1, 9, count),
            "year": rng.integers(1985, 2024, count),
            "unit": sites["unit"].to_numpy(),
        }
    )


def _below(places: pd.DataFrame, held: pd.Series, unit: int) -> int:
    parents = places["parent"].to_numpy()
    total = 0
    for row in range(unit, len(places)):
        above = row
        while above > unit:
            above = parents[above]
        total += int(held.iloc[row]) if above == unit else 0
    return total


@pytest.fixture(scope="session")
def arranged() -> Arranged:
    return make_arranged()


@pytest.fixture(scope="session")
def small() -> Arranged:
    return make_arranged(20_000, {"street": 4, "community": 3, "grid": 2})


@pytest.fixture(scope="session")
def plan(arranged: Arranged) -> Plan:
    return make_plan("district", 7, UNTIL, arranged)


@pytest.fixture(scope="session")
def recent(plan: Plan) -> pd.DataFrame:
    """Four weeks before `until`."""
    days = [UNTIL - timedelta(back) for back in range(28, 0, -1)]
    return plan.casebook("district").days(days)
