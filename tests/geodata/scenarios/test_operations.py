"""Operations as a browser asks for them: what each does to grids, buildings and their codes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
import shapely

from geodata.model.errors import RequestError
from geodata.planner.halving import crossed
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import gaps, outline
from geodata.scenarios import asked, grounds
from geodata.scenarios.grounded import Grounded, communities_of, degrees
from geodata.scenarios.operations import Done, done
from tests.geodata.scenarios.test_scenarios import A, B, D

if TYPE_CHECKING:
    from geodata.store.snapshots import City

CLEAR_M: Final = 0.05


@pytest.fixture(scope="session")
def there(made: City) -> Grounded:
    return grounds.opened(grounds.folder_of(made), "101")


def made_of(there: Grounded, **op: Any) -> Done:  # noqa: ANN401
    made = done(asked.read(op), there, there.today)
    ground = made.there.ground
    assert faults(ground, made.plan) == []
    assert all(gaps(ground, made.plan, row) == [] for row in range(len(ground.communities)))
    return made


def area_of(there: Grounded, code: str) -> shapely.Geometry:
    return outline(there.ground, there.today, there.today.number(code))


def drawn(there: Grounded, shape: shapely.Geometry) -> list[list[float]]:
    at: list[list[float]] = shapely.get_coordinates(degrees(there, np.array([shape]))).tolist()
    return at


def held(made: Done, code: str) -> int:
    return int(made.there.ground.households[made.plan.atoms(made.plan.number(code))].sum())


def uncut(there: Grounded, made: Done) -> None:
    """No border of the plan runs through a building that lay on one atom."""
    inner = shapely.buffer(there.buildings.footprints, -CLEAR_M)
    on = shapely.STRtree(there.ground.shapes).query(inner, predicate="intersects")[0]
    inner = inner[np.bincount(on, minlength=len(inner)) == 1]
    assert len(inner) > 40
    for number in made.plan.living.tolist():
        assert not len(crossed(outline(made.there.ground, made.plan, number), inner))


@pytest.mark.parametrize("seed", range(16))
def test_what_is_drawn_around_goes_over_and_no_house_is_cut(there: Grounded, seed: int) -> None:
    x, y, reach = np.random.default_rng(seed).uniform((-0.4, -0.4, 0.15), (0.4, 0.4, 0.5))
    middle = shapely.centroid(shapely.union_all([area_of(there, A), area_of(there, B)]))
    at = shapely.Point(middle.x + 300 * x, middle.y + 300 * y)
    lasso = shapely.buffer(at, 300 * reach, quad_segs=3)
    op = {"do": "carve", "polygon": drawn(there, lasso), "to": A, "with_cut_off": True}
    try:
        made = made_of(there, **op)
    except PlanRefusedError as error:
        why = error.why
    else:
        why = None
    if why is not None:
        assert why in {Why.IN_PIECES, Why.EMPTY, Why.NOTHING_INSIDE}
        return
    uncut(there, made)
    inside = shapely.contains_xy(lasso, there.buildings.x, there.buildings.y)
    own = there.ground.community[there.buildings.atom] == communities_of(there, "101001")[0]
    went = made.plan.grid[made.there.buildings.atom] == made.plan.number(A)
    assert went[inside & own].mean() > 0.9  # but for those on a strip that would be a sliver
    assert (made.plan.grid[made.there.buildings.atom] == there.today.grid[
        there.buildings.atom])[~own].all()  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_a_line_makes_two_grids_of_one(there: Grounded, seed: int) -> None:
    turn, off = np.random.default_rng(seed).uniform((-0.5, -0.25), (0.5, 0.25))
    whole = area_of(there, A)
    west, south, east, north = whole.bounds
    y, slope = (south + north) / 2 + off * 300, turn * 100
    line = shapely.LineString([(west + 5, y - slope), (east - 5, y + slope)])  # it ends inside
    made = made_of(there, do="split_line", grid=A, line=drawn(there, line))
    uncut(there, made)
    assert made.plan.codes[-1] == "101001005"
    assert held(made, A) + held(made, "101001005") == int(
        there.ground.households[there.today.atoms(there.today.number(A))].sum()
    )
    new = outline(made.there.ground, made.plan, made.plan.number("101001005"))
    assert new.area <= whole.area / 2 + 1  # the larger half keeps the code


def test_a_line_beside_a_grid_is_refused(there: Grounded) -> None:
    west, south, *_ = area_of(there, A).bounds
    line = shapely.LineString([(west - 400, south - 50), (west - 300, south - 60)])
    with pytest.raises(PlanRefusedError) as error:
        made_of(there, do="split_line", grid=A, line=drawn(there, line))
    assert error.value.why is Why.NOT_ACROSS
    assert error.value.grids == (A,)


def test_houses_are_handed_over_with_their_land(there: Grounded) -> None:
    houses, number = there.buildings, there.today.number(B)
    border = area_of(there, A).boundary
    rows = np.flatnonzero(there.today.grid[houses.atom] == number)
    near = rows[np.argsort(shapely.distance(border, shapely.points(houses.x, houses.y)[rows]))]
    for row in near.tolist():
        try:
            made = made_of(there, do="transfer", buildings=[str(houses.id[row])], to=A)
        except PlanRefusedError:
            continue
        changed = made.plan.grid[made.there.buildings.atom] != there.today.grid[houses.atom]
        assert np.flatnonzero(changed).tolist() == [row]
        assert held(made, B) == int(there.ground.households[there.today.grid == number].sum()
            - houses.households[row])  # fmt: skip
        uncut(there, made)
        break
    else:
        pytest.fail("no house of B can go to A")
    with pytest.raises(PlanRefusedError) as error:
        made_of(there, do="transfer", buildings=["nobody's"], to=A)
    assert (error.value.why, error.value.grids) == (Why.NO_BUILDING, ("nobody's",))


def test_nothing_of_another_community_goes_over(there: Grounded) -> None:
    lasso = shapely.buffer(area_of(there, "101002001"), -40)
    with pytest.raises(PlanRefusedError) as error:
        made_of(there, do="carve", polygon=drawn(there, lasso), to=A)
    assert error.value.why is Why.NOTHING_INSIDE


def test_a_code_of_another_street_is_not_given_again(there: Grounded) -> None:
    for code in ("102001001", A):
        with pytest.raises(PlanRefusedError) as error:
            made_of(there, do="renumber", grid=B, code=code)
        assert error.value.why is Why.CODE_GIVEN
    assert made_of(there, do="renumber", grid=B, code="101001077").plan.number("101001077")


def test_new_grids_get_codes_that_nobody_has(there: Grounded) -> None:
    taken = replace(there, codes=there.codes | {"101001005", "101001007"})
    west, south, east, north = area_of(there, A).bounds
    line = shapely.LineString([(west, (south + north) / 2), (east, (south + north) / 2)])
    made = made_of(taken, do="split_line", grid=A, line=drawn(there, line))
    assert made.plan.codes[-1] == "101001008"
    several = made_of(taken, do="split_k", grid=A, k=3)
    assert several.plan.codes[-2:] == ("101001008", "101001009")


def test_the_plain_operations(there: Grounded) -> None:
    atoms = there.today.atoms(there.today.number(A)).tolist()
    assert len(made_of(there, do="merge", survivor=A, other=B).plan.living) == 15
    assert made_of(there, do="lock", grids=[A, D]).plan.locked
    with pytest.raises(PlanRefusedError, match="on either side"):
        made_of(there, do="exchange", first=atoms[:1], second=atoms[1:2])
    with pytest.raises(PlanRefusedError):
        made_of(there, do="split_atoms", grid=B, atoms=atoms[:1])
    with pytest.raises(PlanRefusedError):
        made_of(there, do="reassign", atoms=[10**6], to=A)


@pytest.mark.parametrize(
    ("op", "said"),
    [
        ({}, "do"),
        ({"do": "explode"}, "explode"),
        ({"do": "merge", "survivor": A}, "other"),
        ({"do": "lock", "grids": [], "more": 1}, "grids"),
        ({"do": "carve", "to": A, "polygon": [[500, 1], [2, 3], [4, 5]]}, "polygon"),
        ({"do": "adopt", "plan": {"grid": []}}, "plan"),
    ],
)
def test_what_cannot_be_read_is_named(op: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        asked.read(op)
