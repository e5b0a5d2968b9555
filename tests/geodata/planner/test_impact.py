"""Past incidents replayed: nothing is lost, and what has no place stays apart."""

from __future__ import annotations

from typing import Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.impact import replayed
from geodata.planner.operations import merge, reassign, split
from tests.geodata.planner.lands import land, lattice, quarters, striped

GROUND: Final = lattice()
TODAY: Final = striped(GROUND)
ALL: Final = np.zeros(1, dtype=np.int32)


def test_incidents_go_with_their_land() -> None:
    plan = reassign(GROUND, TODAY, [2], "99000001")
    atom = np.array([0, 2, 2, 3, -1, 4], dtype=np.int32)
    taken = np.array([10.0, 30, np.nan, 50, 99, np.nan])
    found = replayed(TODAY, plan, ALL, atom, {"arrived": taken})
    by_code = {each.code: each for each in found.grids}
    counts = {code: (each.before, each.after) for code, each in by_code.items()}
    assert counts == {"99000001": (1, 3), "99000002": (3, 1), "99000003": (1, 1)}
    assert by_code["99000001"].minutes["arrived"] == (10, 20)
    assert by_code["99000002"].minutes["arrived"] == (40, 50)
    assert by_code["99000003"].minutes["arrived"] == (None, None)
    assert (found.unknown, found.total, found.most) == (1, 6, (3, 3))
    assert found.grids[-1].code == "99000003"  # what did not change comes last


def test_grids_that_are_new_or_gone_say_so() -> None:
    atom = np.array([0, 12, 12], dtype=np.int32)
    halved = split(GROUND, TODAY, "99000001", [12, 13, 18, 19])
    new = {
        each.code: (each.before, each.after) for each in replayed(TODAY, halved, ALL, atom).grids
    }
    assert new["99000004"] == (None, 2)
    assert new["99000001"] == (3, 1)
    joined = merge(GROUND, TODAY, "99000002", "99000001")
    gone = {
        each.code: (each.before, each.after) for each in replayed(TODAY, joined, ALL, atom).grids
    }
    assert gone["99000001"] == (3, None)
    assert gone["99000002"] == (0, 3)


@settings(max_examples=30)
@given(
    atoms=st.lists(st.integers(-1, 20), max_size=40),
    asked=st.sets(st.integers(0, 1), min_size=1),
    to=st.integers(0, 3),
)
def test_totals_agree_whatever_was_drawn(atoms: list[int], asked: set[int], to: int) -> None:
    grid = FIRST.grid.copy()
    grid[np.flatnonzero(TWO.community == FIRST.community[to])[:5]] = to
    plan, atom = FIRST.with_grid(grid), np.array(atoms, dtype=np.int32)
    rows = np.array(sorted(asked), dtype=np.int32)
    found = replayed(FIRST, plan, rows, atom)
    inside = sum(a >= 0 and int(TWO.community[a]) in asked for a in atoms)
    assert found.unknown == atoms.count(-1)
    assert found.total == inside + found.unknown
    assert sum(each.before or 0 for each in found.grids) == inside
    assert sum(each.after or 0 for each in found.grids) == inside


TWO: Final = land(communities=2, atoms=12)
FIRST: Final = quarters(TWO)
