"""Proposals: three ways on one scale, honest about what has to move and what cannot be done."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.model.errors import RequestError
from geodata.planner.alternatives import alternatives
from geodata.planner.binding import binding
from geodata.planner.facts import no_facts
from geodata.planner.ground import Barrier, Ground
from geodata.planner.invariants import faults
from geodata.planner.loads import loads, roundness
from geodata.planner.operations import lock
from geodata.planner.rebalance import least_moved
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.regions import regions
from geodata.planner.rules import Rules, Weights, rules_of
from geodata.planner.splitting import merge_light, split_into, suggest_k
from geodata.planner.task import Goal
from tests.geodata.planner.lands import land, lattice, quarters, striped

if TYPE_CHECKING:
    from geodata.planner.alternatives import Alternative
    from geodata.planner.plan import Plan

GROUND: Final = land(communities=2, atoms=60, seed=4)
FIRST: Final = quarters(GROUND)
BOTH: Final = np.arange(2, dtype=np.int32)
ONE: Final = np.zeros(1, dtype=np.int32)
RULES: Final = rules_of("shuangliu")
GOAL: Final = Goal(RULES.weights, 0.15)
SQUARES: Final = lattice()
STRIPES: Final = striped(SQUARES)


def limited(most: int, least: int = 1) -> Rules:
    """The usual rules with other limits of households."""
    return RULES.model_copy(update={
        "households_most": RULES.households_most.model_copy(update={"value": most}),
        "households_least": RULES.households_least.model_copy(update={"value": least}),
    })  # fmt: skip


@pytest.fixture(scope="module")
def three() -> list[Alternative]:
    """Proposals for both communities."""
    return alternatives(GROUND, FIRST, BOTH, RULES, no_facts(), GOAL)


def test_the_three_keep_every_rule_of_plans(three: list[Alternative]) -> None:
    assert [each.key for each in three] == ["least", "balance", "compact"]
    for each in three:
        assert faults(GROUND, each.plan, FIRST) == []
        assert each.grids == len(each.plan.living)


def test_what_a_proposal_says_of_itself_is_so(three: list[Alternative]) -> None:
    load = loads(GROUND, GOAL.weights)
    for each in three:
        households = np.bincount(each.plan.grid, GROUND.households, len(each.plan.codes))
        assert each.over == (households > RULES.most).sum()
        changed = each.plan.grid != FIRST.grid
        assert each.moved_households == GROUND.households[changed].sum()
        assert each.moved_share == pytest.approx(load[changed].sum() / load.sum())
        if not each.far:
            assert each.bound_share <= each.moved_share + 1e-9
            assert each.deviation <= GOAL.tolerance + 1e-6


def test_each_of_the_three_is_best_at_what_it_is_for(three: list[Alternative]) -> None:
    least, balance, compact = three
    assert least.moved_share <= min(balance.moved_share, compact.moved_share)
    assert balance.deviation <= min(least.deviation, compact.deviation)
    assert compact.compactness >= balance.compactness
    assert balance.over <= least.over  # more grids where they are needed
    assert compact.over == 0


@settings(max_examples=10)
@given(land_seed=st.integers(1, 99), seed=st.integers(1, 9), share=st.floats(0.3, 1.2))
def test_a_proposal_is_best_in_its_name_of_those_with_as_many_over(
    land_seed: int, seed: int, share: float
) -> None:
    """On small communities, with a limit that some of today's grids keep and some do not."""
    ground = land(communities=2, atoms=24, seed=land_seed)
    first = quarters(ground)
    fullest = int(np.bincount(first.grid, ground.households).max())
    rules = limited(max(2, round(share * fullest)))
    found = alternatives(ground, first, BOTH, rules, no_facts(), replace(GOAL, seed=seed))
    best = {"least": lambda each: each.moved_households, "balance": lambda each: each.gini,
            "compact": lambda each: -each.compactness}  # fmt: skip
    assert len({each.over for each in found}) == 1
    for each in found:
        assert faults(ground, each.plan, first) == []
        aim = best[each.key]
        assert aim(each) <= min(aim(other) for other in found) + 1e-8


def test_small_communities_are_drawn_the_same_again() -> None:
    ground = land(communities=2, atoms=24, seed=7)
    first = quarters(ground)
    asked = (ground, first, BOTH, limited(int(ground.households.max()) * 4), no_facts(), GOAL)
    found, again = (alternatives(*asked) for _ in range(2))
    assert [each.plan.key for each in again] == [each.plan.key for each in found]


def test_the_same_seed_proposes_the_same(three: list[Alternative]) -> None:
    again = alternatives(GROUND, FIRST, BOTH, RULES, no_facts(), GOAL, keys=("least", "compact"))
    assert [each.plan.key for each in again] == [three[0].plan.key, three[2].plan.key]
    other = alternatives(
        GROUND, FIRST, BOTH, RULES, no_facts(), replace(GOAL, seed=9), keys=("compact",)
    )
    assert other[0].plan.key != three[2].plan.key


