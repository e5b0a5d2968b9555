"""What the planner's child works out: the plans that a job asks for, each with its figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.planner.alternatives import alternatives
from geodata.planner.kinds import THREE
from geodata.planner.rules import Weights, rules_of
from geodata.planner.sizes import Size
from geodata.planner.task import Goal
from geodata.scenarios.given import fresh
from geodata.scenarios.grounded import communities_of
from geodata.scenarios.known import facts_of, lasting
from geodata.scenarios.scenario import Scenarios
from geodata.store.snapshots import kept_snapshot, open_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from geodata.planner.alternatives import Alternative
    from geodata.planner.facts import Facts
    from geodata.planner.plan import Plan

MOST_REASONS: Final = 8  # that are kept of one plan
KEYS: Final = {"alternatives": THREE, "redraw": ("redraw",), "rebalance": ("rebalance",)}


@dataclass(frozen=True)
class Made:
    """What came of a job: plans by key, and what is said of each."""

    plans: dict[str, Plan]
    said: list[dict[str, Any]]


def work_out(data_dir: Path, asked: dict[str, Any], told: Callable[[float], None]) -> Made:
    """Work out what a job asks for; told: how far it is, 0 to 1."""
    scenario = Scenarios(data_dir).opened(asked["plan"])
    there, city = scenario.grounded, kept_snapshot(data_dir, scenario.base)
    communities = communities_of(there, asked["at"])
    rules = rules_of(scenario.rules, open_city(data_dir).profile)  # as the desk judges by
    weights = asked.get("weights")
    goal = Goal(
        rules.weights if weights is None else Weights(**weights),
        asked.get("tolerance", rules.tolerance.value), asked.get("seed", 1),
        Size(**asked.get("size", {})),
    )  # fmt: skip
    facts = facts_of(there, lasting(there, city, communities), scenario.history.parents)
    before = scenario.history.at(asked["head"])
    held = _held(before, facts)
    found = alternatives(
        there.ground, held, communities, rules, facts, goal, told, KEYS[asked["kind"]]
    )
    plans = {each.key: fresh(there, before, each.plan) for each in found}
    atoms = np.flatnonzero(np.isin(there.ground.community, communities))
    names = [_drawing(each, atoms) for each in found]
    same = [found[names.index(name)].key for name in names]
    said = [_said(each, first, before, asked) for each, first in zip(found, same, strict=True)]
    return Made(plans, said)


def _held(plan: Plan, facts: Facts) -> Plan:
    """The plan with its special grids held as if they were locked: they stand by themselves."""
    special = (number for number, code in enumerate(plan.codes) if code in facts.special)
    return replace(plan, locked=plan.locked | {each for each in special if plan.sizes[each]})


def _drawing(each: Alternative, atoms: npt.NDArray[np.intp]) -> tuple[int, bytes]:
    """What is the same of two proposals that differ in nothing but the codes of their new grids."""
    _, first, part = np.unique(each.plan.grid[atoms], return_index=True, return_inverse=True)
    return each.moved_households, first[part].tobytes()


def _said(each: Alternative, same: str, before: Plan, asked: dict[str, Any]) -> dict[str, Any]:
    """same: key of the first proposal that draws the same grids, its own where it is the first."""
    return {
        "key": each.key, "same": same, "wished": each.wished, "at": asked["at"],
        "grids": each.grids, "over": each.over, "crossing": each.crossing,
        "moved_households": each.moved_households, "bound_share": each.bound_share,
        "moved_share": each.moved_share, "far": each.far, "deviation": each.deviation,
        "changed": bool((each.plan.grid != before.grid).any()),
        "reasons": [
            {"key": why.key, "community": why.community, "grids": why.grids}
            for why in each.reasons[:MOST_REASONS]
        ],
    }  # fmt: skip
