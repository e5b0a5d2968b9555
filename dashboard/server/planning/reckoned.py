"""Checks, figures and loads of a scenario in a place: `geodata.planner` asked once for a state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geodata.planner.checks import added, checks, failed
from geodata.planner.compared import compared, newly_over, summary

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from dashboard.server.planning.scope import Scope
    from geodata.planner.checks import Check
    from geodata.planner.compared import Row, Summary
    from geodata.planner.facts import Facts
    from geodata.planner.rules import Rules

    Floats = npt.NDArray[np.float64]

CLASSES: Final = 5


@dataclass(frozen=True)
class Reckoned:
    """What was found.

    took_s: since it was asked for; limit, least: households that a grid may and should have; load:
    what each atom weighs; breaks: between the classes of households per grid; rules: by which
    all of it was judged; special: codes of grids without limits of size; newly_over: as
    `compared.newly_over` counts grids above the limit.
    """

    checks: list[Check]
    rows: list[Row]
    summary: Summary
    limit: int
    least: int
    load: Floats
    breaks: list[int]
    rules: Rules
    special: frozenset[str] = frozenset()
    newly_over: int = 0
    took_s: float = 0.0

    def after(self, seconds: float) -> Reckoned:
        """The same, found in so many seconds."""
        return replace(self, took_s=seconds)


def reckon(scope: Scope, rules: Rules, facts: Facts) -> Reckoned:
    """Look at the draft of a place."""
    asked = (scope.there.ground, scope.there.today, scope.plan, scope.communities, rules, facts)
    return Reckoned(
        checks=checks(*asked),
        rows=compared(*asked),
        summary=summary(*asked),
        limit=rules.most,
        least=rules.least,
        load=scope.there.ground.load(),
        breaks=breaks(rules.most),
        rules=rules,
        special=facts.special,
        newly_over=newly_over(*asked),
    )


def red_faults(scope: Scope, rules: Rules, facts: Facts) -> tuple[list[Check], list[Check]]:
    """Red checks that the draft of a place fails: what today's grids do not, and what they do."""
    there = scope.there
    found, today = (
        checks(there.ground, there.today, plan, scope.communities, rules, facts)
        for plan in (scope.plan, there.today)
    )
    more, old = added(found, today), {each.key: each for each in failed(today)}
    inherited = [kept for each in failed(found) if (kept := _inherited(each, old.get(each.key)))]
    return more, inherited


def _inherited(draft: Check, today: Check | None) -> Check | None:
    """What of a check fails today already."""
    if today is None:
        return None
    grids = tuple(each for each in draft.grids if each in today.grids or each in draft.kept)
    return None if draft.grids and not grids else replace(draft, grids=grids, where=())


def breaks(limit: int) -> list[int]:
    """Round steps of a fifth of the limit, the limit itself the last but one."""
    step = max(10, int(round(limit / CLASSES, -1)))
    return [limit - 2 * step, limit - step, limit, limit + step]
