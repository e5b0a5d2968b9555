"""The supervision order: one case, or what a department has overdue, as a sheet to sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from dashboard.i18n import named
from dashboard.i18n.amounts import minutes
from dashboard.i18n.moments import full_stamp, local, stamp
from dashboard.screens.overview import scene as scenes
from dashboard.screens.overview.case_names import matter, way
from dashboard.screens.overview.department import time_limit
from dashboard.screens.overview.department.queue import countdown
from dashboard.screens.overview.notes import chosen, one_line
from geodata.metrics.schemes import version_of
from geodata.model.errors import RequestError
from geodata.model.schemas import DAY_BITS, STAGES
from geodata.paper.lines import cut
from geodata.paper.palette import palette
from geodata.paper.typeset import Sheet

if TYPE_CHECKING:
    from dashboard.access import Live
    from dashboard.question import Question
    from dashboard.screens.overview.scene import Scene

LAYOUT: Final = Path(__file__).with_name("order.typ")
MOST: Final = 200  # cases of one order, so that it weighs less than 500 kB
LONGEST: Final = 90  # letters of a way to a place
MINUTE: Final = 60
SIGNED: Final = ("issued", "received", "head", "date")
MARKS: Final = ("returned", "reopened", "extended", "suspended_s", "appealed")


def sheet(asked: Question, live: Live) -> Sheet:
    """The order of the case that an address names, else of its department's overdue ones.

    Raises:
        RequestError: it names neither.
    """
    scene = scenes.answer(asked, live)
    if scene.place.case:
        found = live.engine.case(int(scene.place.case), scene.now)
        if found.empty:
            message = f"c: there is no case {scene.place.case}"
            raise RequestError(message)
        told = of_case(scene, found.iloc[0])
    elif scene.department is not None:
        told = of_department(scene, live.engine.open_cases(scene.numbers.request))
    else:
        message = "d: name one department, or a case by c"
        raise RequestError(message)
    return Sheet(LAYOUT, _common(scene) | told, scene.now)


def of_case(scene: Scene, row: pd.Series) -> dict[str, Any]:
    """What the order of one case says."""
    return {
        "heading": cut(matter(scene, int(row["matter"]))),
        "facts": [[name, said] for name, said in _facts(scene, row)],
        "steps_title": scene.t("order.steps"),
        "step_heads": [scene.t(f"order.{name}") for name in ("step", "at", "took")],
        "steps": _steps(scene, row),
        "asked": scene.t("order.asked_one"),
        "answer": scene.t("order.answer"),
    }


def of_department(scene: Scene, open_cases: pd.DataFrame) -> dict[str, Any]:
    """What the order of all that a department has overdue says, the longest first."""
    late = open_cases[open_cases["overdue"].astype(bool)].sort_values("due", kind="stable")
    name = scene.entry(scene.city.departments, cast("int", scene.department))
    records = cast("list[dict[str, Any]]", late.head(MOST).to_dict("records"))
    rest = len(late) - len(records)
    heads = ("number", "key", "where", "matter", "due", "over", "steps")
    return {
        "heading": scene.t("order.many" if len(late) else "order.none", department=cut(name),
                           n=f"{len(late):,}"),
        "heads": [scene.t(f"order.row_{each}") for each in heads],
        "rows": [_row(scene, number, case) for number, case in enumerate(records, start=1)],
        "rest": scene.t("order.rest", n=f"{rest:,}") if rest else "",
        "asked": scene.t("order.asked_many") if records else "",
    }  # fmt: skip


def _common(scene: Scene) -> dict[str, Any]:
    """What every order says: as of when, of what, how counted, and who signs."""
    then = local(scene.now, scene.zone)
    filters = cut(chosen(scene), LONGEST) or scene.t("export.none")
    said = {
        "filters": {"place": cut(scene.name(scene.unit)), "filters": filters},
        "counted": {"text": one_line(scene, "backlog_overdue")},
        "made": {"snapshot": cut(scene.city.id), "hash": version_of(scene.city.profile.schemes)},
    }
    return {
        "lang": scene.language,
        "colours": palette(),
        "date": [then.year, then.month, then.day, then.hour, then.minute, then.second],
        "city": cut(scene.name(0)),
        "title": scene.t("order.title"),
        "number": scene.t("order.number"),
        "as_of": scene.t("order.as_of", at=full_stamp(scene.now, scene.zone, scene.language)),
        "signed": [scene.t(f"order.sign_{name}") for name in SIGNED],
        "notes": [scene.t(f"order.{name}", **values) for name, values in said.items()],
        "page": scene.t("order.page", a="{a}", b="{b}"),
    }


def _facts(scene: Scene, row: pd.Series) -> list[tuple[str, str]]:
    unit, building = (
        int(scene.city.sites[name].iloc[int(row["site"])]) for name in ("unit", "building")
    )
    where = [way(scene, unit)]
    if building >= 0:
        where.append(named(scene.city.buildings.iloc[building], scene.language))
    pairs = [
        ("department", scene.entry(scene.city.departments, int(row["department"]))),
        ("key", str(row["key"])),
        ("where", scene.t("column.between").join(where)),
        ("matter", matter(scene, int(row["matter"]))),
        ("source", scene.entry(scene.city.sources, int(row["source"]))),
    ]
    found = [(scene.t(f"order.fact_{name}"), cut(said, LONGEST)) for name, said in pairs]
    found += [
        (scene.t(f"case.{name}_name"), cut(said, LONGEST))
        for name, said in time_limit.words(scene, row)
    ]
    marks = [scene.t(f"case.{name}") for name in MARKS if row[name]]
    if marks:
        found.append((scene.t("case.marks_name"), scene.t("column.between").join(marks)))
    return found


def _steps(scene: Scene, row: pd.Series) -> list[list[str]]:
    """Every stage reached, its moment and what it took; one known by its day only took nothing."""
    found: list[list[str]] = []
    last: int | None = None
    for stage in STAGES:
        if pd.isna(row[stage]):
            continue
        at, by_day = int(row[stage]), bool(int(row["by_day"]) & DAY_BITS[stage])
        took = "" if last is None or by_day else minutes((at - last) / MINUTE, scene.language)
        moment = full_stamp(at, scene.zone, scene.language)
        name = scene.t(f"stage.{stage}")
        found.append([name[:1].upper() + name[1:], moment, took])
        last = None if by_day else at
    return found


def _row(scene: Scene, number: int, case: dict[str, Any]) -> list[str]:
    unit = int(scene.city.sites["unit"].iloc[int(case["site"])])
    waits = scene.t(f"queue.waits_{case['stage']}")
    stage = scene.t(f"stage.{case['stage']}")
    since = stamp(int(case["since"]), scene.zone, scene.language)
    key = "order.last_first" if case["stage"] == STAGES[0] else "order.last"
    last = scene.t(key, since=since, waits=waits, stage=stage)
    reported = stamp(int(case["reported"]), scene.zone, scene.language)
    return [
        str(number),
        cut(str(case["key"])),
        cut(way(scene, unit), LONGEST),
        cut(matter(scene, int(case["matter"]))),
        stamp(int(case["due"]), scene.zone, scene.language),
        countdown(scene.now - float(case["due"]), scene.t("unit.day")),
        scene.t("order.so_far", at=reported, last=last),
    ]
