"""How many grids follow from a wish, and what is said of one that cannot be had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.alternatives import alternatives
from geodata.planner.facts import no_facts
from geodata.planner.ground import Barrier
from geodata.planner.invariants import faults
from geodata.planner.operations import lock
from geodata.planner.regions import regions
from geodata.planner.rules import Rules, rules_of
from geodata.planner.sizes import Size, SizeRefusedError, Unfit, check_size, counts_of
from geodata.planner.task import Goal
from tests.geodata.planner.lands import land, lattice, quarters, striped

if TYPE_CHECKING:
    from geodata.planner.alternatives import Alternative
    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

RULES: Final = rules_of("shuangliu")
SQUARES: Final = lattice()  # 24 parcels of 100 households, in one community
STRIPES: Final = striped(SQUARES)  # three grids
ONE: Final = np.zeros(1, dtype=np.int32)
GROUND: Final = land(communities=2, atoms=60, seed=4)
FIRST: Final = quarters(GROUND)
BOTH: Final = np.arange(2, dtype=np.int32)
SEVERAL: Final = ("least", "balance", "compact")


def limited(most: int, least: int = 1) -> Rules:
    """The usual rules with other limits of households."""
    return RULES.model_copy(update={
        "households_most": RULES.households_most.model_copy(update={"value": most}),
        "households_least": RULES.households_least.model_copy(update={"value": least}),
    })  # fmt: skip


def counts(ground: Ground, plan: Plan, rules: Rules, size: Size, shut: int = 0) -> list[int]:
    found = regions(ground, plan, ground.households.astype(float), rules.walls)
    return counts_of(ground, found, rules, size, shut)


def drawn(size: Size, keys: tuple[str, ...], rules: Rules, seed: int = 1) -> list[Alternative]:
    goal = Goal(rules.weights, 0.15, seed, size)
    return alternatives(SQUARES, STRIPES, ONE, rules, no_facts(), goal, keys=keys)


@pytest.mark.parametrize(("grids", "households"), [(3, 800), (4, 600), (6, 400), (8, 300)])
def test_both_wishes_come_to_the_same_number(grids: int, households: int) -> None:
    rules = limited(1000)
    assert counts(SQUARES, STRIPES, rules, Size(grids=grids)) == [grids]
    assert counts(SQUARES, STRIPES, rules, Size(households=households)) == [grids]


def test_a_wish_near_the_limit_gives_as_many_as_the_limit_needs() -> None:
    assert counts(SQUARES, STRIPES, limited(1000), Size(households=1000)) == [3]  # not 2.4


@settings(max_examples=30)
@given(seed=st.integers(1, 99), more=st.integers(0, 9), rate=st.floats(0.2, 1.0))
def test_grids_are_shared_by_households_and_each_community_has_one(
    seed: int, more: int, rate: float
) -> None:
    """Nowhere are grids so full in the mean that one of another region were better given there."""
    ground = land(communities=3, atoms=20, seed=seed)
    plan = quarters(ground)
    rules = limited(max(1, round(rate * int(ground.households.sum()))))
    found = regions(ground, plan, ground.households.astype(float), rules.walls)
    least = sum(counts_of(ground, found, rules, Size(grids=1)))
    shared = counts_of(ground, found, rules, Size(grids=least + more))
    assert sum(shared) == least + more
    assert min(shared) >= 1
    held = [int(ground.households[region.atoms].sum()) for region in found]
    low = counts_of(ground, found, rules, Size(grids=least))
    for i, (count, first) in enumerate(zip(shared, low, strict=True)):
        if count > first:  # it was given one: it was the fullest then
            before = held[i] / (count - 1)
            assert all(before >= held[j] / shared[j] - 1e-9 for j in range(len(found)))


@pytest.mark.parametrize("grids", [3, 4, 6])
def test_every_way_draws_as_many_grids_as_are_wished(grids: int) -> None:
    rules = limited(1000)
    for each in drawn(Size(grids=grids), (*SEVERAL, "redraw"), rules):
        assert (each.key, each.grids, each.wished) == (each.key, grids, grids)
        assert faults(SQUARES, each.plan, STRIPES) == []
    for each in drawn(Size(grids=grids), SEVERAL, rules):
        assert (each.grids, each.wished) == (grids, grids)


def test_fewer_grids_with_least_change_keep_the_others_as_they_are() -> None:
    narrow = striped(SQUARES, 100.0)  # six grids of 400 households
    goal = Goal(RULES.weights, 0.5, size=Size(grids=5))
    (found,) = alternatives(
        SQUARES, narrow, ONE, limited(1000), no_facts(), goal, keys=("rebalance",)
    )
    assert found.grids == 5
    assert faults(SQUARES, found.plan, narrow) == []
    assert {found.plan.codes[n] for n in found.plan.living} < set(narrow.codes)


def test_households_of_a_grid_reach_the_three_and_again_the_same() -> None:
    size = Size(households=round(int(GROUND.households.sum()) / 8))
    goal = Goal(RULES.weights, 0.15, size=size)
    rules = limited(2 * size.households)
    asked = (GROUND, FIRST, BOTH, rules, no_facts(), goal)
    found, again = alternatives(*asked), alternatives(*asked)
    assert {each.wished for each in found} <= {7, 8, 9}
    for each in found:
        assert each.grids == each.wished
        assert faults(GROUND, each.plan, FIRST) == []
    assert [each.plan.key for each in found] == [each.plan.key for each in again]


def test_locked_grids_count_and_stay() -> None:
    shut = lock(STRIPES, STRIPES.codes[:1])
    assert sum(counts(SQUARES, shut, limited(1000), Size(grids=5), 1)) == 4
    goal = Goal(RULES.weights, 0.3, size=Size(grids=5))
    (found,) = alternatives(SQUARES, shut, ONE, limited(1000), no_facts(), goal, keys=("redraw",))
    assert found.grids == 5
    assert np.array_equal(found.plan.grid == 0, STRIPES.grid == 0)


def refused(size: Size, rules: Rules, plan: Plan = STRIPES, ground: Ground = SQUARES) -> str:
    """Why, and the nearest number that can be had."""
    with pytest.raises(SizeRefusedError) as error:
        check_size(ground, plan, ONE, rules, size)
    return f"{error.value.why.name} {error.value.bound}"


def test_a_wish_against_a_limit_is_refused_by_its_name() -> None:
    rules = limited(1000, 300)
    assert refused(Size(households=1001), rules) == "OVER 0"
    assert refused(Size(grids=2), rules) == "FEW 3"
    assert refused(Size(grids=25), rules) == "LAND 24"
    for size in (Size(), Size(households=1000), Size(households=200), Size(grids=3)):
        check_size(SQUARES, STRIPES, ONE, rules, size)


def test_fewer_grids_than_pieces_of_land_are_refused() -> None:
    edges = SQUARES.edges
    east = (edges.first % 6 == 1) & (edges.second == edges.first + 1)
    barrier = np.where(east, Barrier.ARTERIAL, edges.barrier).astype(np.uint8)
    apart = replace(SQUARES, edges=replace(edges, barrier=barrier))
    assert refused(Size(grids=1), limited(9000), ground=apart) == "PIECES 2"
    shut = lock(STRIPES, STRIPES.codes[1:2])  # between the other two
    assert refused(Size(grids=2), limited(9000), shut) == "PIECES 3"
    assert Unfit.PIECES.value
