"""Live checks: each one fails on a plan that breaks it, and says where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.checks import Check, added, checks, failed
from geodata.planner.facts import Facts, Units, land_of, no_facts
from geodata.planner.ground import Barrier, Ground
from geodata.planner.operations import lock, reassign
from geodata.planner.refusals import PlanRefusedError
from geodata.planner.rules import Rules, rules_of
from tests.geodata.planner.lands import land, lattice, quarters, striped

if TYPE_CHECKING:
    from geodata.planner.plan import Plan

GROUND: Final = lattice()  # six columns, four rows; atom = 6 * row + column
TODAY: Final = striped(GROUND)  # three grids of two columns, 800 households each
ALL: Final = np.zeros(1, dtype=np.int32)
RULES: Final = rules_of("shuangliu")


def homes(ground: Ground, **more: object) -> Facts:
    """A building in the middle of each atom; more: other facts, by name."""
    where = shapely.get_coordinates(shapely.centroid(ground.shapes))
    atom = np.arange(len(ground), dtype=np.int32)
    return replace(Facts(where, atom, ground.households), **more)  # type: ignore[arg-type]


def looked(
    plan: Plan = TODAY,
    ground: Ground = GROUND,
    rules: Rules = RULES,
    facts: Facts | None = None,
    before: Plan | None = None,
) -> dict[str, Check]:
    """Every check of a plan by its key."""
    asked = np.arange(len(ground.communities), dtype=np.int32)
    facts = homes(ground) if facts is None else facts
    found = checks(ground, TODAY, plan, asked, rules, facts, before)
    assert len({each.key for each in found}) == len(found)
    for each in found:
        assert each.ok == (each.count == 0)
        assert len(each.grids) == len(each.where) == each.count
    return {each.key: each for each in found}


def given_to(plan: Plan, number: int, *atoms: int) -> Plan:
    """The plan with some atoms in another grid, whatever that breaks."""
    grid = plan.grid.copy()
    grid[list(atoms)] = number
    return plan.with_grid(grid)


def test_a_sound_plan_passes_every_check_and_says_how_much_was_looked_at() -> None:
    found = looked()
    assert [each.key for each in found.values() if not each.ok] == []
    assert found["inside_connected"].of == 3
    assert found["buildings_covered"].of == len(GROUND)
    assert failed(found.values()) == []


def test_a_grid_in_pieces_is_named_with_the_piece() -> None:
    check = looked(given_to(TODAY, 0, 5))["inside_connected"]  # the south-east corner
    assert (check.count, check.level, check.grids) == (1, "red", ("99000001",))
    assert shapely.box(500, 0, 600, 100).contains(shapely.Point(check.where[0]))


def test_a_grid_over_two_communities_is_named() -> None:
    ground = land(communities=2, atoms=12)
    plan = quarters(ground)
    east = int(np.flatnonzero(ground.community == 1)[0])
    check = looked(given_to(plan, 0, east), ground, facts=no_facts())["inside_connected"]
    assert plan.codes[0] in check.grids


@pytest.mark.parametrize(
    ("atom", "box"),
    [
        (23, (500, 300, 650, 400)),  # beyond the border of the land
        (23, (500, 300, 560, 400)),  # land that is lost
        (22, (340, 300, 500, 400)),  # over an atom of another grid
    ],
)
def test_land_lost_doubled_or_outside_is_found(atom: int, box: tuple[float, ...]) -> None:
    shapes = GROUND.shapes.copy()
    shapes[atom] = shapely.box(*box)
    ground = replace(GROUND, shapes=shapes)
    plan = replace(TODAY, ground=ground.key)
    check = looked(plan, ground, facts=homes(ground, land=land_of(GROUND)))["gaps_overlaps"]
    assert not check.ok
    assert check.level == "red"
    x, y = check.where[0]
    assert 300 <= x < 650
    assert 300 <= y <= 400


def test_a_narrow_opening_between_atoms_is_found() -> None:
    shapes = GROUND.shapes.copy()
    shapes[1] = shapely.box(100, 0, 199, 100)  # a metre short of its neighbour, between two grids
    ground = replace(GROUND, shapes=shapes)
    plan = replace(TODAY, ground=ground.key)
    check = looked(plan, ground, facts=homes(ground, land=land_of(GROUND)))["gaps_overlaps"]
    assert check.count >= 1
    assert 199 <= check.where[0][0] <= 200


def test_a_building_without_land_and_one_in_the_wrong_grid_are_found() -> None:
    facts = homes(GROUND)
    atom = facts.atom.copy()
    atom[7] = -1
    lost = looked(facts=replace(facts, atom=atom))["buildings_covered"]
    assert (lost.count, lost.level, lost.of) == (1, "red", len(GROUND))
    assert lost.where[0] == (150, 150)
    where = facts.where.copy()
    where[0] = (450, 50)  # it is counted to the first grid, and stands in the third
    astray = looked(facts=replace(facts, where=where))["buildings_covered"]
    assert (astray.count, astray.level, astray.grids) == (1, "amber", ("99000001",))


@pytest.mark.parametrize("kind", [Barrier.ARTERIAL, Barrier.RIVER])
def test_a_grid_on_both_sides_of_a_barrier_is_named(kind: Barrier) -> None:
    edges = GROUND.edges
    barrier = edges.barrier.copy()
    inside = np.flatnonzero((edges.first == 0) & (edges.second == 1))[0]
    between = np.flatnonzero((edges.first == 1) & (edges.second == 2))[0]
    barrier[between] = kind
    ground = replace(GROUND, edges=replace(edges, barrier=barrier))
    assert looked(ground=ground)["barriers"].ok  # it lies between two grids
    barrier[inside] = kind
    check = looked(ground=ground)["barriers"]
    assert (check.count, check.grids) == (1, ("99000001",))
    assert check.where[0] == (100, 50)
    soft = looked(ground=ground, rules=RULES.model_copy(update={"hard": ()}))["barriers"]
    assert (check.level, soft.level, soft.ok) == ("red", "amber", False)


def test_too_many_and_too_few_households_are_told_with_the_worst() -> None:
    plan = given_to(TODAY, 0, 2, 8, 14, 3, 9)  # 1,300 households; the second grid has 300
    found = looked(plan)
    over, under = found["households_over"], found["households_under"]
    assert (over.grids, over.value, over.limit) == (("99000001",), 1300, 1000)
    assert (under.grids, under.value, under.limit) == (("99000002",), 300, 500)
    special = looked(plan, facts=homes(GROUND, special=frozenset({"99000001"})))
    assert special["households_over"].ok


def test_what_is_far_from_its_station_is_told_with_the_place() -> None:
    tight = RULES.service_radius_m.model_copy(update={"value": 200.0})
    rules = RULES.model_copy(update={"service_radius_m": tight})
    facts = homes(GROUND, anchors={"99000001": (50.0, 50.0)})
    check = looked(rules=rules, facts=facts)["radius"]
    assert check.grids[0] == "99000001"
    assert check.where[0] == (150, 350)
    assert check.value == pytest.approx(1.3 * np.hypot(100, 300))
    assert looked(facts=facts)["radius"].ok


def test_a_locked_grid_that_was_changed_or_is_gone_is_named() -> None:
    shut = lock(TODAY, ["99000001"])
    assert looked(shut)["locked_kept"].ok
    changed = given_to(shut, 1, 1)
    check = looked(changed, before=shut)["locked_kept"]
    assert (check.count, check.of, check.grids) == (1, 1, ("99000001",))
    assert shapely.box(100, 0, 200, 100).contains(shapely.Point(check.where[0]))
    gone = given_to(shut, 1, *TODAY.atoms(0).tolist())
    assert looked(gone)["locked_kept"].grids == ("99000001",)


def units(*rows: int, key: str = "fire") -> Units:
    """Units by column of the lattice."""
    return Units(key, tuple(f"F{n}" for n in range(max(rows) + 1)),
                 np.tile(np.array(rows, dtype=np.int32), 4))  # fmt: skip


def test_grids_that_cross_a_professional_grid_are_named() -> None:
    many = rules_of("shenzhen")
    one = many.model_copy(update={"professional": "1:1"})
    fitting = homes(GROUND, professional=(units(0, 0, 0, 0, 1, 1),))
    assert looked(rules=many, facts=fitting)["professional"].ok
    check = looked(rules=one, facts=fitting)["professional"]
    assert check.grids == ("99000001", "99000002")  # one professional grid has both
    across = homes(GROUND, professional=(units(0, 0, 0, 1, 1, 1),))
    assert looked(rules=many, facts=across)["professional"].grids == ("99000002",)
    assert "professional" not in looked(rules=many)  # nothing is known of any


def test_a_micro_grid_that_is_cut_is_named() -> None:
    rules = rules_of("longgang")
    whole = homes(GROUND, micro=units(0, 1, 2, 2, 3, 3))
    assert looked(rules=rules, facts=whole)["nested"].ok
    cut = looked(rules=rules, facts=homes(GROUND, micro=units(0, 1, 1, 2, 3, 3)))["nested"]
    assert (cut.count, cut.of, cut.grids) == (1, 4, ("99000002",))
    assert shapely.box(200, 0, 300, 400).contains(shapely.Point(cut.where[0]))


def test_a_grid_without_a_party_branch_is_told_with_the_nearest() -> None:
    facts = homes(GROUND, branches=np.array([[50.0, 50.0], [250.0, 50.0]]))
    check = looked(facts=facts)["party_branch"]
    assert (check.grids, check.level) == (("99000003",), "info")
    assert check.value is not None
    assert 150 < check.value < 400
    none = looked(facts=homes(GROUND, branches=np.zeros((0, 2))))["party_branch"]
    assert (none.count, none.value) == (3, None)
    everywhere = np.array([[50.0, 50.0], [250.0, 50.0], [450.0, 50.0]])
    assert looked(facts=homes(GROUND, branches=everywhere))["party_branch"].ok


def test_borders_beside_streets_are_told() -> None:
    rules = rules_of("shenzhen")
    both = np.array([shapely.LineString([(x, 0), (x, 400)]) for x in (200, 400)], dtype=object)
    assert looked(rules=rules, facts=homes(GROUND, streets=both))["streets"].ok
    check = looked(rules=rules, facts=homes(GROUND, streets=both[:1]))["streets"]
    assert check.grids == ("99000003", "99000002")
    assert (check.value, check.limit) == (0, 0.8)


def test_a_community_above_the_threshold_and_an_uneven_one_are_told() -> None:
    rules = rules_of("changping")
    assert looked(rules=rules)["community_over"].ok
    heavy = replace(GROUND, households=GROUND.households * 3)
    plan = replace(TODAY, ground=heavy.key)
    check = looked(plan, heavy, rules)["community_over"]
    assert (check.grids, check.value, check.limit) == (("99000",), 7200, 5000)
    even = looked(rules=rules_of("shenzhen"))
    uneven = looked(given_to(TODAY, 0, 2, 8), rules=rules_of("shenzhen"))["balance"]
    assert even["balance"].ok
    assert uneven.value == pytest.approx(25)
    assert uneven.count == 2


def test_only_what_was_asked_for_is_looked_at() -> None:
    ground = land(communities=3, atoms=12)
    plan = quarters(ground)
    asked = np.array([1], dtype=np.int32)
    found = checks(ground, plan, plan, asked, RULES, no_facts())
    named = {code for each in found for code in each.grids}
    assert all(each.of in {0, 2} for each in found)
    assert named <= {code for code in plan.codes if code.startswith("99001")}


@settings(max_examples=15)
@given(strokes=st.lists(st.tuples(st.integers(0, 79), st.integers(0, 3)), max_size=12))
def test_what_was_kept_from_earlier_plans_says_the_same_as_a_first_look(
    strokes: list[tuple[int, int]],
) -> None:
    plan, facts = FIRST, homes(MANY)
    asked = np.arange(2, dtype=np.int32)
    for atom, number in strokes:
        try:
            plan = reassign(MANY, plan, [atom], plan.codes[number], with_cut_off=True)
        except PlanRefusedError:
            continue
        again = checks(MANY, FIRST, plan, asked, RULES, facts)
        assert again == checks(MANY, FIRST, plan, asked, RULES, homes(MANY))
        assert failed(again) == []  # operations cannot break what is red


MANY: Final = land(communities=2, atoms=40, seed=5)
FIRST: Final = quarters(MANY)


def test_what_today_is_wrong_as_well_is_not_new() -> None:
    def bad(key: str, *grids: str, count: int = 0) -> Check:
        return Check(key, ok=False, level="red", count=count or len(grids), of=9, grids=grids)

    today = [bad("barriers", "1", "2"), bad("gaps_overlaps", count=1)]
    same = [bad("barriers", "2"), bad("gaps_overlaps", count=1)]
    assert added(same, today) == []
    worse = added(
        [bad("barriers", "2", "3"), bad("gaps_overlaps", count=2), bad("radius", "2")], today
    )
    assert [(each.key, each.grids) for each in worse] == [
        ("barriers", ("3",)), ("gaps_overlaps", ()), ("radius", ("2",)),
    ]  # fmt: skip
