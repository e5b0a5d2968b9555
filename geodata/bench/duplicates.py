"""Planted second reports that are found, and how long the search takes.

A demo city lives through weeks of other seeds than those that the search was made with. Of any
other city nobody knows the truth: there only times are taken.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.bench.figures import timed
from geodata.demo.feed import demo_notes
from geodata.demo.plan import make_plan
from geodata.duplicates import READ, Reports, learn, propose
from geodata.model.draft import Arranged
from geodata.model.periods import DAY

if TYPE_CHECKING:
    from geodata.bench.figures import Figures, Limits
    from geodata.demo.plan import Plan
    from geodata.store.snapshots import City

SEEDS: Final = (101, 102, 103, 104, 105)
ROWS: Final = 2_000_000  # of the city's own cases, the newest


def run(city: City, limits: Limits) -> Figures:
    """Precision and recall by seed and of all together; seconds for the city's own cases."""
    if demo_notes(city) is None:
        return _times(city, limits.days)
    totals = np.zeros(6)
    found: Figures = {}
    for seed in SEEDS:
        counted = _counted(_plan(city, seed), limits.days)
        totals += counted
        found |= {f"{name}_{seed}": value for name, value in figures(counted).items()}
    return figures(totals) | found | _times(city, limits.days)


def figures(counted: np.ndarray) -> Figures:
    """Precision and recall from the counts of `_counted`."""
    proposed, right, planted, new, new_right, unmarked = (float(each) for each in counted)
    return {
        "duplicates_precision": right / max(proposed, 1),
        "duplicates_recall": right / max(planted, 1),
        "duplicates_unmarked_precision": new_right / max(new, 1),
        "duplicates_unmarked_recall": new_right / max(unmarked, 1),
    }


def _plan(city: City, seed: int) -> Plan:
    notes = demo_notes(city) or {}
    scale, until = str(notes["scale"]), date.fromisoformat(notes["until"])
    estates = gpd.GeoDataFrame() if city.estates is None else city.estates
    arranged = Arranged(city.places, city.sites, gpd.GeoDataFrame(city.buildings), estates)
    return make_plan(scale, seed, until, arranged)


def _counted(plan: Plan, days: int) -> np.ndarray:
    """Proposed, right, planted; of those that no source marks: proposed, right, planted."""
    told: list[pd.DataFrame] = []
    dates = [plan.until - timedelta(back) for back in range(days, 0, -1)]
    cases = plan.casebook(plan.world.scale).days(dates, told)
    truth = pd.concat(told, ignore_index=True)
    reports = Reports.of(cases[list(READ)])
    proposed = propose(reports, learn(reports))
    first = truth.set_index("id")["first"].reindex(proposed["id"])
    right = first.to_numpy() == proposed["first"].to_numpy()
    new = ~proposed["id"].isin(truth.loc[truth["marked"], "id"]).to_numpy()
    unmarked = int((~truth["marked"]).sum())
    counts = (len(proposed), right.sum(), len(truth), new.sum(), (right & new).sum(), unmarked)
    return np.array(counts, dtype=np.float64)


def _times(city: City, days: int) -> Figures:
    """Seconds for the newest cases of the city, and milliseconds for the last day of them."""
    frames = [pd.read_parquet(path, columns=list(READ)) for path in city.incident_files()[-36:]]
    reports = Reports.of(pd.concat(frames, ignore_index=True).tail(ROWS))
    last = int(reports.reported[-1])
    recent = reports.rows(np.flatnonzero(reports.reported > last - days * DAY))
    learned_ms, weights = timed(partial(learn, recent))
    propose(recent, weights, since=last - DAY)
    day_ms, _ = timed(partial(propose, recent, weights, since=last - DAY))
    began = time.perf_counter()
    proposed = propose(reports, weights)
    return {
        "duplicates_cases": len(reports),
        "duplicates_proposed": len(proposed),
        "duplicates_learn_s": learned_ms / 1e3,
        "duplicates_day_ms": day_ms,
        "duplicates_whole_s": time.perf_counter() - began,
    }
