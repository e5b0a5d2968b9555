"""`POST /api/plans/<id>/move`: a draft goes on in its review, back to its author, or away."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from dashboard.access import actor, live
from dashboard.i18n import t
from dashboard.i18n.moments import day_of
from dashboard.server.answers import language
from dashboard.server.planning import review
from dashboard.server.planning.refusals import refused
from dashboard.server.planning.routes import API, body, guarded, shown, told
from dashboard.server.planning.scope import seen
from geodata.desk import lawful, turn
from geodata.scenarios.state import FORWARD, PUBLISHED, WITHDRAWN, check_seen, refuse_move
from geodata.store import drawings
from geodata.store.tokens import APPROVE

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask, Response

    from dashboard.server.planning.desks import Desks
    from geodata.scenarios.scenario import Scenario

MAY_NOT: Final = "may_not_approve"
UNCHANGED: Final = "unchanged"


class Moves:
    """Brings scenarios from one state to another."""

    def __init__(self, desks: Desks, data_dir: Path) -> None:
        """Take what holds the scenarios."""
        self._desks, self._data_dir = desks, data_dir

    def install(self, server: Flask) -> None:
        """Answer the addresses."""
        view = guarded(self.move)
        server.add_url_rule(f"{API}/<plan>/move", "plan_move", view, methods=["POST"])
        server.add_url_rule(f"{API}/<plan>/ready", "plan_ready", guarded(self.ready))

    def move(self, plan: str) -> Response:
        """On to the next desk, or back; what is judged is what `seen` names."""
        given = body("move")
        scenario = self._desks.scenarios.opened(plan)
        seen(scenario, given["at"], language())  # nothing is done for a place that it has not
        check_seen(scenario, given["seen"])
        approval = PUBLISHED in {scenario.state, given["to"]}
        if approval and not may_approve():
            return refused(HTTPStatus.FORBIDDEN, MAY_NOT)
        # Who holds the turn keeps the child away that makes an approved plan law.
        with turn.taken(self._data_dir) if approval else nullcontext():
            if refusal := self._refusal(scenario, given):
                return refusal
            done = self._desks.scenarios.move(
                plan, given["to"], actor().name, given.get("reason", ""),
                given.get("effective", ""), judged=scenario,
            )  # fmt: skip
        if done.state == WITHDRAWN:
            drawings.forget(self._data_dir, plan)
        return shown(self._desks, done, given["at"])

    def _refusal(self, scenario: Scenario, given: dict[str, Any]) -> Response | None:
        """Why it may not go there yet, by the city and by its checks."""
        to = given["to"]
        refuse_move(scenario, to, given.get("reason", ""))
        if scenario.state == PUBLISHED and lawful.record(self._data_dir, scenario.id):
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, "in_force")
        if to == PUBLISHED and (first := _too_early(given.get("effective", ""))):
            day = day_of(first, language())
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, "too_early", day=day)
        onward = to in FORWARD and scenario.state != PUBLISHED
        if onward and _unchanged(scenario):
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, UNCHANGED)
        return self._overtaken(scenario) or self._red(scenario) if onward else None

    def _overtaken(self, scenario: Scenario) -> Response | None:
        """Refuse what stands on grids that are others now: it could never be published."""
        scope = seen(scenario, "", language())
        grids = self._desks.overtaken(scenario)
        text = review.overtaken(scope, grids)
        answer = {"why": "overtaken", "text": text, "grids": list(grids), "atoms": []}
        return told(answer, HTTPStatus.UNPROCESSABLE_ENTITY) if grids else None

    def _red(self, scenario: Scenario) -> Response | None:
        """Refuse what fails a red check anywhere that the scenario covers, and does not today."""
        scope = seen(scenario, "", language())
        wrong, _ = self._desks.red_faults(scope)
        if not wrong:
            return None
        found = review.faults(scope, wrong)
        grids = dict.fromkeys(sum((each.grids for each in wrong), ()))
        answer = {"why": "red", "text": review.red(scope, found), "grids": list(grids),
                  "atoms": [], "faults": found}  # fmt: skip
        return told(answer, HTTPStatus.UNPROCESSABLE_ENTITY)

    def ready(self, plan: str) -> Response:
        """What would hinder it from going on, and what fails today already and does not."""
        scope = seen(self._desks.scenarios.opened(plan), "", language())
        added, old = (review.faults(scope, each) for each in self._desks.red_faults(scope))
        if text := review.overtaken(scope, self._desks.overtaken(scope.scenario)):
            added = [{"key": "overtaken", "text": text, "where": []}, *added]
        if _unchanged(scope.scenario):
            text = t(f"planner.why_{UNCHANGED}", scope.language)
            added = [{"key": UNCHANGED, "text": text, "where": []}]
        return told({"added": added, "inherited": old})


def _unchanged(scenario: Scenario) -> bool:
    """Whether its grids are those that it began with."""
    return bool((scenario.plan.grid == scenario.grounded.today.grid).all())


def may_approve() -> bool:
    """Whether who asks may let drafts become law."""
    return APPROVE in actor().rights


def _too_early(effective: str) -> str:
    """The first day a plan may be in force from, where the one named is before; "" is today."""
    today = datetime.now(ZoneInfo(live().city.profile.time_zone)).date().isoformat()
    first = review.first_day()
    return first if (effective or today) < first else ""
