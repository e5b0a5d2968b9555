"""How far a job is and the alternatives it made, as JSON with their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dashboard.i18n import catalogue, t
from dashboard.i18n.amounts import count, percent
from dashboard.server.planning.jobs import BROKEN, DONE, FAILED, RUNNING
from dashboard.server.planning.scope import seen

if TYPE_CHECKING:
    from dashboard.server.planning.desks import Desks
    from dashboard.server.planning.jobs import Told
    from dashboard.server.planning.scope import Scope

ROOM: Final = "planner"


def offers(desks: Desks, plan: str, job: str, language: str) -> dict[str, Any]:
    """The state of a job; its alternatives once it is done.

    Raises:
        NoJobError: there is none.
    """
    told = desks.jobs.told(plan, job)
    shown: dict[str, Any] = {
        "state": told.state, "share": told.share, "text": _text(told, language), "alternatives": [],
    }  # fmt: skip
    if told.state != DONE:
        return shown
    shown["alternatives"] = [_offer(desks, plan, job, each, language) for each in told.made]
    scope = seen(desks.scenarios.opened(plan), told.made[0]["at"] if told.made else "", language)
    return shown | _headed(scope, told.made, shown["alternatives"])


def _text(told: Told, language: str) -> str:
    if told.state == RUNNING:
        return t(f"{ROOM}.job_running", language, share=f"{percent(told.share, 0)}%")
    if told.state != FAILED:
        return t(f"{ROOM}.job_{told.state}", language)
    keys = (f"{ROOM}.why_{told.why}", f"{ROOM}.job_{told.why}" if told.why == BROKEN else "")
    known = [key for key in keys if key in catalogue() and "{" not in catalogue()[key][language]]
    reason = t(known[0], language) if known else told.why
    return t(f"{ROOM}.job_failed", language, reason=reason)


def _offer(
    desks: Desks, plan: str, job: str, made: dict[str, Any], language: str
) -> dict[str, Any]:
    """One alternative with the outlines of its grids in the place it was made for."""
    scenario = desks.scenarios.opened(plan)
    scope = seen(scenario, made["at"], language)
    draft = desks.jobs.plan(plan, job, made["key"], scenario.plan)
    if len(draft.grid) != len(scope.there.ground):
        outlines: list[dict[str, Any]] = []  # atoms were cut since; it can still be taken
    else:
        numbers = scope.living(draft)
        drawn = desks.outlines.of(scope.there, draft, numbers)
        households = np.bincount(draft.grid, scope.there.ground.households, len(draft.codes))
        outlines = [
            {"code": draft.codes[number], "rings": outline.rings,
             "households": int(households[number])}
            for number, outline in zip(numbers.tolist(), drawn, strict=True)
        ]  # fmt: skip
    name = t(f"{ROOM}.alternative_{made['key']}", language)
    figures = {
        "grids": made["grids"], "over": made["over"],
        "moved_households": count(made["moved_households"], language),
        "bound_share": made["bound_share"], "moved_share": made["moved_share"],
    }  # fmt: skip
    return {"key": made["key"], "name": name, "outlines": outlines} | figures


def _headed(
    scope: Scope, made: list[dict[str, Any]], shown: list[dict[str, Any]]
) -> dict[str, str]:
    """What stands with them: which has fewest grids over, what has to move, what hinders."""
    language = scope.language
    if not made:
        return {"title": t(f"{ROOM}.js_alternatives", language), "note": "", "reason": ""}
    best = min(range(len(made)), key=lambda i: (made[i]["over"], made[i]["moved_households"]))
    over = made[best]["over"]
    fewest = [each["name"] for each in shown if each["over"] == over]
    key = "title" if len(fewest) < len(made) else ("same" if len(made) > 1 else "one")
    name = t(f"{ROOM}.between", language).join(fewest)
    title = t(f"{ROOM}.alternatives_{key}", language, n=len(made), name=name, over=over)
    bound = max(each["bound_share"] for each in made)
    note = t(f"{ROOM}.alternatives_note", language, bound=f"{percent(bound, 1)}%")
    return {"title": title, "note": note, "reason": _reason(scope, made[best])}


def _reason(scope: Scope, made: dict[str, Any]) -> str:
    """What makes more impossible, where that is proved."""
    if not made["reasons"]:
        return ""
    first = made["reasons"][0]
    key = f"{ROOM}.binding_{first['key']}"
    return t(key, scope.language, name=scope.unit_name(first["community"]), n=first["grids"])
