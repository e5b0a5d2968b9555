"""Two editors, a branch, and plans that become law: a state machine on the files of scenarios."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ClassVar, Final
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from geodata.desk import enacting, lawful
from geodata.model.errors import ImportRefusedError
from geodata.planner.adoption import Residual
from geodata.planner.history import ROOT
from geodata.planner.invariants import faults
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios import grounds
from geodata.scenarios.overtaken import overtaken
from geodata.scenarios.scenario import DRAFT, FORWARD, PUBLISHED, WITHDRAWN, Scenarios
from geodata.store import drawings
from geodata.store.snapshots import live_id, open_city
from tests.geodata.scenarios import judged
from tests.geodata.scenarios.lawtown import published
from tests.geodata.scenarios.strokes import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.scenarios.scenario import Scenario
    from geodata.store.snapshots import City

    At = tuple[bool, bool]
    Kinds = list[tuple[str, int]]

EDITORS: Final = ("li", "wang")
SCOPES: Final = ("101001", "101", "1")
WHO: Final = st.integers(0, 1)
PICKS: Final = st.integers(0, 9_999)
SIZES: Final = st.sampled_from((1, 1, 2, 2, 3, 4))
AT: Final = st.tuples(st.booleans(), st.booleans())  # on the branch; on what was seen last
FIRST_DAY: Final = date(2025, 3, 1)
MOST: Final = 4  # operations in a row
LEAST: Final = 3  # steps before the first law
FEW: Final = 4  # grids, which are seldom merged to be fewer still


def kinds(*names: str) -> st.SearchStrategy[Kinds]:
    """Some operations one after the other, with what each is done to."""
    return st.lists(st.tuples(st.sampled_from(names), PICKS), min_size=1, max_size=MOST)


class Lawmaking(RuleBasedStateMachine):
    """Whatever two editors do to a scenario and its branch, and law again and again.

    key: of the scenario; branch: of another, which may have begun on boundaries that ended since;
    seen: the step that each editor looked at last; ever: codes of the grids that were in force or
    stood in a plan that was; spent: by scenario, those that no grid had any more when it began.
    """

    done: ClassVar[int] = 0  # of all runs
    refused: ClassVar[int] = 0
    laws: ClassVar[int] = 0
    most_laws: ClassVar[int] = 2  # of one run: each is a publication

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory(prefix="yiping-lawmaking-")

    def teardown(self) -> None:
        self.home.cleanup()

    @initialize(scope=st.sampled_from(SCOPES))
    def begin(self, scope: str) -> None:
        self.data_dir, self.scope = Path(self.home.name) / "data", scope
        shutil.copytree(published(), self.data_dir, copy_function=grounds.shared)
        self.plans = [Scenarios(self.data_dir) for _ in EDITORS]  # as in two processes
        self.branch, self.days = "", 0
        self.ever: set[str] = set()
        self.spent: dict[str, frozenset[str]] = {}
        self.sound: set[tuple[str, str]] = set()
        self._start()

    def _start(self) -> None:
        """A new scenario on the boundaries in force."""
        city = open_city(self.data_dir)
        grounds.make(city)
        self.key = self.plans[0].create(f"方案 {self.days}", self.scope, EDITORS[0])
        self.seen = [ROOT, ROOT]
        self.ever |= set(judged.grids(city))
        self.spent[self.key] = frozenset(self.ever - set(judged.grids(city)))
        scenario = self.now()
        assert scenario.grounded.residual == Residual({}, {}, (), ())
        self.totals = judged.totals(scenario)

    # What editors do.

    @rule(kinds=kinds("reassign", "carve", "transfer", "exchange"), who=WHO, size=SIZES, at=AT)
    def shape(self, kinds: Kinds, who: int, size: int, at: At) -> None:
        """Land goes from grid to grid."""
        for kind, pick in kinds:
            self.stroke(who, kind, pick, size, at)

    @rule(kinds=kinds("split_line", "split_atoms", "split_k"), who=WHO, size=SIZES, at=AT)
    def part(self, kinds: Kinds, who: int, size: int, at: At) -> None:
        for kind, pick in kinds:
            self.stroke(who, kind, pick, size, at)

    @rule(kinds=kinds("merge"), who=WHO, at=AT)
    def join(self, kinds: Kinds, who: int, at: At) -> None:
        for kind, pick in kinds:
            if len(self.now(self.which(at[0])).plan.living) > FEW or pick % 3 == 0:
                self.stroke(who, kind, pick, 1, at)

    @rule(kinds=kinds("renumber", "lock", "unlock"), who=WHO, size=SIZES, at=AT)
    def mark(self, kinds: Kinds, who: int, size: int, at: At) -> None:
        for kind, pick in kinds:
            self.stroke(who, kind, pick, size, at)

    def stroke(self, who: int, kind: str, pick: int, size: int, at: At) -> None:
        """One operation, tried and done; sent again, as after an answer that was lost."""
        aside, late = at
        key, before = self.which(aside), self.now(self.which(aside))
        seen = self.seen[who] if late and key == self.key else before.head
        plan = before.history.at(seen)
        op = Drawn(before, plan, pick, size).asked(kind)
        tried = self.plans[1 - who].attempt(key, seen, op)
        if not self.take(lambda: self.plans[who].do(key, seen, op, EDITORS[who], "踏勘"), key):
            assert tried.refused is not None
            type(self).refused += 1
            return
        assert tried.refused is None
        after = self.now(key)
        if after.head == before.head:
            return
        type(self).done += 1
        assert faults(after.grounded.ground, after.plan, after.history.at(before.head)) == []
        self.refuses(lambda: self.plans[who].do(key, seen, op, EDITORS[who], "踏勘"), key,
                     Why.CHANGED_MEANWHILE)  # fmt: skip
        if key == self.key:
            self.seen[who] = after.head
        self.check(key)

    @rule(who=WHO, aside=st.booleans(), way=st.sampled_from(("undo", "redo")))
    def walk(self, who: int, way: str, *, aside: bool) -> None:
        """Back or forward by a step, and there again."""
        key = self.which(aside)
        before, plans = self.now(key), self.plans[who]
        first, second = (plans.undo, plans.redo) if way == "undo" else (plans.redo, plans.undo)
        empty = before.head == ROOT if way == "undo" else not before.history.undone
        if empty:
            why = Why.NOTHING_TO_UNDO if way == "undo" else Why.NOTHING_TO_REDO
            self.refuses(lambda: first(key, before.head, EDITORS[who]), key, why)
            return
        after = first(key, before.head, EDITORS[who])
        assert after.plan.key == after.history.at(after.head).key
        self.refuses(lambda: first(key, before.head, EDITORS[who]), key, Why.CHANGED_MEANWHILE)
        again = second(key, after.head, EDITORS[who])
        assert (again.head, again.plan.key) == (before.head, before.plan.key)
        first(key, again.head, EDITORS[who])
        type(self).done += 1

    @rule(pick=PICKS, aside=st.booleans())
    def look(self, pick: int, *, aside: bool) -> None:
        """An editor sees what the other has done, and says something of it."""
        key = self.which(aside)
        before = self.now(key)
        self.seen[pick % 2] = self.now().head
        living = before.plan.living
        grid = before.plan.codes[int(living[pick % len(living)])]
        after = self.plans[pick % 2].comment(key, grid, "请核实", EDITORS[pick % 2])
        assert (after.head, len(after.comments)) == (before.head, len(before.comments) + 1)

    @precondition(lambda self: not self.branch)
    @rule(who=WHO)
    def fork(self, who: int) -> None:
        self.branch = self.plans[who].branch(self.key, "另一方案", EDITORS[who])
        self.spent[self.branch] = self.spent[self.key]
        assert self.now(self.branch).plan.key == self.now().plan.key

    @precondition(lambda self: self.branch)
    @rule(who=WHO, on=st.booleans())
    def bring_together(self, who: int, *, on: bool) -> None:
        """The branch is merged, or both disagree on grids, or it began on other boundaries."""
        before, theirs = self.now(), self.now(self.branch)

        def join() -> Scenario:
            return self.plans[who].merged(self.key, before.head, self.branch, EDITORS[who])

        if before.base != theirs.base:
            self.refuses(join, self.key, Why.OTHER_BASE)
        elif self.take(join, self.key, Why.DISAGREE):
            after = self.now()
            was = after.history.at(before.head)
            assert faults(after.grounded.ground, after.plan, was) == []
            type(self).done += 1
        if not on:
            self.branch = ""

    @precondition(lambda self: self.branch and self.now(self.branch).base != self.now().base)
    @rule(who=WHO, partly=st.booleans())
    def carry_over(self, who: int, *, partly: bool) -> None:
        """What was begun on other boundaries goes on upon those in force, or is refused by name."""
        old, city = self.now(self.branch), open_city(self.data_dir)
        others = overtaken(old.grounded, city)
        no = [Why.OVERTAKEN] if partly else [Why.OVERTAKEN, Why.OVERTAKEN_PARTLY]
        if not self.take(lambda: self._carried(old, who, partly=partly), self.branch, *no):
            assert others
            self.branch = ""
            return
        new = self.now(self.branch)
        assert (new.base, new.scope) == (city.id, old.scope)
        assert judged.carried(old, new)
        assert partly or not new.comments
        type(self).done += 1

    def _carried(self, old: Scenario, who: int, *, partly: bool) -> None:
        self.branch = self.plans[who].carried_over(old.id, "续", EDITORS[who], partly=partly)
        self.spent[self.branch] = self.spent[self.key]

    # On its way to law.

    @rule(steps=st.integers(1, 3), who=WHO, away=st.booleans())
    def review(self, steps: int, who: int, *, away: bool) -> None:
        """Handed in and sent back; meanwhile nobody changes anything."""
        self._forward(self.key, FORWARD[:steps], who)
        self.refuses(lambda: self.plans[who].move(self.key, DRAFT, EDITORS[who], " "), self.key,
                     Why.NO_REASON)  # fmt: skip
        if away:
            self.plans[who].move(self.key, WITHDRAWN, EDITORS[who], "不再需要")
        self.plans[who].move(self.key, DRAFT, EDITORS[who], "退回修改")

    @precondition(lambda self: self.days < self.most_laws and self._is_worth_it())
    @rule(who=WHO, aside=st.booleans())
    def become_law(self, who: int, *, aside: bool) -> None:
        """Approved and published on its day; what was begun elsewhere stands on what ended."""
        key, city = self.which(aside), open_city(self.data_dir)
        self._forward(key, FORWARD[:-1], who)
        day, self.days = FIRST_DAY + timedelta(days=self.days), self.days + 1
        self.plans[who].move(key, PUBLISHED, EDITORS[who], "", day.isoformat())
        scenario, home = self.now(key), drawings.home_of(self.data_dir, key)
        home.mkdir(parents=True, exist_ok=True)
        try:
            with patch("geodata.publish.draw"):
                enacting.enact(home)
        except ImportRefusedError:
            assert judged.stands_in_the_way(city, scenario)
            assert live_id(self.data_dir) == city.id
            assert lawful.record(self.data_dir, key) is None
            self.plans[who].move(key, DRAFT, EDITORS[who], "现行网格已变")
            return
        self._in_force(city, scenario, day)
        self.branch = self.branch if key == self.key else self.key
        self._start()
        assert set(self.now().plan.codes) <= set(judged.grids(open_city(self.data_dir)))

    def _is_worth_it(self) -> bool:
        """Publications take long: the first is of a plan in which something was done."""
        return self.days > 0 or len(self.now().history.steps) >= LEAST

    def _in_force(self, before: City, scenario: Scenario, day: date) -> None:
        now, told = open_city(self.data_dir), lawful.record(self.data_dir, scenario.id)
        assert told is not None
        assert (told.snapshot, told.since) == (now.id, day.isoformat())
        assert now.id != before.id
        plan, there = scenario.plan, scenario.grounded
        new = {plan.codes[n] for n in plan.living} - set(there.today.codes)
        assert new.isdisjoint(self.ever | set(before.tree.codes))
        self.ever |= set(plan.codes)
        judged.judge_borders(before, now, there, plan)
        judged.judge_sites(now, there)
        judged.judge_numbers(before, now, day.isoformat())
        type(self).laws += 1

    def _forward(self, key: str, states: tuple[str, ...], who: int) -> None:
        """From hand to hand, without a step left out; edits are refused from the first on."""
        scenario, plans = self.now(key), self.plans[who]
        skipped = PUBLISHED if len(states) > 1 else DRAFT
        self.refuses(lambda: plans.move(key, skipped, "li", "x"), key, Why.NO_SUCH_MOVE)
        grid = scenario.plan.codes[int(scenario.plan.living[0])]
        edits: list[Callable[[], object]] = [
            lambda: plans.do(key, scenario.head, {"do": "lock", "grids": [grid]}, "li", ""),
            lambda: plans.undo(key, scenario.head, "li"),
            lambda: plans.redo(key, scenario.head, "li"),
            lambda: plans.merged(key, scenario.head, self.branch or self.key, "li"),
        ]
        for state in states:
            plans.move(key, state, EDITORS[who], "")
            for edit in edits if state == states[0] else edits[:1]:
                self.refuses(edit, key, Why.SUBMITTED)

    # What holds at every step.

    @invariant()
    def every_rule_holds(self) -> None:
        for key in filter(None, (self.key, self.branch)):
            self.check(key)
        assert judged.totals(self.now()) == self.totals

    def check(self, key: str) -> None:
        scenario = self.now(key)
        if (key, scenario.plan.key) not in self.sound:
            self.sound.add((key, scenario.plan.key))
            judged.judge_plan(scenario)
            given = set(scenario.plan.codes) - set(scenario.grounded.today.codes)
            assert given.isdisjoint(self.spent[key])

    @rule(aside=st.booleans())
    def read_again(self, *, aside: bool) -> None:
        """Another process reads the same from the disk."""
        one, two = self.now(self.which(aside)), Scenarios(self.data_dir).opened(self.which(aside))
        assert (one.plan.key, one.head, one.state) == (two.plan.key, two.head, two.state)
        assert one.history.undone == two.history.undone
        assert len(one.cuts) == len(two.cuts)
        assert one.approvals == two.approvals

    # How it is done.

    def which(self, aside: bool) -> str:  # noqa: FBT001
        return self.branch if aside and self.branch else self.key

    def now(self, key: str = "") -> Scenario:
        return self.plans[1].opened(key or self.key)

    def take(self, what: Callable[[], object], key: str, *whys: Why) -> bool:
        """Do what may be refused; a refusal must leave no trace. Whether it was done."""
        before = self.now(key)
        try:
            what()
        except PlanRefusedError as error:
            assert not whys or error.why in whys  # noqa: PT017 (a rule is no test with a `raises`)
            assert self.now(key) is before
            return False
        return True

    def refuses(self, what: Callable[[], object], key: str, why: Why) -> None:
        assert not self.take(what, key, why), why
