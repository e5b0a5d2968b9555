"""A city before and after a plan became law, judged from its files alone."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.parquet as pq
import shapely

from geodata.model.schemas import SITE_UNKNOWN
from geodata.planner.invariants import faults
from geodata.planner.shapes import gaps, holes, openings, outlines
from geodata.scenarios.grounded import metres

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.scenario import Scenario
    from geodata.store.snapshots import City

    Shapes = npt.NDArray[np.object_]

NEAR_M: Final = 0.01  # what a border may move on its way into degrees and back
COUNTS: Final = ("people", "households")
HELD: Final = (*COUNTS, "cases")


def by_site(city: City) -> npt.NDArray[np.int64]:
    """Cases by site, of every file."""
    found = [pq.read_table(path, columns=["site"])["site"] for path in city.incident_files()]
    sites = np.concatenate([each.to_numpy() for each in found])
    return np.bincount(sites, minlength=len(city.sites)).astype(np.int64)


def by_unit(city: City, division: str = "") -> Counter[str]:
    """Cases by the code of the deepest unit that is known, under some boundaries."""
    hierarchy = city.division(division) if division else None
    units = city.sites["unit"].to_numpy() if hierarchy is None else hierarchy.units
    codes = (city.tree if hierarchy is None else hierarchy.tree).codes
    found: Counter[str] = Counter()
    for unit, cases in zip(units.tolist(), by_site(city).tolist(), strict=True):
        found[codes[unit]] += cases
    return +found


def by_building(city: City) -> dict[str, int]:
    """Cases by the code of a building."""
    held = by_site(city)[city.buildings["site"].to_numpy()]
    return dict(zip(city.buildings["code"], held.tolist(), strict=True))


def by_community(city: City, counted: Counter[str]) -> Counter[str]:
    """The same put together: communities, and above them what is known no deeper."""
    tree, found = city.tree, Counter[str]()
    for code, cases in counted.items():
        row = tree.find(code)
        assert row is not None, code
        is_grid = tree.level_keys[int(tree.levels[row])] == "grid"
        found[tree.codes[int(tree.parents[row])] if is_grid else code] += cases
    return found


def grids(city: City) -> dict[str, int]:
    """Rows of the grids by their codes."""
    rows = np.flatnonzero((city.places["level"] == "grid").to_numpy())
    return {city.tree.codes[row]: int(row) for row in rows}


def judge_numbers(before: City, now: City, day: str) -> None:
    """No case is lost, under the boundaries of now, those that ended, and all earlier ones."""
    then, after = by_unit(before), by_unit(now)
    assert after.total() == then.total() == int(now.meta["counts"]["incidents"])
    assert by_community(now, after) == by_community(before, then)
    assert by_building(now) == by_building(before)
    assert by_unit(now, day) == then
    for key in before.divisions:
        assert by_unit(now, key) == by_unit(before, key)
    for name in COUNTS:
        told = [each.places.loc[each.places["level"] == "grid", name].sum()
                for each in (before, now)]  # fmt: skip
        assert told[0] == told[1]


def judge_sites(now: City, there: Grounded) -> None:
    """Every building and place outdoors is counted to the grid in whose border it lies."""
    known = np.flatnonzero((now.sites["kind"] < SITE_UNKNOWN).to_numpy())
    at = now.sites.iloc[known]
    points = metres(there, np.asarray(shapely.points(at["lon"], at["lat"]), dtype=object))
    shapes = metres(there, np.asarray(now.places.geometry.array, dtype=object))
    off = shapely.distance(points, shapes[at["unit"].to_numpy()])
    assert float(off.max()) < NEAR_M


def judge_borders(before: City, now: City, there: Grounded, plan: Plan) -> None:
    """The grids are exactly those of the plan: codes, areas, no gap, overlap or further hole."""
    rows, old = grids(now), grids(before)
    drawn = {plan.codes[number]: each for number, each in outlines(there.ground, plan).items()}
    outside = set(old) - set(there.today.codes)
    assert set(rows) == outside | set(drawn)
    shapes = _in_metres(now, there, rows)
    whole = _in_metres(before, there, old)
    for code in outside:
        assert now.places.geometry.iloc[rows[code]].equals(before.places.geometry.iloc[old[code]])
    for code, shape in drawn.items():
        off = shapely.area(shapely.symmetric_difference(shapes[code], shape))
        assert off < NEAR_M * shapely.length(shape), code
    for row, community in enumerate(there.ground.communities):
        mine = [plan.codes[n] for n in plan.living.tolist() if plan.community[n] == row]
        own = [code for code, unit in old.items()
               if before.tree.codes[int(before.tree.parents[unit])] == community]  # fmt: skip
        _judge_cover(_of(shapes, mine), _of(whole, own), there.ground.shapes)


def _judge_cover(shapes: Shapes, before: Shapes, atoms: Shapes) -> None:
    assert {each.geom_type for each in shapes} == {"Polygon"}
    assert shapely.is_empty(openings(shapes, atoms))
    covers = [shapely.coverage_union_all(each) for each in (shapes, before)]
    assert holes(covers[0]) == holes(covers[1])
    off = shapely.area(shapely.symmetric_difference(*covers))
    assert off < NEAR_M * shapely.length(covers[1])


def _of(shapes: dict[str, shapely.Geometry], codes: list[str]) -> Shapes:
    return np.array([shapes[code] for code in codes], dtype=object)


def _in_metres(city: City, there: Grounded, rows: dict[str, int]) -> dict[str, shapely.Geometry]:
    found = np.asarray(city.places.geometry.array[list(rows.values())], dtype=object)
    return dict(zip(rows, metres(there, found).tolist(), strict=True))


def totals(scenario: Scenario) -> list[tuple[int, ...]]:
    """What each community holds by the plan."""
    ground, plan = scenario.grounded.ground, scenario.plan
    of, size = plan.community[plan.grid], len(ground.communities)
    columns = (getattr(ground, name) for name in HELD)
    return [tuple(np.bincount(of, column, size).astype(int).tolist()) for column in columns]


def judge_plan(scenario: Scenario) -> None:
    """The rules, the polygons, and what stands where."""
    there, plan = scenario.grounded, scenario.plan
    assert faults(there.ground, plan) == []
    assert [gaps(there.ground, plan, row) for row in range(len(there.ground.communities))] == [
        [] for _ in there.ground.communities
    ]
    houses = there.buildings
    held = np.bincount(houses.atom, houses.households, len(there.ground))
    assert (held == there.ground.households).all()


def stands_in_the_way(city: City, scenario: Scenario) -> bool:
    """Whether a grid that a plan began with is another by now, or a code of it was given since."""
    if scenario.base == city.id:
        return False
    there = scenario.grounded
    now, codes = grids(city), set(there.today.codes)
    if not codes <= set(now) or (set(scenario.plan.codes) - codes) & set(city.tree.codes):
        return True
    with suppress(AssertionError):
        judge_borders(city, city, there, there.today)
        return False
    return True


def carried(old: Scenario, new: Scenario) -> bool:
    """Whether grids were changed into the same shapes in both, and the same ones are kept.

    All of them, unless a comment tells that some were left.
    """
    before, after = _redrawn(old), _redrawn(new)
    if len(before) != len(after) and not (new.comments and len(after) < len(before)):
        return False
    off = shapely.area(shapely.symmetric_difference(after[:, None], before[None, :]))
    least = NEAR_M * shapely.length(after)
    held = [{each.plan.codes[n] for n in each.plan.locked} for each in (old, new)]
    return bool((off.min(axis=1, initial=np.inf) <= least).all()) and held[1] <= held[0]


def _redrawn(scenario: Scenario) -> Shapes:
    """The grids that a plan changed, as polygons."""
    plan, today = scenario.plan, scenario.grounded.today
    changed = today.grid != plan.grid
    numbers = np.unique(plan.grid[changed | np.isin(plan.grid, today.grid[changed])])
    found = outlines(scenario.grounded.ground, plan, numbers.tolist())
    return np.array(list(found.values()), dtype=object)
