"""How many grids a drawing is to have, by the way it is drawn and by what is wished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from geodata.planner.extent import extent_of
from geodata.planner.facts import no_facts
from geodata.planner.kinds import KINDS
from geodata.planner.operations import lock
from geodata.planner.regions import regions
from geodata.planner.sizes import ANY, Size
from geodata.planner.task import Goal, Task
from tests.geodata.planner.lands import lattice, striped
from tests.geodata.planner.test_sizes import limited

if TYPE_CHECKING:
    from geodata.planner.plan import Plan
    from geodata.planner.rules import Rules

SQUARES: Final = lattice()  # 24 parcels of 100 households, in one community
STRIPES: Final = striped(SQUARES)  # three grids
ONE: Final = np.zeros(1, dtype=np.int32)


def task(rules: Rules, size: Size = ANY, plan: Plan = STRIPES) -> Task:
    load = SQUARES.households.astype(float)
    todo = regions(SQUARES, plan, load, rules.walls)
    extent = extent_of(SQUARES, ONE, no_facts())
    return Task(SQUARES, plan, extent, rules, Goal(rules.weights, 0.1, size=size), load, todo)


def test_a_way_keeps_the_number_of_grids_or_has_as_many_as_the_limit_needs() -> None:
    rules = limited(500)
    assert task(rules).counts(KINDS["rebalance"]) == [3]
    assert task(rules).counts(KINDS["least"]) == [5]
    (fit,) = task(rules).counts(KINDS["balance"])
    assert fit > 5, "room to be uneven"


def test_where_grids_are_within_the_limit_none_is_added_for_it() -> None:
    assert task(limited(2400)).counts(KINDS["least"]) == [3]


@pytest.mark.parametrize("key", ["least", "balance", "compact"])
def test_there_are_no_more_grids_than_parcels(key: str) -> None:
    assert task(limited(10)).counts(KINDS[key]) == [24]


@pytest.mark.parametrize("key", sorted(KINDS))
def test_a_wish_goes_before_the_way(key: str) -> None:
    assert task(limited(1000), Size(grids=6)).counts(KINDS[key]) == [6]


def test_locked_grids_are_among_those_that_are_wished() -> None:
    locked = lock(STRIPES, STRIPES.codes[:1])
    wished = task(limited(1000), Size(grids=5), locked)
    assert (wished.shut, wished.sized, wished.wished) == (1, [4], 5)
    assert task(limited(1000)).wished == 0


def test_all_that_may_change_is_what_no_locked_grid_holds() -> None:
    assert len(task(limited(1000)).atoms) == 24
    assert len(task(limited(1000), plan=lock(STRIPES, STRIPES.codes)).atoms) == 0
