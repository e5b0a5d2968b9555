"""Hundreds of operations in any order; `make bench` does thousands (test_planner_bench.py)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.geodata.planner.planning import Planning

TestPlanning = Planning.TestCase
TestPlanning.settings = settings(
    max_examples=30,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
