"""An approved plan is published on its day, and noted as law."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geodata.desk import Job, tell
from geodata.desk.lawful import PLANS, RECORD, TASK, Record, record, since
from geodata.publish import enacted
from geodata.publish.steps import PUBLISHING, staged
from geodata.scenarios.named import called
from geodata.scenarios.rebased import rebased
from geodata.scenarios.refused import refuse
from geodata.scenarios.scenario import Scenarios
from geodata.store import drawings
from geodata.store.snapshots import open_city
from geodata.store.tables import write_text

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from geodata.store.snapshots import City


def enact(home: Path) -> None:
    """Publish the city with the grids of the plan that a folder is of, and note that it is law.

    Raises:
        ImportRefusedError: it was not approved, its day has not come, or the city's grids are
            others than those it began with.
    """
    data_dir, plan = home.parents[1], home.name
    city = open_city(data_dir)
    if record(data_dir, plan) is None:
        _record(data_dir, plan, _published(home, city))
    drawings.forget(data_dir, plan)
    done = record(data_dir, plan)
    tell(home, Job(TASK, share=1.0, snapshot=done.snapshot if done else city.id))


def _published(home: Path, city: City) -> tuple[str, date]:
    zone, plan = city.profile.time_zone, home.name
    scenario = Scenarios(city.data_dir).opened(plan)
    day = since(scenario, zone)
    if day is None or day > datetime.now(ZoneInfo(zone)).date():
        told = ("was not approved", "尚未批准") if day is None else (
            f"is in force only from {day} on", f"自 {day} 起生效")  # fmt: skip
        refuse(
            f"plan {called(scenario.name, 'en')}: {told[0]}; what is in force stays",
            f"方案“{called(scenario.name, 'zh')}”{told[1]}；现行区划不变",
        )
    noted = city.meta.get("notes", {}).get(enacted.ENACTED, {})
    if noted.get("plan") == plan:
        return city.id, day  # a run before this one was ended before it could note it

    def progress(step: str, share: float) -> None:
        tell(home, Job(TASK, step, share, ended=False))

    law = enacted.Law(rebased(scenario.grounded, city), scenario.plan, plan, day)
    return enacted.enact(city, law, staged(progress, PUBLISHING)), day


def _record(data_dir: Path, plan: str, done: tuple[str, date]) -> None:
    snapshot, day = done
    told = Record(plan, snapshot, day.isoformat(), int(time.time()))
    write_text(data_dir / PLANS / plan / RECORD, json.dumps(asdict(told)))
