"""A grid newly crosses a road where it joins land across it that was in two grids before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.planner.alternatives import alternatives
from geodata.planner.barriers import crossing, newly
from geodata.planner.checks import added, checks
from geodata.planner.compared import gini
from geodata.planner.facts import no_facts
from geodata.planner.operations import split
from geodata.planner.task import Goal
from tests.geodata.planner.lands import striped
from tests.geodata.planner.test_apart import atoms_of, walled
from tests.geodata.planner.test_sizes import limited

if TYPE_CHECKING:
    from geodata.planner.plan import Plan

ONE: Final = np.zeros(1, dtype=np.int32)
GROUND: Final = walled()  # six columns of four squares, a road west of the fourth
TODAY: Final = striped(GROUND)  # three grids of two columns, the second on both sides of the road
CROSSES: Final = TODAY.codes[1]
RULES: Final = limited(1200, 300)


def new(plan: Plan) -> frozenset[str]:
    return newly(GROUND, plan, TODAY, atoms_of(GROUND), RULES)


def red(plan: Plan) -> list[str]:
    looked = [checks(GROUND, TODAY, each, ONE, RULES, no_facts()) for each in (plan, TODAY)]
    return [each.key for each in added(*looked) if each.key == "barriers"]


def test_today_crosses_nothing_newly() -> None:
    assert crossing(GROUND, TODAY, atoms_of(GROUND), RULES) == {CROSSES}
    assert new(TODAY) == frozenset()
    assert red(TODAY) == []


def test_both_parts_of_a_grid_may_cross_where_it_did() -> None:
    rows = TODAY.atoms(1)
    plan = split(GROUND, TODAY, CROSSES, rows[rows >= 12].tolist())  # its lower half
    assert len(crossing(GROUND, plan, atoms_of(GROUND), RULES)) == 2
    assert new(plan) == frozenset()
    assert red(plan) == []


def test_land_joined_across_the_road_is_a_new_crossing() -> None:
    ground = walled(4)  # the road lies between the second and the third grid
    today = striped(ground)
    grid = today.grid.copy()
    grid[4] = 1
    plan = today.with_grid(grid)
    assert newly(ground, plan, today, atoms_of(ground), RULES) == {CROSSES}
    looked = [checks(ground, today, each, ONE, RULES, no_facts()) for each in (plan, today)]
    assert [each.grids for each in added(*looked) if each.key == "barriers"] == [(CROSSES,)]


def test_another_grid_may_take_the_place_of_one_that_crosses() -> None:
    grid = TODAY.grid.copy()
    grid[[2, 3]] = 0  # a row of the second grid goes to the first one
    plan = TODAY.with_grid(grid)
    assert crossing(GROUND, plan, atoms_of(GROUND), RULES) == set(TODAY.codes[:2])
    assert new(plan) == frozenset()
    assert red(plan) == []


def test_a_more_even_division_is_proposed_though_a_grid_crosses_today() -> None:
    rows = TODAY.atoms(1)
    uneven = split(GROUND, TODAY, CROSSES, rows[rows >= 18].tolist())
    made = alternatives(
        GROUND, uneven, ONE, RULES, no_facts(), Goal(RULES.weights, 0.1), keys=("balance",)
    )
    (best,) = made

    def spread(plan: Plan) -> float:
        held = np.bincount(plan.grid, GROUND.households)
        return gini(held[held > 0].astype(float)) or 0.0

    assert spread(best.plan) < spread(uneven)
    assert best.crossing == 0
