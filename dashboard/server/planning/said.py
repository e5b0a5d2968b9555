"""What the panels of the desk say, in the language of the page: checks, rows, steps, moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dashboard.i18n import catalogue, t
from dashboard.i18n.amounts import count, rate
from dashboard.i18n.moments import month, stamp
from dashboard.server.identity import OPERATOR
from dashboard.server.planning import headline
from dashboard.server.planning.rounded import SHARES, Shown, shown
from geodata.scenarios.grounded import WGS84, mover
from geodata.scenarios.named import called
from geodata.scenarios.scenario import DRAFT, FORWARD, WITHDRAWN
from geodata.scenarios.stepping import CARRY

if TYPE_CHECKING:
    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope
    from geodata.planner.checks import Check
    from geodata.planner.compared import Row
    from geodata.planner.history import Step

ROOM: Final = "planner"
MOST_PLACES: Final = 60  # of one check, that can be shown one after the other
MOST_NAMED: Final = 2
SAME: Final = "—"
# By check: the words for the worst value and its limit, and by what both are multiplied.
WORDS: Final = {
    "households_under": ("check_below", 1), "radius": ("check_metres", 1),
    "balance": ("check_percent", 1), "streets": ("check_share", 100),
    "party_branch": ("check_nearest", 1),
}  # fmt: skip
LEAST_S: Final = 0.01  # the shortest time that is told
STRAIGHT: Final = "straight_line"  # the note of a figure that knows no roads
METRES: Final = {"border"}


def figures(scope: Scope, found: Reckoned) -> dict[str, Any]:
    """Card, checks and table."""
    return {
        "summary": summary(scope, found),
        "verdict": verdict(scope, found),
        "checks": [check(scope, each) for each in found.checks],
        "table": table(scope, found),
    }


def summary(scope: Scope, found: Reckoned) -> list[dict[str, str]]:
    """How many grids, and how much moves."""
    spoken, sums = scope.language, found.summary
    return [
        {"name": _t(scope, "card_grids"), "before": count(sums.grids_before, spoken),
         "after": count(sums.grids_after, spoken)},
        {"name": _t(scope, "card_buildings"), "after": count(sums.buildings_moved, spoken)},
        {"name": _t(scope, "card_households"), "after": count(sums.households_moved, spoken),
         "unit": _t(scope, "card_household_unit")},
    ]  # fmt: skip


def verdict(scope: Scope, found: Reckoned) -> dict[str, str]:
    """How many checks fail, and how long the look at them took."""
    bad = sum(not each.ok for each in found.checks)
    title = _t(scope, "checks_todo", n=bad) if bad else _t(scope, "checks_good")
    return {"title": title, "note": _t(scope, "checks_live", seconds=_seconds(found.took_s))}


def _seconds(took: float) -> str:
    return f"{took:.2f}" if took >= LEAST_S else f"<{LEAST_S}"


def check(scope: Scope, each: Check) -> dict[str, Any]:
    """One check with what it found and where."""
    key = f"check_{each.key}"
    bad = f"{key}_bad"
    named = key if each.ok or f"{ROOM}.{bad}" not in catalogue() else bad
    return {
        "key": each.key, "ok": each.ok, "level": each.level,
        "text": _t(scope, named, n=each.count), "detail": _detail(scope, each),
        "where": _where(scope, each),
    }  # fmt: skip


def _detail(scope: Scope, each: Check) -> str:
    """How many of how many; of what fails the worst with its value and its limit."""
    if each.ok or not each.grids:
        if each.of:
            whole = count(each.of, scope.language)
            kept = each.of if each.ok else each.of - each.count
            return _t(scope, "check_of", n=count(kept, scope.language), of=whole)
        return _t(scope, "check_places", n=each.count)
    if each.value is None or each.limit is None:
        return _some(scope, [_named(scope, each, code) for code in each.grids])
    key, times = WORDS.get(each.key, ("check_beyond", 1))
    value, limit = (count(round(x * times), scope.language) for x in (each.value, each.limit))
    name = _named(scope, each, each.grids[0])
    said = _t(scope, key, name=name, value=value, limit=limit)
    return _t(scope, "check_worst", what=said) if len(each.grids) > 1 else said


def _some(scope: Scope, names: list[str]) -> str:
    """Names one after the other; where they are many the first one, and how many in all."""
    if len(names) > MOST_NAMED:
        return _t(scope, "check_names", name=names[0], n=len(names))
    return _t(scope, "between").join(names)


def _named(scope: Scope, each: Check, code: str) -> str:
    """The name of what a check names: a grid, or a community."""
    return scope.unit_name(code) if each.key == "community_over" else scope.grid_name(code)


def _where(scope: Scope, each: Check) -> list[dict[str, Any]]:
    """The places that fail, by grid where it is known."""
    if each.ok:
        return []
    points = np.array(each.where[:MOST_PLACES], dtype=np.float64).reshape(-1, 2)
    degrees = mover(scope.there.crs, WGS84)(points).round(7).tolist() if len(points) else []
    grids = list(each.grids[:MOST_PLACES])
    size = max(len(grids), len(degrees))
    found = []
    for i in range(size):
        grid = grids[i] if i < len(grids) else ""
        lon, lat = degrees[i] if i < len(degrees) else (None, None)
        name = _named(scope, each, grid) if grid else ""
        found.append({"grid": grid, "name": name, "lon": lon, "lat": lat})
    return found


def table(scope: Scope, found: Reckoned) -> dict[str, Any]:
    """The figures of today and of the draft, and what stands out among them."""
    rows = [row(scope, found, each) for each in found.rows]
    name = scope.name
    return {
        "title": headline.title(scope, found),
        "note": _t(scope, "table_note", name=name), "rows": rows,
    }  # fmt: skip


def row(scope: Scope, found: Reckoned, each: Row) -> dict[str, Any]:
    """One figure before and after, and how it changes."""
    limit = count(found.limit, scope.language)
    name = _t(scope, f"row_{each.key}", limit=limit)
    if each.note == STRAIGHT:
        name = _t(scope, "row_straight", name=name)
    read = shown(each)
    return {
        "key": each.key, "name": name, "about": _t(scope, f"about_{each.key}"),
        "before": _figure(scope, each.key, read.before, read.places),
        "after": _figure(scope, each.key, read.after, read.places),
        "change": _change(scope, each, read),
        "better": each.better if read.moved else None,
    }  # fmt: skip


def _figure(scope: Scope, key: str, value: float | None, places: int) -> str:
    """A value with its decimals and its unit, where the name of the row does not say it."""
    if value is None:
        return SAME
    said = rate(value, places) if places else count(value, scope.language)
    if key in SHARES:
        return f"{said}%"
    return _t(scope, "unit_metres", n=said) if key in METRES else said


def _change(scope: Scope, each: Row, read: Shown) -> str:
    """The change with its direction, and a word where it is for the worse."""
    moved = read.moved
    if not moved:
        return SAME
    size = abs(moved)
    if each.key in SHARES:
        said = _t(scope, "unit_points", n=rate(size, read.places))
    else:
        said = _figure(scope, each.key, size, read.places)
    arrow = "↑" if moved > 0 else "↓"
    worse = f" {_t(scope, 'worse')}" if each.better is False else ""
    return f"{arrow} {said}{worse}"


def based_on(scope: Scope, zone: str) -> str:
    """The month of the grids that the scenario began with."""
    told = scope.scenario.created
    return _t(scope, "based_on", month=month(told, zone, scope.language))


def chain(scope: Scope, zone: str) -> list[dict[str, Any]]:
    """The way to approval, and who let the scenario go on."""
    now = scope.scenario.state
    way = (DRAFT, *FORWARD, *([WITHDRAWN] if now == WITHDRAWN else []))
    at = way.index(now)
    said = {each.state: each for each in scope.scenario.approvals}
    rows = []
    for i, state in enumerate(way):
        moved = said.get(state) if i <= at else None
        note = ""
        if moved is not None:
            who = author(scope.language, moved.author)
            parts = (who, moment(moved.at, zone, scope), moved.reason)
            note = " · ".join(filter(None, parts))
        rows.append({"state": state, "name": _t(scope, f"state_{state}"), "note": note,
                     "done": i < at, "current": i == at})  # fmt: skip
    return rows


def moment(at: int, zone: str, scope: Scope) -> str:
    """A moment to the minute."""
    return stamp(at, zone, scope.language)


def author(spoken: str, name: str) -> str:
    """Who did something; the operator at this machine has no name of their own."""
    return t(f"{ROOM}.operator", spoken) if name == OPERATOR.name else name


def codes(scope: Scope, step: Step) -> list[str]:
    """Codes of the grids that a step touched.

    On a way that was undone the same numbers stand for other new grids.
    """
    history = scope.scenario.history
    own = scope.scenario.plan.codes
    if step.key not in scope.on_way:
        own = sum((each.codes for each in history.way(step.key)), history.first.codes)
    return [own[number] for number in sorted(step.numbers)]


def step(scope: Scope, each: Step) -> str:
    """A step in words: what was done, to which grids; of what was carried over how many."""
    touched = codes(scope, each)
    if each.name == CARRY:
        name = called(each.reason, scope.language)
        return _t(scope, "step_carry", name=name, n=len(touched))
    key = f"step_{each.name}"
    word = _t(scope, key if f"{ROOM}.{key}" in catalogue() else "step_other")
    if not touched:
        return word
    names = _some(scope, [scope.grid_name(code) for code in touched])
    return _t(scope, "step_grids", step=word, grids=names)


def _t(scope: Scope, key: str, **values: object) -> str:
    return t(f"{ROOM}.{key}", scope.language, **values)