def test_only_what_was_asked_for_and_is_not_locked_changes() -> None:
    shut = lock(FIRST, FIRST.codes[2:3])
    asked = np.array([1], dtype=np.int32)
    for each in alternatives(
        GROUND, shut, asked, RULES, no_facts(), GOAL, keys=("redraw", "least")
    ):
        same = (GROUND.community == 0) | (FIRST.grid == 2)
        assert np.array_equal(each.plan.grid[same], FIRST.grid[same])
        assert faults(GROUND, each.plan, shut) == []


def test_redraw_and_rebalance_keep_the_number_of_grids() -> None:
    found = alternatives(GROUND, FIRST, BOTH, RULES, no_facts(), GOAL, keys=("redraw", "rebalance"))
    assert [each.grids for each in found] == [4, 4]
    assert all("count" in {reason.key for reason in each.reasons} for each in found)


def test_progress_grows_to_the_end_and_can_stop_the_work() -> None:
    heard: list[float] = []
    keys = ("rebalance", "redraw")
    alternatives(GROUND, FIRST, BOTH, RULES, no_facts(), GOAL, heard.append, keys)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        alternatives(GROUND, FIRST, BOTH, RULES, no_facts(), GOAL, stop, keys)


def test_too_many_grids_become_fewer_with_codes_they_had() -> None:
    rules = limited(1400, 1200)
    (found,) = alternatives(
        SQUARES, STRIPES, ONE, rules, no_facts(), Goal(RULES.weights, 0.1), keys=("balance",)
    )
    assert found.grids == 2
    assert faults(SQUARES, found.plan, STRIPES) == []
    assert found.plan.codes == STRIPES.codes
    assert 0 < found.bound_share <= found.moved_share


@settings(max_examples=25)
@given(
    weights=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    count=st.integers(1, 4),
    tolerance=st.sampled_from((0.0, 0.2)),
)
def test_the_bound_holds_for_every_assignment_to_any_number(
    weights: list[int], count: int, tolerance: float
) -> None:
    """Into `count` grids of which as many as can be are those of today."""
    region = regions(LITTLE, striped(LITTLE, 100.0), np.array(weights, dtype=np.float64))[0]
    if not region.load:
        return
    now = len(region.grids)
    least = least_moved(region, count, tolerance)
    mean = region.load / count
    for wished in product(range(max(now, count)), repeat=6):
        part = np.array(wished)
        if len(set(wished)) > count or (count > now and set(wished) < set(range(now))):
            continue
        held = np.bincount(part, region.graph.weight, max(now, count))
        used = sorted(held, reverse=True)[:count]
        if all(abs(each - mean) <= tolerance * mean + 1e-9 for each in used):
            moved = region.graph.weight[part != region.part].sum()
            assert moved >= least - 1e-9


LITTLE: Final = lattice(3, 2)


def test_the_aims_enter_the_load_as_shares() -> None:
    area, people = SQUARES.area_m2 / SQUARES.area_m2.sum(), np.arange(24) / (23 * 12)
    ground = replace(SQUARES, people=np.arange(24))
    only = loads(ground, Weights(territory=1, industries=0, density=0))
    assert only == pytest.approx(area * 1e6)
    both = loads(ground, Weights(territory=0.5, industries=0, density=0.5))
    assert both == pytest.approx((area + people) / 2 * 1e6)
    firms = np.zeros(24)
    firms[3] = 7.0
    key = loads(ground, Weights(territory=0, industries=1, density=0), firms)
    assert np.flatnonzero(key).tolist() == [3]
    assert roundness(Weights(radius=1)) == 2 * roundness(Weights(radius=0.5))
    with pytest.raises(RequestError, match=r"weights: .* all 0"):
        loads(ground, Weights(territory=0, industries=0, density=0, radius=1))


@pytest.mark.parametrize("k", [2, 3, 5])
def test_a_grid_in_parts_is_even_and_whole(k: int) -> None:
    plan = split_into(GROUND, FIRST, FIRST.codes[1], k, seed=3)
    assert faults(GROUND, plan, FIRST) == []
    assert len(plan.living) == len(FIRST.living) + k - 1
    load = np.bincount(plan.grid, GROUND.load(), len(plan.codes))
    parts = load[[1, *range(4, 4 + k - 1)]]
    assert parts.argmax() == 0  # the heaviest keeps the code
    assert parts.max() / parts.min() < 2
    assert plan.key == split_into(GROUND, FIRST, FIRST.codes[1], k, seed=3).key


