"""Even parts on the ground of a city: whole atoms where these do, else straight cuts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geodata.model.errors import RequestError
from geodata.planner.adjacency import edges_of
from geodata.planner.evenly import TOLERANCE
from geodata.planner.operations import lock
from geodata.planner.plan import first_plan
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import outline
from geodata.scenarios import grounds, parts
from geodata.scenarios.marked import marks_of
from geodata.scenarios.scenario import Scenarios
from tests.geodata.scenarios.test_operations import made_of, there, uncut
from tests.geodata.scenarios.test_scenarios import A, D, check, do

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.operations import Done
    from geodata.store.snapshots import City

__all__ = ["there"]
MANY = 9  # parts, more than a grid has blocks


def off(made: Done, before: int) -> float:
    """How far the worst part of the grid is from the mean."""
    plan = made.plan
    numbers = [plan.number(A), *range(before, len(plan.codes))]
    held = np.bincount(plan.grid, made.there.ground.households)[numbers]
    return float(np.abs(held / held.mean() - 1).max())


def coarse(there: Grounded) -> Grounded:
    """The same town as if each grid were one block, as in the country."""
    ground, plan = there.ground, there.today
    numbers = np.arange(len(plan.codes), dtype=np.int32)
    drawn = np.array([outline(ground, plan, number) for number in numbers.tolist()], dtype=object)
    held = {
        name: np.bincount(plan.grid, getattr(ground, name)).astype(np.int64)
        for name in ("households", "people", "cases")
    }
    edges = edges_of(drawn, plan.community)
    whole = replace(ground, shapes=drawn, community=plan.community, edges=edges, **held)
    buildings, outdoors = (
        replace(each, atom=plan.grid[each.atom]) for each in (there.buildings, there.outdoors)
    )
    return replace(
        there, ground=whole, today=first_plan(whole, numbers, plan.codes), buildings=buildings,
        outdoors=outdoors,
    )  # fmt: skip


@pytest.mark.parametrize("k", [2, 3])
def test_whole_atoms_do_where_they_are_light(there: Grounded, k: int) -> None:
    made = made_of(there, do="split_k", grid=A, k=k)
    assert not made.cuts
    assert off(made, len(there.today.codes)) <= TOLERANCE
    uncut(there, made)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_one_block_is_cut_by_straight_lines_between_its_buildings(there: Grounded, k: int) -> None:
    """It was refused: there were fewer atoms than parts."""
    village = coarse(there)
    made = made_of(village, do="split_k", grid=A, k=k)
    assert len(made.cuts) == 1
    assert len(made.cuts[0].parents) < 2 * k  # nothing is cut that stays together
    assert off(made, len(village.today.codes)) <= 2 * TOLERANCE
    uncut(village, made)
    plan, ground = made.plan, made.there.ground
    numbers = [plan.number(A), *range(len(village.today.codes), len(plan.codes))]
    around = [shapely.length(outline(ground, plan, number)) for number in numbers]
    whole = outline(village.ground, village.today, village.today.number(A))
    border = (sum(around) - whole.length) / 2
    assert border <= 1.5 * (k - 1) * np.sqrt(whole.area)


def test_more_parts_than_atoms_cut_some_of_them(there: Grounded) -> None:
    made = made_of(there, do="split_k", grid=A, k=MANY)
    assert len(made.plan.living) == len(there.today.living) + MANY - 1
    uncut(there, made)


def test_what_cannot_be_parted_is_refused(there: Grounded) -> None:
    with pytest.raises(PlanRefusedError) as few:
        made_of(coarse(there), do="split_k", grid=A, k=50)
    assert few.value.why is Why.TOO_FEW_ATOMS
    shut = replace(there, today=lock(there.today, [A]))
    with pytest.raises(PlanRefusedError) as locked:
        made_of(shut, do="split_k", grid=A, k=2)
    assert locked.value.why is Why.LOCKED


def test_estates_stay_whole_where_that_is_even(there: Grounded) -> None:
    """Two of them, each half the grid, between which no street runs."""
    atoms = there.today.atoms(there.today.number(A))
    inside = np.isin(there.buildings.atom, atoms)
    first = made_of(there, do="split_k", grid=A, k=2).plan
    own = first.grid[there.buildings.atom] == first.number(A)
    names = np.where(inside, np.where(own, "E1", "E2"), "")
    town = replace(
        there, buildings=replace(there.buildings, estate=names),
        lines=replace(there.lines, shapes=np.array([None] * len(there.lines.shapes), dtype=object)),
    )  # fmt: skip
    assert set(marks_of(town, atoms).estate[atoms]) <= {-1, 0, 1}
    made = made_of(town, do="split_k", grid=A, k=2).plan
    for name in ("E1", "E2"):
        assert len(np.unique(made.grid[there.buildings.atom[names == name]])) == 1


def test_estates_of_buildings_are_kept_with_the_ground(
    made: City, tmp_path: Path, there: Grounded
) -> None:
    path = next(grounds.folder_of(made).glob("*.npz"))
    part = parts.read(path)
    names = np.array([f"小区{row % 3}" for row in range(len(part.buildings))])
    parts.write(replace(part, buildings=replace(part.buildings, estate=names)), tmp_path / "a.npz")
    assert (parts.read(tmp_path / "a.npz").buildings.estate == names).all()
    with np.load(path) as kept:
        older = {name: kept[name] for name in kept.files if name != "buildings.estate"}
    np.savez(tmp_path / "b.npz", **older)
    assert set(parts.read(tmp_path / "b.npz").buildings.estate) == {""}
    assert len(there.buildings.estate) == len(there.buildings)


def test_a_plan_is_read_again_as_it_was_whatever_the_search_would_find_today(
    plans: Scenarios, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps say what became of each atom, cuts what they made: nothing is searched again."""
    do(plans, key, {"do": "split_k", "grid": A, "k": MANY})
    last = do(plans, key, {"do": "split_k", "grid": D, "k": 2})
    assert last.cuts
    check(last)
    monkeypatch.setattr("geodata.scenarios.evened.parting", lambda *_: pytest.fail("searched"))
    again = Scenarios(plans._folder.parent).opened(key)  # noqa: SLF001 - another process
    assert again.plan.key == last.plan.key
    assert again.grounded.ground.key == last.grounded.ground.key


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_that_no_dice_take_is_refused(there: Grounded, seed: int) -> None:
    with pytest.raises(RequestError, match="seed"):
        made_of(there, do="split_k", grid=A, k=2, seed=seed)
