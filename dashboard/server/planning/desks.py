"""What the planner's desk works with: scenarios, jobs, and what was reckoned of them last."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, Final

from dashboard.access import live
from dashboard.i18n import t
from dashboard.i18n.moments import stamp
from dashboard.server.identity import OPERATOR
from dashboard.server.planning import reckoned, state
from dashboard.server.planning.jobs import Jobs
from dashboard.server.planning.outlined import Outlines
from geodata.desk import lawful
from geodata.model.errors import SnapshotError
from geodata.planner.kept import Kept
from geodata.planner.rules import rules_of
from geodata.scenarios.known import facts_of, lasting
from geodata.scenarios.scenario import Scenarios
from geodata.store.snapshots import open_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope
    from geodata.planner.checks import Check
    from geodata.planner.facts import Facts
    from geodata.planner.rules import Rules
    from geodata.scenarios.known import Lasting
    from geodata.store.snapshots import City

MOST: Final = 64  # scopes of plans whose figures are kept
MOST_FACTS: Final = 8  # grounds whose roads and other facts are kept


class Desks:
    """One data directory's scenarios as this process shows them; safe for many threads."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is opened yet."""
        self._data_dir = data_dir
        self.scenarios = Scenarios(data_dir)
        self.jobs = Jobs(data_dir)
        self.outlines = Outlines()
        self._reckoned, self._facts, self._lasting = Kept(MOST), Kept(MOST_FACTS), Kept(MOST_FACTS)

    def state(self, scope: Scope, zone: str, began: float) -> dict[str, Any]:
        """The state of a desk; began: of the clock, when it was asked for."""
        found = self.reckoned(scope)
        found = found.after(time.perf_counter() - began)
        shown = state.state(scope, self.outlines, found, zone)
        if lawful.record(self._data_dir, scope.scenario.id) is not None:
            shown["plan"] |= {"back": None, "away": None}  # what is in force stays
        return shown

    def red_faults(self, scope: Scope) -> tuple[list[Check], list[Check]]:
        """Red checks that the draft of a place fails: what today's grids do not, what they do."""
        return reckoned.red_faults(scope, self.rules(scope), self.facts(scope))

    def reckoned(self, scope: Scope) -> Reckoned:
        """Checks and figures of a place, unless they are known."""
        key = (scope.plan.key, scope.at, scope.scenario.rules)
        return self._reckoned.of(
            key, lambda: reckoned.reckon(scope, self.rules(scope), self.facts(scope))
        )

    def rules(self, scope: Scope) -> Rules:
        """The rules of a scenario, else those of the city."""
        return rules_of(scope.scenario.rules, live().city.profile)

    def facts(self, scope: Scope) -> Facts:
        """What is known beside the atoms; roads and the land stay when atoms are cut."""
        there, it = scope.there, scope.scenario
        known: Lasting = self._lasting.of(
            (it.base, it.scope, it.id, scope.at),
            lambda: lasting(there, self.city(it.base), scope.communities),
        )
        key = (there.ground.key, it.base, scope.at)
        made: Facts = self._facts.of(key, lambda: facts_of(there, known, it.history.parents))
        return made

    def city(self, snapshot: str) -> City | None:
        """The city that a scenario began on; None where it is not kept any more."""
        here = live().city
        if here.id == snapshot:
            return here
        with contextlib.suppress(SnapshotError):
            return open_snapshot(self._data_dir, snapshot)
        return None

    def listed(self, language: str, zone: str) -> list[dict[str, Any]]:
        """Every scenario for the list, the last changed one first."""
        return [
            {
                "id": each.id,
                "name": each.name,
                "scope": each.scope,
                "scope_name": each.scope_name[language != "zh"] or each.scope_name[0],
                "state": each.state,
                "state_name": t(f"planner.state_{each.state}", language),
                "author": t("planner.operator", language)
                if each.author == OPERATOR.name
                else each.author,
                "changed": stamp(each.changed, zone, language),
                "grids": list(each.grids),
                "fault": each.fault,
            }
            for each in self.scenarios.listed()
        ]
