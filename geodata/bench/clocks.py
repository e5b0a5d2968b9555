"""Deadlines reckoned by a working calendar, many at once and one by one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.bench.figures import median, timed
from geodata.clocks import Reckoner, Terms, reckoner_of
from geodata.model.calendar import KINDS, Clock
from geodata.model.profile import Level, Profile

if TYPE_CHECKING:
    from geodata.bench.figures import Figures, Limits

RUNS: Final = 5
ONE_BY_ONE: Final = 20_000
FIRST: Final = 1_704_067_200  # 2024, with the holidays of three years
SPAN_S: Final = 3 * 365 * 86_400
EXTENDED: Final = 0.02
SUSPENDED: Final = 0.003
AMOUNTS: Final = (2, 4, 8, 24, 1, 2, 3, 5, 15)


def run(_city: object, limits: Limits) -> Figures:
    """Deadlines a second, on one core and of all kinds; no city is needed."""
    china = _reckoner("china", "Asia/Shanghai")
    terms = _terms(limits.points)
    speeds = {
        "deadlines_per_s": _speed(china, terms),
        "deadlines_dst_per_s": _speed(_reckoner("weekdays", "America/New_York"), terms),
    }
    few = min(ONE_BY_ONE, limits.points)
    some_ms, alone = timed(partial(_one_by_one, china, terms, few))
    together = china.deadlines(terms.start[:few], terms.kind[:few], terms.amount[:few])
    return {
        "deadlines": len(terms.start),
        **speeds,
        "deadlines_one_by_one_per_s": few / some_ms * 1e3,
        "deadlines_unequal": int((together != np.array(alone)).sum()),
    }


def _reckoner(calendar: str, zone: str) -> Reckoner:
    level = Level(key="city", name_zh="city", name_en="city")
    bare = Profile(key="bench", name_zh="bench", name_en="Bench", time_zone=zone, levels=(level,))
    return reckoner_of(bare.model_copy(update={"clock": Clock(calendar=calendar)}))


def _terms(count: int) -> Terms:
    """Cases of every kind at any hour; few of them were extended or suspended."""
    chance = np.random.default_rng(1)
    return Terms(
        start=FIRST + chance.integers(0, SPAN_S, count),
        kind=chance.integers(0, len(KINDS), count).astype(np.int8),
        amount=chance.choice(AMOUNTS, count).astype(np.float64),
        extended=(chance.random(count) < EXTENDED).astype(np.int8),
        suspended_s=np.where(chance.random(count) < SUSPENDED, 200_000, 0),
    )


def _speed(reckoner: Reckoner, terms: Terms) -> float:
    reckoner.due(terms)
    took_ms = median([timed(partial(reckoner.due, terms))[0] for _ in range(RUNS)])
    return len(terms.start) / took_ms * 1e3


def _one_by_one(reckoner: Reckoner, terms: Terms, few: int) -> list[int]:
    rows = zip(terms.start[:few].tolist(), terms.kind[:few], terms.amount[:few], strict=True)
    return [reckoner.deadline(start, KINDS[kind], float(amount)) for start, kind, amount in rows]
