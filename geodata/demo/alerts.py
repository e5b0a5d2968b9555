"""Alerts of the demo: about six open at any moment, each with planted cases behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.demo.clusters import HOUR, Cluster, Field, Kind, community, plant, read_kinds, usual
from geodata.model.schemas import ALERTS

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
    """An alert with its planted cases; raised, cleared: epoch seconds."""

    cluster: Cluster
    row: dict[str, Any]
    raised: int
    cleared: int
    usual: float


def reach(until: date, day: date) -> date:
    """Day up to which alerts are planted when `day` is written; it moves on by whole stretches."""
    past = (day - until).days + LEAD_DAYS
    return until + timedelta(max(1, -(-past // AFTER_DAYS)) * AFTER_DAYS)


def alarms(world: Field, until: date, end: date) -> list[Alarm]:
    """Make every alert from some weeks before `until` to the day `end`; a later end only adds."""
    slots = sorted({row["slot"] for row in read_kinds()[1]})
    return [alarm for slot in slots for alarm in _chain(world, until, end, slot)]


def alert_table(world: Field, found: list[Alarm]) -> pd.DataFrame:
    """Make the ALERTS table (without `alert`), oldest first."""
    ground = world.ground
    rows = [
        {
            "level": alarm.row["level"],
            "unit": community(ground, alarm.cluster.anchor),
            "site": alarm.cluster.anchor,
            "lon": float(ground.lon[alarm.cluster.anchor]),
            "lat": float(ground.lat[alarm.cluster.anchor]),
            "category": int(ground.codes.category[ground.codes.rows[alarm.row["matters"][0]]]),
            "raised": alarm.raised,
            "cleared": alarm.cleared,
            "cases": len(alarm.cluster.moment),
            **_texts(alarm),
        }
        for alarm in sorted(found, key=lambda alarm: (alarm.raised, alarm.row["slot"]))
    ]
    schema = {name: kind for name, kind in ALERTS.items() if name != "alert"}
    return pd.DataFrame(rows, columns=list(schema)).astype(schema)


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
    kind = Kind.read(
        {**row, "name_zh": _plain(row["title_zh"]), "name_en": _plain(row["title_en"])}
    )
    start = raised - int(kind.hours[1] * HOUR)
    cluster = plant(world, kind, start, rng, origin="alert")
    if len(cluster.moment):
        wait = WAITED_S if kind.slow > 1 else NOTICED_S
        shift = raised - wait - int(cluster.moment[-1])
        cluster = replace(cluster, moment=cluster.moment + shift)
    codes = world.ground.codes
    category = codes.category[codes.rows[kind.matters[0]]]
    matters = np.flatnonzero(codes.category == category).tolist()
    unit, units = community(world.ground, cluster.anchor), world.ground.units
    around = np.arange(units.first[unit], units.end[unit])
    open_s = rng.uniform(*row["open_h"]) * HOUR * OPEN_LONGER[world.scale]
    cleared = _awake(world, raised + int(open_s), rng)
    return Alarm(cluster, row, raised, cleared, usual(world, matters, around, start, raised))


def _awake(world: Field, moment: int, rng: np.random.Generator) -> int:
    """Put off to the morning what would be cleared, and followed by the next, in the night."""
    hour = (moment - world.midnight(world.day(moment))) / HOUR
    return (
        moment if hour > MORNING_H else moment + int((MORNING_H + 2 * rng.random() - hour) * HOUR)
    )


def _texts(alarm: Alarm) -> dict[str, str]:
    cases = len(alarm.cluster.moment)
    times = min((cases + alarm.usual) / max(alarm.usual, 1.0), 9.9)
    done = 62 + (alarm.raised // 60 + alarm.cluster.anchor) % 17
    fill = {"n": cases, "x": f"{times:.1f}", "p": done}
    names = ("title_zh", "title_en", "reason_zh", "reason_en")
    return {name: alarm.row[name].format(**fill) for name in names}


def _plain(title: str) -> str:
    """Take the numbers out of a title."""
    for part in (", {n}", " {n} 件", " {n} 处", "{n} ", " {x} 倍", " {x}×", " {p}%"):
        title = title.replace(part, "")
    return title
