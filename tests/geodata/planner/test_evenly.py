"""Even parts: as many households in each, estates whole where that can be, calm borders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.calm import Marks, no_marks
from geodata.planner.evenly import TOLERANCE, free_atoms, joined, parting, task_of
from geodata.planner.invariants import faults
from geodata.planner.operations import lock
from geodata.planner.pieces import is_connected, pieces
from geodata.planner.plan import first_plan
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.splitting import parted
from tests.geodata.planner.lands import land, lattice

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

CODE: Final = "99000001"
CALM: Final = 1.5  # times the length of the best straight line


def whole(ground: Ground) -> Plan:
    """One grid of all the land."""
    return first_plan(ground, np.zeros(len(ground), dtype=np.int32), (CODE,))


def split_evenly(ground: Ground, k: int, seed: int = 1, marks: Marks | None = None) -> Plan:
    """One grid of all the land in parts of whole atoms, as the desk asks for it."""
    plan = whole(ground)
    found = parting(
        ground, free_atoms(plan, CODE), k, seed, no_marks(ground) if marks is None else marks
    )
    assert found is not None
    return parted(ground, plan, plan.number(CODE), found.part, found.held)


def parts_of(ground: Ground, k: int, marks: Marks | None = None) -> npt.NDArray[np.int32]:
    """The part of each atom once all the land is parted."""
    plan = whole(ground)
    made = split_evenly(ground, k, 1, marks)
    assert faults(ground, made, plan) == []
    assert len(made.living) == k
    return made.grid


def off(ground: Ground, part: npt.NDArray[np.int32]) -> float:
    """How far the worst part is from the mean."""
    held = np.bincount(part, ground.households)
    return float(np.abs(held / held.mean() - 1).max())


def border(ground: Ground, part: npt.NDArray[np.int32]) -> float:
    edges = ground.edges
    return float(edges.length_m[part[edges.first] != part[edges.second]].sum())


def halves(ground: Ground) -> Iterator[npt.NDArray[np.int32]]:
    """Every way to part a small land in two pieces."""
    for number in range(1, 2 ** (len(ground) - 1)):
        part = (number >> np.arange(len(ground)) & 1).astype(np.int32)
        sides = [np.flatnonzero(part == side).astype(np.int32) for side in (0, 1)]
        if all(is_connected(ground, side) for side in sides):
            yield part


def estates(ground: Ground, count: int) -> Marks:
    """Stripes of the land as estates, each piece one of its own."""
    at = shapely.get_x(shapely.centroid(ground.shapes)) // (1000 / count)
    found = [
        piece
        for stripe in np.unique(at)
        for piece in pieces(ground, np.flatnonzero(at == stripe).astype(np.int32))
    ]
    estate = np.empty(len(ground), dtype=np.int32)
    for number, piece in enumerate(found):
        estate[piece] = number
    return replace(no_marks(ground), estate=estate)


def split_up(marks: Marks, part: npt.NDArray[np.int32]) -> int:
    """How many estates lie in several parts."""
    return sum(len(np.unique(part[marks.estate == each])) > 1 for each in np.unique(marks.estate))


@pytest.mark.parametrize("k", [2, 3, 4])
def test_parts_have_as_many_households_whoever_lives_and_reports_there(k: int) -> None:
    """3 even parts of 818 households came out as 299, 309 and 210: by people and cases."""
    ground = lattice(households=34)
    west = shapely.get_x(shapely.centroid(ground.shapes)) < 200
    ground = replace(ground, people=np.where(west, 900, 20), cases=np.where(west, 400, 1))
    assert off(ground, parts_of(ground, k)) <= TOLERANCE


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_no_part_is_beyond_the_tolerance_where_atoms_allow_it(seed: int) -> None:
    ground = land(communities=1, atoms=9, seed=seed)
    least = min(off(ground, part) for part in halves(ground))
    found = off(ground, parts_of(ground, 2))
    assert found <= max(TOLERANCE, least + 1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_estates_stay_whole_where_that_is_even(seed: int) -> None:
    ground = land(communities=1, atoms=10, seed=seed)
    marks = estates(ground, 4)
    even = [part for part in halves(ground) if off(ground, part) <= TOLERANCE]
    part = parts_of(ground, 2, marks)
    if even:
        assert off(ground, part) <= TOLERANCE
        assert split_up(marks, part) == min(split_up(marks, each) for each in even)


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_border_is_hardly_longer_than_a_straight_line(seed: int) -> None:
    ground = land(communities=1, atoms=40, seed=seed)  # a square, which the best line crosses
    assert border(ground, parts_of(ground, 2)) <= CALM * 1000


def test_a_lattice_is_cut_straight_across() -> None:
    assert border(lattice(), parts_of(lattice(), 2)) == 400
    assert border(lattice(), parts_of(lattice(), 3)) == 800


def test_a_border_runs_along_a_street_though_it_is_longer_and_less_even() -> None:
    ground = lattice(22, 4)
    street = np.array([shapely.LineString([(1000, 0), (1000, 400)])], dtype=object)
    part = parts_of(ground, 2, replace(no_marks(ground), lines=street))
    east = shapely.get_x(shapely.centroid(ground.shapes)) > 1000
    assert len(np.unique(part[east])) == len(np.unique(part[~east])) == 1
    assert part[east][0] != part[~east][0]
    assert border(ground, parts_of(ground, 2)) == 400


def test_an_estate_that_is_heavier_than_a_part_is_cut_and_no_other() -> None:
    ground = lattice(10, 1)
    marks = replace(no_marks(ground), estate=np.array([0, 0] + [1] * 8, dtype=np.int32))
    part = parts_of(ground, 2, marks)
    assert off(ground, part) == 0
    assert part[0] == part[1]


def test_where_not_all_estates_can_stay_whole_one_is_cut() -> None:
    ground = lattice(9, 1)
    marks = replace(no_marks(ground), estate=np.repeat(np.arange(3), 3).astype(np.int32))
    households = np.full(9, 100)
    households[4] = 2
    ground = replace(ground, households=households)
    part = parts_of(ground, 2, marks)
    assert off(ground, part) <= TOLERANCE
    assert split_up(marks, part) == 1


def test_the_same_question_has_the_same_answer_and_another_seed_is_even_too() -> None:
    ground = land(communities=1, atoms=60, seed=5)
    first, again, other = (split_evenly(ground, 3, seed) for seed in (1, 1, 2))
    assert first.key == again.key
    assert off(ground, other.grid) <= TOLERANCE


def test_the_heaviest_part_keeps_the_code() -> None:
    ground = land(communities=1, atoms=11, seed=3)
    held = np.bincount(parts_of(ground, 3), ground.households)
    assert held.argmax() == 0


def test_where_nobody_lives_people_and_cases_count_else_the_ground() -> None:
    nobody = np.zeros(24, dtype=np.int64)
    people = np.where(np.arange(24) % 6 < 2, 100, 0)
    busy = replace(lattice(), households=nobody, people=people, cases=nobody)
    assert np.bincount(parts_of(busy, 2), people).tolist() == [400, 400]
    empty = replace(busy, people=nobody)
    assert np.bincount(parts_of(empty, 2)).tolist() == [12, 12]


def test_what_cannot_be_parted_is_not() -> None:
    ground = lattice()
    atoms = np.arange(24, dtype=np.int32)
    for k in (1, 25):
        assert parting(ground, atoms, k, 1, no_marks(ground)) is None
    with pytest.raises(PlanRefusedError) as shut:
        free_atoms(lock(whole(ground), [CODE]), CODE)
    assert shut.value.why is Why.LOCKED


def test_groups_of_nodes_are_nodes_with_the_borders_of_all() -> None:
    ground = lattice(4, 1)
    task = task_of(ground, np.arange(4, dtype=np.int32), 2, 1, no_marks(ground))
    graph = joined(task.graph, np.array([0, 0, 1, 1], dtype=np.int32))
    assert graph.weight.tolist() == [200, 200]
    assert graph.other.tolist() == [1, 0]
    assert len(set(graph.length.tolist())) == 1
