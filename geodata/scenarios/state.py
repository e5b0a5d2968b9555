"""A scenario: a plan on the ground of a city, with all that was done and said to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from geodata.model.errors import RequestError
from geodata.planner.refusals import PlanRefusedError, Why
from geodata.scenarios.named import called
from geodata.scenarios.recutting import recut
from geodata.scenarios.written import cut_read, step_read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.planner.carving import Cut
    from geodata.planner.history import History, Step
    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded

DRAFT, COMMUNITY, STREET, DISTRICT, PUBLISHED, WITHDRAWN = (
    "draft", "community", "street", "district", "published", "withdrawn",
)  # fmt: skip
# From a state to those that may follow; a scenario in review goes on or back to its author.
MOVES: Final = {
    DRAFT: (COMMUNITY, WITHDRAWN),
    COMMUNITY: (STREET, DRAFT, WITHDRAWN),
    STREET: (DISTRICT, DRAFT, WITHDRAWN),
    DISTRICT: (PUBLISHED, DRAFT, WITHDRAWN),
    PUBLISHED: (DISTRICT, DRAFT, WITHDRAWN),  # until it is in force
    WITHDRAWN: (DRAFT,),
}
FORWARD: Final = (COMMUNITY, STREET, DISTRICT, PUBLISHED)


class NoScenarioError(RequestError):
    """There is no scenario of this id."""

    def __init__(self, key: str) -> None:
        """Take the id that was asked for."""
        super().__init__(f"{key}: there is no such scenario; open the list of scenarios")


class CarriedError(RequestError):
    """A scenario was carried over to newer grids before; names: of those that continue it."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take what they are named, as `named.called` tells it."""
        self.names = tuple(names)
        told = ", ".join(called(name, "en") for name in self.names)
        super().__init__(f"carried over already, as {told}; go on with that, or ask for it again")


@dataclass(frozen=True)
class Comment:
    """What somebody said of a grid as it was after a step.

    left: codes of grids whose changes did not go over from the scenario that the text names, where
    that is what it says.
    """

    grid: str
    head: str
    text: str
    author: str
    at: int
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Approval:
    """A move from one state to another: who, why, when, of which version.

    effective: the day from which a published plan is in force, 2027-01-01; "" of other moves.
    """

    before: str
    state: str
    head: str
    author: str
    reason: str
    at: int
    effective: str = ""


@dataclass(frozen=True)
class Scenario:
    """One scenario as it stands.

    scope: code of the place it redraws; rules: key of the rules it is checked by; base: id of the
    snapshot it began on; parent: id of the scenario it branched off, ""; grounded: its ground, cut
    as it is now; changed, by, seal: epoch seconds, author and seal of the last line; torn: whether
    half a line of a killed writer was dropped.
    """

    id: str
    name: str
    scope: str
    rules: str
    base: str
    parent: str
    author: str
    created: int
    changed: int
    state: str
    grounded: Grounded
    history: History
    cuts: tuple[Cut, ...] = ()
    comments: tuple[Comment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    by: str = ""
    seal: str = ""
    torn: bool = False

    @property
    def plan(self) -> Plan:
        """The plan at the head."""
        return self.history.plan

    @property
    def head(self) -> str:
        """Key of the last step done."""
        return self.history.head

    def check_draft(self) -> None:
        """Refuse to change what was handed in.

        Raises:
            PlanRefusedError: it is no draft.
        """
        if self.state != DRAFT:
            raise PlanRefusedError(Why.SUBMITTED)

    def with_cuts(self, cuts: tuple[Cut, ...], there: Grounded | None = None) -> Scenario:
        """The same on a ground that is cut further; there: that ground, where it is at hand."""
        if not cuts:
            return self
        history, grounded = self.history, self.grounded
        for cut in cuts:
            grounded = recut(grounded, cut) if there is None else there
            parents = cut.lineage
            if history.parents is not None:
                parents[: cut.size] = history.parents
            history = history.recut(grounded.ground.key, parents)
        return replace(self, grounded=grounded, history=history, cuts=(*self.cuts, *cuts))

    def told(self, line: dict[str, Any]) -> Scenario:
        """The scenario after one line of its file."""
        after = replace(self, changed=int(line["at"]), by=writer(line))
        match line["kind"]:
            case "step":
                after = after.with_cuts(tuple(map(cut_read, line["cuts"])))
                return after.stepped(step_read(line["step"]))
            case "undo":
                return replace(after, history=after.history.undo())
            case "redo":
                return replace(after, history=after.history.redo())
            case "comment":
                return replace(after, comments=(*after.comments, _comment(line)))
            case "move":
                moved = {name: line[name] for name in Approval.__dataclass_fields__}
                return replace(
                    after, state=line["state"], approvals=(*after.approvals, Approval(**moved))
                )
            case "branch":
                return replace(
                    after, id=line["id"], name=line["name"], parent=line["parent"],
                    author=line["author"], created=int(line["at"]), state=DRAFT, approvals=(),
                )  # fmt: skip
            case _:
                msg = f"{self.id}: a line of another version of this program: {line['kind']}"
                raise RequestError(msg)

    def stepped(self, step: Step) -> Scenario:
        """The scenario after a step that is read again.

        Raises:
            PlanRefusedError: it does not follow on the head.
        """
        if step.before != self.head:
            raise PlanRefusedError(Why.ALTERED)
        return replace(self, history=self.history.followed(step))


def writer(line: dict[str, Any]) -> str:
    """Who wrote a line of a scenario's file; a step has its author within."""
    name: str = line.get("step", line)["author"]
    return name


def refuse_move(scenario: Scenario, state: str, reason: str) -> None:
    """Say why a scenario may not go to a state.

    Raises:
        PlanRefusedError: the state does not follow, or a step back has no reason.
    """
    if state not in MOVES.get(scenario.state, ()):
        raise PlanRefusedError(Why.NO_SUCH_MOVE)
    back = state not in FORWARD or scenario.state == PUBLISHED
    if back and not reason.strip():
        raise PlanRefusedError(Why.NO_REASON)


def check_seen(scenario: Scenario, seen: str) -> None:
    """Refuse to go on from a step that is not the head any more.

    Raises:
        PlanRefusedError: others have done something since; the grids are named.
    """
    if seen != scenario.head:
        history = scenario.history
        history.check_untouched(seen, history.since(seen))
        raise PlanRefusedError(Why.CHANGED_MEANWHILE)


def _comment(line: dict[str, Any]) -> Comment:
    return Comment(line["grid"], line["head"], line["text"], line["author"], line["at"],
                   tuple(line.get("left", ())))  # fmt: skip
