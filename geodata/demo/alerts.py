"""Surges of cases, planted so densely that there is always something to warn of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.demo.clusters import HOUR, Cluster, Field, Kind, plant, read_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

STREAM: Final = 5
BEFORE_DAYS: Final = 65  # the norm of the last weeks knows them too
AFTER_DAYS: Final = 90
LEAD_DAYS: Final = 5  # the cases of an alert begin so long before it at most
# The other slots are never empty, so that between four and six alerts are open.
SLOTS_WITH_GAPS: Final = (0, 2)
OPEN_LONGER: Final = {"district": 1.0, "nested": 1.7, "city": 0.8}  # fewer in a small city
GAP_H: Final = (0.1, 0.8)
MORNING_H: Final = 6.5
NOTICED_S: Final = 120  # after the last case
WAITED_S: Final = 2700  # after the last case, when nobody has come
SECOND: Final = 0.4  # of the alerts of a slot are of its second kind
FIRST: Final = "gas_smell"  # the worst alert around `until`


@dataclass(frozen=True, eq=False)
class Alarm:
    """Planted cases, when they should be noticed, and when they make room (epoch seconds)."""

    cluster: Cluster
    raised: int
    cleared: int


def reach(until: date, day: date) -> date:
    """Day up to which alerts are planted when `day` is written; it moves on by whole stretches."""
    past = (day - until).days + LEAD_DAYS
    return until + timedelta(max(1, -(-past // AFTER_DAYS)) * AFTER_DAYS)


def alarms(world: Field, until: date, end: date) -> list[Alarm]:
    """Make every alert from some weeks before `until` to the day `end`; a later end only adds."""
    slots = sorted({row["slot"] for row in read_kinds()[1]})
    return [alarm for slot in slots for alarm in _chain(world, until, end, slot)]


def _chain(world: Field, until: date, last: date, slot: int) -> Iterable[Alarm]:
    """Follow one slot: an alert, perhaps a gap, the next alert."""
    rng = np.random.default_rng((world.seed, STREAM, slot))
    rows = [row for row in read_kinds()[1] if row["slot"] == slot]
    today = world.midnight(until)
    raised = world.midnight(until - timedelta(BEFORE_DAYS)) - int(rng.uniform(0, 6) * HOUR)
    end = world.midnight(last)
    while raised < end:
        around = today - 12 * HOUR <= raised <= today + 24 * HOUR
        row = rows[int(rng.random() < SECOND) if len(rows) > 1 else 0]
        row = next((row for row in rows if around and row["key"] == FIRST), row)
        alarm = _alarm(world, row, raised, rng)
        yield alarm
        gap = rng.uniform(*GAP_H) * HOUR if slot in SLOTS_WITH_GAPS else 0
        raised = alarm.cleared + int(gap)


def _alarm(world: Field, row: dict[str, Any], raised: int, rng: np.random.Generator) -> Alarm:
    """Plant the cases of one alert so that they lead up to the moment it is raised."""
    kind = Kind.read(row)
    start = raised - int(kind.hours[1] * HOUR)
    cluster = plant(world, kind, start, rng, origin="alert")
    if len(cluster.moment):
        wait = WAITED_S if kind.slow > 1 else NOTICED_S
        shift = raised - wait - int(cluster.moment[-1])
        cluster = replace(cluster, moment=cluster.moment + shift)
    open_s = rng.uniform(*row["open_h"]) * HOUR * OPEN_LONGER[world.scale]
    cleared = _awake(world, raised + int(open_s), rng)
    return Alarm(cluster, raised, cleared)


def _awake(world: Field, moment: int, rng: np.random.Generator) -> int:
    """Put off to the morning what would be cleared, and followed by the next, in the night."""
    hour = (moment - world.midnight(world.day(moment))) / HOUR
    return (
        moment if hour > MORNING_H else moment + int((MORNING_H + 2 * rng.random() - hour) * HOUR)
    )
