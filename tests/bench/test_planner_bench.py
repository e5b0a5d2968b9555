"""Thousands of operations on plans in any order, each step judged anew."""

from __future__ import annotations

import os
from time import perf_counter
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.geodata.planner.planning import Planning
from tests.geodata.planner.test_stateful_carving import Carving
from tests.geodata.scenarios.lawmaking import Lawmaking

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

pytestmark = pytest.mark.bench
RUNS: Final = int(os.environ.get("YIPING_STATEFUL_RUNS", "200"))
STEPS: Final = 60
LEAST: Final = 10  # operations of a run that are carried out, on average
LAWS: Final = 4  # that a run may make


def run(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("machine", [Planning, Carving], ids=["whole atoms", "cut atoms"])
def test_thousands_of_operations_break_no_rule(
    machine: type[Planning], capsys: pytest.CaptureFixture[str]
) -> None:
    began, done, refused = perf_counter(), machine.done, machine.refused
    run(machine)
    done, refused = machine.done - done, machine.refused - refused
    with capsys.disabled():
        took = perf_counter() - began
        print(f"\n{machine.__name__}: {done} operations done, {refused} refused, {took:.0f} s")  # noqa: T201
    assert done >= LEAST * RUNS


def test_plans_become_law_in_any_order_of_things(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lawmaking, "most_laws", LAWS)
    began, done, laws = perf_counter(), Lawmaking.done, Lawmaking.laws
    run(Lawmaking)
    done, laws = Lawmaking.done - done, Lawmaking.laws - laws
    with capsys.disabled():
        took = perf_counter() - began
        print(f"\nLawmaking: {done} operations done, {laws} plans made law, {took:.0f} s")  # noqa: T201
    assert done >= LEAST * RUNS
    assert laws >= RUNS // 2
