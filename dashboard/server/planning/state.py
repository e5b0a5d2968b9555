"""The state of a desk as JSON: grids, checks, figures before and after, where the draft stands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import CRS

from dashboard.access import live
from dashboard.i18n import t
from dashboard.i18n.moments import clock
from dashboard.server.planning import review, said, wished
from geodata.scenarios.stepping import CARRY

if TYPE_CHECKING:
    import numpy.typing as npt

    from dashboard.server.planning.outlined import Outlines
    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope
    from geodata.planner.history import Step
    from geodata.planner.plan import Plan

    Ints = npt.NDArray[np.int32]

WEEKS: Final = 52.0  # of the year whose cases an atom holds
EVEN: Final = 100  # the load index of a grid as heavy as the mean


def state(scope: Scope, drawn: Outlines, found: Reckoned, zone: str) -> dict[str, Any]:
    """What a desk shows of a scenario from a place; zone: time zone of the city."""
    shown = {
        "plan": plan(scope, found, zone),
        "grids": grids(scope, drawn, found),
        "today": today(scope, drawn, found),
        "owner": owner(scope),
        "classes": classes(scope, found),
        "comments": comments(scope, zone),
        "chain": said.chain(scope, zone),
    }
    return shown | said.figures(scope, found)


def plan(scope: Scope, found: Reckoned, zone: str) -> dict[str, Any]:
    """What is true of the scenario as a whole."""
    it, spoken = scope.scenario, scope.language
    history = it.history
    name = t(f"planner.state_{it.state}", spoken)
    return {
        "id": it.id, "name": scope.name, "state": it.state, "state_name": name,
        "title": t("planner.card_title", spoken, name=scope.name, state=name),
        "note": said.based_on(scope, zone),
        "base": it.base, "covers": it.scope, "head": history.head, "ground": it.grounded.ground.key,
        "undo": len(history.way(history.head)), "redo": len(history.undone),
        "saved": clock(it.changed, zone),
        "scope": {
            "code": scope.at, "name": scope.unit_name(scope.at),
            "path": path(scope), "inside": inside(scope),
        },
        "rules": found.rules.key, "limit_households": found.limit, "wish": wish(found, spoken),
        "editable": it.state == "draft", "zone": projection(scope.there.crs),
        **review.moves(scope), "live": live().city.id,
    }  # fmt: skip


def wish(found: Reckoned, spoken: str) -> dict[str, Any]:
    """What an automatic drawing aims at unless somebody wishes otherwise; size: of a grid."""
    rules = found.rules
    names = ("territory", "radius", "industries", "density")
    weights = {name: getattr(rules.weights, name) for name in names}
    size = {
        "least": rules.least, "most": rules.most,
        "cited_least": wished.cited(rules.households_least, spoken),
        "cited_most": wished.cited(rules.households_most, spoken),
    }  # fmt: skip
    return {"weights": weights, "tolerance": rules.tolerance.value, "size": size}


def path(scope: Scope) -> list[dict[str, str]]:
    """From what the scenario covers down to the place, by code and name."""
    codes = scope.there.ground.communities
    ways = [scope.there.paths[codes[int(row)]] for row in scope.communities[:1]]
    way = list(ways[0]) if ways else []
    first = way.index(scope.scenario.scope) if scope.scenario.scope in way else 0
    last = way.index(scope.at) if scope.at in way else first
    return [{"code": code, "name": scope.unit_name(code)} for code in way[first : last + 1]]


def inside(scope: Scope) -> list[dict[str, str]]:
    """What lies one level below the place, by code and name; nothing below a community."""
    found: dict[str, None] = {}
    for row in scope.communities.tolist():
        way = scope.there.paths[scope.there.ground.communities[row]]
        depth = way.index(scope.at) + 1 if scope.at in way else 0
        if depth < len(way):
            found[way[depth]] = None
    return [{"code": code, "name": scope.unit_name(code)} for code in found]


@lru_cache(maxsize=8)
def projection(crs: str) -> dict[str, float] | None:
    """Middle meridian and false easting of a transverse Mercator; None of other systems."""
    told = CRS.from_user_input(crs).coordinate_operation
    if told is None or told.method_name != "Transverse Mercator":
        return None
    values = {each.name: each.value for each in told.params}
    return {
        "middle": float(values["Longitude of natural origin"]),
        "easting": float(values["False easting"]),
    }  # fmt: skip


def grids(scope: Scope, drawn: Outlines, found: Reckoned) -> list[dict[str, Any]]:
    """The grids of the draft in the place."""
    ground, plan, numbers = scope.there.ground, scope.plan, scope.numbers
    count = len(plan.codes)
    sums = {
        name: np.bincount(plan.grid, column, count)[numbers]
        for name, column in (
            ("households", ground.households), ("people", ground.people), ("cases", ground.cases),
            ("load", found.load),
        )
    }  # fmt: skip
    houses = _houses(scope, plan)[numbers]
    mean = float(sums["load"].mean()) or 1.0
    ours = set(scope.there.today.codes)
    outlines = drawn.of(scope.there, plan, numbers)
    rows = []
    for i, (number, outline) in enumerate(zip(numbers.tolist(), outlines, strict=True)):
        code, households = plan.codes[number], int(sums["households"][i])
        special = code in found.special
        rows.append({
            "code": code, "name": scope.grid_name(code), "households": households,
            "people": int(sums["people"][i]), "buildings": int(houses[i]),
            "cases_week": round(float(sums["cases"][i]) / WEEKS, 1),
            "load": round(EVEN * float(sums["load"][i]) / mean),
            "locked": number in plan.locked, "new": code not in ours,
            "special": special, "over": not special and households > found.limit > 0,
            "under": not special and households < found.least,
            "rings": outline.rings, "label": outline.label,
        })  # fmt: skip
    return rows


def _houses(scope: Scope, plan: Plan) -> Ints:
    """How many buildings stand in each grid, by number."""
    atom = scope.there.buildings.atom
    return np.bincount(plan.grid[atom[atom >= 0]], minlength=len(plan.codes)).astype(np.int32)


def today(scope: Scope, drawn: Outlines, found: Reckoned) -> list[dict[str, Any]]:
    """The grids in force in the place."""
    numbers = scope.living(scope.there.today)
    outlines = drawn.of(scope.there, scope.there.today, numbers)
    codes = scope.there.today.codes
    return [
        {"code": codes[number], "name": scope.grid_name(codes[number]),
         "special": codes[number] in found.special, "rings": outline.rings, "label": outline.label}
        for number, outline in zip(numbers.tolist(), outlines, strict=True)
    ]  # fmt: skip


def owner(scope: Scope) -> list[int]:
    """The grid of each atom of the place, as its row in `grids`."""
    row = np.zeros(len(scope.plan.codes), dtype=np.int32)
    row[scope.numbers] = np.arange(len(scope.numbers), dtype=np.int32)
    found: list[int] = row[scope.plan.grid[scope.atoms]].tolist()
    return found


def classes(scope: Scope, found: Reckoned) -> dict[str, Any]:
    """The classes of households per grid: around the limit, where there is one."""
    breaks = found.breaks
    words = [*(f"<{each:,}" for each in breaks), f"≥{breaks[-1]:,}"]
    name = t("planner.js_measure_households", scope.language)
    return {"key": "households", "name": name, "breaks": breaks, "labels": words}


def comments(scope: Scope, zone: str) -> list[dict[str, Any]]:
    """What was said, the newest first."""
    return [
        {
            "grid": each.grid,
            "name": scope.grid_name(each.grid) if each.grid else "",
            "text": review.remark(scope, each),
            "author": said.author(scope.language, each.author),
            "at": said.moment(each.at, zone, scope),
        }
        for each in reversed(scope.scenario.comments)
    ]


def steps(scope: Scope, zone: str) -> list[dict[str, Any]]:
    """Every step of the history, the newest first; on_way: it was not undone."""
    history = scope.scenario.history
    return [
        {
            "key": key,
            "name": step.name,
            "text": said.step(scope, step),
            "author": said.author(scope.language, step.author),
            "reason": _reason(scope, step),
            "at": said.moment(step.at, zone, scope),
            "on_way": key in scope.on_way,
            "grids": said.codes(scope, step),
        }
        for key, step in reversed(history.steps.items())
    ]


def _reason(scope: Scope, step: Step) -> str:
    """Why a step was done; of what was carried over its text says it."""
    return "" if step.name == CARRY else wished.reason(step.reason, scope.language)
