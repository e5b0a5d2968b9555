"""The review of a scenario in words: what hinders it, what comes next, what may be said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from dashboard.access import actor, live
from dashboard.i18n import catalogue, t
from geodata.desk import lawful
from geodata.scenarios.grounded import WGS84, mover
from geodata.scenarios.named import called
from geodata.scenarios.state import DISTRICT, DRAFT, FORWARD, MOVES, PUBLISHED, WITHDRAWN
from geodata.store.tokens import APPROVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboard.server.planning.scope import Scope
    from geodata.planner.checks import Check
    from geodata.scenarios.state import Comment

ROOM: Final = "planner"
MOST_NAMED: Final = 4
MOST_LEFT: Final = 40  # in a comment, which is where one looks for all of them


def moves(scope: Scope) -> dict[str, Any]:
    """Where the scenario may go from here: on, back to its author, and away; and in which words."""
    now = scope.scenario.state
    may = MOVES.get(now, ())
    forward = [each for each in may if each in FORWARD and now != PUBLISHED]
    return {
        "next": _move(scope, forward[0]) if forward else None,
        "back": _move(scope, DRAFT) if DRAFT in may else None,
        "away": _move(scope, WITHDRAWN) if WITHDRAWN in may else None,
        "review": {"title": _t(scope, f"review_{now}"), "lead": _t(scope, f"review_{now}_lead")},
    }


def _move(scope: Scope, state: str) -> dict[str, Any]:
    """One way: its name, the word on its button; may: whether who asks is allowed to go it."""
    now, name = scope.scenario.state, _t(scope, f"state_{state}")
    if state in FORWARD:
        key = "send" if now == DRAFT else ("approve" if now == DISTRICT else "pass")
    elif state == WITHDRAWN:
        key = "drop"
    else:
        key = {WITHDRAWN: "reopen", PUBLISHED: "repeal"}.get(now, "return")
    approval, dated = PUBLISHED in {now, state}, state == PUBLISHED
    return {
        "state": state, "name": name, "dated": dated, "first": first_day() if dated else "",
        "word": _t(scope, f"review_do_{key}", state=name),
        "may": not approval or APPROVE in actor().rights,
    }  # fmt: skip


def first_day() -> str:
    """The first day from which a plan may be in force, 2027-01-01: today, or a later one."""
    city = live().city
    today = datetime.now(ZoneInfo(city.profile.time_zone)).date()
    return lawful.earliest(city, today).isoformat()


def faults(scope: Scope, found: Iterable[Check]) -> list[dict[str, Any]]:
    """Checks that fail in words, each with its grids by name and the way to them."""
    rows = []
    for each in found:
        key = f"check_{each.key}"
        bad = f"{key}_bad" if f"{ROOM}.{key}_bad" in catalogue() else key
        name = _t(scope, bad, n=each.count)
        where = _places(scope, each)
        text = name
        if named := [place["name"] for place in where if place["name"]]:
            text = _t(scope, "red_at", check=name, grids=_several(scope, named))
        rows.append({"key": each.key, "text": text, "where": where})
    return rows


def _places(scope: Scope, each: Check) -> list[dict[str, Any]]:
    """Grids with their community; where none is known, the first spot."""
    if each.grids:
        return [
            {"grid": code, "name": placed(scope, code), "at": community(scope, code),
             "lon": None, "lat": None}
            for code in each.grids
        ]  # fmt: skip
    if not each.where:
        return []
    spot = np.array([each.where[0]], dtype=np.float64)
    lon, lat = mover(scope.there.crs, WGS84)(spot).round(7).tolist()[0]
    return [{"grid": "", "name": "", "at": "", "lon": lon, "lat": lat}]


def community(scope: Scope, code: str) -> str:
    """The code of the community in which a grid lies, "" where nobody knows it."""
    row = scope.community_of(code)
    return "" if row is None else scope.there.ground.communities[row]


def placed(scope: Scope, code: str) -> str:
    """The name of a grid with that of its community in front."""
    name, above = scope.grid_name(code), community(scope, code)
    if not above or name.startswith(scope.unit_name(above)):
        return name
    return _t(scope, "grid_placed", community=scope.unit_name(above), grid=name)


def overtaken(scope: Scope, codes: Sequence[str]) -> str:
    """That grids the scenario began with were changed by a publication, "" where none were."""
    if not codes:
        return ""
    return _t(scope, "overtaken", grids=_several(scope, [placed(scope, code) for code in codes]))


def remark(scope: Scope, each: Comment) -> str:
    """What somebody said; that changes did not go over is said in the language of who reads."""
    if not each.left:
        return each.text
    grids = _several(scope, [placed(scope, code) for code in each.left], MOST_LEFT)
    return _t(scope, "carried_left", name=called(each.text, scope.language), grids=grids)


def red(scope: Scope, found: list[dict[str, Any]]) -> str:
    """Why a scenario may not go on, in words."""
    return _t(scope, "why_red", grids=_t(scope, "red_between").join(row["text"] for row in found))


def _several(scope: Scope, names: Sequence[str], most: int = MOST_NAMED) -> str:
    """The first of some names, and how many there are where that is not all."""
    text = _t(scope, "between").join(names[:most])
    return _t(scope, "check_names", name=text, n=len(names)) if len(names) > most else text


def _t(scope: Scope, key: str, **values: object) -> str:
    return t(f"{ROOM}.{key}", scope.language, **values)
