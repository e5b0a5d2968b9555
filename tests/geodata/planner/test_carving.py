"""Cuts through atoms: the land stays the same, only finer, and the history stays exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.adjacency import edges_of
from geodata.planner.carving import Standing, after, carved, cut
from geodata.planner.ground import Barrier, Ground
from geodata.planner.halving import around, crossed, inside, prolonged, sides
from geodata.planner.history import History
from geodata.planner.invariants import faults
from geodata.planner.operations import reassign, split
from geodata.planner.pieces import is_connected
from geodata.planner.plan import first_plan
from geodata.planner.shapes import gaps, outline
from geodata.planner.slivers import is_sliver
from tests.geodata.planner.lands import CRS, SIDE_M, land, quarters

GROUND: Final = land()
FIRST: Final = quarters(GROUND)
EVERY: Final = np.arange(len(GROUND), dtype=np.int32)
NOTHING: Final = Standing(
    np.empty((0, 2)), np.empty(0, dtype=np.int32), np.empty((3, 0), dtype=np.int64)
)
HELD: Final = ("households", "people", "cases")
POINT: Final = st.tuples(st.integers(-600, 20_600), st.integers(-600, 10_600)).map(
    lambda at: (at[0] / 10, at[1] / 10)
)


def houses(seed: int = 3, count: int = 300) -> tuple[Ground, Standing]:
    """The land with all that it holds in houses, and these."""
    random = np.random.default_rng(seed)
    where = random.uniform((0, 0), (2 * SIDE_M, SIDE_M), (count, 2))
    _, atom = shapely.STRtree(GROUND.shapes).query_nearest(shapely.points(where), all_matches=False)
    held = random.integers(1, 40, (3, count))
    counts = {
        name: np.bincount(atom, column, len(GROUND)).astype(np.int64)
        for name, column in zip(HELD, held, strict=True)
    }
    return replace(GROUND, **counts), Standing(where, atom.astype(np.int32), held)


@settings(max_examples=60)
@given(points=st.lists(POINT, min_size=2, max_size=6, unique=True), closed=st.booleans())
def test_a_cut_leaves_the_land_as_it_was_only_finer(
    points: list[tuple[float, float]], *, closed: bool
) -> None:
    drawn = shapely.LineString(points)
    drawn = shapely.buffer(drawn, 40, quad_segs=2) if closed else drawn
    ground, there = houses()
    finer, parents = cut(ground, drawn, EVERY, there)
    assert (parents[: len(ground)] == EVERY).all()
    for name in HELD:
        sums = np.bincount(parents, getattr(finer, name), len(ground))
        assert (sums == getattr(ground, name)).all()
    areas = np.bincount(parents, shapely.area(finer.shapes), len(ground))
    assert areas == pytest.approx(ground.area_m2, abs=1e-3)
    assert finer.area_m2 == pytest.approx(shapely.area(finer.shapes))
    assert finer.perimeter_m == pytest.approx(shapely.length(finer.shapes))
    assert (finer.community == ground.community[parents]).all()
    plan = History(FIRST).recut(finer.key, parents).plan
    assert faults(finer, plan) == []
    assert gaps(finer, plan, 0) == gaps(finer, plan, 1) == []


@settings(max_examples=30)
@given(points=st.lists(POINT, min_size=2, max_size=4, unique=True))
def test_the_edges_are_those_of_the_new_shapes(points: list[tuple[float, float]]) -> None:
    finer, _ = cut(GROUND, shapely.LineString(points), EVERY, NOTHING)
    fresh = edges_of(finer.shapes, finer.community)

    def pairs(edges: object) -> dict[tuple[int, int], float]:
        ends = zip(edges.first.tolist(), edges.second.tolist(), strict=True)  # type: ignore[attr-defined]
        return dict(zip(ends, edges.length_m.tolist(), strict=True))  # type: ignore[attr-defined]

    known = {pair: metres for pair, metres in pairs(finer.edges).items() if metres > 1e-3}
    assert known == pytest.approx(
        {pair: metres for pair, metres in pairs(fresh).items() if metres > 1e-3}, abs=1e-3
    )


def test_houses_go_where_they_stand() -> None:
    ground, there = houses()
    done = carved(ground, shapely.LineString([(-60, 500), (2060, 520)]), EVERY, there)
    assert done is not None
    finer, atom = after(ground, done), there.atom.copy()
    atom[done.moved] = done.to
    assert len(done.moved)
    apart = shapely.distance(finer.shapes[atom], shapely.points(there.where))
    assert apart.max() < 1e-6
    for name, column in zip(HELD, there.held, strict=True):
        assert (np.bincount(atom, column, len(finer)) == getattr(finer, name)).all()


def test_what_stands_nowhere_stays_with_the_largest_piece() -> None:
    done = carved(GROUND, shapely.LineString([(-60, 500), (2060, 520)]), EVERY, NOTHING)
    assert done is not None
    assert (done.added_held == 0).all()
    assert (done.held[0] == GROUND.households[done.atoms]).all()
    own = {int(atom): shape.area for atom, shape in zip(done.rows, done.shapes, strict=True)}
    assert all(own[int(p)] >= s.area for p, s in zip(done.parents, done.added, strict=True))


@settings(max_examples=30)
@given(off=st.floats(0, 3), atom=st.integers(0, len(GROUND) - 1))
def test_no_sliver_comes_off(off: float, atom: int) -> None:
    drawn = shapely.buffer(GROUND.shapes[atom], -off, join_style="mitre")
    finer, parents = cut(GROUND, drawn, EVERY, NOTHING)
    pieces = np.isin(parents, np.flatnonzero(np.bincount(parents) > 1))
    assert not is_sliver(finer.shapes[pieces], np.zeros(int(pieces.sum()), dtype=np.int64)).any()


def test_a_line_that_ends_inside_an_atom_does_not_cut_it() -> None:
    middle = shapely.centroid(GROUND.shapes[0])
    short = shapely.LineString([middle, shapely.Point(middle.x + 1, middle.y)])
    assert carved(GROUND, short, EVERY, NOTHING) is None
    same, parents = cut(GROUND, short, EVERY, NOTHING)
    assert same is GROUND
    assert (parents == EVERY).all()


def test_what_lies_in_a_border_stays_there_after_a_cut() -> None:
    edges = GROUND.edges
    widest = int(np.argmax(np.where(edges.barrier == Barrier.NONE, edges.length_m, 0)))
    barrier = edges.barrier.copy()
    barrier[widest] = Barrier.RIVER
    wet = replace(GROUND, edges=replace(edges, barrier=barrier))
    ends = [int(edges.first[widest]), int(edges.second[widest])]
    across = shapely.LineString(shapely.centroid(GROUND.shapes[ends]).tolist())
    border = shapely.line_merge(shapely.intersection(*GROUND.shapes[ends]))
    at = shapely.line_interpolate_point(border, 0.5, normalized=True)
    moved = shapely.transform(across, lambda points: (points - [across.centroid.x,
        across.centroid.y]) * 3 + [at.x, at.y])  # fmt: skip
    finer, parents = cut(wet, moved, np.array(ends, dtype=np.int32), NOTHING)
    own = finer.edges
    over = (parents[own.first] != parents[own.second]) & np.isin(parents[own.first], ends)
    over &= np.isin(parents[own.second], ends)
    assert over.sum() > 1
    assert (own.barrier[over] == Barrier.RIVER).all()


def test_pieces_hang_together_wherever_the_whole_did() -> None:
    """A comb whose teeth are cut off, and a link of no length to land that lies apart."""
    comb = shapely.union_all([shapely.box(0, 0, 300, 50), *(
        shapely.box(x, 50, x + 40, 200) for x in (0, 130, 260))])  # fmt: skip
    far = shapely.box(0, 400, 300, 500)
    shapes = np.array([comb, far], dtype=object)
    none = np.zeros(2, dtype=np.int64)
    edges = edges_of(shapes, np.zeros(2, dtype=np.int32))
    link = replace(
        edges, first=np.array([0], dtype=np.int32), second=np.array([1], dtype=np.int32),
        length_m=np.zeros(1), barrier=np.zeros(1, dtype=np.uint8),
    )  # fmt: skip
    ground = Ground(
        shapes, CRS, np.zeros(2, dtype=np.int32), ("99000",), none + 9, none, none, link
    )
    whole = first_plan(ground, np.zeros(2, dtype=np.int32), ("99000001",))
    line = shapely.LineString([(-10, 100), (400, 100)])
    finer, parents = cut(ground, line, np.arange(2, dtype=np.int32), NOTHING)
    assert np.bincount(parents).tolist() == [4, 1]
    plan = History(whole).recut(finer.key, parents).plan
    assert faults(finer, plan) == []


def test_undo_and_redo_are_exact_across_a_cut() -> None:
    before = History(FIRST)
    half = _half(GROUND, before)
    before = before.done(split(GROUND, FIRST, FIRST.codes[0], half), "split", "li", "", 1)
    line = shapely.LineString([(-60, 400), (1060, 620)])
    finer, parents = cut(GROUND, line, EVERY, NOTHING)
    history = before.recut(finer.key, parents)
    fresh = np.arange(len(GROUND), len(finer))
    for atom in fresh.tolist():
        near = finer.neighbours.of(atom)
        other = near[history.plan.grid[near] != history.plan.grid[atom]]
        other = other[finer.community[other] == finer.community[atom]]
        rest = np.setdiff1d(history.plan.atoms(int(history.plan.grid[atom])), [atom])
        if len(other) and is_connected(finer, rest.astype(np.int32)):
            to = history.plan.codes[int(history.plan.grid[other[0]])]
            break
    else:
        pytest.fail("no piece of the cut lies at a border")
    moved = history.done(reassign(finer, history.plan, [atom], to), "reassign", "li", "", 2)
    assert moved.undo().plan.key == history.plan.key
    assert moved.undo().redo().plan.key == moved.plan.key
    back = moved.undo().undo()
    assert (back.plan.grid == FIRST.grid[parents]).all()
    for number in FIRST.living.tolist():
        ours, first = (outline(*each, number) for each in ((finer, back.plan), (GROUND, FIRST)))
        assert shapely.hausdorff_distance(ours, first) < 1e-5
    again = back.redo().redo()
    assert again.plan.key == moved.plan.key
    assert moved.at(moved.head).key == moved.plan.key


def _half(ground: Ground, history: History) -> list[int]:
    atoms = history.plan.atoms(0)
    for count in range(len(atoms) // 2, 0, -1):
        grown = [int(atoms[0])]
        for atom in grown:
            near = [a for a in ground.neighbours.of(atom).tolist() if a in atoms and a not in grown]
            grown += near[: count - len(grown)]
        if is_connected(ground, np.setdiff1d(atoms, grown).astype(np.int32)):
            return grown
    raise AssertionError


BOX: Final = st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(4, 20), st.floats(4, 20))


@settings(max_examples=60)
@given(st.lists(BOX, min_size=1, max_size=5), st.floats(20, 80))
def test_a_border_goes_around_houses(
    boxes: list[tuple[float, float, float, float]], east: float
) -> None:
    drawn: list[shapely.Geometry] = []
    for x, y, wide, deep in boxes:
        house = shapely.box(x, y, x + wide, y + deep)
        if all(shapely.distance(house, other) > 2 for other in drawn):
            drawn.append(house)
    footprints = np.array(drawn, dtype=object)
    where = shapely.get_coordinates(shapely.centroid(footprints))
    region = around(shapely.box(-10, -10, east, 120), footprints, where)
    assert not len(crossed(region, footprints))
    ours = where[:, 0] <= east
    assert (inside(footprints, region) == ours).all()


def test_a_line_has_two_sides_where_it_crosses() -> None:
    area = shapely.box(0, 0, 100, 100)
    half = sides(area, shapely.LineString([(50, -10), (50, 110)]))
    assert half is not None
    assert half.bounds == (0, 0, 50, 100)
    assert sides(area, shapely.LineString([(50, -10), (50, 60)])) is None
    longer = prolonged(shapely.LineString([(50, 20), (50, 60)]), area, 200)
    half = sides(area, longer)
    assert half is not None
    assert half.area == pytest.approx(5000)
