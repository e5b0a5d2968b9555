"""Some plans become law in any order of things; `make bench` does many (test_planner_bench.py)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.geodata.scenarios.lawmaking import Lawmaking

TestLawmaking = Lawmaking.TestCase
TestLawmaking.settings = settings(
    max_examples=12,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