def test_land_without_anybody_is_parted_by_its_area() -> None:
    nobody = np.zeros(24, dtype=np.int64)
    ground = replace(SQUARES, households=nobody, people=nobody, cases=nobody)
    plan = split_into(ground, striped(ground), "99000001", 2)
    assert sorted(plan.sizes.tolist()) == [4, 4, 8, 8]


def test_what_cannot_be_parted_is_refused() -> None:
    with pytest.raises(PlanRefusedError) as few:
        split_into(SQUARES, STRIPES, "99000001", 9)
    assert few.value.why is Why.TOO_FEW_ATOMS
    with pytest.raises(PlanRefusedError) as shut:
        split_into(SQUARES, lock(STRIPES, ["99000001"]), "99000001", 2)
    assert shut.value.why is Why.LOCKED


def test_how_many_grids_a_community_needs() -> None:
    found = suggest_k(SQUARES, STRIPES, 0, limited(1000, 300))
    assert (found.now, found.least, found.most, found.suggested) == (3, 3, 8, 3)
    assert suggest_k(SQUARES, STRIPES, 0, limited(600, 300)).suggested == 5  # with room
    shut = lock(STRIPES, ["99000002"])
    assert suggest_k(SQUARES, shut, 0, limited(800, 300)).least == 3  # one each side, and itself


def test_light_grids_join_a_neighbour_within_the_limit() -> None:
    narrow = striped(SQUARES, 100.0)  # six grids of 400 households
    plan = merge_light(SQUARES, narrow, ONE, limited(900, 500))
    assert faults(SQUARES, plan, narrow) == []
    held = np.bincount(plan.grid, SQUARES.households)[plan.living]
    assert held.tolist() == [800, 800, 800]
    assert len(merge_light(SQUARES, narrow, ONE, limited(700, 500)).living) == 6
    assert len(merge_light(_walled(SQUARES), narrow, ONE, limited(900, 500)).living) == 4
    shut = lock(narrow, narrow.codes)
    assert merge_light(SQUARES, shut, ONE, limited(900, 500)).key == shut.key


def _walled(ground: Ground) -> Ground:
    """An arterial between the third and the fourth column, and between the fifth and the sixth."""
    edges = ground.edges
    east = np.isin(edges.first % 6, (2, 4)) & (edges.second == edges.first + 1)
    barrier = np.where(east, Barrier.ARTERIAL, edges.barrier).astype(np.uint8)
    return replace(ground, edges=replace(edges, barrier=barrier))


def reasons(ground: Ground, plan: Plan, rules: Rules) -> list[tuple[str, int, float, float]]:
    """What binds: rule, how many grids, value and limit."""
    found = binding(ground, plan, ONE, rules, ground.households.astype(float), 0.1)
    return [(each.key, each.grids, each.value, each.limit) for each in found]


def test_what_makes_a_wish_impossible_is_told_with_its_numbers() -> None:
    assert reasons(SQUARES, STRIPES, limited(1000)) == []
    assert reasons(SQUARES, STRIPES, limited(700)) == [("count", 1, 2400, 2100)]
    heavy = SQUARES.households.copy()
    heavy[3] = 1500
    found = reasons(replace(SQUARES, households=heavy), STRIPES, limited(1400))
    assert ("atom", 1, 1500, 1400) in found
    shut = lock(STRIPES, ["99000001"])
    assert ("locks", 1, 800, 700) in reasons(SQUARES, shut, limited(700))


def test_barriers_that_bind_are_told_apart_from_locks_and_pieces() -> None:
    """Two grids west of an arterial with 600 each, one east of it with 1,200."""
    ground = _walled_at(SQUARES, 3, Barrier.ARTERIAL)
    grid = np.array([0, 0, 0, 2, 2, 2] * 4, dtype=np.int32)
    grid[[12, 13, 14, 18, 19, 20]] = 1
    plan = STRIPES.with_grid(grid)
    assert reasons(ground, plan, limited(1300)) == [
        ("barriers", 1, 600, pytest.approx(720)), ("barriers", 1, 1200, pytest.approx(880)),
    ]  # fmt: skip
    soft = limited(1300).model_copy(update={"hard": ()})
    assert reasons(ground, plan, soft) == []
    apart = _walled_at(SQUARES, 3, Barrier.NARROW)
    assert {each[0] for each in reasons(apart, plan, soft)} == {"pieces"}
    shut = lock(STRIPES.with_grid(np.array([0, 1, 1, 1, 1, 2] * 4, dtype=np.int32)), ["99000002"])
    assert {each[0] for each in reasons(SQUARES, shut, limited(1700))} == {"locks"}


def _walled_at(ground: Ground, column: int, kind: Barrier) -> Ground:
    edges = ground.edges
    east = (edges.first % 6 == column - 1) & (edges.second == edges.first + 1)
    barrier = np.where(east, kind, edges.barrier).astype(np.uint8)
    return replace(ground, edges=replace(edges, barrier=barrier))
