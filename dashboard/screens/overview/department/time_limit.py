"""The time that a case has: its limit, deadlines, raw overtime, and whether rates count it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import pandas as pd

from dashboard.components.marks import level_mark
from dashboard.i18n.amounts import minutes
from dashboard.i18n.limits import limit_text
from dashboard.i18n.moments import stamp
from dashboard.screens.overview.registered import definition
from geodata.clocks import Course, read, reckoner_of

if TYPE_CHECKING:
    from dashboard.components.marks import Node
    from dashboard.screens.overview.scene import Scene
    from geodata.clocks import Overtime, Reading
    from geodata.model.calendar import Kind

MINUTE: Final = 60
OUT: Final = ("voided", "duplicate")
ABOUT: Final = {
    "limit": "on_time_rate",
    "due": "on_time_rate",
    "original": "raw_on_time_rate",
    "raw": "raw_on_time_rate",
    "rates": "on_time_rate",
}  # a fact → the metric that says how it counts


def about(name: str, scene: Scene) -> str:
    """How a fact of the time limit is counted; "" for other facts."""
    return definition(ABOUT[name], scene) if name in ABOUT else ""


def reading(scene: Scene, row: pd.Series) -> Reading:
    """The clock of a case as of the scene's moment; deadlines and the end are the engine's."""
    amount, kind = _limit(scene, row)
    clock = scene.city.profile.clock
    start, due = _moment(row[clock.starts_at]), _moment(row["due"])
    course = Course(
        start=start,
        kind=kind,
        # A case without a deadline is counted as one without a limit, once its clock could run.
        amount=amount if due is not None or start is None else 0.0,
        stop=_moment(row["done"]),
        appealed=bool(row["appealed"]),
        due=due,
        due_original=_moment(row["due_original"]),
        out="voided"
        if pd.notna(row["voided"])
        else "duplicate"
        if row["duplicate_of"] >= 0
        else "",
    )
    return read(course, reckoner_of(scene.city.profile), scene.now)


def facts(scene: Scene, row: pd.Series) -> list[tuple[str, Node]]:
    """What `words` says, the deadline marked where it is missed."""
    marked = _marked(scene, row, reading(scene, row))
    return [(name, marked if name == "due" else said) for name, said in words(scene, row)]


def words(scene: Scene, row: pd.Series) -> list[tuple[str, str]]:
    """Limit, deadline, the original one where it is another, raw overtime, and what rates do."""
    found = reading(scene, row)
    pairs: list[tuple[str, str]] = []
    if limit := limit_text(*_limit(scene, row), scene.language):
        pairs.append(("limit", limit))
    elif found.deadline is not None:
        pairs.append(("limit", scene.t("case.limit_source")))
    pairs.append(("due", _due(scene, row, found)))
    if found.original is not None and found.original != found.deadline:
        pairs.append(("original", stamp(found.original, scene.zone, scene.language)))
    if found.deadline is not None and not found.exempt:
        moved = bool(row["extended"]) or bool(row["suspended_s"])
        lost = moved and pd.isna(row["due_original"])
        pairs.append(("raw", scene.t("case.raw_unkept") if lost else _raw(scene, found.raw)))
    return [*pairs, ("rates", _rates(scene, found))]


def _marked(scene: Scene, row: pd.Series, found: Reading) -> Node:
    """The deadline, marked where it was or is missed."""
    said = _due(scene, row, found)
    late = found.deadline is not None and not found.exempt and found.overtime.elapsed_s > 0
    return [level_mark(2, scene.t("alert.level_2")), said] if late else said


def _due(scene: Scene, row: pd.Series, found: Reading) -> str:
    """The deadline in words."""
    if found.deadline is None:
        return scene.t("case.no_clock" if found.reasons[0] in OUT else "case.no_limit")
    at = stamp(found.deadline, scene.zone, scene.language)
    if found.exempt:
        return scene.t("case.due_out", at=at)
    done = _moment(row["done"])
    apart = found.deadline - (scene.now if done is None else done)
    late = found.overtime.elapsed_s > 0
    key = ("over" if late else "left") if done is None else ("missed" if late else "met")
    left = minutes(abs(apart) / MINUTE, scene.language)
    return scene.t(f"case.due_{key}", at=at, left=left)


def _raw(scene: Scene, raw: Overtime) -> str:
    if not raw.elapsed_s:
        return scene.t("case.raw_none")
    over, worked = (
        minutes(seconds / MINUTE, scene.language) for seconds in (raw.elapsed_s, raw.clock_s)
    )
    key = "case.raw_over" if raw.clock_s == raw.elapsed_s else "case.raw_worked"
    return scene.t(key, over=over, worked=worked)


def _rates(scene: Scene, found: Reading) -> str:
    """Whether rates count the case, and why not."""
    if found.exempt:
        return scene.t(f"case.out_{found.reasons[0]}")
    return scene.t("case.in_appealed" if "appealed" in found.reasons else "case.in_rates")


def _limit(scene: Scene, row: pd.Series) -> tuple[float, Kind]:
    """The limit of the case's matter; 0 where there is none."""
    if row["matter"] < 0:
        return 0.0, "urgent_hours"
    matter = scene.city.matters.iloc[int(row["matter"])]
    return float(matter["limit"]), cast("Kind", str(matter["limit_kind"]))


def _moment(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
