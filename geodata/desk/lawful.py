"""Approved plans that become law on their day: which are coming, due, or in force."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geodata.scenarios.scenario import PUBLISHED

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.scenarios.scenario import Scenario, Scenarios
    from geodata.store.snapshots import City

LOG: Final = logging.getLogger(__name__)
PLANS: Final = "plans"
RECORD: Final = "enacted.json"
TASK: Final = "enact"


@dataclass(frozen=True)
class Record:
    """That a plan is law: since its day, by a snapshot, published at an epoch second."""

    plan: str
    snapshot: str
    since: str
    at: int


def since(scenario: Scenario, zone: str) -> date | None:
    """The first day of a plan that was approved; None = it was not.

    Where nobody named a day it is the one on which it was approved.
    """
    said = [each for each in scenario.approvals if each.state == PUBLISHED]
    if scenario.state != PUBLISHED or not said:
        return None
    named = said[-1].effective
    if named:
        return date.fromisoformat(named)
    return datetime.fromtimestamp(said[-1].at, ZoneInfo(zone)).date()


def record(data_dir: Path, plan: str) -> Record | None:
    """How a plan became law; None = it did not, or not yet."""
    try:
        told = json.loads((data_dir / PLANS / plan / RECORD).read_text(encoding="utf-8"))
        found = Record(**told)
    except (OSError, ValueError, TypeError):
        return None
    return found if found.plan == plan else None  # a branch has the record of its parent


def due(data_dir: Path, scenarios: Scenarios, today: date, zone: str) -> list[str]:
    """Plans whose day has come and that are not law yet, the earliest day first.

    One that cannot be read hinders no other; it is noted in the log.
    """
    found = []
    for each in scenarios.listed():
        if each.state == PUBLISHED and record(data_dir, each.id) is None:
            day = _day_of(scenarios, each.id, zone)
            if day is not None and day <= today:
                found.append((day, each.id))
    return [plan for _, plan in sorted(found)]


def _day_of(scenarios: Scenarios, plan: str, zone: str) -> date | None:
    try:
        return since(scenarios.opened(plan), zone)
    except Exception:  # whatever a damaged file leads to
        LOG.exception("plan %s: cannot be read and is left out", plan)
        return None


def earliest(city: City, today: date) -> date:
    """The first day from which a plan may be in force: today, or when today's borders began."""
    newest = max((each.until for each in city.divisions.values()), default="")
    return max(today, date.fromisoformat(newest)) if newest else today
