"""Borders to walk: what of each is new, and what it follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geodata.scenarios.exports import Moved
from geodata.scenarios.walked import stretches
from tests.geodata.scenarios.test_scenarios import do, split

if TYPE_CHECKING:
    from geodata.scenarios.scenario import Scenario, Scenarios
    from geodata.scenarios.walked import Stretch

A, NEW = "101001001", "101001005"


@pytest.fixture
def parted(plans: Scenarios, key: str) -> Scenario:
    return do(plans, key, split(plans.opened(key), A))


def walked(scenario: Scenario, **lines: object) -> list[Stretch]:
    there = scenario.grounded
    if lines:
        there = replace(there, lines=replace(there.lines, **lines))
    first = np.zeros(1, dtype=np.int32)
    return stretches(Moved(there, scenario.plan, first))


def test_only_what_was_no_border_before_is_new(parted: Scenario) -> None:
    found = walked(parted)
    for each in found:
        assert shapely.length(each.line) == pytest.approx(each.length_m, abs=0.1)
        assert shapely.length(each.fresh) == pytest.approx(each.new_m, abs=0.1)
    cut = next(each for each in found if {each.first, each.second} == {A, NEW})
    assert cut.new_m == pytest.approx(cut.length_m)
    assert any(each.new_m == 0 for each in found)


def test_a_railway_without_a_name_is_followed_where_nothing_has_one(parted: Scenario) -> None:
    cut = next(each for each in walked(parted) if {each.first, each.second} == {A, NEW})
    for kind, told in (("arterial", (0,)), ("road", ())):
        found = walked(
            parted, kind=np.array([kind]), name_zh=np.array([""]), name_en=np.array([""]),
            shapes=np.array([cut.line], dtype=object),
        )  # fmt: skip
        same = next(each for each in found if {each.first, each.second} == {A, NEW})
        assert same.along == told
