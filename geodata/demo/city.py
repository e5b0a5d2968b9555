"""A whole demo city as a draft for publication, and the truth about what is planted in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geodata.demo.callers import with_callers
from geodata.demo.codes import PROFILE_OF, demo_profile, read_codes
from geodata.demo.land import make_land
from geodata.demo.misrouted import NOTORIOUS, TAKEN_FOR
from geodata.demo.plan import Plan, make_plan
from geodata.demo.redrawn import day_of
from geodata.demo.rosters import inspections, ratings, rosters
from geodata.model.draft import Arranged, Draft, Progress, silent
from geodata.model.errors import ProfileError
from geodata.model.schemas import ALERTS
from geodata.store.tables import empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geodata.demo.clusters import Cluster
    from geodata.demo.land import Land

ScaleName = Literal["district", "nested", "city"]
DUPLICATES: Final = ".duplicates.parquet"  # beside the truth as JSON
SLOW: Final = 2  # departments the truth calls slow


@dataclass
class Truth:
    """What is planted in a demo city; complete once its incidents have been made."""

    seed: int
    scale: str
    until: date
    redrawn: dict[str, Any] = field(default_factory=dict)  # what of the boundaries changed
    content: dict[str, Any] = field(default_factory=dict)
    again: list[pd.DataFrame] = field(default_factory=list, repr=False)  # id, first, marked

    def write(self, path: Path) -> None:
        """Write the truth as JSON, and beside it the table of second reports.

        Raises:
            RuntimeError: the incidents have not been made, so that nothing is known yet.
        """
        if not self.content:
            message = "the planted truth is known only once the incidents are made; publish first"
            raise RuntimeError(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        head = {"seed": self.seed, "scale": self.scale, "until": self.until.isoformat()}
        text = json.dumps({**head, **self.content}, ensure_ascii=False, indent=1)
        path.write_text(text, encoding="utf-8")
        if self.again:  # two months share a day, so that some are told twice
            second = pd.concat(self.again, ignore_index=True).drop_duplicates("id")
            second.to_parquet(path.with_suffix(DUPLICATES), index=False)

    def learn(self, plan: Plan) -> None:
        """Note what a plan has planted."""
        ground = plan.world.ground
        codes = ground.units.code
        median = ground.codes.departments.sort_values("arrive_median", ascending=False)
        self.content = {
            "slow_departments": median["key"].head(SLOW).tolist(),
            "dense_areas": [codes[ground.areas[area]] for area in ground.dense()],
            "worsening_area": codes[ground.areas[ground.worsening()]],
            "worsening_days": 90,
            "misrouted_matters": NOTORIOUS,
            "taken_for": [[*pair, weight] for pair, weight in TAKEN_FOR.items()],
            "redrawn": self.redrawn,
            "clusters": [_described(plan, c) for c in plan.clusters if len(c.moment)],
        }


@dataclass
class _Life:
    """The plan of a draft's city, made when its places are first known."""

    truth: Truth
    _plan: Plan | None = None

    def plan(self, arranged: Arranged) -> Plan:
        if self._plan is None:
            truth = self.truth
            self._plan = make_plan(truth.scale, truth.seed, truth.until, arranged)
            truth.learn(self._plan)
        return self._plan


def today(scale: str) -> date:
    """The current day in the time zone of a demo city."""
    return datetime.now(ZoneInfo(demo_profile(scale).time_zone)).date()


def demo_draft(
    scale: str, seed: int, until: date | None = None, progress: Progress = silent
) -> tuple[Draft, Truth]:
    """Make a demo city whose history ends where the day `until` begins (default: today).

    Raises:
        ProfileError: there is no demo city of this scale.
    """
    if scale not in PROFILE_OF:
        message = f"there is no demo of scale {scale}; choose one of {', '.join(PROFILE_OF)}"
        raise ProfileError(message)
    truth = Truth(seed, scale, until or today(scale))
    land = make_land(cast("ScaleName", scale), seed, progress)
    return land_draft(land, truth, progress), truth


def land_draft(land: Land, truth: Truth, progress: Progress = silent) -> Draft:
    """Bring a land to life."""
    life, day = _Life(truth), day_of(truth.until)
    truth.redrawn = land.before.told(day)

    def incidents(arranged: Arranged) -> Iterator[pd.DataFrame]:
        plan = life.plan(arranged)
        whole = (plan.until - plan.first).days
        truth.again.clear()
        end, matters = plan.world.midnight(plan.until), read_codes().tables["matters"]
        for frame in plan.casebook(truth.scale).months(plan.first, plan.until, truth.again):
            yield with_callers(frame, arranged, matters, truth.seed, end)
            reached = plan.world.day(int(frame["reported"].iloc[-1])) if len(frame) else plan.until
            progress("incidents", min((reached - plan.first).days / whole, 1.0))
        progress("incidents", 1.0)

    def extras(arranged: Arranged) -> Mapping[str, pd.DataFrame]:
        world = life.plan(arranged).world
        return {
            "rosters": rosters(world),
            "inspections": inspections(world, arranged, truth.until),
            "ratings": ratings(world, truth.until),
            "service_centres": _numbered(land.service_centres, arranged),
        }

    return Draft(
        profile=demo_profile(truth.scale),
        units=land.units,
        buildings=land.buildings,
        estates=land.estates,
        outdoors=land.outdoors,
        basemap=land.basemap,
        divisions=land.divisions,
        earlier={day: land.before.units},
        keeps_past=False,
        code_lists=read_codes().tables,
        incidents=incidents,
        alerts=lambda _: empty(ALERTS),
        extras=extras,
        notes={"demo": _notes(truth)},
    )


def _notes(truth: Truth) -> dict[str, object]:
    return {"seed": truth.seed, "scale": truth.scale, "until": truth.until.isoformat()}


def _numbered(table: pd.DataFrame, arranged: Arranged) -> pd.DataFrame:
    """Replace the unit codes of a table by rows of places, −1 where there is none."""
    rows = {code: row for row, code in enumerate(arranged.places["code"])}
    return table.assign(unit=np.array([rows.get(code, -1) for code in table["unit"]], np.int32))


def _described(plan: Plan, cluster: Cluster) -> dict[str, Any]:
    ground, zone = plan.world.ground, plan.world.zone
    ends = [datetime.fromtimestamp(int(cluster.moment[end]), zone) for end in (0, -1)]
    matters = ground.codes.matters["key"]
    return {
        "kind": cluster.kind.key,
        "name_zh": cluster.kind.name_zh,
        "name_en": cluster.kind.name_en,
        "origin": cluster.origin,
        "matters": sorted(matters.iloc[np.unique(cluster.matter)]),
        "scope": cluster.kind.scope,
        "places": list(cluster.places),
        "lon": round(float(ground.lon[cluster.anchor]), 6),
        "lat": round(float(ground.lat[cluster.anchor]), 6),
        "sites": len(np.unique(cluster.site)),
        "first": ends[0].isoformat(),
        "last": ends[1].isoformat(),
        "cases": len(cluster.moment),
        "expected": round(cluster.expected, 2),
        "difficulty": cluster.difficulty,
    }
