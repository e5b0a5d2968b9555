"""Atoms from streets and buildings: a coverage, and today's grids kept or told of."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.planner.atoms import make
from geodata.planner.cutting import groups
from geodata.planner.ground import Barrier
from geodata.planner.invariants import faults
from geodata.planner.land import Land
from geodata.planner.pieces import is_connected
from geodata.planner.shapes import gaps, outline
from tests.geodata.planner.lands import CRS

NONE: Final = np.array([], dtype=object)


def town(seed: int = 3, houses: int = 120) -> Land:
    """Two communities of two grids each, two streets across, houses at random."""
    random = np.random.default_rng(seed)
    corners = [(0, 0), (500, 0), (1000, 0), (1500, 0)]
    streets = [
        shapely.LineString([(-50, 333), (2050, 350)]),
        shapely.LineString([(240, -50), (260, 1050)]),
    ]
    river = shapely.LineString([(1250, -50), (1240, 1050)])
    return Land(
        crs=CRS,
        grids=np.array([shapely.box(x, y, x + 500, y + 1000) for x, y in corners], dtype=object),
        codes=("99000001", "99000002", "99001001", "99001002"),
        community=np.array([0, 0, 1, 1], dtype=np.int32),
        communities=("99000", "99001"),
        lines=np.array([*streets, river], dtype=object),
        arterials=np.array(streets[:1], dtype=object),
        rivers=np.array([river], dtype=object),
        where=random.uniform((0, 0), (2000, 1000), (houses, 2)),
        households=random.integers(1, 40, houses),
        people=random.integers(1, 100, houses),
        cases=random.integers(0, 9, houses),
    )


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), houses=st.integers(1, 160))
def test_atoms_cover_the_land_once_and_hold_everybody(seed: int, houses: int) -> None:
    land = town(seed, houses)
    ground, plan, residual = make(land)
    assert shapely.coverage_is_valid(ground.shapes)
    assert ground.area_m2.sum() == pytest.approx(2000 * 1000)
    for held, there in (
        (ground.households, land.households),
        (ground.people, land.people),
        (ground.cases, land.cases),
    ):
        assert held.sum() == there.sum()
    assert faults(ground, plan) == []
    assert gaps(ground, plan, 0) == gaps(ground, plan, 1) == []
    assert (residual.overlap_m2, residual.gap_m2, residual.in_pieces) == ({}, {}, ())
    for number, drawn in enumerate(land.grids):
        assert shapely.hausdorff_distance(outline(ground, plan, number), drawn) < 0.5


def test_heavy_blocks_are_cut_until_every_atom_is_light() -> None:
    ground, _, _ = make(town(houses=400), most_households=90)
    assert ground.households.max() <= 90


def test_no_cut_runs_through_a_building() -> None:
    random = np.random.default_rng(4)
    cells = np.stack(np.meshgrid(np.arange(45), np.arange(6)), axis=-1).reshape(-1, 2)
    where = (cells + 0.5) * (44, 150) + random.uniform(-4, 4, (len(cells), 2))
    long = np.array([shapely.box(x - 15, y - 45, x + 15, y + 45) for x, y in where], dtype=object)
    many = np.full(len(where), 25)
    land = replace(
        town(), where=where, households=many, people=many, cases=many, footprints=long,
        lines=town().lines[1:], arterials=NONE, rivers=NONE,
    )  # fmt: skip
    ground, plan, _ = make(land)
    assert len(ground) > 60
    borders = shapely.union_all(shapely.boundary([*land.grids, *land.lines]))
    free = ~shapely.intersects(long, shapely.union_all([borders, *land.lines]))
    inner = shapely.buffer(long[free], -1.5)
    on = shapely.STRtree(ground.shapes).query(inner, predicate="intersects")[0]
    assert np.bincount(on).max() == 1
    assert faults(ground, plan) == []


def test_one_building_is_never_cut() -> None:
    land = replace(town(houses=1), households=np.array([5000]))
    ground, _, _ = make(land)
    assert ground.households.max() == 5000


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60), st.integers(1, 120))
def test_groups_are_light_or_single(households: list[int], most: int) -> None:
    weight = np.array(households)
    where = np.random.default_rng(0).uniform(0, 100, (len(weight), 2))
    group = groups(where, weight, most)
    for each in np.unique(group):
        rows = group == each
        assert rows.sum() == 1 or weight[rows].sum() <= most


def test_borders_know_what_lies_in_them() -> None:
    ground, _, _ = make(town())
    edges = ground.edges
    middle = shapely.get_x(shapely.centroid(ground.shapes))
    west, east = middle[edges.first], middle[edges.second]
    over = edges.barrier == Barrier.COMMUNITY
    assert over.any()
    assert (((west < 1000) ^ (east < 1000)) == over).all()
    wet = edges.barrier == Barrier.RIVER
    assert wet.any()
    assert ((np.minimum(west, east) < 1250) & (np.maximum(west, east) > 1240))[wet].all()
    assert (edges.barrier == Barrier.ARTERIAL).any()


def test_what_is_drawn_twice_goes_to_the_smaller_grid_and_is_told() -> None:
    land = town()
    grids = land.grids.copy()
    grids[1] = shapely.box(450, 0, 1000, 1000)
    ground, plan, residual = make(replace(land, grids=grids))
    assert residual.overlap_m2 == {("99000001", "99000002"): pytest.approx(50 * 1000, rel=1e-3)}
    assert outline(ground, plan, 0).area == pytest.approx(500 * 1000, rel=1e-3)
    assert faults(ground, plan) == []


def test_an_opening_is_closed_and_told() -> None:
    land = town()
    grids = land.grids.copy()
    grids[0] = grids[0].difference(shapely.box(400, 400, 450, 450))
    ground, plan, residual = make(replace(land, grids=grids))
    assert residual.gap_m2 == {"99000001": pytest.approx(50 * 50, rel=1e-3)}
    assert gaps(ground, plan, 0) == []


def test_a_grid_in_two_pieces_stays_so_and_is_told() -> None:
    land = town()
    apart = shapely.union_all([shapely.box(0, 0, 500, 200), shapely.box(0, 800, 500, 1000)])
    grids = land.grids.copy()
    grids[0] = apart
    grids[1] = shapely.box(0, 0, 1000, 1000).difference(apart)
    ground, plan, residual = make(replace(land, grids=grids))
    assert residual.in_pieces == ("99000001",)
    assert is_connected(ground, plan.atoms(0))  # over the link, so that it may be edited
    assert faults(ground, plan) == []


def test_a_grid_without_any_ground_is_told() -> None:
    land = town()
    grids = land.grids.copy()
    grids[1] = grids[0]
    _, plan, residual = make(replace(land, grids=grids))
    assert len(residual.lost) == 1
    assert residual.lost[0] not in [plan.codes[n] for n in plan.living]


def test_slivers_join_a_neighbour_of_their_grid() -> None:
    land = town()
    beside = shapely.LineString([(-50, 333.5), (2050, 350.5)])  # the other side of the same street
    ground, plan, _ = make(replace(land, lines=np.append(land.lines, beside)))
    assert ground.area_m2.min() > 100
    assert faults(ground, plan) == []
    assert gaps(ground, plan, 0) == []
