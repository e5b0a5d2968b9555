"""What stands on an older step, or cannot be read: nothing of others is undone, nothing broken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geodata.desk import lawful
from geodata.model.errors import RequestError, SnapshotError
from geodata.planner import operations
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios import book as books
from geodata.scenarios import making
from geodata.scenarios.book import LINES
from geodata.scenarios.scenario import PLANS, Scenario, Scenarios
from tests.geodata.scenarios.test_scenarios import A, B, C, D, split

if TYPE_CHECKING:
    from pathlib import Path

LOCK: dict[str, Any] = {"do": "lock", "grids": [C]}


def refusal(plans: Scenarios, key: str, seen: str, op: dict[str, Any], **more: str) -> Why:
    with pytest.raises(PlanRefusedError) as error:
        plans.do(key, seen, op, "li", "", **more)
    return error.value.why


def split_off(scenario: Scenario, code: str) -> Any:  # noqa: ANN401 (a plan)
    """The plan with one atom of a grid as a grid of its own."""
    for atom in scenario.plan.atoms(scenario.plan.number(code)).tolist():
        try:
            return operations.split(scenario.grounded.ground, scenario.plan, code, [atom])
        except PlanRefusedError:
            continue
    pytest.fail("no atom can be split off")


def test_a_plan_with_new_grids_is_refused_once_codes_were_undone(
    plans: Scenarios, key: str
) -> None:
    """Else its new grid would have a number that none of the codes stands for."""
    first = plans.opened(key)
    op = {"do": "adopt", "plan": split_off(first, "101002001")}
    after = plans.do(key, first.head, op, "li", "")
    wished = {"do": "adopt", "plan": split_off(after, "101003001")}
    plans.undo(key, after.head, "wang")
    assert refusal(plans, key, after.head, wished) is Why.CHANGED_MEANWHILE
    assert faults(first.grounded.ground, plans.opened(key).plan) == []


def test_what_was_nothing_to_do_undoes_nothing_of_others(plans: Scenarios, key: str) -> None:
    first = plans.opened(key)
    locked = plans.do(key, first.head, LOCK, "wang", "")
    free = {"do": "unlock", "grids": [C]}
    assert refusal(plans, key, first.head, free) is Why.CHANGED_MEANWHILE
    assert plans.opened(key).plan.locked == locked.plan.locked != frozenset()


def test_a_step_comes_instead_of_the_last_one_of_the_same_author(
    plans: Scenarios, key: str, data_dir: Path
) -> None:
    first = plans.opened(key)
    one, other = (
        {"do": "adopt", "plan": split_off(first, code)} for code in ("101002001", "101003001")
    )
    taken = plans.do(key, first.head, one, "li", "")
    with pytest.raises(PlanRefusedError):
        plans.do(key, first.head, other, "wang", "", instead=[taken.head])
    assert plans.opened(key).head == taken.head
    after = plans.do(key, first.head, other, "li", "", instead=[taken.head])
    assert [step.key for step in after.history.way(after.head)] == [after.head]
    again = Scenarios(data_dir).opened(key)
    assert (again.head, again.plan.key) == (after.head, after.plan.key)
    assert faults(first.grounded.ground, after.plan) == []


def test_what_goes_on_top_is_proved_before_it_is_written(
    plans: Scenarios, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = plans.opened(key)
    plans.do(key, first.head, LOCK, "wang", "")
    merged = operations.merge(first.grounded.ground, first.plan, A, B)
    torn = first.plan.with_grid(np.zeros_like(first.plan.grid))
    monkeypatch.setattr(making, "forward", lambda *_: torn)
    op = {"do": "adopt", "plan": merged}
    assert refusal(plans, key, first.head, op) is Why.OTHER_COMMUNITY


def test_a_move_counts_for_the_step_that_was_judged(plans: Scenarios, key: str) -> None:
    judged = plans.opened(key)
    after = plans.do(key, judged.head, LOCK, "wang", "")
    with pytest.raises(PlanRefusedError) as error:
        plans.move(key, "community", "li", "", judged=judged)
    assert error.value.why is Why.CHANGED_MEANWHILE
    plans.move(key, "community", "wang", "")
    with pytest.raises(PlanRefusedError) as error:
        plans.move(key, "withdrawn", "li", "x", judged=after)  # found as a draft
    assert error.value.why is Why.CHANGED_MEANWHILE
    assert plans.opened(key).state == "community"


def test_atoms_are_of_the_land_on_which_they_were_chosen(plans: Scenarios, key: str) -> None:
    """A cut that is undone leaves the head as it was, and other pieces under the numbers."""
    before = plans.opened(key)
    ground = before.grounded.ground.key
    plans.do(key, before.head, split(before, A, 0.1), "wang", "")
    plans.undo(key, plans.opened(key).head, "wang")
    now = plans.opened(key)
    assert now.head == before.head
    atoms = now.plan.atoms(now.plan.number(B)).tolist()
    op = {"do": "reassign", "atoms": atoms, "to": A}
    assert refusal(plans, key, now.head, op, ground=ground) is Why.OTHER_GROUND
    tried = plans.attempt(key, now.head, op, ground=ground)
    assert tried.refused is not None
    assert tried.refused.why is Why.OTHER_GROUND
    done = plans.do(key, now.head, LOCK, "li", "", ground=ground)  # names no atoms
    assert done.plan.locked


def test_a_code_is_taken_as_it_will_stand(plans: Scenarios, key: str) -> None:
    head = plans.opened(key).head
    taken = {"do": "renumber", "grid": A, "code": "102001001 "}  # of the other street
    assert refusal(plans, key, head, taken) is Why.CODE_GIVEN
    for code in ("a/b", "<b>", " ", "x" * 65, "a\nb"):
        with pytest.raises(RequestError, match="code"):
            plans.do(key, head, {"do": "renumber", "grid": A, "code": code}, "li", "")
    done = plans.do(key, head, {"do": "renumber", "grid": D, "code": " 网格-7 "}, "li", "")
    assert "网格-7" in done.plan.codes


def test_a_reading_that_failed_is_made_again(
    plans: Scenarios, key: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.do(key, "", LOCK, "li", "")
    fresh = Scenarios(data_dir)
    with monkeypatch.context() as patch:
        patch.setattr(books.grounds, "opened", None)  # whatever goes wrong
        with pytest.raises(TypeError):
            fresh.opened(key)
    assert len(fresh.opened(key).history.steps) == 1
    path = data_dir / PLANS / key / LINES
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SnapshotError, match="half a line"):
        Scenarios(data_dir).opened(key)
    path.write_bytes(b"")
    with pytest.raises(SnapshotError, match="is empty"):
        Scenarios(data_dir).opened(key)


def test_an_approval_is_taken_back_with_a_reason(plans: Scenarios, key: str) -> None:
    for state in ("community", "street", "district", "published"):
        plans.move(key, state, "wang", "")
    with pytest.raises(PlanRefusedError) as error:
        plans.move(key, "district", "chen", " ")
    assert error.value.why is Why.NO_REASON
    assert plans.move(key, "district", "chen", "公示有异议").state == "district"
    assert lawful.since(plans.opened(key), "UTC") is None


def test_a_damaged_plan_hinders_no_other(plans: Scenarios, key: str, data_dir: Path) -> None:
    other = plans.branch(key, "另一方案", "wang")
    for plan in (key, other):
        for state in ("community", "street", "district", "published"):
            plans.move(plan, state, "wang", "")
    ground = next((data_dir / PLANS / key / books.GROUND).glob("*.npz"))
    ground.unlink()
    ground.write_bytes(b"")
    assert lawful.due(data_dir, Scenarios(data_dir), date(2999, 1, 1), "UTC") == [other]
