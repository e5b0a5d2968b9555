"""Grids drawn anew and evened out: connected, within the tolerance, the same by the same seed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.flows import flow
from geodata.planner.ground import Barrier, Ground
from geodata.planner.invariants import faults
from geodata.planner.operations import lock
from geodata.planner.rebalance import bound, evened, moved, rebalance
from geodata.planner.redraw import Wish, deviation, drawn, redraw
from geodata.planner.regions import Region, regions
from tests.geodata.planner.lands import land, quarters

if TYPE_CHECKING:
    from geodata.planner.plan import Plan

GROUND: Final = land(communities=2, atoms=80, seed=4)
FIRST: Final = quarters(GROUND)
LOAD: Final = GROUND.load()
WISH: Final = Wish(tolerance=0.1, bend=0.3, stay=1.0, tries=6, sweeps=40)


def uneven() -> Plan:
    """A plan whose first grid has nearly nothing: only three atoms in a corner."""
    west = FIRST.atoms(0)
    corner = int(west[np.argmin(shapely.get_x(shapely.centroid(GROUND.shapes[west])))])
    near = np.intersect1d(GROUND.neighbours.of(corner), west)
    grid = FIRST.grid.copy()
    grid[west] = 1
    grid[[corner, *near[:2].tolist()]] = 0
    return FIRST.with_grid(grid)


@settings(max_examples=25)
@given(seed=st.integers(0, 1_000), parts=st.integers(2, 6))
def test_what_is_drawn_is_connected_and_even(seed: int, parts: int) -> None:
    ground = land(communities=1, atoms=90, seed=seed)
    whole = regions(ground, quarters(ground), ground.load())[0]
    some = np.minimum(np.arange(len(whole.atoms)), parts - 1).astype(np.int32)
    region = replace(whole, grids=np.arange(parts, dtype=np.int32), part=some)
    part = drawn(region, WISH)
    assert np.bincount(part, minlength=parts).min() > 0
    assert deviation(region, part) <= 0.35  # at its worst: a few heavy atoms cannot be shared out
    for number in range(parts):
        assert _connected(region, part == number)


def test_a_city_is_redrawn_within_the_tolerance_and_keeps_every_rule() -> None:
    plan = redraw(FIRST, regions(GROUND, FIRST, LOAD), WISH)
    assert faults(GROUND, plan, FIRST) == []
    assert set(plan.living.tolist()) == set(FIRST.living.tolist())
    for region in regions(GROUND, plan, LOAD):
        assert deviation(region, region.part) <= WISH.tolerance


def test_the_same_seed_draws_the_same() -> None:
    todo = regions(GROUND, FIRST, LOAD)
    one, two = (redraw(FIRST, todo, WISH) for _ in range(2))
    assert one.key == two.key
    assert redraw(FIRST, todo, replace(WISH, seed=2)).key != one.key


def test_progress_is_told_and_ends_the_work() -> None:
    heard: list[float] = []
    redraw(FIRST, regions(GROUND, FIRST, LOAD), WISH, heard.append)
    assert heard == [0.5, 1.0]

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        redraw(FIRST, regions(GROUND, FIRST, LOAD), WISH, stop)


def test_a_locked_grid_is_not_redrawn() -> None:
    shut = lock(FIRST, FIRST.codes[:1])
    plan = redraw(shut, regions(GROUND, shut, LOAD), WISH)
    assert np.array_equal(plan.atoms(0), FIRST.atoms(0))
    assert faults(GROUND, plan, shut) == []


def test_evening_out_moves_little_and_never_less_than_the_bound() -> None:
    plan = uneven()
    assert faults(GROUND, plan) == []
    after, changes = rebalance(plan, regions(GROUND, plan, LOAD), WISH)
    assert faults(GROUND, after, plan) == []
    for change in changes:
        assert change.deviation <= WISH.tolerance
        assert change.bound <= change.moved + 1e-6
    first = changes[0]
    anew = drawn(first.region, WISH)
    assert first.moved < moved(first.region, anew)


def test_what_is_even_already_is_left_alone() -> None:
    even = redraw(FIRST, regions(GROUND, FIRST, LOAD), WISH)
    for region in regions(GROUND, even, LOAD):
        assert np.array_equal(evened(region, WISH), region.part)
        assert bound(region, WISH.tolerance) == 0


def test_the_flow_evens_out_and_costs_no_less_than_the_bound() -> None:
    plan = uneven()
    for region in regions(GROUND, plan, LOAD):
        wished = flow(region, 0.1)
        load = np.bincount(region.part, region.graph.weight, len(region.grids))
        after = load + wished.sum(axis=0) - wished.sum(axis=1)
        assert np.abs(after / after.mean() - 1).max() <= 0.1 + 1e-6
        assert wished.sum() >= bound(region, 0.1) - 1e-6


@settings(max_examples=20)
@given(
    weights=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    tolerance=st.sampled_from((0.0, 0.1, 0.3)),
)
def test_the_bound_holds_for_every_assignment(weights: list[int], tolerance: float) -> None:
    ground = land(communities=1, atoms=6)
    plan = quarters(ground)
    load = np.array(weights + [0] * (len(ground) - 6), dtype=np.float64)
    region = regions(ground, plan, load)[0]
    least = bound(region, tolerance)
    if not region.load:
        return
    for wished in product(range(len(region.grids)), repeat=len(region.atoms)):
        part = np.array(wished, dtype=np.int32)
        if deviation(region, part) <= tolerance + 1e-12:
            assert moved(region, part) >= least - 1e-9


def test_no_new_grid_crosses_a_river_that_none_crosses_today() -> None:
    ground = _with_river(GROUND)
    plan = quarters(ground)
    kept = regions(ground, plan, LOAD, Barrier.RIVER)
    assert len(kept) == 4  # each half of each community by itself
    assert len(regions(ground, plan, LOAD)) == 2
    after = redraw(plan, kept, WISH)
    assert np.array_equal(after.grid, plan.grid)


def _with_river(ground: Ground) -> Ground:
    """The same land with a river where today's grids meet."""
    plan, edges = quarters(ground), ground.edges
    wet = plan.grid[edges.first] != plan.grid[edges.second]
    barrier = np.where(wet & (edges.barrier == Barrier.NONE), Barrier.RIVER, edges.barrier)
    return replace(ground, edges=replace(edges, barrier=barrier.astype(np.uint8)))


def _connected(region: Region, chosen: np.ndarray) -> bool:  # type: ignore[type-arg]
    graph, left = region.graph, set(np.flatnonzero(chosen).tolist())
    waiting = [left.pop()]
    while waiting:
        node = waiting.pop()
        near = set(graph.other[graph.start[node] : graph.start[node + 1]].tolist()) & left
        left -= near
        waiting += near
    return not left
