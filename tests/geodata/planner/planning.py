"""Two planners and a branch at work: a state machine of Hypothesis, judged anew at every step."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from geodata.planner.history import ROOT, History, difference, forward, read, written
from geodata.planner.invariants import faults
from geodata.planner.merging import merge_plans
from geodata.planner.operations import exchange, lock, merge, reassign, renumber, split, unlock
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.planner.shapes import gaps, outlines
from tests.geodata.planner.lands import land, quarters, with_lake
from tests.geodata.planner.picks import border, code, code_of, grown, parting

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.planner.ground import Ground
    from geodata.planner.plan import Plan

    Operation = Callable[[Ground, Plan], Plan]

LANDS: Final = 3
SAME: Final = 1e-9  # of all land
PICKS: Final = st.integers(0, 9_999)
SIZES: Final = st.sampled_from((1, 1, 1, 2, 2, 3, 4, 6, 12))
FEW: Final = 4  # grids, which are seldom merged to be fewer still


@cache
def ground_of(seed: int) -> Ground:
    """Small lands: two communities, the first of the last land with a lake in it."""
    ground = land(communities=2, atoms=24, seed=seed + 1)
    return with_lake(ground) if seed == LANDS - 1 else ground


class Planning(RuleBasedStateMachine):
    """Everything that may be done to a plan, in any order; what a rule forbids leaves no trace.

    history: of the first planner; branch: a second line since some step; seen: the step that the
    second planner looked at last; published: every plan that was frozen, with its key then.
    """

    done: ClassVar[int] = 0  # operations that were carried out, of all runs
    refused: ClassVar[int] = 0

    @initialize(seed=st.integers(0, LANDS - 1))
    def begin(self, seed: int) -> None:
        self.ground = ground_of(seed)
        self.history, self.branch = History(quarters(self.ground)), None
        self.seen = self.history.plan, ROOT
        self.published: list[tuple[Plan, str]] = []
        self.totals, self.area = self._totals(), float(self.ground.area_m2.sum())

    # What a planner does, on the plan itself or on the branch.

    @rule(pick=PICKS, size=SIZES, along=st.booleans(), aside=st.booleans(), late=st.booleans())
    def give(self, pick: int, size: int, *, along: bool, aside: bool, late: bool) -> None:
        """Some atoms go over a border, wherever there is one."""
        self.attempt("reassign", partial(self.given, pick, size, along=along), aside, late)

    @rule(pick=PICKS, size=SIZES, aside=st.booleans(), late=st.booleans())
    def cut(self, pick: int, size: int, *, aside: bool, late: bool) -> None:
        self.attempt("split", partial(self.halved, pick, size), aside, late)

    @rule(pick=PICKS, aside=st.booleans(), late=st.booleans())
    def join(self, pick: int, *, aside: bool, late: bool) -> None:
        """Two grids become one; mostly neighbours."""
        if len(self.line(aside).plan.living) <= FEW and pick % 3:
            return
        self.attempt("merge", partial(self.joined, pick), aside, late)

    @rule(pick=PICKS, size=st.integers(1, 2), aside=st.booleans())
    def swap(self, pick: int, size: int, *, aside: bool) -> None:
        self.attempt("exchange", partial(self.swapped, pick, size), aside)

    @rule(pick=PICKS, on=st.booleans(), aside=st.booleans())
    def shut(self, pick: int, *, on: bool, aside: bool) -> None:
        change = lock if on else unlock
        self.attempt("lock", lambda _, plan: change(plan, [code(plan, pick)]), aside)

    @rule(pick=PICKS, name=st.integers(0, 30), aside=st.booleans())
    def rename(self, pick: int, name: int, *, aside: bool) -> None:
        """A new code, now and then one that was given before."""
        stem = f"99000{name:03d}"
        self.attempt("renumber", lambda _, plan: renumber(plan, code(plan, pick), stem), aside)

    # What is done with steps.

    @rule(aside=st.booleans())
    def undo(self, *, aside: bool) -> None:
        line = self.line(aside)
        if line.head == ROOT:
            self.refuses(line.undo, Why.NOTHING_TO_UNDO)
            return
        back = line.undo()
        assert back.plan.key == line.at(back.head).key
        assert back.redo().plan.key == line.plan.key
        self.keep(back, aside)

    @rule(aside=st.booleans())
    def redo(self, *, aside: bool) -> None:
        line = self.line(aside)
        if not line.undone:
            self.refuses(line.redo, Why.NOTHING_TO_REDO)
            return
        on = line.redo()
        assert on.plan.key == line.at(on.head).key
        self.keep(on, aside)

    @rule()
    def there_and_back(self) -> None:
        """Everything undone and done again is the same."""
        walked, steps = self.history, len(self.history.way(self.history.head))
        for _ in range(steps):
            walked = walked.undo()
        assert walked.plan.key == self.history.first.key
        for _ in range(steps):
            walked = walked.redo()
        assert walked.plan.key == self.history.plan.key

    @rule()
    def look(self) -> None:
        """The second planner takes the plan as it is."""
        self.seen = self.history.plan, self.history.head

    @precondition(lambda self: self.branch is None)
    @rule()
    def fork(self) -> None:
        self.branch = self.history

    @precondition(lambda self: self.branch is not None)
    @rule()
    def bring_together(self) -> None:
        """The branch is merged, or the grids on which both disagree are named."""
        assert self.branch is not None
        ours, theirs = self.history.plan, self.branch.plan
        base = self.history.at(parting(self.history, self.branch))
        merged = merge_plans(self.ground, base, ours, theirs)
        if merged.plan is None:
            locked = {ours.codes[number] for number in ours.locked}
            assert merged.conflicts
            assert base.key not in {ours.key, theirs.key} or locked & set(merged.conflicts)
            type(self).refused += 1
        else:
            assert faults(self.ground, merged.plan, ours) == []
            if theirs.key == base.key:
                assert merged.plan.key == ours.key
            if ours.key == base.key:
                assert merged.plan.key == theirs.key
            if merged.plan.key != ours.key:
                self.record("bring together", merged.plan, aside=False)
        self.branch = None

    @rule()
    def publish(self) -> None:
        """The plan is frozen, and the next one begins with it."""
        plan = self.history.plan
        self.published.append((plan, plan.key))
        self.history, self.branch = History(plan), None
        self.seen = plan, ROOT
        type(self).done += 1

    # What holds at every step, judged from nothing.

    @invariant()
    def every_rule_holds(self) -> None:
        for line in (self.history, *([self.branch] if self.branch else [])):
            assert faults(self.ground, line.plan) == []
            for row in range(len(self.ground.communities)):
                assert gaps(self.ground, line.plan, row) == []
        drawn = outlines(self.ground, self.history.plan)
        assert {shape.geom_type for shape in drawn.values()} == {"Polygon"}
        off = sum(shape.area for shape in drawn.values()) - self.area
        assert abs(off) < SAME * self.area
        assert self._totals() == self.totals

    @invariant()
    def the_history_makes_the_same_plan(self) -> None:
        steps = read(self.history.first, written(self.history))
        assert replace(self.history, steps=steps).plan.key == self.history.plan.key

    @invariant()
    def what_is_published_stays(self) -> None:
        for plan, key in self.published:
            assert type(plan).key.func(plan) == key  # reckoned anew
            assert self.history.plan.codes[: len(plan.codes)] == plan.codes

    # How it is done.

    def attempt(self, name: str, how: Operation, aside: bool, late: bool = False) -> None:  # noqa: FBT001, FBT002
        """Do what is allowed; a refusal must leave no trace."""
        if late:
            self.attempt_late(name, how)
            return
        plan = self.line(aside).plan
        before = plan.key
        try:
            made = how(self.ground, plan)
        except PlanRefusedError:
            assert type(plan).key.func(plan) == before
            type(self).refused += 1
            return
        self.record(name, made, aside=aside)

    def attempt_late(self, name: str, how: Operation) -> None:
        """The second planner does what was looked at; what others changed since is refused."""
        seen, head = self.seen
        try:
            wished = how(self.ground, seen)
        except PlanRefusedError:
            return
        step = difference(seen, wished)
        touched = step.numbers & frozenset(range(len(seen.codes)))
        if touched & self.history.since(head):
            self.refuses(lambda: self.history.check_untouched(head, touched), Why.CHANGED_MEANWHILE)
            return
        self.history.check_untouched(head, touched)
        if not step.codes:  # a grid that it makes would have another number by now
            self.record(name, forward(self.history.plan, step), aside=False)

    def record(self, name: str, plan: Plan, *, aside: bool) -> None:
        """Keep what an operation made, if it is faultless."""
        line = self.line(aside)
        assert faults(self.ground, plan, line.plan) == []
        self.keep(line.done(plan, name, "wang", "", len(line.steps)), aside)
        type(self).done += 1

    def line(self, aside: bool) -> History:  # noqa: FBT001
        """The branch, if it is asked for and there is one; else the history itself."""
        return self.branch if aside and self.branch is not None else self.history

    def keep(self, line: History, aside: bool) -> None:  # noqa: FBT001
        if aside and self.branch is not None:
            self.branch = line
        else:
            self.history = line

    def refuses(self, what: Callable[[], object], why: Why) -> None:
        try:
            what()
        except PlanRefusedError as error:
            assert error.why is why  # noqa: PT017 (a rule is no test with a `raises`)
            type(self).refused += 1
            return
        raise AssertionError(why)

    def given(self, pick: int, size: int, ground: Ground, plan: Plan, *, along: bool) -> Plan:
        one, two = border(ground, plan, pick)
        atoms = grown(ground, plan, one, size)
        return reassign(ground, plan, atoms, code_of(plan, two), with_cut_off=along)

    def halved(self, pick: int, size: int, ground: Ground, plan: Plan) -> Plan:
        atom = pick % len(ground)
        return split(ground, plan, code_of(plan, atom), grown(ground, plan, atom, size))

    def joined(self, pick: int, ground: Ground, plan: Plan) -> Plan:
        one, two = border(ground, plan, pick)
        other = code(plan, pick) if pick % 5 == 0 else code_of(plan, two)
        return merge(ground, plan, code_of(plan, one), other)

    def swapped(self, pick: int, size: int, ground: Ground, plan: Plan) -> Plan:
        """Atoms at two places of one border, one in each direction."""
        one, two = border(ground, plan, pick)
        _, back = border(ground, plan, 7 * pick + 1, between=(one, two))
        return exchange(ground, plan, grown(ground, plan, one, size), [back])

    def _totals(self) -> list[tuple[int, ...]]:
        """What each community holds by the plan: households, people, cases."""
        ground, plan = self.ground, self.history.plan
        of = plan.community[plan.grid]
        columns = (ground.households, ground.people, ground.cases)
        return [tuple(np.bincount(of, column, 2).astype(int).tolist()) for column in columns]
