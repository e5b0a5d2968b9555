"""Grids on both sides of a wall are parted there, and no proposal lets another one cross it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.alternatives import alternatives
from geodata.planner.apart import apart, uncrossed
from geodata.planner.barriers import crossing, newly
from geodata.planner.facts import no_facts
from geodata.planner.ground import Barrier, Ground
from geodata.planner.invariants import faults
from geodata.planner.regions import regions
from geodata.planner.rules import Rules, rules_of
from geodata.planner.task import Goal
from tests.geodata.planner.lands import lattice, striped

if TYPE_CHECKING:
    from geodata.planner.plan import Plan

ONE: Final = np.zeros(1, dtype=np.int32)
RULES: Final = rules_of("shuangliu")
COLUMNS: Final = 6
TODAY_CROSSES: Final = frozenset({"99000002"})


def limited(most: int, least: int) -> Rules:
    return RULES.model_copy(update={
        "households_most": RULES.households_most.model_copy(update={"value": most}),
        "households_least": RULES.households_least.model_copy(update={"value": least}),
    })  # fmt: skip


def walled(column: int = 3) -> Ground:
    """Six columns of four squares, an arterial road to the west of one of them."""
    ground = lattice(COLUMNS)
    edges = ground.edges
    over = (edges.first % COLUMNS == column - 1) & (edges.second == edges.first + 1)
    barrier = np.where(over, Barrier.ARTERIAL, edges.barrier).astype(np.uint8)
    return replace(ground, edges=replace(edges, barrier=barrier))


def atoms_of(ground: Ground) -> np.ndarray:
    return np.arange(len(ground), dtype=np.int32)


def parted(ground: Ground, plan: Plan, rules: Rules) -> Plan:
    load = ground.load()
    return apart(ground, plan, regions(ground, plan, load, rules.walls), load, rules)


def test_a_grid_over_a_wall_is_parted_and_keeps_its_code_on_the_heavier_side() -> None:
    ground = walled()
    plan = striped(ground)
    rules = limited(1200, 300)
    assert crossing(ground, plan, atoms_of(ground), rules) == TODAY_CROSSES
    made = parted(ground, plan, rules)
    assert crossing(ground, made, atoms_of(ground), rules) == frozenset()
    assert faults(ground, made, plan) == []
    assert len(made.living) == len(plan.living) + 1


def test_a_side_too_light_for_a_grid_stays_with_what_lies_beyond() -> None:
    ground, rules = walled(5), limited(1200, 500)  # the last column holds 400 households
    plan = striped(ground)
    assert parted(ground, plan, rules).key == plan.key


def test_land_without_walls_is_left_alone() -> None:
    ground = lattice(COLUMNS)
    plan = striped(ground)
    assert parted(ground, plan, limited(1200, 300)).key == plan.key


@pytest.mark.parametrize("most", [900, 1200])
def test_no_proposal_lets_another_grid_cross_a_wall(most: int) -> None:
    ground, rules = walled(), limited(most, 300)
    plan = striped(ground)
    made = alternatives(ground, plan, ONE, rules, no_facts(), Goal(RULES.weights, 0.15))
    for each in made:
        assert each.crossing == 0, each.key
        assert newly(ground, each.plan, plan, atoms_of(ground), rules) == frozenset()
        assert faults(ground, each.plan, plan) == []


def test_where_another_grid_would_cross_today_stays_and_the_rest_is_kept() -> None:
    ground, rules = walled(4), limited(1200, 300)  # between the second and the third grid
    plan = striped(ground)
    grid = plan.grid.copy()
    grid[4] = 1  # the second one reaches over it
    made = plan.with_grid(grid)
    assert newly(ground, made, plan, atoms_of(ground), rules) == {plan.codes[1]}
    land = {"ground": ground, "today": plan, "atoms": atoms_of(ground), "rules": rules}
    assert (uncrossed(made, **land).grid == plan.grid).all()
    assert uncrossed(plan, **land) is plan


def test_a_grid_that_hangs_together_by_way_of_the_other_side_is_not_parted() -> None:
    ground, rules = walled(), limited(2400, 300)
    grid = np.zeros(len(ground), dtype=np.int32)
    grid[[6, 7, 8, 12, 13, 14]] = 1  # two rows to the west of the wall: above and below is one grid
    plan = striped(ground, 600.0)
    plan = replace(
        plan, grid=grid, codes=(*plan.codes, "99000002"),
        community=np.zeros(2, dtype=np.int32),
    )  # fmt: skip
    assert faults(ground, plan, plan) == []
    assert parted(ground, plan, rules).key == plan.key


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(1, 99), column=st.integers(1, COLUMNS - 1), wide=st.sampled_from((100, 300))
)
def test_what_is_proposed_beside_walls_can_be_taken(seed: int, column: int, wide: int) -> None:
    ground = walled(column)
    plan = striped(ground, float(wide))
    rules = limited(900, 300)
    goal = Goal(RULES.weights, 0.15, seed)
    for each in alternatives(ground, plan, ONE, rules, no_facts(), goal):
        assert faults(ground, each.plan, plan) == []
