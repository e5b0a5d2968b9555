"""A plan that a publication overtook is known, and its changes go over to today's grids."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import pytest
import shapely

from geodata.planner import operations
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import gaps, outline
from geodata.publish import enacted
from geodata.scenarios import grounds
from geodata.scenarios import overtaken as overtaken_room
from geodata.scenarios.carried import carried
from geodata.scenarios.drawn import Drawn
from geodata.scenarios.grounded import WGS84, mover
from geodata.scenarios.named import called
from geodata.scenarios.overtaken import overtaken
from geodata.scenarios.rebased import rebased
from geodata.scenarios.scenario import PLANS, CarriedError, Scenario, Scenarios
from geodata.store.snapshots import SNAPSHOTS, City, kept_snapshot, open_city
from tests.geodata.scenarios.test_scenarios import do, split

if TYPE_CHECKING:
    from pathlib import Path

A, B, C, D = (f"10100100{n}" for n in (1, 2, 3, 4))  # grids of the first community
NEW = "101001005"
TODAY = datetime.now(UTC).date()
NEAR_M2 = 1.0  # by which a border drawn to the centimetre may differ


def published(data_dir: Path, code: str) -> City:
    """The city after another plan cut a grid in two, with its new ground."""
    city = open_city(data_dir)
    there = rebased(grounds.grounded(city), city)
    atoms = there.today.atoms(there.today.number(code))
    for atom in atoms.tolist():
        try:
            plan = operations.split(there.ground, there.today, code, [atom])
            break
        except PlanRefusedError:
            continue
    enacted.enact(city, enacted.Law(there, plan, "other", TODAY - timedelta(days=1)))
    live = open_city(data_dir)
    if not grounds.is_ready(live):
        grounds.make(live)
    return live


def area(scenario: Scenario, code: str) -> shapely.Geometry:
    return outline(scenario.grounded.ground, scenario.plan, scenario.plan.number(code))


def test_a_plan_begun_on_the_live_city_is_not_overtaken(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    assert overtaken(plans.opened(key).grounded, open_city(data_dir)) == ()


def test_changes_go_over_to_the_grids_of_today(plans: Scenarios, key: str, data_dir: Path) -> None:
    do(plans, key, split(plans.opened(key), C, 0.1))
    old = do(plans, key, {"do": "lock", "grids": [D]})
    live = published(data_dir, A)
    assert overtaken(old.grounded, live) == (A,)
    assert live.tree.find(NEW) is not None, "the other plan gave the same code"
    now = plans.opened(plans.carried_over(key, "carried", "wang"))
    assert (now.base, now.scope, now.rules) == (live.id, old.scope, old.rules)
    assert overtaken(now.grounded, live) == ()
    new = now.plan.codes[-1]
    assert new not in live.tree.codes
    assert shapely.area(shapely.symmetric_difference(area(now, C), area(old, C))) < NEAR_M2
    assert shapely.area(shapely.symmetric_difference(area(now, new), area(old, NEW))) < NEAR_M2
    assert [now.plan.codes[each] for each in now.plan.locked] == [D]
    same = {code for code in now.grounded.today.codes if code != C}
    for code in same:
        was = outline(now.grounded.ground, now.grounded.today, now.grounded.today.number(code))
        assert shapely.equals(area(now, code), was), "what another plan published stays"
    ground = now.grounded.ground
    assert faults(ground, now.plan) == []
    assert all(gaps(ground, now.plan, n) == [] for n in range(len(ground.communities)))
    assert plans.opened(key).head == old.head, "the old one stays as it is"


def test_of_two_who_carry_it_over_at_once_one_is_told(
    plans: Scenarios, key: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(plans, key, split(plans.opened(key), C, 0.1))
    published(data_dir, A)
    both = threading.Barrier(2, timeout=60)

    def together(*given: Any, **more: Any) -> Any:  # noqa: ANN401
        found = carried(*given, **more)
        both.wait()  # both have found that nobody did it before
        return found

    def go(name: str) -> str:
        try:
            return plans.carried_over(key, name, "wang")
        except CarriedError as error:
            return f"told: {error.names}"

    monkeypatch.setattr("geodata.scenarios.scenario.carried", together)
    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(go, ("one", "two")))
    (made,) = (each for each in found if not each.startswith("told"))
    assert [each.carried for each in plans.listed() if each.carried] == [key]
    assert found[1] == f"told: {(plans.told(made).name,)}"


def test_a_lock_stays_on_the_grid_whose_code_was_given_elsewhere_meanwhile(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    do(plans, key, split(plans.opened(key), C, 0.1))
    old = do(plans, key, {"do": "lock", "grids": [NEW]})
    live = published(data_dir, A)
    assert live.tree.find(NEW) is not None, "the other plan gave the same code"
    now = plans.opened(plans.carried_over(key, "carried", "wang"))
    (code,) = (now.plan.codes[each] for each in now.plan.locked)
    assert code != NEW
    assert shapely.area(shapely.symmetric_difference(area(now, code), area(old, NEW))) < NEAR_M2


def test_a_grid_that_lost_its_border_is_another_one(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    live = published(data_dir, A)
    live.places.geometry.array[live.tree.find(B)] = None
    assert overtaken(plans.opened(key).grounded, live) == (A, B)


@pytest.mark.parametrize(("wide", "other"), [(0.3, False), (2.0, True), (12.0, True)])
def test_a_strip_too_narrow_for_land_is_no_other_border(
    plans: Scenarios, key: str, data_dir: Path, wide: float, *, other: bool
) -> None:
    """Twelve by thirty metres are little beside a grid, and may hold its only tower."""
    there, live = plans.opened(key).grounded, published(data_dir, D)
    row = live.tree.find(A)
    border = shapely.transform(live.places.geometry.array[row], mover(WGS84, there.crs))
    west, south, _, _ = border.bounds
    strip = shapely.box(west - wide, south + 10, west + wide, south + 40)
    drawn = shapely.transform(shapely.difference(border, strip), mover(there.crs, WGS84))
    live.places.geometry.array[row] = drawn
    assert (A in overtaken(there, live)) == other


def test_the_city_it_began_on_spares_a_look_at_every_border(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    there, began = plans.opened(key).grounded, open_city(data_dir)
    live = published(data_dir, A)
    drawn = overtaken_room._drawn  # noqa: SLF001 (the costly part)
    with patch.object(overtaken_room, "_drawn", wraps=drawn) as looked:
        assert overtaken(there, live, began) == (A,) == overtaken(there, live)
    few, all_ = (len(call.args[1]) for call in looked.call_args_list)
    assert (few, all_) == (4, 16), "of the community whose borders were written, not of all"


def test_a_city_that_is_damaged_is_of_no_help(plans: Scenarios, key: str, data_dir: Path) -> None:
    there, base = plans.opened(key).grounded, open_city(data_dir).id
    live = published(data_dir, A)
    places = data_dir / SNAPSHOTS / base / "places.parquet"
    places.unlink()  # other tests have the same file
    places.write_bytes(b"no table")
    assert overtaken(there, live, kept_snapshot(data_dir, base)) == (A,)


def test_a_plan_that_changed_nothing_begins_anew(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    live = published(data_dir, A)
    now = plans.opened(plans.carried_over(key, "carried", "wang"))
    assert now.base == live.id
    assert now.plan.key == now.grounded.today.key


def test_the_same_grids_changed_twice_are_refused_by_name_and_nothing_is_begun(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    do(plans, key, split(plans.opened(key), A))
    published(data_dir, A)
    before = sorted(path.name for path in (data_dir / PLANS).iterdir())
    with pytest.raises(PlanRefusedError) as refused:
        plans.carried_over(key, "carried", "wang")
    assert (refused.value.why, refused.value.grids) == (Why.OVERTAKEN, (A,))
    assert sorted(path.name for path in (data_dir / PLANS).iterdir()) == before


def test_changes_that_have_nothing_to_do_with_a_clash_can_go_over_alone(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    do(plans, key, split(plans.opened(key), A, 0.1))
    old = do(plans, key, split(plans.opened(key), C, 0.1))
    published(data_dir, A)
    with pytest.raises(PlanRefusedError) as refused:
        plans.carried_over(key, "carried", "wang")
    assert (refused.value.why, refused.value.grids) == (Why.OVERTAKEN_PARTLY, (A,))
    now = plans.opened(plans.carried_over(key, "carried", "wang", partly=True))
    assert shapely.area(shapely.symmetric_difference(area(now, C), area(old, C))) < NEAR_M2
    today = now.grounded.today
    was = outline(now.grounded.ground, today, today.number(A))
    assert shapely.equals(area(now, A), was), "what another plan published stays"
    assert [(each.text, each.left, each.author) for each in now.comments] == [
        (old.name, (A,), "wang")
    ]
    assert Scenarios(data_dir).opened(now.id).comments == now.comments, "as they are read again"
    assert faults(now.grounded.ground, now.plan) == []


def test_a_grid_that_exchanged_land_with_one_that_clashes_stays_with_it(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    old = do(plans, key, {"do": "merge", "survivor": B, "other": A})
    do(plans, key, split(old, C, 0.1))
    published(data_dir, A)
    now = plans.opened(plans.carried_over(key, "carried", "wang", partly=True))
    assert {A, B} <= {now.plan.codes[each] for each in now.plan.living}
    assert [each.left for each in now.comments] == [(A, B)]


def test_locks_of_what_is_left_lock_no_grid_of_another_plan(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    do(plans, key, split(plans.opened(key), A, 0.1))
    do(plans, key, split(plans.opened(key), C, 0.1))
    do(plans, key, {"do": "lock", "grids": [NEW, A, D]})
    live = published(data_dir, A)
    assert live.tree.find(NEW) is not None, "the other plan gave the same code"
    now = plans.opened(plans.carried_over(key, "carried", "wang", partly=True))
    assert [now.plan.codes[each] for each in now.plan.locked] == [D]


def test_nothing_is_begun_where_nothing_can_go_over(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    do(plans, key, split(plans.opened(key), A))
    published(data_dir, A)
    with pytest.raises(PlanRefusedError) as refused:
        plans.carried_over(key, "carried", "wang", partly=True)
    assert (refused.value.why, refused.value.grids) == (Why.OVERTAKEN, (A,))


def test_a_grid_without_code_does_not_take_the_grid_that_another_one_names(
    plans: Scenarios, key: str
) -> None:
    there = plans.opened(key).grounded
    whole = outline(there.ground, there.today, there.today.number(A))
    west, south, east, north = whole.bounds
    middle = west + 0.4 * (east - west)
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    shapes = shapely.intersection(np.array(halves, dtype=object), whole)
    drawn = Drawn("grids.gpkg", shapes, (A, ""), (1, 2), there.crs, "", own=False)
    made = do(plans, key, {"do": "import", "drawn": drawn, "cut": True})
    assert set(made.plan.codes) - set(there.today.codes) == {NEW}
    assert shapely.area(area(made, A)) < 0.5 * shapely.area(whole)


def test_what_continues_a_plan_is_known_by_the_list_and_its_step_by_its_name(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    old = do(plans, key, split(plans.opened(key), C, 0.1))
    published(data_dir, A)
    made = plans.carried_over(key, "", "wang")
    branch = plans.branch(made, "支线", "wang")
    assert {each.id: each.carried for each in plans.listed()} == {key: "", made: key, branch: ""}
    now = plans.opened(made)
    assert [called(now.name, lang) for lang in ("zh", "en")] == [
        f"{old.name}（续）", f"{old.name} (continued)",
    ]  # fmt: skip
    (step,) = now.history.steps.values()
    assert (step.name, step.reason) == ("carry", old.name)
