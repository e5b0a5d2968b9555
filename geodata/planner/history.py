"""What was done to a plan, step by step, none ever taken away; undo walks back, not over it.

A step says what it changed as differences, so that every plan of the past can be made again
exactly; each step names the digest of the one before it, so that none can be altered unseen.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geodata.planner.lineage import ancestors
from geodata.planner.refusals import PlanRefusedError, Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from geodata.planner.plan import Plan

    Ints = npt.NDArray[np.int32]

ROOT: Final = ""  # what the first steps stand on: the plan the history began with
KEY_LENGTH: Final = 16


@dataclass(frozen=True)
class Step:
    """One operation: who, when, why, and what became of what.

    before: key of the step it was done after; size: how many atoms the ground had then; atoms, old,
    new: numbers of grids by changed atom; codes, communities: of the grids it made; locked,
    unlocked: numbers.
    """

    before: str
    name: str
    author: str
    reason: str
    at: int
    size: int = 0
    atoms: tuple[int, ...] = ()
    old: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    communities: tuple[int, ...] = ()
    locked: tuple[int, ...] = ()
    unlocked: tuple[int, ...] = ()

    @cached_property
    def key(self) -> str:
        """Its digest, which covers that of the step before."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]

    @property
    def numbers(self) -> frozenset[int]:
        """The grids it touched, by number."""
        return frozenset((*self.old, *self.new, *self.locked, *self.unlocked))


@dataclass(frozen=True)
class History:
    """A tree of steps and where one stands in it.

    first: the plan it began with, on the ground as it is cut now; steps: by key; head: key of the
    last step done; undone: the way forward from here, the next step last; parents: from which atom
    each one was cut, None of a ground that nobody cut.
    """

    first: Plan
    steps: dict[str, Step] = field(default_factory=dict)
    head: str = ROOT
    undone: tuple[str, ...] = ()
    parents: Ints | None = None

    @cached_property
    def plan(self) -> Plan:
        """The plan as it is at the head."""
        return self.at(self.head)

    def way(self, to: str) -> list[Step]:
        """The steps from the first plan to one.

        Raises:
            PlanRefusedError: there is no such step.
        """
        found = []
        while to != ROOT:
            if to not in self.steps:
                raise PlanRefusedError(Why.NO_STEP)
            found.append(self.steps[to])
            to = found[-1].before
        return found[::-1]

    def at(self, key: str) -> Plan:
        """The plan as it was after a step."""
        plan = self.first
        for step in self.way(key):
            plan = forward(plan, step, self.parents)
        return plan

    def recut(self, ground: str, parents: Ints) -> History:
        """The same history on a ground that was cut: what was cut belongs where the whole did.

        ground: key of the ground after the cut; parents: of all its atoms.
        """
        of = ancestors(parents, len(self.first.grid))
        grids = (each.grid[of] for each in (self.first, self.plan))
        first, plan = (
            each.with_grid(grid, ground=ground)
            for each, grid in zip((self.first, self.plan), grids, strict=True)
        )
        cut = replace(self, first=first, parents=parents)
        cut.__dict__["plan"] = plan
        return cut

    def done(self, plan: Plan, name: str, author: str, reason: str, at: int) -> History:
        """One step more: what an operation made of the plan at the head."""
        step = replace(difference(self.plan, plan), before=self.head, name=name, author=author,
                       reason=reason, at=at)  # fmt: skip
        grown = History(self.first, {**self.steps, step.key: step}, step.key, (), self.parents)
        grown.__dict__["plan"] = plan  # it is at hand
        return grown

    def followed(self, step: Step) -> History:
        """One step more, that was done before and is read again."""
        plan = forward(self.plan, step, self.parents)
        grown = History(self.first, {**self.steps, step.key: step}, step.key, (), self.parents)
        grown.__dict__["plan"] = plan
        return grown

    def undo(self) -> History:
        """Back by one step, which stays in the history.

        Raises:
            PlanRefusedError: there is nothing to undo.
        """
        if self.head == ROOT:
            raise PlanRefusedError(Why.NOTHING_TO_UNDO)
        step = self.steps[self.head]
        back = replace(self, head=step.before, undone=(*self.undone, self.head))
        back.__dict__["plan"] = backward(self.plan, step, self.parents)
        return back

    def redo(self) -> History:
        """Forward again by the step that was undone last.

        Raises:
            PlanRefusedError: there is nothing to redo.
        """
        if not self.undone:
            raise PlanRefusedError(Why.NOTHING_TO_REDO)
        step = self.steps[self.undone[-1]]
        on = replace(self, head=step.key, undone=self.undone[:-1])
        on.__dict__["plan"] = forward(self.plan, step, self.parents)
        return on

    def since(self, key: str) -> frozenset[int]:
        """Numbers of the grids that differ between the head and an earlier or other step."""
        here, there = self.plan, self.at(key)
        changed = here.grid != there.grid
        touched = np.union1d(here.grid[changed], there.grid[changed])
        return frozenset(touched.tolist()) | (here.locked ^ there.locked)

    def check_untouched(self, key: str, numbers: Iterable[int]) -> None:
        """Let an editor who saw an earlier step go on, unless others changed the same grids.

        Raises:
            PlanRefusedError: they did.
        """
        both = self.since(key) & frozenset(numbers)
        if both:
            seen = self.at(key).codes  # of which some may be undone by now
            known = seen + self.plan.codes[len(seen) :]
            raise PlanRefusedError(Why.CHANGED_MEANWHILE, sorted(known[n] for n in both))


