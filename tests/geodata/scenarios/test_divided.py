"""The city under a draft, and once the draft is law: totals agree, and no case is lost."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.desk import enacting, job, lawful
from geodata.engine import Engine, Request
from geodata.engine.fused import FusedEngine
from geodata.model.errors import SnapshotError
from geodata.model.profile import Level
from geodata.model.schemas import SITE_UNKNOWN
from geodata.planner import operations
from geodata.publish import drafted, enacted, publish
from geodata.scenarios import grounds
from geodata.scenarios.rebased import rebased
from geodata.scenarios.redrawn import redrawn
from geodata.scenarios.refused import DrawingError
from geodata.store import drawings
from geodata.store.snapshots import City, open_city
from geodata.store.under import named, under
from geodata.tiles.encode import tile
from geodata.tiles.mercator import Box, tiles_over, to_metres
from tests.geodata.scenarios.conftest import LEVELS, box, like, town, units

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.scenario import Scenarios

pytestmark = pytest.mark.usefixtures("bare")
ALL: Final = Request(0, "grid", 0, 2**31, 2**31)
EARLIER: Final = date(2025, 3, 1)
TODAY: Final = datetime.now(UTC).date()


def before() -> Any:  # noqa: ANN401
    """The first two grids lay above each other before, not beside."""
    old = units().set_index("code", drop=False)
    old.loc["101001001", "geometry"] = box(0, 0, 600, 150)
    old.loc["101001002", "geometry"] = box(0, 150, 600, 150)
    return old.reset_index(drop=True)


def finer(sketch: Any) -> dict[str, Any]:  # noqa: ANN401
    """A level below the grids: the western half of each is a unit of its own."""
    level = Level(key="micro", name_zh="微网格", name_en="Micro-grid")
    above = units()
    grids = above[above["level"] == "grid"]
    west, south, east, north = grids.bounds.to_numpy().T
    halves = grids.assign(
        code=grids["code"] + "01", parent=grids["code"], level="micro",
        geometry=shapely.box(west, south, (west + east) / 2, north),
    )  # fmt: skip
    whole = pd.concat([above, halves], ignore_index=True)
    return {
        "profile": sketch.profile(levels=(*LEVELS, level)),
        "units": gpd.GeoDataFrame(whole, geometry="geometry", crs=above.crs),
    }


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, sketch: Any, made: City) -> City:  # noqa: ANN401
    """The town with boundaries of before, on the ground of the same town without them."""
    return like(
        made,
        town(sketch, **finer(sketch), earlier={EARLIER: before()}),
        tmp_path_factory.mktemp("divided"),
    )


@pytest.fixture(scope="module")
def there(city: City) -> Grounded:
    return rebased(grounds.grounded(city), city)


def plan_of(there: Grounded) -> Plan:
    """Two grids put together, one cut in two, one atom given away, one grid with another code."""
    ground, plan = there.ground, there.today
    plan = operations.merge(ground, plan, "101001001", "101001002")
    atoms = plan.atoms(plan.number("101002001"))
    for atom in atoms.tolist():
        try:
            plan = operations.split(ground, plan, "101002001", [atom])
            break
        except operations.PlanRefusedError:
            continue
    for atom in plan.atoms(plan.number("102001001")).tolist():
        try:
            plan = operations.reassign(ground, plan, [atom], "102001002")
            break
        except operations.PlanRefusedError:
            continue
    return operations.renumber(plan, "102003001", "102003077")


@cache
def engine(city: City) -> FusedEngine:
    return FusedEngine(city, grain_s=1)


def counts(city: City, division: str, level: str = "grid") -> dict[str, int]:
    """Cases by code of a unit; "" = of those that are known no deeper."""
    tree = city.division(division).tree if division else city.tree
    numbers = engine(city).screen(replace(ALL, level=level, division=division))
    cells = numbers.cells["reported"]
    assert cells.sum() == numbers.total["reported"]
    named = {unit: tree.codes[unit] if unit >= 0 else "" for unit in cells.index}
    return {named[unit]: int(held) for unit, held in cells.items() if held}


def by_building(city: City) -> dict[str, int]:
    """Cases by code of a building."""
    numbers = engine(city).screen(replace(ALL, level="building"))
    codes, cells = city.buildings["code"].tolist(), numbers.cells["reported"]
    return {codes[row]: int(held) for row, held in cells.items() if row >= 0}


def test_totals_agree_under_the_old_the_current_and_the_draft_boundaries(
    city: City, there: Grounded
) -> None:
    plan = plan_of(there)
    division = drafted.draw(city, there, plan, "p1", ("草案", "draft"))
    cases = int(city.meta["counts"]["incidents"])
    old, now, draft = (counts(city, key) for key in (EARLIER.isoformat(), "", division.key))
    assert sum(old.values()) == sum(now.values()) == sum(draft.values()) == cases
    # The unknown places of city, streets and communities, then of the grids that were parted.
    assert now[""] == 1 + 2 + 8
    assert draft[""] == now[""] + 2
    assert old[""] > now[""]
    files = Engine(city, grain_s=1).screen(replace(ALL, division=division.key))
    assert files.total["reported"] == files.cells["reported"].sum() == cases
    for level in ("street", "community"):
        assert counts(city, division.key, level) == counts(city, "", level)
    assert draft["101001001"] == now["101001001"] + now["101001002"]
    assert draft["102003077"] == now["102003001"]
    assert {"101001002", "102003001"} & set(draft) == set()
    untouched = set(now) & set(draft) - {"", "101001001", "101002001", "102001001", "102001002"}
    assert len(untouched) > 20
    assert {code: now[code] for code in untouched} == {code: draft[code] for code in untouched}


def test_under_a_draft_the_city_is_drawn_and_asked_as_under_any_division(
    city: City, there: Grounded
) -> None:
    plan = plan_of(there)
    division = drafted.draw(city, there, plan, "p2", ("草案“甲”", "draft “A”"))
    assert drawings.newest(city.data_dir, city.id, drawings.asked_of("p2")) == division
    assert division in drawings.drawn(city.data_dir, city.id)
    drawn = under(city, division.key)
    assert named(city, f"{city.id}.{division.key}") is drawn
    unit = drawn.tree.find("101001001")
    assert unit is not None
    sites = drawn.inside(unit)
    assert set(drawn.sites["unit"].to_numpy()[sites]) == set(drawn.tree.subtree(unit))
    places = drawn.places.iloc[unit]
    whole = city.places.set_index("code").geometry
    both = shapely.union_all([whole["101001001"], whole["101001002"]])
    assert shapely.area(shapely.symmetric_difference(both, places.geometry)) < 1e-9
    assert places["area_km2"] == pytest.approx(0.18, rel=1e-3)
    lon, lat = np.array([places["label_lon"]]), np.array([places["label_lat"]])
    (x,), (y,) = to_metres(lon, lat)
    ((column, row),) = tiles_over(Box(x, y, x + 1, y + 1), 16)
    assert tile(drawn, "grid", 16, column, row) not in {b"", tile(city, "grid", 16, column, row)}
    again = operations.merge(there.ground, plan, "101003001", "101003002")
    newer = drafted.draw(city, there, again, "p2", ("草案", "draft"))
    assert newer.key != division.key
    assert drawings.newest(city.data_dir, city.id, drawings.asked_of("p2")) == newer
    assert under(city, division.key) is drawn  # a page that is open may go on asking
    drawings.forget(city.data_dir, "p2")
    assert drawings.newest(city.data_dir, city.id, drawings.asked_of("p2")) is None
    with pytest.raises(SnapshotError, match=r"draft\.p2"):
        under(city, "draft.p2.0000")


def test_units_below_grids_stay_where_their_grid_is_and_what_was_parted_is_told(
    city: City, there: Grounded
) -> None:
    plan = plan_of(there)
    made = redrawn(city, there, plan)
    lower = made.units[made.units["level"] == "micro"].set_index("code")
    grids = made.units[made.units["level"] == "grid"].set_index("code")
    assert len(lower) == 32
    assert lower.loc["10100100201", "parent"] == "101001001"
    assert lower.loc["10200300101", "parent"] == "102003077"
    assert set(lower["parent"]) <= set(grids.index)
    over = grids.geometry.loc[lower["parent"]].to_numpy()
    assert (shapely.area(shapely.difference(lower.geometry.to_numpy(), over)) < 1e-10).all()
    assert set(made.loose) <= {"10100200101", "10200100101"}
    codes = made.units["code"].to_numpy(dtype=object)[made.site]
    before = city.places["code"].to_numpy()[city.sites["unit"].to_numpy()]
    untouched = [str(code).startswith(("101003", "101004", "102002")) for code in before]
    assert (codes[untouched] == before[untouched]).all()


def test_a_plan_of_one_community_leaves_every_other_unit_as_it_is(city: City) -> None:
    part = rebased(grounds.opened(grounds.folder_of(city), "101001"), city)
    plan = operations.merge(part.ground, part.today, "101001001", "101001002")
    made = redrawn(city, part, plan)
    assert len(made.units) == len(city.places) - 1
    gone = set(city.places["code"]) - set(made.units["code"])
    assert gone == {"101001002"}
    others = ~made.units["code"].str.startswith("101001")
    assert (made.same[others] >= 0).all()


def test_people_are_conserved_and_names_follow_their_neighbours(
    city: City, there: Grounded
) -> None:
    plan = plan_of(there)
    told = city.places.assign(
        people=np.where(city.places["level"] == "grid", 1_000, 16_000), households=-1
    )
    peopled = replace(city, kept={})
    peopled.__dict__["places"] = told
    made = redrawn(peopled, there, plan)
    grids = made.units[made.units["level"] == "grid"].set_index("code")
    assert grids["people"].sum() == 32 * 1_000
    assert grids.loc["101001001", "people"] == 2_000
    fresh = (set(plan.codes) - set(there.today.codes) - {"102003077"}).pop()
    assert grids.loc[fresh, "name_zh"] == f"{int(fresh.removeprefix('101002'))}号"
    assert grids.loc[fresh, "parent"] == "101002"
    assert (made.same[made.units["level"].isin(("city", "street"))] >= 0).all()


def test_a_plan_that_is_law_leaves_every_case_where_it_was(
    city: City, there: Grounded, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(city.data_dir, data_dir)
    live = open_city(data_dir)
    plan = plan_of(there)
    division = drafted.draw(live, there, plan, "p1", ("草案", "draft"))
    then, drawn = counts(live, ""), counts(live, division.key)
    old = counts(live, EARLIER.isoformat())
    enacted.enact(live, enacted.Law(there, plan, "p1", TODAY))
    now = open_city(data_dir)
    assert now.id != live.id
    assert counts(now, "") == drawn
    assert [each.until for each in now.divisions.values()] == [
        TODAY.isoformat(), EARLIER.isoformat(),
    ]  # fmt: skip
    assert counts(now, TODAY.isoformat()) == then | {"": then[""]}
    assert counts(now, EARLIER.isoformat()) == old
    assert by_building(now) == by_building(live)
    assert (now.sites["kind"] == SITE_UNKNOWN).sum() == len(now.places)
    assert now.meta["notes"]["enacted"] == {"plan": "p1", "since": TODAY.isoformat()}


def test_boundaries_cannot_begin_before_those_in_force(city: City, there: Grounded) -> None:
    law = enacted.Law(there, plan_of(there), "p1", EARLIER - timedelta(days=1))
    with pytest.raises(DrawingError, match="effective date 2025-02-28: the boundaries in force"):
        enacted.enact(city, law)


def test_a_plan_begun_on_an_older_city_stands_on_the_new_one_unless_its_grids_changed(
    city: City,
    there: Grounded,
    tmp_path: Path,
    sketch: Any,  # noqa: ANN401
) -> None:
    assert there.snapshot == city.id
    sites = city.sites["building"].to_numpy()[there.buildings.site]
    assert city.buildings["code"].iloc[sites].tolist() == there.buildings.id.tolist()
    publish(town(sketch, units=before()), tmp_path)
    with pytest.raises(DrawingError, match="grids 101001001, 101001002 are others now") as refused:
        rebased(replace(there, snapshot="older"), open_city(tmp_path))
    assert "网格 101001001, 101001002" in refused.value.zh


def test_an_approved_plan_waits_for_its_day_and_is_published_once(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    done = plans.do(key, "", {"do": "merge", "survivor": "101001001", "other": "101001002"},
                    "li", "")  # fmt: skip
    for state in ("community", "street", "district"):
        plans.move(key, state, "wang", "")
    assert lawful.since(plans.opened(key), "UTC") is None
    tomorrow = TODAY + timedelta(days=2)
    plans.move(key, "published", "zhao", "", tomorrow.isoformat())
    assert lawful.since(plans.opened(key), "UTC") == tomorrow
    assert lawful.due(data_dir, plans, TODAY, "UTC") == []
    assert lawful.due(data_dir, plans, tomorrow, "UTC") == [key]
    home = drawings.home_of(data_dir, key)
    home.mkdir(parents=True)
    live = open_city(data_dir)
    with pytest.raises(DrawingError, match="is in force only from"):
        enacting.enact(home)
    assert open_city(data_dir).id == live.id
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enacting, "since", lambda *_: TODAY)
        enacting.enact(home)
        now = open_city(data_dir)
        assert now.tree.find("101001002") is None
        assert now.meta["counts"]["incidents"] == live.meta["counts"]["incidents"]
        enacting.enact(home)  # as after a kill before the last note
    assert open_city(data_dir).id == now.id
    told = lawful.record(data_dir, key)
    assert told is not None
    assert (told.snapshot, told.since) == (now.id, TODAY.isoformat())
    assert (job(home).snapshot, job(home).share) == (now.id, 1.0)
    assert lawful.due(data_dir, plans, tomorrow, "UTC") == []
    branch = plans.branch(key, "另一个", "li")
    assert lawful.record(data_dir, branch) is None
    assert done.plan.key == plans.opened(branch).plan.key
