"""Scenarios as files: nothing acknowledged is lost, nobody overwrites another, undo is exact."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pytest
import shapely

from geodata.model.errors import NotYetError, RequestError, SnapshotError, UnknownPlaceError
from geodata.planner.history import ROOT
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import gaps, outline
from geodata.scenarios import grounds
from geodata.scenarios.book import LINES
from geodata.scenarios.grounded import degrees
from geodata.scenarios.scenario import PLANS, NoScenarioError, Scenario, Scenarios
from geodata.store.prune import GROUNDS

if TYPE_CHECKING:
    from geodata.store.snapshots import City

A, B, C, D = (f"10100100{n}" for n in (1, 2, 3, 4))  # grids of the first community
ROOT_DIR: Final = Path(__file__).parents[3]


def line_of(scenario: Scenario, code: str, turn: float = 0.0) -> list[tuple[float, float]]:
    """A line across the middle of a grid, in degrees."""
    whole = outline(scenario.grounded.ground, scenario.plan, scenario.plan.number(code))
    west, south, east, north = whole.bounds
    x, y = (west + east) / 2, (south + north) / 2
    reach, slope = (east - west) / 2 + 20, turn * (north - south)
    drawn = shapely.LineString([(x - reach, y - slope), (x + reach, y + slope)])
    return [tuple(at) for at in shapely.get_coordinates(
        degrees(scenario.grounded, np.array([drawn]))).tolist()]  # fmt: skip


def split(scenario: Scenario, code: str, turn: float = 0.0) -> dict[str, Any]:
    return {"do": "split_line", "grid": code, "line": line_of(scenario, code, turn)}


def do(plans: Scenarios, key: str, op: dict[str, Any], seen: str | None = None) -> Scenario:
    head = plans.opened(key).head if seen is None else seen
    return plans.do(key, head, op, "li", "as seen on the spot")


def check(scenario: Scenario) -> None:
    ground = scenario.grounded.ground
    assert faults(ground, scenario.plan) == []
    assert all(gaps(ground, scenario.plan, n) == [] for n in range(len(ground.communities)))
    houses = scenario.grounded.buildings
    held = np.bincount(houses.atom, houses.households, len(ground))
    assert (held == ground.households).all()


def test_a_scenario_begins_with_todays_grids(plans: Scenarios, key: str, made: City) -> None:
    scenario = plans.opened(key)
    assert scenario.plan.key == scenario.grounded.today.key
    assert (scenario.state, scenario.author, scenario.base) == ("draft", "li", made.id)
    assert len(scenario.plan.living) == 16
    (listed,) = plans.listed()
    assert (listed.id, listed.name, listed.grids, listed.steps) == (key, "试拟方案", (16, 16), 0)
    assert listed.scope_name == ("101号", "No. 101")


def test_what_was_done_is_there_after_a_start(plans: Scenarios, key: str, data_dir: Path) -> None:
    scenario = do(plans, key, split(plans.opened(key), A, 0.1))
    assert scenario.cuts
    scenario = do(plans, key, {"do": "merge", "survivor": B, "other": D})
    scenario = do(plans, key, split(scenario, "101001005", 0.2))
    check(scenario)
    again = Scenarios(data_dir).opened(key)
    assert again.plan.key == scenario.plan.key
    assert again.grounded.ground.key == scenario.grounded.ground.key
    assert again.grounded.ground.area_m2 == pytest.approx(
        shapely.area(again.grounded.ground.shapes)
    )
    assert (again.grounded.buildings.atom == scenario.grounded.buildings.atom).all()
    assert again.history.steps == scenario.history.steps
    assert plans.listed()[0].grids == (16, 17)


def test_undo_and_redo_walk_exactly_and_are_kept(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    ops = ({"do": "lock", "grids": [C]}, split(plans.opened(key), A, 0.1))
    seen = [plans.opened(key).plan, *(do(plans, key, op).plan for op in ops)]
    scenario = plans.undo(key, plans.opened(key).head, "wang")
    assert scenario.plan.codes == seen[1].codes
    again = Scenarios(data_dir)
    assert again.opened(key).plan.key == scenario.plan.key
    assert again.redo(key, scenario.head, "wang").plan.key == seen[2].key
    scenario = plans.undo(key, plans.undo(key, plans.opened(key).head, "li").head, "li")
    assert scenario.head == ROOT
    assert (scenario.plan.grid == scenario.grounded.today.grid).all()
    with pytest.raises(PlanRefusedError) as error:
        plans.undo(key, ROOT, "li")
    assert error.value.why is Why.NOTHING_TO_UNDO


def test_half_a_line_is_dropped_and_told(plans: Scenarios, key: str, data_dir: Path) -> None:
    do(plans, key, {"do": "lock", "grids": [A]})
    path = data_dir / PLANS / key / LINES
    whole = path.read_bytes()
    path.write_bytes(whole + whole.splitlines(keepends=True)[-1][:40])
    after = Scenarios(data_dir)
    assert after.opened(key).torn
    assert len(after.opened(key).history.steps) == 1
    scenario = do(after, key, {"do": "unlock", "grids": [A]})
    assert not scenario.torn
    assert Scenarios(data_dir).opened(key).plan.locked == frozenset()


def test_an_altered_line_is_found(plans: Scenarios, key: str, data_dir: Path) -> None:
    do(plans, key, {"do": "lock", "grids": [A]})
    path = data_dir / PLANS / key / LINES
    path.write_bytes(path.read_bytes().replace(b"as seen on", b"as said on"))
    with pytest.raises(SnapshotError, match=r"lines\.jsonl, line 2: was altered"):
        Scenarios(data_dir).opened(key)
    assert Scenarios(data_dir).listed()[0].fault


def test_an_older_view_is_good_where_nobody_else_was(plans: Scenarios, key: str) -> None:
    first = plans.opened(key)
    do(plans, key, split(first, A, 0.1))
    scenario = do(plans, key, split(first, "101002001", 0.1), first.head)
    check(scenario)
    assert {"101001005", "101002005"} <= set(scenario.plan.codes)
    with pytest.raises(PlanRefusedError) as error:
        do(plans, key, {"do": "merge", "survivor": A, "other": B}, first.head)
    assert error.value.why is Why.CHANGED_MEANWHILE
    assert A in error.value.grids
    with pytest.raises(PlanRefusedError) as error:
        plans.undo(key, first.head, "wang")
    assert set(error.value.grids) >= {A, "101002001"}


def test_an_alternative_goes_on_top_of_what_others_did(plans: Scenarios, key: str) -> None:
    first = plans.opened(key)
    atoms = first.plan.atoms(first.plan.number("101003002")).tolist()
    other = do(plans, key, {"do": "reassign", "atoms": atoms[:0] or [
        next(a for a in atoms if first.plan.number("101003001") in
             first.plan.grid[first.grounded.ground.neighbours.of(a)])], "to": "101003001",
        "with_cut_off": True})  # fmt: skip
    made = do(plans, plans.branch(key, "另一方案", "li"), split(other, A, 0.1))
    assert made.cuts
    again = do(plans, key, {"do": "lock", "grids": ["101004001"]})
    grid = first.plan.grid.copy()
    grid[first.plan.atoms(first.plan.number(B))] = first.plan.number(A)
    alternative = first.plan.with_grid(grid)
    after = do(plans, key, {"do": "adopt", "plan": alternative}, first.head)
    assert (after.plan.grid == again.plan.grid).mean() < 1
    assert B not in [after.plan.codes[n] for n in after.plan.living]
    moved = np.flatnonzero(other.plan.grid != first.plan.grid)
    assert (after.plan.grid[moved] == other.plan.grid[moved]).all()
    broken = first.plan.with_grid(np.zeros_like(grid))
    with pytest.raises(PlanRefusedError):
        do(plans, key, {"do": "adopt", "plan": broken})


def test_two_editors_in_threads_lose_nothing(data_dir: Path, plans: Scenarios, key: str) -> None:
    others = [plans, Scenarios(data_dir)]  # the second knows no lock of the first but the file's
    codes = [f"10100{c}00{g}" for c in (1, 2, 3, 4) for g in (1, 2, 3, 4)]

    def lock(number: int) -> None:
        do(others[number % 2], key, {"do": "lock", "grids": [codes[number]]}, ROOT)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lock, range(len(codes))))
    for each in (*others, Scenarios(data_dir)):
        scenario = each.opened(key)
        assert len(scenario.plan.locked) == len(scenario.history.steps) == len(codes)


def test_another_process_may_edit_as_well(data_dir: Path, plans: Scenarios, key: str) -> None:
    do(plans, key, {"do": "lock", "grids": [A]})
    code = (
        "import sys; from pathlib import Path; from geodata.scenarios.scenario import Scenarios\n"
        "plans = Scenarios(Path(sys.argv[1])); head = plans.opened(sys.argv[2]).head\n"
        "plans.do(sys.argv[2], head, {'do': 'lock', 'grids': [sys.argv[3]]}, 'wang', '')\n"
    )
    command = [sys.executable, "-c", code, str(data_dir), key, B]
    subprocess.run(command, check=True, cwd=ROOT_DIR)  # noqa: S603 (our own program)
    scenario = plans.opened(key)
    assert {scenario.plan.codes[n] for n in scenario.plan.locked} == {A, B}
    assert [step.author for step in scenario.history.way(scenario.head)] == ["li", "wang"]


def test_an_attempt_leaves_no_trace(data_dir: Path, plans: Scenarios, key: str) -> None:
    scenario, path = plans.opened(key), data_dir / PLANS / key / LINES
    before = path.read_bytes()
    tried = plans.attempt(key, scenario.head, split(scenario, A, 0.1))
    assert tried.refused is None
    assert {each.code for each in tried.grids} == {A, "101001005"}
    new = next(each for each in tried.grids if each.before is None)
    old = next(each for each in tried.grids if each.before is not None)
    assert old.before is not None
    assert old.after is not None
    assert new.after is not None
    assert old.before.households == old.after.households + new.after.households
    refused = plans.attempt(key, scenario.head, {"do": "merge", "survivor": A, "other": A})
    assert refused.refused is not None
    assert refused.refused.why is Why.ITSELF
    assert path.read_bytes() == before
    assert plans.opened(key).plan.key == scenario.plan.key


def test_a_branch_goes_its_own_way_and_comes_back(plans: Scenarios, key: str) -> None:
    do(plans, key, split(plans.opened(key), A, 0.1))
    other = plans.branch(key, "另一方案", "wang")
    assert plans.opened(other).parent == key
    theirs = do(plans, other, split(plans.opened(other), "101002001", 0.2))
    ours = do(plans, key, split(plans.opened(key), "101003004", 0.15))
    assert theirs.plan.codes[-1] == "101002005"
    merged = plans.merged(key, ours.head, other, "li", "")
    check(merged)
    assert {"101001005", "101002005", "101003005"} <= set(merged.plan.codes)
    assert len(merged.plan.living) == 19
    assert Scenarios(plans._data_dir).opened(key).plan.key == merged.plan.key  # noqa: SLF001
    for code in ("101002001", "101002005"):
        shapes = [
            outline(each.grounded.ground, each.plan, each.plan.number(code))
            for each in (merged, theirs)
        ]
        assert shapely.hausdorff_distance(*shapes) < 1e-5
    back = plans.undo(key, merged.head, "li")
    assert len(back.plan.living) == 18


def test_branches_that_disagree_name_the_grids(plans: Scenarios, key: str) -> None:
    other = plans.branch(key, "另一方案", "wang")
    do(plans, other, split(plans.opened(other), A, 0.1))
    ours = do(plans, key, split(plans.opened(key), A, -0.2))
    with pytest.raises(PlanRefusedError) as error:
        plans.merged(key, ours.head, other, "li")
    assert error.value.why is Why.DISAGREE
    assert A in error.value.grids
    elsewhere = plans.create("二街", "102", "li")
    with pytest.raises(PlanRefusedError) as error:
        plans.merged(key, ours.head, elsewhere, "li")
    assert error.value.why is Why.OTHER_BASE


def test_comments_stand_by_a_grid_and_a_version(plans: Scenarios, key: str) -> None:
    head = do(plans, key, {"do": "lock", "grids": [A]}).head
    plans.comment(key, A, " 围墙外归谁？ ", "zhao")
    do(plans, key, {"do": "unlock", "grids": [A]})
    (said,) = plans.opened(key).comments
    assert (said.grid, said.head, said.text, said.author) == (A, head, "围墙外归谁？", "zhao")
    with pytest.raises(PlanRefusedError):
        plans.comment(key, "101001099", "?", "zhao")
    with pytest.raises(RequestError):
        plans.comment(key, A, " ", "zhao")


def test_a_scenario_goes_through_its_review(plans: Scenarios, key: str) -> None:
    for state in ("community", "street"):
        plans.move(key, state, "li", "")
    scenario = plans.opened(key)
    for what in (
        lambda: do(plans, key, {"do": "lock", "grids": [A]}),
        lambda: plans.undo(key, scenario.head, "li"),
    ):
        with pytest.raises(PlanRefusedError) as error:
            what()
        assert error.value.why is Why.SUBMITTED
    for state, reason, why in (
        ("published", "x", Why.NO_SUCH_MOVE),
        ("draft", " ", Why.NO_REASON),
        ("gone", "x", Why.NO_SUCH_MOVE),
    ):
        with pytest.raises(PlanRefusedError) as error:
            plans.move(key, state, "chen", reason)
        assert error.value.why is why
    plans.move(key, "draft", "chen", "围墙一段未走到")
    do(plans, key, {"do": "lock", "grids": [A]})
    for state in ("community", "street", "district"):
        plans.move(key, state, "chen", "")
    done = plans.move(key, "published", "chen", "", "2027-01-01")
    assert done.approvals[-1].effective == "2027-01-01"
    assert [each.state for each in done.approvals][:3] == ["community", "street", "draft"]
    assert done.approvals[2].reason == "围墙一段未走到"
    assert plans.listed()[0].state == "published"
    branch = plans.opened(plans.branch(key, "下一轮", "li"))
    assert (branch.state, branch.approvals) == ("draft", ())


def test_a_scenario_outlives_the_ground_of_its_city(
    plans: Scenarios, key: str, data_dir: Path, made: City
) -> None:
    before = plans.opened(key).plan.key
    for path in (data_dir / GROUNDS / made.id).iterdir():
        path.unlink()
    assert Scenarios(data_dir).opened(key).plan.key == before
    with pytest.raises(NotYetError):
        plans.create("试拟", "101", "li")


def test_what_makes_no_sense_is_refused_by_name(plans: Scenarios, key: str) -> None:
    with pytest.raises(NoScenarioError, match="no such scenario"):
        plans.opened("../../etc")
    with pytest.raises(UnknownPlaceError, match="999"):
        plans.create("试拟", "999", "li")
    with pytest.raises(RequestError, match="characters"):
        plans.create(" ", "101", "li")
    with pytest.raises(PlanRefusedError) as error:
        do(plans, key, {"do": "lock", "grids": [A]}, "0123456789abcdef")
    assert error.value.why is Why.NO_STEP


def test_every_line_is_sealed_with_the_one_before(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    for grid in (A, B):
        do(plans, key, {"do": "lock", "grids": [grid]})
    path = data_dir / PLANS / key / LINES
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])  # one was taken out
    with pytest.raises(SnapshotError, match="line 2"):
        Scenarios(data_dir).opened(key)
    assert orjson.loads(lines[1])["step"]["reason"] == "as seen on the spot"
    assert grounds.index_of(path.parent / "ground")["parts"][0]["file"] == "0000.npz"
