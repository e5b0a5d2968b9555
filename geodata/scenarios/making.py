"""What an operation makes of a scenario whose author may have looked at an earlier step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geodata.planner.history import difference, forward
from geodata.planner.lineage import ancestors
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios import asked, merges
from geodata.scenarios.operations import Done, check_sound, done

if TYPE_CHECKING:
    from collections.abc import Collection

    from geodata.planner.plan import Plan
    from geodata.scenarios.state import Scenario


def made_of(scenario: Scenario, seen: str, what: asked.Operation) -> Done:
    """What an operation makes of the head; seen: the step that its author looked at.

    Raises:
        PlanRefusedError: a rule forbids it, or others changed the same grids since that step.
    """
    history = scenario.history
    if isinstance(what, asked.Adopt) and len(what.plan.grid) < len(scenario.grounded.ground):
        what = _on_the_cut_ground(scenario, what)
    if seen == history.head:
        return done(what, scenario.grounded, scenario.plan)
    before = history.at(seen)
    wished = done(what, scenario.grounded, before)
    history.check_untouched(seen, merges.touched(before, wished))
    if isinstance(what, asked.Adopt):  # it says nothing of what others did since
        return Done(scenario.grounded, _on_top(scenario, before, wished.plan))
    made = done(what, scenario.grounded, scenario.plan)
    # What changed nothing then may undo by now what others did: a lock that was not there, say.
    history.check_untouched(seen, merges.touched(scenario.plan, made))
    return made


def without(scenario: Scenario, steps: Collection[str], author: str) -> Scenario:
    """The scenario before its last step, where that is one of these and its author's own."""
    head = scenario.head
    if head not in steps or scenario.history.steps[head].author != author:
        return scenario
    return replace(scenario, history=scenario.history.undo())


def check_ground(scenario: Scenario, what: asked.Operation, ground: str | None) -> None:
    """Refuse atoms by their numbers on another ground than that of now: these mean other land.

    ground: key of that on which the atoms were chosen, None = nobody says.

    Raises:
        PlanRefusedError: atoms were cut since.
    """
    named = isinstance(what, asked.Reassign | asked.SplitAtoms | asked.Exchange)
    if named and ground is not None and ground != scenario.grounded.ground.key:
        raise PlanRefusedError(Why.OTHER_GROUND)


def _on_top(scenario: Scenario, before: Plan, made: Plan) -> Plan:
    """The head with what became of an earlier plan elsewhere; others changed other grids since.

    Raises:
        PlanRefusedError: codes were given or dropped since, so that the numbers of new grids would
            be those of others; or the outcome would break a rule.
    """
    plan, step = scenario.plan, difference(before, made)
    if step.codes and plan.codes != before.codes:
        raise PlanRefusedError(Why.CHANGED_MEANWHILE, step.codes)
    after = forward(plan, step)
    check_sound(scenario.grounded.ground, after, plan)
    return after


def _on_the_cut_ground(scenario: Scenario, what: asked.Adopt) -> asked.Adopt:
    """A plan that was made before atoms were cut: pieces go where their atom went."""
    parents, plan = scenario.history.parents, what.plan
    if parents is None:
        return what
    grid = plan.grid[ancestors(parents, len(plan.grid))]
    return asked.Adopt(do="adopt", plan=plan.with_grid(grid, ground=scenario.plan.ground))
