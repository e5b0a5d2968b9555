"""What of the clusters planted in made-up districts is found, when, and what is found in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geodata.bench.figures import median
from geodata.model.draft import silent
from geodata.warning import WANTED, Ground, Judge, needed

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.bench.figures import Figures, Limits
    from geodata.demo.clusters import Cluster
    from geodata.store.snapshots import City

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

UNTIL: Final = date(2026, 11, 1)
DAYS: Final = 60  # judged; alerts are planted in the 65 days before `until`
DAY: Final = 86_400
MONTH_DAYS: Final = 30
LATE_S: Final = DAY  # after the last case nobody needs a warning any more
STEP_S: Final = 600  # between the last two judgings, whose cost is told
SHARE: Final = 0.25  # of the cases an alert counts must be planted, or it is a false one
LEAST: Final = 2
RED: Final = 1
GRADES: Final = ("easy", "medium", "hard")


@dataclass(frozen=True, eq=False)
class Replay:
    """A district replayed: its alerts, what was planted, and seconds spent.

    whole: clusters that began and ended in the days judged, which are to be found; the others only
    explain alerts.
    """

    ground: Ground
    alerts: pd.DataFrame
    clusters: list[Cluster]
    whole: npt.NDArray[np.bool_]
    days: float
    whole_s: float
    step_s: float


def run(city: City | None, limits: Limits) -> Figures:
    """Replay a district of each seed and compare its alerts with what was planted there."""
    del city
    rows, alerts = [], []
    spent: list[tuple[float, float]] = []
    days = 0.0
    for seed in limits.seeds:
        replay = replayed(seed)
        found, judged = compared(replay)
        rows.append(found)
        alerts.append(judged)
        spent.append((replay.whole_s, replay.step_s))
        days += replay.days
    return figures(pd.concat(rows), pd.concat(alerts), days / MONTH_DAYS) | {
        "warning_replay_s": median([whole for whole, _ in spent]),
        "warning_judging_s": median([step for _, step in spent]),
    }


def figures(clusters: pd.DataFrame, alerts: pd.DataFrame, months: float) -> Figures:
    """Recall, false alarms and delay, flat."""
    found = {
        f"clusters_recall_{grade}": float(clusters["found"][clusters["grade"] == grade].mean())
        for grade in GRADES
        if (clusters["grade"] == grade).any()
    }
    red = alerts["level"] == RED
    return {
        "clusters_planted": float(len(clusters)),
        "clusters_recall": float(clusters["found"].mean()),
        **found,
        "red_false_per_month": float((red & ~alerts["true"]).sum() / months),
        "red_per_month": float(red.sum() / months),
        "alerts_per_day": float(len(alerts) / months / MONTH_DAYS),
        "alerts_false_per_day": float((~alerts["true"]).sum() / months / MONTH_DAYS),
        "warning_delay_h": float(clusters["delay_h"].median()),
    }


def replayed(seed: int, days: int = DAYS) -> Replay:
    """Make a district up to `UNTIL` and judge its last days, as they went by."""
    # The generator is heavy and only wanted here.
    from geodata.demo.city import Truth, land_draft  # noqa: PLC0415
    from geodata.demo.land import make_land  # noqa: PLC0415
    from geodata.demo.plan import make_plan  # noqa: PLC0415
    from geodata.publish import arrange  # noqa: PLC0415

    draft = land_draft(make_land("district", seed, silent), Truth(seed, "district", UNTIL))
    arranged, _ = arrange(draft)
    plan = make_plan("district", seed, UNTIL, arranged)
    lists = (draft.code_lists[name] for name in ("matters", "categories"))
    people = arranged.buildings["people"].to_numpy()
    ground = Ground(draft.profile, arranged.places, arranged.sites, people, *lists)
    now = plan.world.midnight(UNTIL)
    since = now - days * DAY
    judge = Judge.before(ground, since)
    first = plan.world.day(needed(ground, judge.until))
    frames = list(plan.casebook("district").months(first, UNTIL))
    cases = ground.cases([_columns(pd.concat(frames))], now)
    began = perf_counter()
    judge.look(cases, now - STEP_S)
    between = perf_counter()
    judge.look(cases, now)
    alerts = judge.table(since)
    spent = (between - began, perf_counter() - between)
    planted = [c for c in plan.clusters if len(c.moment) and c.moment[0] <= now]
    whole = np.array([_inside(c, since, now) for c in planted])
    return Replay(ground, alerts, planted, whole, float(days), *spent)


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    moments = {name: frame[name].astype("Int64").fillna(0) for name in ("reported", "voided")}
    return {name: moments.get(name, frame[name]).to_numpy() for name in WANTED}


def _inside(cluster: Cluster, since: int, now: int) -> bool:
    moment = cluster.moment
    return bool(since <= moment[0] and moment[-1] <= now - LATE_S / 2)


def compared(replay: Replay) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clusters with grade, whether found and after how many hours; alerts with whether true."""
    planted = _Planted(replay)
    finds = [planted.behind(row) for row in replay.alerts.itertuples()]
    first: dict[int, int] = {}
    for raised, behind in zip(replay.alerts["raised"].tolist(), finds, strict=True):
        for number in behind:
            if raised <= replay.clusters[number].moment[-1] + LATE_S:
                first[number] = min(first.get(number, raised), raised)
    clusters = pd.DataFrame({
        "kind": [c.kind.key for c in replay.clusters],
        "grade": [c.difficulty for c in replay.clusters],
        "found": [number in first for number in range(len(replay.clusters))],
        "delay_h": [
            (first[n] - c.moment[0]) / 3600 if n in first else np.nan
            for n, c in enumerate(replay.clusters)
        ],
    })  # fmt: skip
    return clusters[replay.whole], replay.alerts.assign(true=[len(behind) > 0 for behind in finds])