def difference(before: Plan, after: Plan) -> Step:
    """What leads from one plan to the next, without who and why."""
    atoms = np.flatnonzero(before.grid != after.grid)
    more = len(before.codes)
    return Step(
        ROOT, "", "", "", 0, len(before.grid),
        atoms=tuple(atoms.tolist()),
        old=tuple(before.grid[atoms].tolist()),
        new=tuple(after.grid[atoms].tolist()),
        codes=after.codes[more:],
        communities=tuple(after.community[more:].tolist()),
        locked=tuple(sorted(after.locked - before.locked)),
        unlocked=tuple(sorted(before.locked - after.locked)),
    )  # fmt: skip


def forward(plan: Plan, step: Step, parents: Ints | None = None) -> Plan:
    """The plan after a step; parents: where the ground was cut since it was done."""
    return plan.with_grid(
        _given(plan.grid, step, step.new, parents),
        codes=plan.codes + step.codes,
        community=np.append(plan.community, np.array(step.communities, dtype=np.int32)),
        locked=(plan.locked | set(step.locked)) - set(step.unlocked),
    )


def backward(plan: Plan, step: Step, parents: Ints | None = None) -> Plan:
    """The plan before a step; parents: where the ground was cut since it was done."""
    keep = len(plan.codes) - len(step.codes)
    return plan.with_grid(
        _given(plan.grid, step, step.old, parents),
        codes=plan.codes[:keep],
        community=plan.community[:keep],
        locked=(plan.locked | set(step.unlocked)) - set(step.locked),
    )


def _given(grid: Ints, step: Step, numbers: tuple[int, ...], parents: Ints | None) -> Ints:
    """The grids once the atoms of a step, or what they were cut into since, have other ones."""
    if parents is None or step.size == len(grid):
        given = grid.copy()
        given[list(step.atoms)] = numbers
        return given
    wished = np.full(step.size, -1, dtype=np.int32)
    wished[list(step.atoms)] = numbers
    wished = wished[ancestors(parents, step.size)]
    return np.where(wished >= 0, wished, grid).astype(np.int32)


def written(history: History) -> list[str]:
    """The steps as lines of JSON, each with its key, as they were done."""
    return [
        json.dumps({"key": step.key, **asdict(step)}, ensure_ascii=False, sort_keys=True)
        for step in history.steps.values()
    ]


def read(first: Plan, lines: Sequence[str]) -> dict[str, Step]:
    """The steps of such lines.

    Raises:
        PlanRefusedError: a line was altered, or stands on a step that does not come before it.
    """
    steps: dict[str, Step] = {}
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        key = told.pop("key")
        step = Step(**{name: _tupled(value) for name, value in told.items()})
        if step.key != key or (step.before != ROOT and step.before not in steps):
            raise PlanRefusedError(Why.ALTERED)
        if any(atom >= max(step.size, len(first.grid)) for atom in step.atoms):
            raise PlanRefusedError(Why.NO_ATOM)
        steps[key] = step
    return steps


def _tupled(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(value) if isinstance(value, list) else value
