"""Operations on plans: what they refuse and why, and how they are kept and merged."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest

from geodata.planner.history import History, read, written
from geodata.planner.invariants import faults
from geodata.planner.merging import merge_plans
from geodata.planner.operations import (
    free_code,
    lock,
    merge,
    reassign,
    renumber,
    split,
    unlock,
)
from geodata.planner.pieces import is_connected, pieces
from geodata.planner.plan import Plan, first_plan
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import gaps, measure, outlines
from tests.geodata.planner.lands import land, quarters

GROUND: Final = land()
FIRST: Final = quarters(GROUND)


def edge_atoms(plan: Plan, giver: str, taker: str) -> list[int]:
    """Atoms of one grid that touch another."""
    to, of = plan.number(taker), plan.atoms(plan.number(giver))
    return [int(a) for a in of if (plan.grid[GROUND.neighbours.of(int(a))] == to).any()]


def why(error: pytest.ExceptionInfo[PlanRefusedError]) -> Why:
    return error.value.why


def test_the_first_plan_is_faultless() -> None:
    assert faults(GROUND, FIRST) == []
    assert gaps(GROUND, FIRST, 0) == gaps(GROUND, FIRST, 1) == []


def test_a_grid_over_two_communities_is_refused_by_name() -> None:
    with pytest.raises(PlanRefusedError, match="one: a grid lies in one community") as error:
        first_plan(GROUND, np.zeros(len(GROUND), dtype=np.int32), ("one",))
    assert why(error) is Why.OTHER_COMMUNITY


def test_an_atom_goes_to_the_grid_it_touches() -> None:
    one, two = FIRST.codes[:2]
    given = next(
        atom
        for atom in edge_atoms(FIRST, one, two)
        if is_connected(GROUND, np.setdiff1d(FIRST.atoms(0), [atom]).astype(np.int32))
    )
    plan = reassign(GROUND, FIRST, [given], two)
    assert plan.codes[plan.grid[given]] == two
    assert faults(GROUND, plan, FIRST) == []
    assert FIRST.grid[given] == 0  # the plan before is what it was


def test_what_does_not_touch_is_refused() -> None:
    one, two = FIRST.codes[:2]
    inner = sorted(set(FIRST.atoms(0).tolist()) - set(edge_atoms(FIRST, one, two)))
    with pytest.raises(PlanRefusedError) as error:
        reassign(GROUND, FIRST, inner[:1], two)
    assert why(error) in {Why.IN_PIECES, Why.CUT_OFF}


def test_another_community_is_refused() -> None:
    with pytest.raises(PlanRefusedError) as error:
        reassign(GROUND, FIRST, FIRST.atoms(2)[:1], FIRST.codes[0])
    assert why(error) is Why.OTHER_COMMUNITY


def test_the_last_atoms_cannot_be_given_away() -> None:
    with pytest.raises(PlanRefusedError) as error:
        reassign(GROUND, FIRST, FIRST.atoms(0), FIRST.codes[1])
    assert why(error) is Why.EMPTY
    assert error.value.grids == (FIRST.codes[0],)


def test_what_would_be_cut_off_is_named_and_may_go_along() -> None:
    one, two = FIRST.codes[:2]
    for atom in edge_atoms(FIRST, one, two):
        rest = np.setdiff1d(FIRST.atoms(0), [atom]).astype(np.int32)
        touching = edge_atoms(FIRST, one, two)
        parts = pieces(GROUND, rest)
        if len(parts) > 1 and all(set(part.tolist()) & set(touching) for part in parts[1:]):
            with pytest.raises(PlanRefusedError) as error:
                reassign(GROUND, FIRST, [atom], two)
            assert set(error.value.atoms) == set(np.concatenate(parts[1:]).tolist())
            plan = reassign(GROUND, FIRST, [atom], two, with_cut_off=True)
            assert faults(GROUND, plan, FIRST) == []
            return
    line = [int(atom) for atom in FIRST.atoms(0)]
    pytest.fail(f"this land has no atom that cuts another off: {line}")


def test_a_split_mints_the_next_code_and_a_merge_keeps_the_first() -> None:
    one = FIRST.codes[0]
    part = pieces(GROUND, FIRST.atoms(0))[0]
    half = _connected_half(part)
    plan = split(GROUND, FIRST, one, half)
    assert plan.codes[-1] == "99000003"
    assert faults(GROUND, plan, FIRST) == []
    back = merge(GROUND, plan, one, "99000003")
    assert np.array_equal(back.grid, FIRST.grid)
    assert free_code(GROUND, back, 0) == "99000004"  # the code is not given again
    with pytest.raises(PlanRefusedError) as error:
        back.number("99000003")
    assert why(error) is Why.NO_GRID


def test_a_lock_holds_until_it_is_taken_away() -> None:
    one, two = FIRST.codes[:2]
    shut = lock(FIRST, [one])
    for what in (
        lambda: merge(GROUND, shut, two, one),
        lambda: reassign(GROUND, shut, FIRST.atoms(1)[:1], one),
        lambda: renumber(shut, one, "x"),
    ):
        with pytest.raises(PlanRefusedError) as error:
            what()
        assert why(error) is Why.LOCKED
    assert unlock(shut, [one]).locked == frozenset()


def test_a_code_is_given_once() -> None:
    one, two = FIRST.codes[:2]
    plan = renumber(FIRST, one, "99000777")
    assert faults(GROUND, plan, FIRST) == []
    for taken in (two, one):
        with pytest.raises(PlanRefusedError) as error:
            renumber(plan, "99000777", taken)
        assert why(error) is Why.CODE_GIVEN


def test_another_ground_is_refused() -> None:
    with pytest.raises(PlanRefusedError) as error:
        reassign(land(seed=2), FIRST, [0], FIRST.codes[0])
    assert why(error) is Why.OTHER_GROUND


def test_measures_are_those_of_the_polygons() -> None:
    found = measure(GROUND, FIRST, GROUND.load())
    drawn = outlines(GROUND, FIRST)
    for row, number in enumerate(found.numbers.tolist()):
        assert found.area_m2[row] == pytest.approx(drawn[number].area)
        assert found.perimeter_m[row] == pytest.approx(drawn[number].length)
    assert found.load.sum() == pytest.approx(1e6)


def test_two_branches_that_touch_different_grids_are_merged() -> None:
    ours = split(GROUND, FIRST, FIRST.codes[0], _connected_half(FIRST.atoms(0)))
    theirs = split(GROUND, FIRST, FIRST.codes[1], _connected_half(FIRST.atoms(1)))
    merged = merge_plans(GROUND, FIRST, ours, theirs)
    assert merged.plan is not None
    assert merged.recoded == {"99000003": "99000004"}  # both took the next code
    assert faults(GROUND, merged.plan, FIRST) == []
    assert len(merged.plan.living) == len(FIRST.living) + 2


def test_branches_that_disagree_name_the_grids() -> None:
    ours = split(GROUND, FIRST, FIRST.codes[0], _connected_half(FIRST.atoms(0)))
    theirs = merge(GROUND, FIRST, FIRST.codes[1], FIRST.codes[0])
    merged = merge_plans(GROUND, FIRST, ours, theirs)
    assert merged.plan is None
    assert FIRST.codes[0] in merged.conflicts


def test_what_is_locked_here_is_not_changed_by_a_branch_that_unlocked_it() -> None:
    code = FIRST.codes[0]
    locked = lock(FIRST, [code])
    freed = unlock(locked, [code])
    theirs = split(GROUND, freed, code, _connected_half(FIRST.atoms(0)))
    assert merge_plans(GROUND, locked, locked, theirs).conflicts == (code,)
    merged = merge_plans(GROUND, locked, freed, theirs).plan
    assert merged is not None
    assert merged.key == theirs.key


def test_a_grid_that_was_seen_and_then_undone_is_named() -> None:
    half = _connected_half(FIRST.atoms(0))
    grown = History(FIRST).done(split(GROUND, FIRST, FIRST.codes[0], half), "split", "li", "", 7)
    back = grown.undo()
    with pytest.raises(PlanRefusedError) as error:
        back.check_untouched(grown.head, [len(FIRST.codes)])
    assert why(error) is Why.CHANGED_MEANWHILE
    assert error.value.grids == ("99000003",)


def test_an_altered_line_of_the_history_is_found() -> None:
    history = History(FIRST).done(lock(FIRST, FIRST.codes[:1]), "lock", "li", "visited", 7)
    lines = written(history)
    assert read(FIRST, lines) == history.steps
    with pytest.raises(PlanRefusedError) as error:
        read(FIRST, [lines[0].replace("visited", "forced")])
    assert why(error) is Why.ALTERED


def _connected_half(atoms: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Half of a connected set, grown from its first atom so that both sides hang together."""
    for start in atoms.tolist():
        grown = [start]
        for atom in grown:
            near = [a for a in GROUND.neighbours.of(atom).tolist() if a in set(atoms.tolist())]
            grown += [a for a in near if a not in grown]
            half = np.array(grown[: len(atoms) // 2], dtype=np.int32)
            rest = np.setdiff1d(atoms, half).astype(np.int32)
            if len(half) == len(atoms) // 2 and is_connected(GROUND, rest):
                return half
    raise AssertionError
