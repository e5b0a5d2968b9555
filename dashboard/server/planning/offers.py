"""How far a job is and the alternatives it made, as JSON with their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dashboard.i18n import catalogue, t
from dashboard.i18n.amounts import count, percent
from dashboard.server.planning.jobs import BROKEN, DONE, FAILED, RUNNING
from dashboard.server.planning.scope import seen
from dashboard.server.planning.wished import size

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
    told, asked = desks.jobs.told(plan, job), desks.jobs.asked(plan, job)
    shown: dict[str, Any] = {
        "state": told.state, "share": told.share, "text": _text(told, language), "alternatives": [],
        "head": asked["head"], "steps": desks.jobs.taken(plan, job),
    }  # fmt: skip
    if told.state != DONE:
        return shown
    made = different(told.made)
    shown["alternatives"] = [_offer(desks, plan, job, each, language) for each in made]
    scope = seen(desks.scenarios.opened(plan), made[0]["at"] if made else "", language)
    shown["wish"] = _wish(size(asked, language), made, language)
    shown["drafted"] = bool(asked["head"])  # what moves is counted from the draft, not from today
    return shown | _headed(scope, made, shown["alternatives"])


def different(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The alternatives that are not the same; keys: of all that an alternative stands for."""
    by_first: dict[str, dict[str, Any]] = {}
    for each in made:
        first = by_first.setdefault(each.get("same", each["key"]), {**each, "keys": []})
        first["keys"].append(each["key"])
    return list(by_first.values())


def _wish(asked: str, made: list[dict[str, Any]], language: str) -> str:
    """What was wished, how many grids that is, and that it could not be had where it could not."""
    if not asked or not made:
        return ""
    wished = made[0]["wished"]
    had = {each["grids"] for each in made}
    key = "wish_had" if had == {wished} else "wish_missed"
    return t(f"{ROOM}.{key}", language, wish=asked, n=count(wished, language))


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
    names = [t(f"{ROOM}.alternative_{key}", language) for key in made["keys"]]
    same = t(f"{ROOM}.alternative_same", language, n=len(names)) if len(names) > 1 else ""
    figures = {
        "grids": made["grids"], "over": made["over"], "crossing": made.get("crossing", 0),
        "moved_households": count(made["moved_households"], language),
        "bound_share": made["bound_share"], "moved_share": made["moved_share"],
    }  # fmt: skip
    name = t(f"{ROOM}.between", language).join(names)
    return {
        "key": made["key"],
        "keys": made["keys"],
        "name": name,
        "same": same,
        "outlines": outlines,
    } | figures


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
    moves = any(each.get("changed", True) for each in made)  # older jobs do not say
    key = key if moves else "none"
    name = t(f"{ROOM}.between", language).join(fewest)
    title = t(f"{ROOM}.alternatives_{key}", language, n=len(made), name=name, over=over)
    bound = max(each["bound_share"] for each in made)
    note = t(f"{ROOM}.alternatives_note", language, bound=f"{percent(bound, 1)}%") if moves else ""
    return {"title": title, "note": note, "reason": _reason(scope, made[best])}


def _reason(scope: Scope, made: dict[str, Any]) -> str:
    """What makes more impossible, where that is proved."""
    if not made["reasons"]:
        return ""
    first = made["reasons"][0]
    key = f"{ROOM}.binding_{first['key']}"
    return t(key, scope.language, name=scope.unit_name(first["community"]), n=first["grids"])
