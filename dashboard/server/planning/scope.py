"""What of a scenario a desk shows: a community, a street, or the whole of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geodata.scenarios.grounded import communities_of
from geodata.scenarios.named import called, name_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from geodata.planner.plan import Plan
    from geodata.scenarios.grounded import Grounded
    from geodata.scenarios.scenario import Scenario

    Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Scope:
    """A scenario as seen from one place.

    at: code of the place; communities: their rows in the ground; language: of names; there, plan:
    the ground and the draft on it, which may be others than the scenario's own.
    """

    scenario: Scenario
    at: str
    communities: Ints
    language: str
    there: Grounded
    plan: Plan

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return called(self.scenario.name, self.language)

    def under(self, plan: Plan, there: Grounded) -> Scope:
        """The same place under another plan, perhaps on a ground that is cut further."""
        return replace(self, plan=plan, there=there)

    @cached_property
    def atoms(self) -> Ints:
        """The atoms of the place, by number."""
        inside = np.isin(self.there.ground.community, self.communities)
        return np.flatnonzero(inside).astype(np.int32)

    @cached_property
    def numbers(self) -> Ints:
        """The living grids of the place, in the order of their codes."""
        return self.living(self.plan)

    def living(self, plan: Plan) -> Ints:
        """Grids of a plan that have atoms in the place, in the order of their codes."""
        found = np.unique(plan.grid[self.atoms]).tolist()
        return np.array(sorted(found, key=plan.codes.__getitem__), dtype=np.int32)

    def unit_name(self, code: str) -> str:
        """The name of a community or of what is above, as the city has it."""
        names = self.there.names.get(code)
        return names[self.language != "zh"] or names[0] if names else code

    def grid_name(self, code: str) -> str:
        """The name of a grid; one that the plan made is named in the manner of its neighbours.

        Where only one community is seen its name is left away in front.
        """
        name = self.unit_name(code) if code in self.there.names else self._made_name(code)
        short = name.removeprefix(self.unit_name(self.at)).strip()
        return short if len(self.communities) == 1 and short else name

    def _made_name(self, code: str) -> str:
        row = self.community_of(code)
        if row is None:
            return code
        community = self.there.ground.communities[row]
        return name_of(code, community, self._sister.get(row, ""), self.language)

    def community_of(self, code: str) -> int | None:
        """The row of the community of a grid, also of one that was undone; None of no grid."""
        return self._rows.get(code)

    @cached_property
    def on_way(self) -> frozenset[str]:
        """Keys of the steps that lead to the head: those that were not undone."""
        history = self.scenario.history
        return frozenset(step.key for step in history.way(history.head))

    @cached_property
    def _rows(self) -> dict[str, int]:
        """The community of each grid that there ever was, by code."""
        rows: dict[str, int] = {}
        for step in self.scenario.history.steps.values():
            rows |= zip(step.codes, step.communities, strict=True)
        return rows | dict(zip(self.plan.codes, self.plan.community.tolist(), strict=True))

    @cached_property
    def _sister(self) -> dict[int, str]:
        """By community, the name of one of today's grids."""
        today = self.there.today
        return {
            int(row): self.unit_name(code)
            for code, row in zip(today.codes, today.community, strict=True)
        }


def seen(scenario: Scenario, at: str, language: str) -> Scope:
    """A scenario from a place; "" is all that it covers.

    Raises:
        UnknownPlaceError: no community of the scenario lies there.
    """
    place = at or scenario.scope
    rows = (
        communities_of(scenario.grounded, place)
        if place
        else np.arange(len(scenario.grounded.ground.communities), dtype=np.int32)
    )
    return Scope(scenario, place, rows, language, scenario.grounded, scenario.plan)


def first_place(scenario: Scenario) -> str:
    """Where a desk begins: where the last step was, else where one grid has most households."""
    ground, plan = scenario.grounded.ground, scenario.plan
    last = scenario.history.steps.get(scenario.head)
    if last is not None and last.numbers:
        moved = set(plan.grid[plan.grid != scenario.grounded.today.grid].tolist())
        seen_of = min(last.numbers & moved or last.numbers)  # what differs is worth a look
        return ground.communities[int(plan.community[seen_of])]
    households = np.bincount(plan.grid, ground.households, len(plan.codes))
    return ground.communities[int(plan.community[int(households.argmax())])]
