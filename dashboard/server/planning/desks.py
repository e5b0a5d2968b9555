"""What the planner's desk works with: scenarios, jobs, and what was reckoned of them last."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from dashboard.access import live
from dashboard.i18n import t
from dashboard.i18n.moments import stamp
from dashboard.server.planning import reckoned, review, said, state
from dashboard.server.planning.jobs import Jobs
from dashboard.server.planning.outlined import Outlines
from dashboard.server.planning.overtakings import Overtakings
from geodata.desk import lawful
from geodata.planner.kept import Kept
from geodata.planner.rules import rules_of
from geodata.scenarios.known import facts_of, lasting
from geodata.scenarios.listing import continuing
from geodata.scenarios.named import called, continued
from geodata.scenarios.scenario import PUBLISHED, Scenarios
from geodata.store.snapshots import kept_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from dashboard.server.planning.reckoned import Reckoned
    from dashboard.server.planning.scope import Scope
    from geodata.planner.checks import Check
    from geodata.planner.facts import Facts
    from geodata.planner.rules import Rules
    from geodata.scenarios.known import Lasting
    from geodata.scenarios.listing import Listed
    from geodata.scenarios.scenario import Scenario
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
        self._overtakings = Overtakings(data_dir)

    def state(self, scope: Scope, zone: str, began: float) -> dict[str, Any]:
        """The state of a desk; began: of the clock, when it was asked for."""
        found = self.reckoned(scope)
        found = found.after(time.perf_counter() - began)
        shown = state.state(scope, self.outlines, found, zone)
        shown["plan"]["mark"] = scope.scenario.seal
        shown["plan"]["city"] = self.around(scope.scenario.id)
        if self.in_force(scope.scenario.id):
            shown["plan"] |= _lasting(scope)
        shown["plan"]["overtaken"] = review.overtaken(scope, self.overtaken(scope.scenario))
        if shown["plan"]["overtaken"]:
            shown["plan"] |= self._stuck(scope)
        return shown

    def _stuck(self, scope: Scope) -> dict[str, Any]:
        """Of a scenario that goes no further: nothing follows, but for what continues it."""
        it, spoken = scope.scenario, scope.language
        names = {each.name for each in self.scenarios.listed()}
        return {
            "next": None,
            "carried": self.continuing(it.id, spoken),
            "carry_name": called(continued(it.name, names), spoken),
        }

    def continuing(self, plan: str, language: str) -> list[dict[str, str]]:
        """Scenarios that took the changes of one over to newer grids, by id and name."""
        return _continuing(plan, self.scenarios.listed(), language)

    def in_force(self, plan: str) -> bool:
        """Whether the city has the grids of a plan, or had them."""
        return lawful.record(self._data_dir, plan) is not None

    def overtaken(self, it: Scenario | Listed) -> tuple[str, ...]:
        """Grids a plan began with that a publication changed since; none of one that is over."""
        return self._overtakings.of(it, live().city, lambda: self.scenarios.opened(it.id).grounded)

    def head(self, plan: str, language: str) -> dict[str, Any]:
        """How far a scenario is and who changed it last, from its file alone.

        Every open desk asks for it every few seconds: its ground is too much to be read for that.
        """
        it = self.scenarios.told(plan)
        if it.fault:
            self.scenarios.opened(plan)  # says why it cannot be read
        author, city = said.author(language, it.by), self.around(plan)
        return {"mark": it.seal, "city": city, "by": author, "live": live().city.id}

    def around(self, plan: str) -> str:
        """Another text after the city was published anew, perhaps by this very scenario."""
        return f"{live().city.id}-{int(self.in_force(plan))}"

    def red_faults(self, scope: Scope) -> tuple[list[Check], list[Check]]:
        """Red checks that the draft of a place fails: what today's grids do not, what they do."""
        return reckoned.red_faults(scope, self.rules(scope), self.facts(scope))

    def reckoned(self, scope: Scope) -> Reckoned:
        """Checks and figures of a place, unless they are known."""
        rules = self.rules(scope)  # a publication may bring another limit
        key = (scope.plan.key, scope.scenario.base, scope.at, rules)
        return self._reckoned.of(key, lambda: reckoned.reckon(scope, rules, self.facts(scope)))

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
        return kept_snapshot(self._data_dir, snapshot)

    def listed(self, language: str, zone: str, at: str = "") -> list[dict[str, Any]]:
        """Every scenario for the list, the last changed one first.

        covers: whether it is of all of a place; overtaken: in words, None while that is looked at.
        """
        above, city, all_ = _above(at), live().city, self.scenarios.listed()
        known = {each.id: self._overtakings.known(each, city) for each in all_}
        self._overtakings.look((each for each in all_ if known[each.id] is None), city)
        return [
            {
                "id": each.id,
                "name": called(each.name, language),
                "scope": each.scope,
                "base": each.base,
                "covers": each.scope in above,
                "scope_name": each.scope_name[language != "zh"] or each.scope_name[0],
                "state": each.state,
                "state_name": self._stands(each, language),
                "overtaken": _overtaken(known[each.id], language),
                "carried": _continuing(each.id, all_, language),
                "author": said.author(language, each.author),
                "changed": stamp(each.changed, zone, language),
                "grids": list(each.grids),
                "fault": each.fault,
            }
            for each in all_
        ]

    def _stands(self, each: Listed, language: str) -> str:
        """The state of a scenario in words; one that was approved may be in force."""
        law = each.state == PUBLISHED and self.in_force(each.id)
        return t("planner.state_law" if law else f"planner.state_{each.state}", language)


def _overtaken(codes: Sequence[str] | None, language: str) -> str | None:
    """Why a row of the list is marked, "" where it is not."""
    if not codes:
        return None if codes is None else ""
    return t("planner.list_overtaken", language, n=len(codes))


def _continuing(plan: str, those: Iterable[Listed], language: str) -> list[dict[str, str]]:
    """What continues a scenario, for a link."""
    return [
        {"id": each.id, "name": called(each.name, language)} for each in continuing(plan, those)
    ]


def _lasting(scope: Scope) -> dict[str, Any]:
    """What a desk shows of a scenario that is in force, and stays so."""
    name = t("planner.state_law", scope.language)
    title = t("planner.card_title", scope.language, name=scope.name, state=name)
    return {"back": None, "away": None, "state_name": name, "title": title}


def _above(at: str) -> set[str]:
    """The codes of a place and of what it lies in."""
    tree = live().city.tree
    unit = tree.find(at)
    return set() if unit is None else {tree.codes[each] for each in tree.path(unit)}
