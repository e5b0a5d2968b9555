"""What the demo tells on its first day: a week above the norm, and an evening without water."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from geodata.demo.clusters import DAY, HOUR, Cluster, Field, Kind, plant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

STREAM: Final = 8
BEFORE_DAYS: Final = 7  # the surge begins so long before `until` …
AFTER_DAYS: Final = 9  # … and ends so long after
NORM_WEEKS: Final = 8
# Level of the week against the norm by category key; in the dense streets, so much of the rise.
RISE: Final = {"property": 1.21, "cleanliness": 1.095, "dispute": 1.03, "safety": 0.97}
OTHERS: Final = 1.02
IN_DENSE: Final = {"property": 0.7, "cleanliness": 0.45}
OUTAGE: Final = {"district": (150, 190), "nested": (45, 60), "city": (260, 340)}


def story_clusters(world: Field, until: date) -> Iterable[Cluster]:
    """Plant the surges of the week around `until` and the outage three days before it."""
    codes = world.ground.codes
    rises = _rises(world, until)
    for number, key in enumerate(codes.tables["categories"]["key"]):
        rng = np.random.default_rng((world.seed, STREAM, number))
        if rises[number] > 0:
            yield _surge(world, until, number, str(key), float(rises[number]), rng)
    rng = np.random.default_rng((world.seed, STREAM, 99))
    yield _outage(world, until, rng)


def _rises(world: Field, until: date) -> Floats:
    """Cases a day each category lacks to stand where the story wants it, by category."""
    codes = world.ground.codes
    size = len(codes.tables["categories"])

    def daily(first: int, last: int) -> Floats:
        days = [until - timedelta(back) for back in range(first, last)]
        total = sum(world.rhythm.likely(day).sum(axis=1) for day in days)
        return np.bincount(codes.category, total / len(days), size).astype(np.float64)

    keys = codes.tables["categories"]["key"]
    wanted = np.array([RISE.get(key, OTHERS) for key in keys])
    norm = daily(8, 8 + 7 * NORM_WEEKS)
    return np.maximum(wanted * norm - daily(1, 8), 0)


def _surge(  # noqa: PLR0913, PLR0917 - one cluster
    world: Field, until: date, category: int, key: str, a_day: float, rng: np.random.Generator
) -> Cluster:
    """Add cases of one category, more of them in the two dense streets than elsewhere."""
    ground, codes = world.ground, world.ground.codes
    count = int(rng.poisson(a_day * (BEFORE_DAYS + AFTER_DAYS)))
    start = world.midnight(until - timedelta(BEFORE_DAYS))
    matters = np.flatnonzero(codes.category == category)
    weight = codes.weight[matters]
    matter = rng.choice(matters, count, p=weight / weight.sum())
    day = start + rng.integers(0, BEFORE_DAYS + AFTER_DAYS, count) * DAY
    steps = np.cumsum(world.rhythm.hours, axis=1)[matter]
    hour = (rng.random(count)[:, None] > steps[:, :-1]).sum(axis=1)
    moment = day + hour * HOUR + rng.integers(0, HOUR, count)
    order = np.argsort(moment, kind="stable")
    site = _sites(world, codes.place[matter], rng, IN_DENSE.get(key, 0.0))
    free = np.full(count, -1)
    names = codes.tables["categories"].iloc[category]
    zh, en = f"{names['name_zh']}总体上升", f"{names['name_en']}: general rise"
    kind = Kind(f"rise_{key}", (), "street", "plateau", (0, 0), (0, 0), name_zh=zh, name_en=en)
    return Cluster(
        kind=kind,
        origin="story",
        anchor=int(site[0]) if count else 0,
        moment=moment[order],
        site=site[order],
        matter=matter[order],
        floor=free,
        room=free,
        expected=float(_usual(world, until, matters)),
        places=tuple(ground.units.code[ground.areas[area]] for area in ground.dense()),
    )


def _usual(world: Field, until: date, matters: Ints) -> float:
    daily = world.rhythm.expected(until)[matters].sum()
    return float(daily) * (BEFORE_DAYS + AFTER_DAYS)


def _sites(world: Field, place: Ints, rng: np.random.Generator, in_dense: float) -> Ints:
    """Draw sites, a share of them in the dense streets only."""
    ground = world.ground
    site = ground.pick(place, rng.random(len(place)))
    local = np.flatnonzero(rng.random(len(place)) < in_dense)
    inside = np.isin(ground.area, ground.dense())
    for value in np.unique(place[local]):
        rows = local[place[local] == value]
        chance = ground.chance[value] * inside
        if chance.sum() > 0:
            site[rows] = rng.choice(len(chance), len(rows), p=chance / chance.sum())
    return site


def _outage(world: Field, until: date, rng: np.random.Generator) -> Cluster:
    """Cut the water of a dense street for an evening, three days before `until`."""
    kind = Kind(
        key="water_outage",
        matters=("water_outage", "water_outage", "water_pressure"),
        scope="street",
        shape="burst",
        cases=OUTAGE[world.scale],
        hours=(4.0, 4.0),
        name_zh="片区停水",
        name_en="Water outage",
    )
    start = world.midnight(until - timedelta(3)) + int(17.4 * HOUR)
    inside = np.flatnonzero(world.ground.area == world.ground.dense()[0])
    place = int(world.ground.codes.place[world.ground.codes.rows["water_outage"]])
    chance = world.ground.chance[place, inside]
    anchor = int(inside[np.argmax(chance)])
    return plant(world, kind, start, rng, origin="story", anchor=anchor)
