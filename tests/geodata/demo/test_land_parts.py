"""Properties of the parts the land is made of: dividing, names, layout, curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.demo.arrays import Task, stream
from geodata.demo.curves import blob, ridge, smooth_curve
from geodata.demo.divide import shares
from geodata.demo.graph import Graph, components, cut_parts, make_graph, smooth
from geodata.demo.land_use import OLD_PER_M2, crowd
from geodata.demo.layout import Rows, rows_of
from geodata.demo.linework import ARTERIAL, Linework
from geodata.demo.names import PINYIN, Names, english, name_hash, real_names
from geodata.demo.network import faces_of, make_network
from geodata.demo.scales import TINY
from geodata.demo.setting import make_setting

seeds = st.integers(0, 2**32 - 1)


def lattice(side: int, seed: int) -> Graph:
    rng = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    left = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    right = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    place = np.column_stack([number.ravel() // side, number.ravel() % side]).astype(float)
    weight = rng.uniform(0, 2, side * side)
    return make_graph(left, right, rng.uniform(0.5, 2, len(left)), weight, place)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, side=st.integers(2, 9), data=st.data())
def test_parts_are_whole_and_complete(seed: int, side: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, side * side))
    graph = lattice(side, seed)
    parts = cut_parts(graph, list(range(side * side)), count)
    assert len(parts) == count
    assert sorted(cell for part in parts for cell in part) == list(range(side * side))
    assert all(len(components(graph.near, set(part))) == 1 for part in parts)
    tidy = smooth(graph, parts)
    assert sorted(cell for part in tidy for cell in part) == list(range(side * side))
    assert all(len(components(graph.near, set(part))) == 1 for part in tidy)


def test_parts_are_about_equal() -> None:
    graph = lattice(12, 5)
    weights = [graph.weight[part].sum() for part in cut_parts(graph, list(range(144)), 6)]
    assert max(weights) < 1.6 * min(weights)


@given(
    weights=st.lists(st.floats(0, 1e4), min_size=1, max_size=30),
    data=st.data(),
)
def test_shares_add_up(weights: list[float], data: st.DataObject) -> None:
    most = np.array(
        data.draw(st.lists(st.integers(1, 9), min_size=len(weights), max_size=len(weights)))
    )
    total = data.draw(st.integers(len(weights), int(most.sum())))
    found = shares(total, np.array(weights), most)
    assert found.sum() == total
    assert (found >= 1).all()
    assert (found <= most).all()


@settings(max_examples=5, deadline=None)
@given(seed=seeds)
def test_names_are_new_and_invented(seed: int) -> None:
    names = Names(stream(seed, Task.NAMES))
    real = real_names()
    stems = [names.town() for _ in range(700)] + [names.village() for _ in range(200)]
    assert len(set(stems)) == len(stems)
    assert len({english(stem) for stem in stems}) == len(stems)
    assert not {name_hash(stem) for stem in stems} & real
    estates = [names.estate(year)[0] for year in range(1960, 2025)]
    assert len(set(estates)) == len(estates)


def test_pinyin_is_plain() -> None:
    assert english("澜汀") == "Lanting"
    assert all(sound.isascii() and sound.isalpha() for sound in PINYIN.values())


@settings(max_examples=30, deadline=None)
@given(seed=seeds, turn=st.floats(-0.3, 0.3), wide=st.floats(60, 400), high=st.floats(60, 400))
def test_rows_stay_inside_the_plot(seed: int, turn: float, wide: float, high: float) -> None:
    rng = np.random.default_rng(seed)
    skew = rng.uniform(-0.2, 0.2) * high
    plot = shapely.Polygon([(0, 0), (wide, 0), (wide + skew, high), (skew, high)])
    places = rows_of(np.array(plot.exterior.coords), turn, Rows(50, 8, 11.5, 30))
    assert len(places.middle) == len(places.width) == len(places.out)
    assert shapely.contains_xy(plot, places.middle[:, 0], places.middle[:, 1]).all()


def test_a_line_beside_an_older_one_is_dropped() -> None:
    work = Linework()
    work.add(np.array([(0.0, 0.0), (2_000.0, 0.0)]), ARTERIAL)
    work.add(np.array([(0.0, 100.0), (2_000.0, 100.0)]), ARTERIAL, 330)
    work.add(np.array([(1_000.0, -900.0), (1_000.0, 900.0)]), ARTERIAL, 330)
    lines, ranks, roads = work.arrays()
    assert len(lines) == 2
    assert ranks.tolist() == [ARTERIAL, ARTERIAL]
    assert roads.tolist() == [0, 2]


def test_the_network_has_no_dead_ends() -> None:
    area = shapely.box(0, 0, 1_000, 1_000)
    lines = np.array(
        [
            shapely.LineString([(500, -10), (500, 1_010)]),
            shapely.LineString([(200, 500), (400, 500)]),
        ]
    )
    net = make_network(lines, np.array([1, 4]), np.array([0, 1]), area, 0.25)
    assert len(faces_of(net.edges, area)) == 2
    assert 4 not in net.ranks


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_the_sheet_is_found_again(seed: int) -> None:
    setting = make_setting(TINY, seed % 1_000)
    points = np.random.default_rng(seed).uniform(-2_000, 2_000, (50, 2))
    assert np.abs(setting.unwarp(setting.warp(points)) - points).max() < 5


def test_curves_pass_their_ends() -> None:
    rng = np.random.default_rng(1)
    knots = np.array([(0.0, 0.0), (500.0, 300.0), (1_000.0, 0.0)])
    assert smooth_curve(knots)[[0, -1]] == pytest.approx(knots[[0, -1]])
    assert ridge(rng, knots[0], knots[2])[[0, -1]] == pytest.approx(knots[[0, -1]])
    assert shapely.is_valid(blob(rng, knots[0], 200))


def test_old_quarters_hold_the_share_that_is_wanted() -> None:
    use = np.array(["slab", "tower", "mid", "old", "park"] * 400, dtype=object)
    area = np.random.default_rng(2).uniform(10_000, 40_000, len(use))
    wanted = 0.5 * area.sum() * OLD_PER_M2
    crowd(
        use, area, replace(TINY, buildings=int(wanted / 0.66), crowded=0.66), stream(1, Task.NAMES)
    )
    assert area[use == "old"].sum() == pytest.approx(0.5 * area.sum(), rel=0.01)
    assert (use[4::5] == "park").all()
    assert (use[3::5] == "old").all()
