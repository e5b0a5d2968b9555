"""Thousands of operations on plans in any order, each step judged anew."""

from __future__ import annotations

import os
from time import perf_counter
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.geodata.planner.planning import Planning

pytestmark = pytest.mark.bench
RUNS: Final = int(os.environ.get("YIPING_STATEFUL_RUNS", "200"))
STEPS: Final = 60
LEAST: Final = 10  # operations of a run that are carried out, on average


def test_thousands_of_operations_break_no_rule(capsys: pytest.CaptureFixture[str]) -> None:
    began, done, refused = perf_counter(), Planning.done, Planning.refused
    run_state_machine_as_test(
        Planning,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    done, refused = Planning.done - done, Planning.refused - refused
    with capsys.disabled():
        took = perf_counter() - began
        print(f"\n{done} operations done, {refused} refused, {took:.0f} s")  # noqa: T201
    assert done >= LEAST * RUNS
