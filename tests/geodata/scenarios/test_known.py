"""What a city knows beside the atoms: special grids and micro-grids, as they were published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.model.profile import Level
from geodata.planner import operations
from geodata.planner.checks import checks
from geodata.planner.rules import rules_of
from geodata.scenarios import grounds
from geodata.scenarios.known import facts_of, lasting
from geodata.scenarios.rebased import rebased
from geodata.scenarios.redrawn import redrawn
from tests.geodata.scenarios.conftest import LEVELS, like, town, units

if TYPE_CHECKING:
    from geodata.planner.checks import Check
    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.store.snapshots import City

MARKET = "101001001"


def nested(sketch: Any) -> dict[str, Any]:  # noqa: ANN401 (makers of drafts)
    """Each grid has a western and an eastern micro-grid; one grid is a market."""
    above = units()
    above.loc[above["code"] == MARKET, "kind"] = "专属网格"
    grids = above[above["level"] == "grid"]
    west, south, east, north = grids.bounds.to_numpy().T
    middle = (west + east) / 2
    halves = [
        grids.assign(
            code=grids["code"] + end, parent=grids["code"], level="micro", kind="",
            geometry=shapely.box(from_, south, to, north),
        )
        for end, from_, to in (("01", west, middle), ("02", middle, east))
    ]  # fmt: skip
    level = Level(key="micro", name_zh="微网格", name_en="Micro-grid")
    whole = pd.concat([above, *halves], ignore_index=True)
    return {
        "profile": sketch.profile(levels=(*LEVELS, level)),
        "units": gpd.GeoDataFrame(whole, geometry="geometry", crs=above.crs),
    }


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, sketch: Any, made: City) -> City:  # noqa: ANN401
    return like(made, town(sketch, **nested(sketch)), tmp_path_factory.mktemp("nested"))


@pytest.fixture(scope="module")
def there(city: City) -> Grounded:
    return rebased(grounds.grounded(city), city)


def looked(there: Grounded, city: City, plan: Plan, rules: str) -> dict[str, Check]:
    everywhere = np.arange(len(there.ground.communities), dtype=np.int32)
    facts = facts_of(there, lasting(there, city, everywhere), None)
    found = checks(there.ground, there.today, plan, everywhere, rules_of(rules), facts)
    return {each.key: each for each in found}


def test_the_grids_that_stand_by_themselves_are_those_of_their_kind(
    there: Grounded, city: City
) -> None:
    facts = facts_of(there, lasting(there, city, np.zeros(1, dtype=np.int32)), None)
    assert facts.special == {MARKET}
    few = looked(there, city, there.today, "shuangliu")["households_under"]
    assert few.grids
    assert MARKET not in few.grids


def test_a_new_grid_beside_one_that_stands_by_itself_is_an_ordinary_one(
    there: Grounded, city: City
) -> None:
    plan = there.today
    for atom in plan.atoms(plan.number("101001002")).tolist():
        try:
            plan = operations.split(there.ground, plan, "101001002", [atom])
        except operations.PlanRefusedError:
            continue
        break
    [new] = set(plan.codes) - set(there.today.codes)
    kinds = redrawn(city, there, plan).units.set_index("code")["kind"]
    assert (kinds[new], kinds[MARKET]) == ("", "专属网格")


def test_a_micro_grid_that_a_plan_cuts_is_named_by_the_rules_that_nest(
    there: Grounded, city: City
) -> None:
    plan = there.today
    assert "nested" not in looked(there, city, plan, "shuangliu")
    whole = looked(there, city, plan, "longgang")["nested"]
    assert (whole.ok, whole.of) == (True, 64)
    own = plan.atoms(plan.number("101001002"))
    holders = facts_of(there, lasting(there, city, np.zeros(1, dtype=np.int32)), None).micro
    assert holders is not None
    numbers, counts = np.unique(holders.unit[own], return_counts=True)
    inside = own[holders.unit[own] == numbers[counts.argmax()]]
    for atom in inside.tolist():
        try:
            cut = operations.split(there.ground, plan, "101001002", [atom])
        except operations.PlanRefusedError:
            continue
        found = looked(there, city, cut, "longgang")["nested"]
        assert (found.ok, found.count) == (False, 1)
        return
    pytest.fail("no atom could be split off")
