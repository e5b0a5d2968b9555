"""Before and after: every figure against a plain count, and who changes the grid worker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.compared import STRAIGHT, Row, compared, gini, newly_over, summary
from geodata.planner.facts import Facts, Units, no_facts
from geodata.planner.operations import exchange, lock, merge, reassign, renumber, split
from geodata.planner.rules import rules_of
from geodata.planner.shapes import measure
from geodata.planner.ways import Roads, roads_of
from tests.geodata.planner.lands import land, lattice, quarters, striped

if TYPE_CHECKING:
    from geodata.planner.plan import Plan

GROUND: Final = lattice()
TODAY: Final = striped(GROUND)
ALL: Final = np.zeros(1, dtype=np.int32)
RULES: Final = rules_of("shuangliu")
WHERE: Final = shapely.get_coordinates(shapely.centroid(GROUND.shapes))
HOMES: Final = Facts(WHERE, np.arange(len(GROUND), dtype=np.int32), GROUND.households)


def rows(plan: Plan, facts: Facts = HOMES, rules: str = "shuangliu") -> dict[str, Row]:
    """The figures by key."""
    found = compared(GROUND, TODAY, plan, ALL, rules_of(rules), facts)
    return {each.key: each for each in found}


def moved(plan: Plan) -> tuple[int, int, int]:
    """Buildings, households and people that change their grid worker."""
    found = summary(GROUND, TODAY, plan, ALL, RULES, HOMES)
    return found.buildings_moved, found.households_moved, found.people_moved


def test_nothing_changes_where_nothing_was_done() -> None:
    found = rows(TODAY)
    assert all(not each.change for each in found.values())
    assert all(each.better is None for each in found.values())
    assert moved(TODAY) == (0, 0, 0)
    assert summary(GROUND, TODAY, TODAY, ALL, RULES, HOMES).grids_changed == 0


def test_every_figure_of_a_change_is_the_one_counted_by_hand() -> None:
    plan = reassign(GROUND, TODAY, [2, 8, 14], "99000001")  # 1,100, 500 and 800 households
    found = rows(plan)
    assert (found["over"].before, found["over"].after, found["over"].better) == (0, 1, False)
    assert (found["most"].before, found["most"].after) == (800, 1100)
    assert found["ratio"].after == pytest.approx(1100 / 800)
    assert found["ratio"].better is False
    assert found["gini"].before == 0
    assert found["gini"].after == pytest.approx(2 * 600 / (3 * 2400))
    assert found["cases"].after == 24 / 3  # each atom has one a week
    assert found["border"].after == 300 + 300 + 100  # along the column twice, and its end
    assert found["buildings"].after == 3
    assert found["households"].after == 300
    assert found["people"].after == 900
    assert moved(plan) == (3, 300, 900)
    assert summary(GROUND, TODAY, plan, ALL, RULES, HOMES).grids_changed == 2


def test_compactness_is_that_of_the_polygons() -> None:
    plan = reassign(GROUND, TODAY, [2, 8, 14], "99000001")
    for each, name in ((TODAY, "before"), (plan, "after")):
        own = measure(GROUND, each, GROUND.load()).compactness.mean()
        assert getattr(rows(plan)["compactness"], name) == pytest.approx(own)
    assert rows(plan)["compactness"].better is False


def test_whoever_keeps_a_code_keeps_the_worker() -> None:
    one, two, three = TODAY.codes
    assert moved(merge(GROUND, TODAY, two, one)) == (8, 800, 2400)
    halved = split(GROUND, TODAY, one, [0, 1, 6, 7])
    assert moved(halved) == (4, 400, 1200)
    assert summary(GROUND, TODAY, halved, ALL, RULES, HOMES).grids_after == 4
    swapped = exchange(GROUND, TODAY, [1], [8])
    assert moved(swapped) == (2, 200, 600)
    assert moved(lock(TODAY, [three])) == (0, 0, 0)


def test_a_grid_that_only_got_another_code_keeps_its_worker() -> None:
    plan = renumber(TODAY, "99000001", "99000077")
    assert moved(plan) == (0, 0, 0)
    assert moved(reassign(GROUND, plan, [2], "99000077")) == (1, 100, 300)


def test_without_roads_ways_are_straight_and_that_is_said() -> None:
    found = rows(TODAY)["reach"]
    assert (found.before, found.note) == (1.0, STRAIGHT)
    near = RULES.model_copy(update={"reach_min": RULES.reach_min.model_copy(update={"value": 1.0})})
    less = compared(GROUND, TODAY, TODAY, ALL, near, HOMES)
    share = next(each.before for each in less if each.key == "reach")
    assert share is not None
    # 80 m at 1.3 times the line: the station's own house alone, of eight.
    assert share == pytest.approx(1 / 8)


def road(*corners: tuple[float, float]) -> shapely.LineString:
    """A road along some corners."""
    return shapely.LineString(corners)


def test_over_roads_the_way_counts_and_not_the_line() -> None:
    """A comb: columns reach each other only in the south."""
    teeth = [road((50 + 100 * x, 0), (50 + 100 * x, 400)) for x in range(6)]
    roads = roads_of(np.array([*teeth, road((0, 0), (600, 0))], dtype=object))
    facts = replace(HOMES, roads=roads, anchors={"99000001": (50.0, 350.0)})
    short = RULES.model_copy(
        update={"reach_min": RULES.reach_min.model_copy(update={"value": 400 / 80})}
    )
    found = compared(GROUND, TODAY, TODAY, ALL, short, facts)
    reach = next(each for each in found if each.key == "reach")
    assert reach.note == ""
    own = compared(GROUND, TODAY, TODAY, ALL, short, replace(facts, anchors={}))
    middle = next(each for each in own if each.key == "reach")
    # From the north-west only its own column is near: to the next one it is 350 m south and 100 m
    # east. Otherwise the station is the second house of the first column, and two more are near.
    assert reach.before is not None
    assert middle.before is not None
    assert middle.before - reach.before == pytest.approx((6 - 4) / 24)


def test_roads_in_pieces_and_roads_far_away() -> None:
    roads = Roads(
        np.array([[0.0, 0], [100, 0], [5000, 0], [5100, 0], [5200, 0]]),
        np.array([0, 2, 3, 0], dtype=np.int32), np.array([1, 3, 4, 1], dtype=np.int32),
        np.array([100.0, 100, 100, 150]),
    )  # fmt: skip
    here = roads.inside((-10, -10, 600, 10))
    assert here is not None
    assert len(here.where) == 2
    assert here.ways(0, 1000.0).tolist() == [0, 100]  # of two roads the shorter
    assert roads.inside((0, 500, 10, 600)) is None
    whole = roads.inside((-10, -10, 6000, 10))
    assert whole is not None
    assert len(whole.where) == 3  # what hangs together


def test_sixteen_kinds_of_grids_become_one_net() -> None:
    kinds = tuple(
        Units(f"kind{n}", ("A", "B"), np.tile(np.array([0, 0, 0, 1, 1, 1], dtype=np.int32), 4))
        for n in range(16)
    )
    found = rows(TODAY, replace(HOMES, professional=kinds), "dongying")["nets"]
    assert (found.before, found.after) == (3 + 16 * 2, 3)
    assert "nets" not in rows(TODAY)


def test_special_grids_are_not_above_the_limit() -> None:
    plan = reassign(GROUND, TODAY, [2, 8, 14], "99000001")
    found = rows(plan, replace(HOMES, special=frozenset({"99000001"})))
    assert found["over"].after == 0
    for special, fresh in (((), 1), (("99000001",), 0)):
        facts = replace(HOMES, special=frozenset(special))
        assert newly_over(GROUND, TODAY, plan, ALL, RULES, facts) == fresh


def test_what_is_left_of_a_grid_above_the_limit_is_not_newly_above() -> None:
    large = merge(GROUND, TODAY, "99000001", "99000002")  # 1,600 households
    most = [row * 6 + column for row in range(4) for column in (1, 2, 3)]
    parted = split(GROUND, large, "99000001", most)
    found = {each.key: each for each in compared(GROUND, large, parted, ALL, RULES, HOMES)}
    assert (found["over"].before, found["over"].after) == (1, 1)
    assert parted.codes[parted.grid[1]] not in large.codes, "1,200 of them under a new code"
    assert newly_over(GROUND, large, parted, ALL, RULES, HOMES) == 0
    assert newly_over(GROUND, TODAY, parted, ALL, RULES, HOMES) == 1


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_gini_is_the_mean_difference_of_pairs(held: list[int]) -> None:
    values = np.array(held, dtype=float)
    found = gini(values)
    if not values.sum():
        assert found is None
        return
    pairs = np.abs(values[:, None] - values[None, :]).mean()
    assert found == pytest.approx(pairs / (2 * values.mean()))


@settings(max_examples=20)
@given(atoms=st.lists(st.integers(0, 79), max_size=20), to=st.integers(0, 3))
def test_what_moves_is_what_has_another_grid(atoms: list[int], to: int) -> None:
    plan = MANY_FIRST
    inside = [atom for atom in atoms if MANY.community[atom] == plan.community[to]]
    grid = plan.grid.copy()
    grid[inside] = to
    after = plan.with_grid(grid)
    if len(after.living) < len(plan.living):
        return
    changed = after.grid != plan.grid
    found = summary(MANY, plan, after, np.arange(2, dtype=np.int32), RULES, no_facts())
    assert found.households_moved == MANY.households[changed].sum()
    assert found.people_moved == MANY.people[changed].sum()


MANY: Final = land(communities=2, atoms=40, seed=5)
MANY_FIRST: Final = quarters(MANY)
