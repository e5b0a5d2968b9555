"""What a desk keeps in memory is asked for anew when that on which it rests is another."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from dashboard.server.planning import desks, overtakings
from dashboard.server.planning.desks import Desks
from dashboard.server.planning.scope import seen
from geodata.planner.rules import rules_of
from geodata.scenarios.state import NoScenarioError
from geodata.store.snapshots import open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.scenarios.scenario import Scenario


@pytest.fixture
def at_work(planned_dir: Path) -> Desks:
    return Desks(planned_dir)


@pytest.fixture
def scenario(at_work: Desks) -> Scenario:
    return at_work.scenarios.opened(at_work.scenarios.create("方案A", "991", "li"))


def test_another_limit_of_the_city_is_seen_at_once(
    at_work: Desks, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope, rules = seen(scenario, "9911", "zh"), rules_of("")
    monkeypatch.setattr(Desks, "facts", lambda *_: None)
    monkeypatch.setattr(desks.reckoned, "reckon", lambda _, by, __: by.most)
    monkeypatch.setattr(Desks, "rules", lambda *_: rules)
    assert at_work.reckoned(scope) == rules.most
    less = rules.households_most.model_copy(update={"value": 800})
    changed = rules.model_copy(update={"households_most": less})
    monkeypatch.setattr(Desks, "rules", lambda *_: changed)
    assert at_work.reckoned(scope) == 800


def test_grids_are_compared_with_those_of_today_once_for_all_plans_of_a_place(
    at_work: Desks, scenario: Scenario, planned_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, looks = open_city(planned_dir), []
    newer = SimpleNamespace(city=SimpleNamespace(id=f"{city.id}-newer"))
    monkeypatch.setattr(desks, "live", lambda: newer)
    monkeypatch.setattr(overtakings, "overtaken", lambda *_: looks.append(1) or ("9911001",))
    branch = replace(scenario, id="branch")
    assert at_work.overtaken(scenario) == at_work.overtaken(branch) == ("9911001",)
    assert len(looks) == 1


def test_how_far_a_plan_is_is_told_without_its_ground(
    at_work: Desks, scenario: Scenario, planned_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = open_city(planned_dir)
    monkeypatch.setattr(desks, "live", lambda: SimpleNamespace(city=city))
    key, fresh = scenario.id, Desks(planned_dir)
    monkeypatch.setattr(fresh.scenarios, "opened", None)  # more desks are open than are in memory
    before = fresh.head(key, "en")
    assert before["mark"] == at_work.scenarios.opened(key).seal
    op = {"do": "lock", "grids": ["9911001"]}
    done = at_work.scenarios.do(key, scenario.head, op, "wang", "")
    after = fresh.head(key, "en")
    assert after["mark"] == done.seal != before["mark"]
    assert (after["by"], after["city"]) == ("wang", before["city"])


def test_a_city_published_anew_is_nobodys_change_of_the_plan(
    at_work: Desks, scenario: Scenario, planned_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = open_city(planned_dir)
    monkeypatch.setattr(desks, "live", lambda: SimpleNamespace(city=city))
    before = at_work.head(scenario.id, "en")
    newer = SimpleNamespace(city=SimpleNamespace(id=f"{city.id}-newer"))
    monkeypatch.setattr(desks, "live", lambda: newer)
    after = at_work.head(scenario.id, "en")
    assert after["mark"] == before["mark"]
    assert after["city"] != before["city"]


def test_of_a_plan_that_there_is_not_nothing_is_told(at_work: Desks) -> None:
    for key in ("nosuch", "../plans", ""):
        with pytest.raises(NoScenarioError):
            at_work.head(key, "en")
