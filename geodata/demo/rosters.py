"""Who looks after what: rosters, inspections, and how streets rate departments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.demo.rhythm import days_between
from geodata.model.schemas import INSPECTIONS, RATINGS, ROSTERS

if TYPE_CHECKING:
    from geodata.demo.clusters import Field
    from geodata.model.draft import Arranged

STREAM: Final = 7
DAY: Final = 86_400
SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
MOBILE: Final = (
    134,
    135,
    136,
    137,
    138,
    139,
    150,
    151,
    158,
    159,
    182,
    187,
    188,
    130,
    132,
    186,
    189,
)
# Role by level: a grid's officer, a community's party secretary, a street's duty leader.
ROLES: Final = {
    "grid": "grid_officer",
    "community": "community_chief",
    "street": "street_duty",
    "zone": "zone_duty",
}
# Kind, days between two visits, share of the buildings it concerns.
VISITS: Final = (
    ("消防通道", "Fire lane", 30, 1.0),
    ("燃气安全", "Gas safety", 180, 0.8),
    ("电梯维保", "Lift maintenance", 15, 1.0),
    ("食品经营", "Food business", 90, 1.0),
)
LATE_VISITS: Final = 0.03
LIFT_FLOORS: Final = 7
MORNING_H: Final = 9
RATED_MONTHS: Final = 12
CASES_RATED: Final = 40


def rosters(world: Field) -> pd.DataFrame:
    """One person a grid, community and street, names and telephone numbers masked."""
    levels = np.array(world.ground.units.level)
    rows = np.flatnonzero(np.isin(levels, list(ROLES)))
    rng = np.random.default_rng((world.seed, STREAM, 0))
    names = rng.choice(list(SURNAMES), len(rows))
    heads = rng.choice(MOBILE, len(rows))
    tails = rng.integers(0, 10_000, len(rows))
    table = {
        "unit": rows,
        "role": [ROLES[level] for level in levels[rows]],
        "name_masked": [f"{name}*" for name in names],
        "phone_masked": [f"{h}****{t:04d}" for h, t in zip(heads, tails, strict=True)],
    }
    return pd.DataFrame(table).astype(ROSTERS)


def inspections(world: Field, arranged: Arranged, until: date) -> pd.DataFrame:
    """When each building was last visited for what, and when it is due again."""
    buildings = arranged.buildings
    rng = np.random.default_rng((world.seed, STREAM, 1))
    homes = buildings["households"].to_numpy() > 0
    tall = buildings["floors"].to_numpy() >= LIFT_FLOORS
    firms = buildings["organisations"].to_numpy() > 0
    concerned = (homes & tall, homes, tall, firms & ~homes)
    parts = [
        _visits(world, visit, np.flatnonzero(which), until, rng)
        for visit, which in zip(VISITS, concerned, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["building", "kind_zh"], ignore_index=True).astype(INSPECTIONS)


def ratings(world: Field, until: date) -> pd.DataFrame:
    """Scores that streets give departments each month: whoever comes late is rated low."""
    rng = np.random.default_rng((world.seed, STREAM, 2))
    ground, departments = world.ground, world.ground.codes.departments
    days = days_between(until - timedelta(RATED_MONTHS * 31), until - timedelta(1))
    months = sorted({f"{day:%Y-%m}" for day in days})[-RATED_MONTHS:]
    shape = (len(ground.areas), len(departments), len(months))
    speed = np.log(departments["arrive_median"].to_numpy(np.float64) / 30)[None, :, None]
    taste = rng.normal(0, 2.0, shape[:2])[:, :, None]
    score = np.clip(88 - 9 * speed + taste + rng.normal(0, 1.4, shape), 40, 100)
    index = np.indices(shape).reshape(3, -1)
    table = {
        "month": np.array(months)[index[2]],
        "unit": ground.areas[index[0]],
        "department": index[1],
        "score": score.ravel().round(1),
        "cases": 1 + rng.poisson(CASES_RATED, score.size),
    }
    return pd.DataFrame(table).astype(RATINGS)


def _visits(
    world: Field,
    visit: tuple[str, str, int, float],
    rows: npt.NDArray[np.intp],
    until: date,
    rng: np.random.Generator,
) -> pd.DataFrame:
    zh, en, every, share = visit
    rows = rows[rng.random(len(rows)) < share]
    late = rng.random(len(rows)) < LATE_VISITS
    ago = np.where(
        late, every + rng.integers(1, every, len(rows)), rng.integers(1, every, len(rows))
    )
    morning = datetime(until.year, until.month, until.day, MORNING_H, tzinfo=world.zone)
    last = int(morning.astimezone(UTC).timestamp()) - ago * DAY
    table = {
        "building": rows,
        "kind_zh": zh,
        "kind_en": en,
        "last": last,
        "next": last + every * DAY,
    }
    return pd.DataFrame(table)