class _Planted:
    """Every planted case of a replay, to be laid under an alert."""

    def __init__(self, replay: Replay) -> None:
        ground, clusters = replay.ground, replay.clusters
        self._tree = ground.tree
        join = np.concatenate
        self._number = join([np.full(len(c.moment), n) for n, c in enumerate(clusters)])
        self._moment = join([c.moment for c in clusters])
        self._matter = join([c.matter for c in clusters])
        self._category = ground.matters["category"].to_numpy(np.int64)[self._matter]
        sites = ground.sites.iloc[join([c.site for c in clusters])]
        self._unit = sites["unit"].to_numpy(np.int64)
        points = (sites[name].to_numpy(np.float64) for name in ("lon", "lat"))
        self._x, self._y = ground.plane.metres(*points)
        self._plane = ground.plane
        self._keys = {
            "matter": ground.matters["key"].to_numpy(dtype=object),
            "category": ground.categories["key"].to_numpy(dtype=object),
        }
        syndromes = ground.profile.warning.syndromes
        self._syndromes = {each.key: each.matters for each in syndromes}

    def _about(self, topic: str) -> npt.NDArray[np.bool_]:
        """Which planted cases are of a topic."""
        kind, _, key = topic.partition(":")
        rows = {"matter": [key], "syndrome": self._syndromes.get(key, ())}.get(kind, ())
        if kind == "category":
            return np.asarray(self._keys["category"][self._category] == key)
        if kind == "all":
            return np.ones(len(self._matter), dtype=bool)
        return np.isin(self._keys["matter"][self._matter], list(rows))

    def behind(self, alert: Any) -> list[int]:  # noqa: ANN401 (a row of a frame)
        """Numbers of the clusters of which an alert counts enough cases."""
        inside = (self._moment >= alert.since) & (self._moment <= alert.until)
        inside &= self._about(alert.topic)
        if alert.radius_m > 0:
            x, y = self._plane.metres(np.array([alert.lon]), np.array([alert.lat]))
            inside &= np.hypot(self._x - x, self._y - y) <= alert.radius_m
        else:
            units = self._tree.subtree(alert.unit)
            inside &= (self._unit >= units.start) & (self._unit < units.stop)
        counts = np.bincount(self._number[inside], minlength=1)
        if counts.sum() < SHARE * (alert.cases - alert.expected):
            return []
        return np.flatnonzero(counts >= LEAST).tolist()
