"""Codes are given once: not to other units, not after a publication, not by two plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from geodata.planner import operations
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.splitting import split_into
from geodata.publish import enacted
from geodata.scenarios import asked, grounds, merges
from geodata.scenarios.operations import done
from geodata.scenarios.rebased import rebased
from geodata.scenarios.refused import DrawingError
from geodata.store.snapshots import City, open_city

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.scenario import Scenarios

pytestmark = pytest.mark.usefixtures("bare")
TODAY: Final = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def there(made: City) -> Grounded:
    return grounds.grounded(made)


def asked_on(there: Grounded, op: dict[str, Any]) -> Plan:
    """Today's plan after an operation."""
    return done(asked.read(op), there, there.today).plan


def test_codes_of_grids_that_are_no_more_are_never_given_again(
    there: Grounded, data_dir: Path
) -> None:
    plan = there.today
    gone = ("101001004", "102001004")  # the last of their communities
    for code in gone:
        plan = operations.merge(there.ground, plan, f"{code[:-1]}3", code)
    plan = operations.renumber(plan, "101002001", "101002900")
    plan = operations.renumber(plan, "101002900", "101002901")
    enacted.enact(open_city(data_dir), enacted.Law(there, plan, "p1", TODAY))
    spent = {*gone, "101002001", "101002900"}
    for later in range(2):  # also once further plans are law
        now = grounds.grounded(open_city(data_dir))
        assert spent <= now.codes
        assert spent.isdisjoint(now.today.codes)
        for code in sorted(spent):
            with pytest.raises(PlanRefusedError) as refused:
                asked_on(now, {"do": "renumber", "grid": "101003001", "code": code})
            assert refused.value.why is Why.CODE_GIVEN
        made = asked_on(now, {"do": "split_k", "grid": "101001003", "k": 3})
        assert set(made.codes) - set(now.today.codes) == {"101001005", "101001006"}
        plan = operations.merge(
            now.ground, now.today, f"10200{later + 2}001", f"10200{later + 2}002"
        )
        live, day = open_city(data_dir), TODAY + timedelta(days=later + 1)
        enacted.enact(live, enacted.Law(now, plan, f"p{later + 2}", day))


def test_an_alternative_is_given_no_code_that_the_city_ever_gave(there: Grounded) -> None:
    ground = replace(there, codes=there.codes | {"101001005"})
    plan = split_into(there.ground, there.today, "101001001", 3, 1)
    assert set(plan.codes) - set(there.today.codes) == {"101001005", "101001006"}
    made = asked_on(ground, {"do": "adopt", "plan": plan})
    assert set(made.codes) - set(there.today.codes) == {"101001006", "101001007"}


def test_no_grid_is_given_the_code_of_another_unit(there: Grounded) -> None:
    for code in ("1", "101", "102", "101002"):
        with pytest.raises(PlanRefusedError, match="never again"):
            asked_on(there, {"do": "renumber", "grid": "101003001", "code": code})


def test_a_code_that_another_plan_gave_meanwhile_is_refused_at_publication(
    made: City, there: Grounded, data_dir: Path
) -> None:
    plan = operations.renumber(there.today, "102003001", "网格-7")
    enacted.enact(open_city(data_dir), enacted.Law(there, plan, "p1", TODAY))
    part = grounds.opened(grounds.folder_of(made), "101001")
    same = operations.renumber(part.today, "101001001", "网格-7")
    live = open_city(data_dir)
    with pytest.raises(DrawingError, match="codes 网格-7 were given since the plan was begun"):
        enacted.enact(live, enacted.Law(rebased(part, live), same, "p2", TODAY))
    assert open_city(data_dir).id == live.id


def test_branches_that_took_the_same_code_get_no_code_of_former_times(
    plans: Scenarios, key: str
) -> None:
    first = plans.opened(key)
    other = plans.branch(key, "另一方案", "wang")
    for plan, grid in ((key, "101001001"), (other, "101001004")):
        op = {"do": "renumber", "grid": grid, "code": "网格-7"}
        plans.do(plan, "", op, "li", "")
    there = replace(first.grounded, codes=first.grounded.codes | {"101001005"})
    ours = replace(plans.opened(key), grounded=there)
    made = merges.merged(ours, plans.opened(other)).plan
    assert set(made.codes) - set(first.plan.codes) == {"网格-7", "101001006"}
