from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.places import NOWHERE, Hierarchy, Tree
from geodata.model.profile import Level, Profile

LEVELS = ("city", "street", "ward", "grid")  # the drill path passes over wards
PROFILE = Profile(
    key="t",
    name_zh="试",
    name_en="Try",
    levels=tuple(Level(key=key, name_zh=key, name_en=key, drill=key != "ward") for key in LEVELS),
)


def tree(rows: list[tuple[int, str]], built: list[bool] | None = None) -> Tree:
    """Make a tree of (parent, level) rows; each unit has one site."""
    units = np.arange(len(rows))
    places = pd.DataFrame(
        {
            "code": [f"c{unit}" for unit in units],
            "parent": [parent for parent, _ in rows],
            "level": [level for _, level in rows],
            "site_from": units,
            "site_to": units + 1,
        }
    )
    return Tree.of(places, PROFILE, None if built is None else np.array(built))


SAMPLE = tree(
    [
        (-1, "city"),  # 0
        (0, "street"),  # 1
        (1, "ward"),  # 2
        (2, "grid"),  # 3
        (2, "grid"),  # 4
        (1, "grid"),  # 5: its branch has no ward
        (0, "grid"),  # 6: its branch has no street either
        (0, "street"),  # 7
    ],
    [False, False, False, True, False, False, False, False],
)


def test_children_pass_over_levels_that_do_not_drill() -> None:
    assert SAMPLE.children(0).tolist() == [1, 6, 7]
    assert SAMPLE.children(1).tolist() == [3, 4, 5]
    assert SAMPLE.children(2).tolist() == [3, 4]
    assert SAMPLE.children(3).tolist() == []


def test_cells_are_the_units_of_one_level_inside() -> None:
    assert SAMPLE.cells(0, "grid").tolist() == [3, 4, 5, 6]
    assert SAMPLE.cells(1, "ward").tolist() == [2]
    assert SAMPLE.cells(3, "grid").tolist() == [3]
    assert SAMPLE.cells(0, "moon").tolist() == []


def test_paths_leave_out_what_does_not_drill_but_keep_their_end() -> None:
    assert SAMPLE.path(0) == (0,)
    assert SAMPLE.path(4) == (0, 1, 4)
    assert SAMPLE.path(2) == (0, 1, 2)
    assert SAMPLE.parent(4) == 1
    assert SAMPLE.parent(0) == -1


def test_next_level() -> None:
    assert SAMPLE.next_level(0) == "street"
    assert SAMPLE.next_level(1) == "grid"
    assert SAMPLE.next_level(3) == "building"
    assert SAMPLE.next_level(7) == ""


def test_codes_and_levels() -> None:
    assert SAMPLE.find("c5") == 5
    assert SAMPLE.find("nowhere") is None
    assert SAMPLE.level(2) == "ward"
    assert len(SAMPLE) == 8


def test_a_level_unknown_to_the_profile_is_named() -> None:
    with pytest.raises(ValueError, match="moon"):
        tree([(-1, "moon")])


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Random trees in depth-first order."""
    rows: list[tuple[int, str]] = [(-1, "city")]
    open_path = [0]
    for unit in range(1, draw(st.integers(1, 30))):
        able = [row for row in open_path if rows[row][1] != "grid"]
        parent = draw(st.sampled_from(able))
        level = draw(st.sampled_from(LEVELS[LEVELS.index(rows[parent][1]) + 1 :]))
        rows.append((parent, level))
        open_path = [*open_path[: open_path.index(parent) + 1], unit]
    return tree(rows)


@given(trees())
def test_every_drill_unit_is_reached_from_the_root_by_its_path(made: Tree) -> None:
    for unit in range(1, len(made)):
        if made.level(unit) != "ward":
            path = made.path(unit)
            assert path[0] == 0
            assert path[-1] == unit
            for above, below in pairwise(path):
                assert below in made.children(above)


@given(trees())
def test_subtrees_are_ranges(made: Tree) -> None:
    for unit in range(len(made)):
        inside = set(made.subtree(unit))
        for other in range(len(made)):
            above = other
            while above not in {-1, unit}:
                above = int(made.parents[above])
            assert (above == unit) == (other in inside)


def test_the_unit_of_a_level_above_each_unit() -> None:
    assert SAMPLE.above("ward").tolist() == [NOWHERE, NOWHERE, 2, 2, 2, *[NOWHERE] * 3]
    assert SAMPLE.above("city").tolist() == [0] * 8
    assert SAMPLE.above("galaxy").tolist() == [NOWHERE] * 8


@given(trees(), st.data())
def test_the_holder_is_the_lowest_unit_over_both(made: Tree, data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(made) - 1)] * 2)))
    held = [unit for unit in range(len(made)) if {first, last} <= set(made.subtree(unit))]
    assert made.holder(first, last) == max(held)


def test_a_hierarchy_knows_cells_and_insides_of_scattered_sites() -> None:
    divided = Hierarchy(SAMPLE, np.array([3, 0, 7, 2, 5, 3], dtype=np.int32))
    assert divided.cells("").tolist() == [3, 0, 7, 2, 5, 3]
    assert divided.cells("street").tolist() == [1, NOWHERE, 7, 1, 1, 1]
    assert divided.inside(2).tolist() == [True, False, False, True, False, True]
    assert divided.inside(0).all()
